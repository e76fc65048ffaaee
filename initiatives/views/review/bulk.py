"""Gestures on a case's place in the queue, on one or on several: another territory, a reminder. Never a publication."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import kept
from accounts.models import Person
from initiatives import deadlines, thread
from initiatives.forms.cases import ReassignForm, reassignable
from initiatives.models import Case
from initiatives.views.review.guard import moderable_case
from initiatives.views.roles import holder_or_404
from initiatives.workflow import ABOUT_A_PAGE, CaseStatus, Refused, Verb

MOST = 50
GESTURES = ("confier", "rappeler")


@kept.signed_in
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """One case to another territory."""
    person = holder_or_404(request, "coordinator")
    case = moderable_case(person, pk)
    form = ReassignForm(request.POST if request.method == "POST" else kept.kept(request))
    error = ""
    if request.method == "POST" and form.is_valid():
        territory = form.territory()
        try:
            case.reassign(person, territory, form.cleaned_data["text"])
        except Refused as refusal:
            thread.attempt(case, person, Verb.REASSIGN, str(refusal))
            error = str(refusal)
        else:
            kept.forget(request)
            messages.success(request, f"Le dossier est confié : {territory or 'équipe nationale'}. L’auteur le sait.")
            # It may no longer be of one's territory: the queue is always there.
            return redirect("initiatives:queue")
    context = {"cases": [case], "case": case, "form": form, "error": error, "territories": reassignable()}
    return render(request, "initiatives/reassign.html", context, status=409 if error else 200)


@kept.signed_in
def bulk(request: HttpRequest) -> HttpResponse:
    """Several cases at once: GET says what will be done, POST does it, and what couldn't be is said."""
    person = holder_or_404(request, "coordinator")
    asked = request.POST if request.method == "POST" else kept.kept(request) or request.GET
    gesture = asked.get("geste", "")
    numbers = [int(number) for number in asked.getlist("dossier")[:MOST] if number.isdecimal() and len(number) < 10]
    found = Case.objects.moderable_by(person).open().filter(pk__in=numbers).exclude(kind__in=ABOUT_A_PAGE)
    cases = list(found.select_related("initiative", "version", "territory", "claimed_by").order_by("received_at", "pk"))
    if gesture not in GESTURES or not cases:
        messages.warning(request, "Cochez d’abord les dossiers, puis choisissez ce que vous voulez en faire.")
        return redirect("initiatives:queue")
    if gesture == "confier":
        return _reassign_all(request, person, cases)
    waiting = [case for case in cases if case.status == CaseStatus.CHANGES_REQUESTED]
    if request.method != "POST":
        return render(request, "initiatives/remind.html", {"cases": waiting, "others": len(cases) - len(waiting)})
    _each(request, waiting, lambda case: deadlines.remind_author(case, person), "rappel envoyé", "rappels envoyés")
    return redirect("initiatives:queue")


def _reassign_all(request: HttpRequest, person: Person, cases: list[Case]) -> HttpResponse:
    form = ReassignForm(request.POST if request.method == "POST" else kept.kept(request))
    if request.method != "POST" or not form.is_valid():
        context = {"cases": cases, "form": form, "territories": reassignable()}
        return render(request, "initiatives/reassign.html", context)
    kept.forget(request)
    territory, why = form.territory(), form.cleaned_data["text"]
    _each(request, cases, lambda case: case.reassign(person, territory, why), "dossier confié", "dossiers confiés")
    return redirect("initiatives:queue")


def _each(request: HttpRequest, cases: list[Case], say: Callable[[Case], object], one: str, many: str) -> None:
    """Each by itself: one that can't be done doesn't hold the others back."""
    done = 0
    for case in cases:
        try:
            say(case)
        except Refused as refusal:
            messages.warning(request, f"Dossier {case.number} : {refusal}")
        else:
            done += 1
    if done:
        messages.success(request, f"{done} {one if done == 1 else many}.")
