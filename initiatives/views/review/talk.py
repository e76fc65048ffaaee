"""Beside a decision: messages with the authors, notes of the coordination, an expert's opinion, a decision undone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Person
from initiatives import thread
from initiatives.forms.cases import MessageForm, NoteForm, QuestionForm, ReversalForm
from initiatives.models import Case, Opinion
from initiatives.views.review.case import case_page
from initiatives.views.review.guard import acting, holds, said
from initiatives.workflow import ABOUT_A_PAGE, DECIDED, Refused, Verb


def _with_message(
    request: HttpRequest, case: Case, *, data: QueryDict, error: str = "", status: int = 200
) -> HttpResponse:
    form = MessageForm(data, prefix="message", version=case.version)
    return case_page(request, case, error=error, status=status, message=form)


def _with_note(
    request: HttpRequest, case: Case, *, data: QueryDict, error: str = "", status: int = 200
) -> HttpResponse:
    return case_page(request, case, error=error, status=status, note=NoteForm(data, prefix="note"))


def _without_a_hand(case: Case, person: Person) -> None:
    if conflict := case.hand_of(person):
        raise Refused(conflict)


@acting(_with_message)
def write(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = MessageForm(request.POST, prefix="message", version=case.version)
    if not form.is_valid():
        return _with_message(request, case, data=request.POST)
    data = form.cleaned_data

    def say() -> None:
        _without_a_hand(case, person)
        thread.write(case, person, data["text"], side=thread.COORDINATION, field=data["field"])

    there = reverse("initiatives:case", args=[case.pk]) + "#messages"
    return said(request, case, Verb.WRITE, say, "Votre message est parti.", _with_message, to=there)


@acting(_with_note)
def note(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _with_note(request, case, data=request.POST)

    def say() -> None:
        _without_a_hand(case, person)
        thread.note(case, person, form.cleaned_data["text"])

    there = reverse("initiatives:case", args=[case.pk]) + "#notes"
    return said(request, case, Verb.NOTE, say, "La note est gardée.", _with_note, to=there)


def _ask_page(
    request: HttpRequest, case: Case, *, data: QueryDict | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    form = QuestionForm(data, case=case)
    context = {"case": case, "form": form, "error": error}
    return render(request, "initiatives/ask_opinion.html", context, status=status)


@acting(_ask_page, opens=holds)
def ask_opinion(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = QuestionForm(request.POST, case=case)
    if not form.is_valid() and holds(case, person):
        return _ask_page(request, case, data=request.POST)

    def say() -> None:
        case.require_claimant(person)
        Opinion.ask(case, form.cleaned_data["expert"], person, form.cleaned_data["question"])

    return said(
        request, case, Verb.ASK_OPINION, say, "L’avis est demandé. Vous serez prévenu de la réponse.", _ask_page
    )


def _reopen_page(
    request: HttpRequest, case: Case, *, data: QueryDict | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    about_a_page = case.kind in ABOUT_A_PAGE
    context = {"case": case, "form": ReversalForm(data, case=case), "about_a_page": about_a_page, "error": error}
    return render(request, "initiatives/reopen.html", context, status=status)


@acting(_reopen_page, opens=lambda case, person: case.status in DECIDED)
def reopen(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = ReversalForm(request.POST, case=case)
    if not form.is_valid() and case.status in DECIDED:
        return _reopen_page(request, case, data=request.POST)
    text = form.cleaned_data.get("text", "")
    done = "La décision est reprise : le dossier est revenu dans la file."
    return said(request, case, Verb.REOPEN, lambda: case.reopen(person, text), done, _reopen_page)
