"""The home page, the search of the whole site, and what machines ask of it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from itertools import chain, groupby
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guide.models import Fiche, Method, Part
from initiatives import presets
from initiatives.cards import cards
from initiatives.models import Initiative, Obstacle
from initiatives.search import Question, ask, latest
from levers.models import Call, Lever, Note, Proposal

logger = logging.getLogger(__name__)
LATEST, BEST, FOUND = 6, 10, 8
SITEMAP_MOST = 45_000
SECURITY_TXT_DAYS = 180


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    known = ask(Question(size=1))
    chosen = latest(LATEST)
    shown = cards(chosen)
    fiches = list(Fiche.objects.readable())
    return render(
        request,
        "home.html",
        {
            "total": known.total,
            "departements": known.counts.get("departement", {}),
            "cards": shown,
            "verified": any(card.verified for card in shown),
            "presets": presets.live(known.counts),
            "levers": Lever.objects.of_dagbert(),
            "fiche_count": len(fiches),
            "parts": [(Part(part).label, list(rows)) for part, rows in groupby(fiches, key=lambda fiche: fiche.part)],
        },
    )


# For machines


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    places = [(settings.SITE_URL + path, changed) for path, changed in _public_places()]
    return render(request, "sitemap.xml", {"places": places}, content_type="application/xml")


def _public_places() -> Iterator[tuple[str, date | None]]:
    """(path, last change) of what anyone may read."""
    names = (
        "home", "initiatives:catalogue", "guide:contents", "guide:original", "guide:methods", "guide:glossary",
        "guide:compare", "guide:choose", "levers:frameworks", "levers:coverage", "levers:calls", "levers:notes",
        "help", "legal_notice", "privacy", "accessibility", "security", "statistics", "attestations",
    )  # fmt: skip
    yield from ((reverse(name), None) for name in names)
    yield from (
        (fiche.get_absolute_url(), fiche.current.updated_on) for fiche in Fiche.objects.readable() if fiche.current
    )
    models: tuple[Any, ...] = (Method, Lever, Proposal, Obstacle, Call)
    rows = chain(*(model.objects.all() for model in models), Note.objects.published())
    yield from ((row.get_absolute_url(), None) for row in rows)
    sheets = Initiative.objects.published().order_by("-published_at", "-pk")
    for slug, frozen_at in sheets.values_list("slug", "public_version__frozen_at")[:SITEMAP_MOST]:
        yield reverse("initiatives:sheet", args=[slug]), timezone.localdate(frozen_at) if frozen_at else None


PRIVATE: Sequence[str] = (
    "/compte/", "/formation/", "/guide/edition/", "/demo/", "/recherche/", "/initiatives/brouillons/",
    "/initiatives/communes/", "/initiatives/mes-initiatives/", "/initiatives/moderation/", "/initiatives/proposer/",
    "/initiatives/suivi/",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE),
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    expires = timezone.now().astimezone(UTC) + timedelta(days=SECURITY_TXT_DAYS)
    lines = [
        f"Contact: {settings.SITE_URL}{reverse('security')}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nothing of anything else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: database, migrations, storage. Says which, never why: the log does."""
    checks = {name: _holds(name, check) for name, check in READINESS.items()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _holds(name: str, check: Any) -> bool:
    try:
        return bool(check())
    except (DatabaseError, OSError):
        logger.exception("readyz: %s", name)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _storage_answers() -> bool:
    return bool(default_storage.answers())  # type: ignore[attr-defined]  # ours: a folder or a bucket


READINESS = {"database": _database_answers, "migrations": _migrations_applied, "storage": _storage_answers}


NOT_GIVEN_BACK = ("csrfmiddlewaretoken", "password", "code")


def failure(request: HttpRequest) -> HttpResponse:
    """Something of ours failed. What was being sent is given back, with a button that sends it again: nothing is asked

    of the database, which may be what failed.
    """
    try:
        sent = [(name, text) for name, texts in request.POST.lists() for text in texts]
    except Exception:  # a body that can't be read
        sent = []
    answers = [(name, text) for name, text in sent if not any(word in name for word in NOT_GIVEN_BACK)]
    page = render_to_string(
        "500.html",
        {
            "path": request.get_full_path(),
            "token": request.POST.get("csrfmiddlewaretoken", "") if sent else "",
            "answers": answers if len(answers) + 1 >= len(sent) else [],
        },
    )
    return HttpResponse(page, status=503 if isinstance(sys.exception(), OperationalError) else 500)
