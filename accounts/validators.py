"""Validators: a visitor's browser keeps a page and asks whether it is still the same. Nobody else keeps anything.

No page is stored here or in a shared cache. What a visitor reads depends on the address, on what is published and on
what is deployed: the tag is made of these, so a page that hasn't changed is neither read nor drawn again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

SHOWN = {".py", ".html", ".css", ".js", ".svg", ".toml", ".json", ".md"}
ROOMS = ("accounts", "guide", "initiatives", "levers", "training", "config", "templates", "static")


@cache
def deployed() -> str:
    """What this process makes pages from: the same in every process of one deployment, another in the next."""
    digest = hashlib.blake2b(digest_size=9)
    digest.update(repr((django.VERSION, settings.SITE_URL, settings.DEMO)).encode())
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*")):
            if path.suffix in SHOWN and path.is_file():
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def tag(request: HttpRequest, *parts: object) -> str:
    """The tag of an address for a visitor; "" for who has a session or is to be told something, and while developing.

    `parts` is what the page depends on besides its address. Pages say a year, never a day.
    """
    if settings.DEBUG or not request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME}:
        return ""
    said = (deployed(), timezone.localdate().year, request.get_full_path(), *parts)
    return "W/" + quote_etag(hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest())


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """A 304 when the browser has this very page."""
    if not tag or "HTTP_IF_NONE_MATCH" not in request.META:
        return None
    found = get_conditional_response(request, etag=tag)
    return found if found is not None and found.status_code == 304 else None


def mark(response: HttpResponse, tag: str) -> None:
    """Who answered says how long it is good for: until one asks again, or never kept."""
    if tag and response.status_code in (200, 304):
        response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])  # a 304 says what the page says
    else:
        response.setdefault("Cache-Control", "private, no-store")
