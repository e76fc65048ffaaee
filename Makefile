# Une machine nue suffit : Python ≥ 3.12 avec pip ou uv, et make. « make help » dit le reste.
.DEFAULT_GOAL := help
.PHONY: demo test check bench proof lock clean stop help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := .venv
PY   := $(VENV)/bin/python
UV   := $(shell command -v uv 2>/dev/null)

# The first Python that runs and is recent enough, by its own path: a pyenv shim may exist and fail.
RECENT = import sys; print(sys.executable); sys.exit(sys.version_info < (3, 12))
BASE   = $(shell for name in python3.13 python3.12 python3.14 python3.15 python3 python /usr/bin/python3; do \
           found=$$($$name -c '$(RECENT)' 2>/dev/null) && { echo "$$found"; break; }; done)

demo: $(VENV)/demo.ok ## Installe, prépare et sert la démonstration sur http://127.0.0.1:8000 (PORT= et DATA_DIR= la déplacent)
	$(PY) -m config.demo

test: $(VENV)/dev.ok ## Lance les essais, navigateur compris (ARGS= va à pytest, CHROMIUM= donne le navigateur)
	$(PY) -m config.browser > /dev/null
	$(PY) -m pytest -n auto $(ARGS)

check: $(VENV)/dev.ok ## Relit : style, gabarits, étages de la maison, types, migrations, réglages
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	find . -path './.*' -prune -o -path '*/templates/*.html' -exec $(VENV)/bin/djade --check --target-version 6.1 {} +
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy .
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check

bench: $(VENV)/dev.ok ## Mesure (ARGS= choisit quoi)
	$(PY) -m benchmarks $(ARGS)

proof: $(VENV)/dev.ok ## Éprouve ce qui est long, pannes comprises, en un quart d’heure (ARGS= choisit quoi)
	$(PY) -m proof $(ARGS)

lock: ## Récrit les trois requirements*.txt (demande uv)
	@test -n "$(LOCKER)" || { echo "« make lock » demande uv : installez-le, par exemple avec pipx install uv." >&2; exit 1; }
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) -c requirements.txt requirements-demo.in -o requirements-demo.txt
	$(LOCK) -c requirements-demo.txt requirements-dev.in -o requirements-dev.txt

LOCKER = $(or $(UV),$(wildcard $(VENV)/bin/uv))
LOCK   = $(LOCKER) pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-annotate

stop: ## Arrête la base de données de la démonstration, si elle tourne encore
	@if test -x $(PY); then $(PY) -m config.database stop; fi

clean: stop ## Efface ce qui se refait et garde les données (make clean DATA=1 les efface aussi)
ifeq ($(origin DATA),command line)
	@if test -x $(PY); then $(PY) -m config.database erase; fi
	$(if $(DATA_DIR),,rm -rf .data)
else
	@echo "Les données restent ; « make clean DATA=1 » les efface aussi."
endif
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Dit ce que make sait faire
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-6s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# An environment, and a stamp for each list installed in it.

$(VENV)/demo.ok: requirements-demo.txt
$(VENV)/dev.ok: requirements-dev.txt
$(VENV)/%.ok: | $(PY)
ifdef UV
	$(UV) pip install -q --python $(PY) --require-hashes -r $<
else
	@if $(PY) -m pip --version >/dev/null 2>&1; then set -- $(PY) -m pip; \
	elif $(BASE) -m pip --version >/dev/null 2>&1; then set -- $(BASE) -m pip --python $(PY); \
	elif $(PY) -m ensurepip -U >/dev/null 2>&1; then set -- $(PY) -m pip; \
	else echo "Il faut pip ou uv : installez le paquet python3-pip de votre système, ou uv." >&2; exit 1; fi; \
	echo "$$* install -r $<"; \
	"$$@" install -q --disable-pip-version-check --require-hashes -r $<
endif
	@touch $@

$(PY):
ifdef UV
	$(UV) venv -q --clear --python $(or $(BASE),3.13) $(VENV) || { echo "$(TOO_OLD)" >&2; exit 1; }
else
	@base="$(BASE)"; test -n "$$base" || { echo "$(TOO_OLD)" >&2; exit 1; }; \
	echo "$$base -m venv $(VENV)"; "$$base" -m venv --clear --without-pip $(VENV)
endif

TOO_OLD = Essaim demande Python 3.12 ou plus récent : installez-le (paquet python3 d'une distribution récente, ou uv), puis relancez make.
