"""What every answer and every request owe, whatever the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import brotli
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from accounts import rights

Handler = Callable[[HttpRequest], HttpResponse]

BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
BROTLI_QUALITY = 5  # 100 kB in 1.6 ms; the next ones cost much more for nothing
PAGES = ("text/html", "application/atom+xml")
LEAST_COMPRESSED = 200  # bytes, as gzip's


def answer_headers(get_response: Handler) -> Handler:
    """Headers Django doesn't send; nothing made for someone signed in is ever kept by a cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        match = getattr(request, "resolver_match", None)
        if request.method == "POST" and match is not None and match.view_name == "account_logout":
            # What a browser kept of what was typed in it (docs/decisions/0009) goes with who typed it.
            response["Clear-Site-Data"] = '"storage"'
        return response

    return middleware


def brotli_pages(get_response: Handler) -> Handler:
    """A visitor's page in brotli, a seventh lighter than gzip.

    Only what has a validator: it is the same for everyone and holds no secret that its size would tell. What is
    someone's own is left to gzip, which pads.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith(PAGES) and response.has_header("ETag")
        if response.streaming or not is_page or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if len(response.content) > LEAST_COMPRESSED and BROTLI.search(request.headers.get("Accept-Encoding", "")):
            response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
            response["Content-Encoding"] = "br"
            response["Content-Length"] = str(len(response.content))
        return response

    return middleware


def bounded_body(get_response: Handler) -> Handler:
    """A body announced longer than any form of ours is refused before a byte of it is read or put on a disk.

    One that doesn't announce its length is read as empty.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > settings.MAX_BODY:
            return HttpResponse(render_to_string("413.html"), status=413)
        return get_response(request)

    return middleware


def clean_input(get_response: Handler) -> Handler:
    """A NUL byte has no meaning in a text and PostgreSQL refuses it: in an address it's a bad request.

    Form fields refuse it by themselves, with a sentence beside the field.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            return HttpResponseBadRequest(render_to_string("400.html"))
        if "%00" in request.META.get("QUERY_STRING", ""):
            query = request.GET.copy()
            for key in list(query):
                query.setlist(key, [value.replace("\x00", "") for value in query.getlist(key)])
            request.GET = query  # type: ignore[assignment]
        return get_response(request)

    return middleware


WANTED_PAGE = "wanted_page"  # in the session: the page to come back to
SET_UP_FIRST = (
    "Votre rôle touche aux textes d’autres personnes\u00a0: un second facteur doit d’abord protéger votre compte. "
    "C’est deux minutes, une seule fois\u00a0; vous reviendrez ensuite à la page demandée."
)


def second_factor(get_response: Handler) -> Handler:
    """Who holds a role with power over others' texts sets up a second factor before anything else."""
    # One's own account, and a text of one's own begun before the role was given: it is never lost. What a trainer does
    # with an assignment is closed.
    of_trainers = r"[0-9]+/(table|modifier|apercu|retirer|reprendre|delais|fiches/[0-9]+/recente)/"
    open_paths = re.compile(
        rf"/(compte/(?!roles/)|initiatives/brouillons/|formation/devoirs/(?!{of_trainers})|static/|healthz$|readyz$"
        r"|lti/(connexion/|lancer/|choisir/|inscription/|cles\.json$))"  # what platforms call reads no person's session
    )

    def middleware(request: HttpRequest) -> HttpResponse:
        is_open = open_paths.match(request.path)
        if (
            settings.SECOND_FACTOR_REQUIRED
            and not is_open
            and request.user.is_authenticated
            and rights.lacks_second_factor(request.user)
        ):
            if request.method == "GET":
                request.session[WANTED_PAGE] = request.get_full_path()
            messages.info(request, SET_UP_FIRST)
            return redirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return middleware
