"""Asking pages in this process, through every middleware, and seeing what they ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def get(url: str, **headers: str) -> Any:
    """The answer to a visitor. The connection stays open from one request to the next, as with a pool."""
    response = _handler().get_response(RequestFactory(SERVER_NAME="localhost").get(url, **headers))
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}")
    return response


def body(url: str) -> bytes:
    return bytes(get(url).content)


@dataclass
class Statements:
    """The statements one page asks, with their values, in order."""

    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.asked.append((sql, params))
        return execute(sql, params, many, context)


def statements(url: str) -> Statements:
    seen = Statements()
    with connection.execute_wrapper(seen):
        get(url)
    return seen


def catalogue_of(text: str) -> str:
    return f"{reverse('initiatives:catalogue')}?{urlencode({'q': text})}"


def visited(sheet: int) -> dict[str, str]:
    """The pages whose statements are counted, by name; `sheet` is a published initiative."""
    from initiatives.models import Initiative

    return {
        "home": reverse("home"),
        "catalogue": reverse("initiatives:catalogue"),
        "catalogue, a word and two facets": f"{catalogue_of('jardin')}&departement=93&theme=alimentation",
        "catalogue, a commune": f"{reverse('initiatives:catalogue')}?commune=35238",
        "catalogue, nothing found": catalogue_of("zzyzx"),
        "catalogue, feed": reverse("initiatives:feed"),
        "site search": f"{reverse('search')}?{urlencode({'q': 'jardin partagé'})}",
        "sheet": Initiative.objects.get(pk=sheet).get_absolute_url(),
        "guide": reverse("guide:contents"),
        "fiche": reverse("guide:fiche", args=[10]),
        "method": reverse("guide:method", args=["travail-social-de-groupe"]),
        "glossary": reverse("guide:glossary"),
        "levers": reverse("levers:frameworks"),
        "lever": reverse("levers:lever", args=[3]),
        "proposal": reverse("levers:proposal", args=[1]),
        "obstacle": reverse("levers:obstacle", args=[1]),
        "coverage": reverse("levers:coverage"),
        "statistics": reverse("statistics"),
    }


def weighed(sheet: int) -> dict[str, str]:
    named = visited(sheet)
    return {name: named[name] for name in ("home", "catalogue", "catalogue, a word and two facets", "sheet")}
