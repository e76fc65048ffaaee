# Conventional, and never built so far: see docs/operations.md.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /home/essaim essaim
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/static-collected
# No database is read to collect files; the address only tells the settings not to look for an embedded one.
RUN DATABASE_URL=postgresql:///none python manage.py collectstatic --noinput
USER essaim
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "8", \
     "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket", "--access-logfile", "-"]
