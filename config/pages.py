"""The pages every site owes. They say what is true today: what isn't there yet is said not to be."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Reference, Territory
from config import figures
from config.register import REGISTER


def contact() -> dict[str, object]:
    """The address people write to. One in `.test` reaches nobody, and the pages say so."""
    return {"contact": settings.CONTACT_EMAIL, "contact_is_example": settings.CONTACT_EMAIL.endswith(".test")}


@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html", contact())


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    publisher = [
        ("Éditeur", settings.PUBLISHER),
        ("Adresse et téléphone", settings.PUBLISHER_ADDRESS),
        ("Direction de la publication", settings.PUBLICATION_DIRECTOR),
        ("Hébergeur", settings.HOST_NAME),
    ]
    return render(
        request,
        "pages/legal_notice.html",
        {
            **contact(),
            "publisher": publisher,
            "incomplete": not all(value for _, value in publisher),
            "geographic_code": Reference.objects.filter(name="territories").first(),
        },
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {**contact(), "publisher": settings.PUBLISHER, "register": REGISTER})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/accessibility.html",
        {**contact(), "publisher": settings.PUBLISHER, "site": settings.SITE_URL},
    )


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/security.html", {**contact(), "password_signs": settings.PASSWORD_MIN_LENGTH})


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    sheets, delays = figures.sheets(), figures.delays()
    mapped = set(Territory.objects.on_map().values_list("code", flat=True))
    return render(
        request,
        "pages/statistics.html",
        {
            "sheets": sheets,
            "covered": len(mapped & sheets.departements.keys()),
            "departements": len(mapped),
            "delays": delays,
            "first_sign": duration(delays.first_sign),
            "decision": duration(delays.decision),
            "first_sign_90": duration(delays.first_sign_90),
            "decision_90": duration(delays.decision_90),
            "by_territory": [
                {
                    "name": name,
                    "decisions": here.decisions,
                    "first_sign": duration(here.first_sign),
                    "first_sign_90": duration(here.first_sign_90),
                    "decision": duration(here.decision),
                    "decision_90": duration(here.decision_90),
                }
                for name, here in figures.delays_by_territory()
            ],
            "reuses": figures.reuses(),
            "teaching": figures.teaching(),
            "enough": figures.ENOUGH,
            "counted_at": timezone.localtime(),
        },
    )


def duration(time: timedelta | None) -> str:
    """« moins d’une heure », « 5 heures », « 2,5 jours »."""
    if time is None:
        return ""
    hours = time.total_seconds() / 3600
    if hours < 1:
        return "moins d’une heure"
    if round(hours) < 24:
        return f"{round(hours)} heure{'s' if round(hours) > 1 else ''}"
    days = round(hours / 24, 1)
    return f"{days:g} jour{'s' if days >= 2 else ''}".replace(".", ",")
