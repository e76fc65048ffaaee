"""One's dates in one's own calendar: a secret address, that one button changes and another stops."""

from __future__ import annotations

import hashlib
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from training import calendars
from training.models import Calendar, Enrolment


@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    studies, teaches = Enrolment.objects.of(person).current().exists(), rights.has_role(person, RoleKind.TRAINER)
    if not studies and not teaches and Calendar.objects.of(person) is None:
        raise Http404
    if request.method == "POST":
        act(request, person)
        return redirect("training:calendar")
    found = Calendar.objects.of(person)
    return render(
        request,
        "training/calendar.html",
        {
            "calendar": found,
            "webcal": found and f"webcal:{found.url.partition(':')[2]}",
            "studies": studies,
            "teaches": teaches,
        },
    )


def act(request: HttpRequest, person: Person) -> None:
    action = request.POST.get("action")
    if action == "open":
        Calendar.open(person)
        messages.success(request, "L’adresse de votre agenda est prête.")
    elif action == "renew":
        Calendar.renew(person)
        messages.success(request, "L’adresse est changée. L’ancienne ne mène plus à rien\u00a0: donnez la nouvelle.")
    elif action == "stop":
        Calendar.stop(person)
        messages.success(request, "L’adresse est supprimée\u00a0: plus aucun agenda ne peut lire vos dates.")


@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Who has the key reads the dates, whoever they are: neither cookie nor account is looked at."""
    found = Calendar.objects.behind(key)
    if found is None:
        return secret(HttpResponse("Cet agenda n’existe plus.\n", status=404, content_type="text/plain; charset=utf-8"))
    body = calendars.ics(found.person)
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    answer = HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="essaim.ics"', "ETag": etag},
    )
    return secret(get_conditional_response(request, etag=etag, response=answer) or answer)


def secret(answer: HttpResponseBase) -> HttpResponseBase:
    """The address is a secret: it isn't said to whom one goes next, kept by a shared cache, listed or logged."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
