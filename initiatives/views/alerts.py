"""Asking to be told what is new in a search, changing it, stopping it. A GET shows: mail scanners open links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Person
from accounts.senders import sender_of
from initiatives.emails import alerts as letters
from initiatives.filters import CatalogueFilter
from initiatives.forms.alerts import AlertForm, RhythmForm
from initiatives.models import Alert
from initiatives.models.alert import MAX_QUERY, UNCONFIRMED_DAYS, TooManyAlerts, confirmed_addresses
from initiatives.views.agreement import discreet
from initiatives.workflow import Refused

TOO_LONG = "Cette recherche est trop longue pour être suivie : retirez quelques filtres."


def alert_new(request: HttpRequest) -> HttpResponse:
    """The search is in the address, as everywhere. The answer is the same whether or not the address is known here."""
    parameters = request.GET.copy()
    sent = bool(parameters.pop("envoye", None))
    asked = CatalogueFilter(parameters)
    query = asked.query.copy()
    query.pop("tri", None)
    person = request.user if isinstance(request.user, Person) else None
    is_known = person is not None and person.email.lower() in confirmed_addresses(person)
    initial = {"email": person.email} if person else {}
    form = AlertForm(request.POST or None, asks_address=not is_known, initial=initial)
    context = {
        "asked": asked, "form": form, "sent": sent, "is_known": is_known, "days": UNCONFIRMED_DAYS,
        "catalogue_url": asked.url(),
    }  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        words = "Toutes les initiatives" if asked.is_empty else Truncator(asked.title).chars(300)
        said = {"query": query.urlencode(), "words": words, "rhythm": form.cleaned_data["rhythm"]}
        try:
            if len(said["query"]) > MAX_QUERY:
                raise Refused(TOO_LONG)
            if person and is_known:
                Alert.start(person, **said)
                messages.success(request, "C’est noté : vous serez prévenu des nouveautés de cette recherche.")
                return redirect("alerts")
            with transaction.atomic():
                alert = Alert.ask(form.cleaned_data["email"], sender=sender_of(request), **said)
                if alert:
                    letters.confirm(alert)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 429 if isinstance(refusal, TooManyAlerts) else 409
        else:
            query["envoye"] = "1"
            return redirect(f"{request.path}?{query.urlencode()}")
    answer = render(request, "initiatives/alert_new.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def alerts(request: HttpRequest) -> HttpResponse:
    """One's own, and those asked without an account for one's confirmed addresses."""
    assert isinstance(request.user, Person)
    return render(request, "initiatives/alerts.html", {"alerts": Alert.objects.of_person(request.user)})


@discreet
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm, change or take up again, with the link that every letter of the alert carries."""
    found = Alert.objects.behind(token).first()
    if found is None:
        return _nothing(request)
    form, error = RhythmForm(initial={"rhythm": found.rhythm}), ""
    if request.method == "POST":
        gesture = request.POST.get("geste", "")
        try:
            if gesture == "confirmer":
                found.confirm()
                return redirect(found.path)
            if gesture == "rythme" and found.is_running:
                form = RhythmForm(request.POST)
                if form.is_valid():
                    found.choose(form.cleaned_data["rhythm"])
                    messages.success(request, "Le nouveau rythme est enregistré.")
                    return redirect(found.path)
        except Refused as refusal:
            error = str(refusal)
    return render(request, "initiatives/alert.html", {**_about(found), "form": form, "error": error})


@csrf_exempt  # a mail program posts here for its reader, without cookie or token (RFC 8058); the link alone says who
@discreet
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    found = Alert.objects.behind(token).first()
    if found is None:
        return _nothing(request)
    if request.method == "POST":
        found.stop()
    return render(request, "initiatives/alert_stop.html", _about(found))


def _about(found: Alert) -> dict[str, Any]:
    return {"alert": found, "url": reverse("initiatives:catalogue") + (f"?{found.query}" if found.query else "")}


def _nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "initiatives/alert_gone.html", status=404)
