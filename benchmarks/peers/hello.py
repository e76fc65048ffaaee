"""The least Django can do: a word, and a page as a static template. No middleware, no database."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

# A page saved by the measure, to be rendered as a template that has nothing to fill.
SAVED = Path(__file__).parent.parent.parent / ".data" / "bench" / "saved"


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html")


urlpatterns = [path("", hello), path("page", page)]
settings.configure(
    SECRET_KEY="benchmarks only",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [SAVED]}],
)
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
django.setup()
application = WSGIHandler()
