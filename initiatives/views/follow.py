"""One's sheets after they are sent: their state in words, what is asked, taking one back, letting one go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import kept
from accounts.models import Person
from initiatives import steps, thread
from initiatives.forms.cases import AppealForm, MessageForm
from initiatives.forms.prepared import MOTIVES
from initiatives.models import Case, Initiative, Move, Version
from initiatives.models.review import Echelon
from initiatives.standing import TOLD, standing
from initiatives.views.own import followed, own_sheet, working_version, writer
from initiatives.workflow import ABOUT_A_PAGE, OPEN, CaseStatus, Refused, SheetStatus, Verb

SHEETS_A_PAGE = 20
# What happened to the page, whoever's case made it happen.
OF_THE_PAGE = (Verb.MASK, Verb.UNMASK, Verb.WITHDRAW, Verb.RESTORE)
OF_ITS_PEOPLE = (Verb.AGREE, Verb.DISAGREE, Verb.JOIN, Verb.LEAVE, Verb.HAND_OVER)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    sheets = Initiative.objects.editable_by(request.user).select_related("public_version").prefetch_related(
        Prefetch("versions", Version.objects.only("initiative_id", "number", "title", "frozen_at", "saved_at")),
        Prefetch("cases", followed(Case.objects.all())),
    )  # fmt: skip
    page = Paginator(sheets.order_by("-pk"), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for sheet in page:
        working = next((version for version in sheet.versions.all() if version.frozen_at is None), None)
        case = next(iter(sheet.cases.all()), None)
        last = max(sheet.versions.all(), key=lambda version: version.number)
        rows.append({"sheet": sheet, "version": last, "case": case, "standing": standing(sheet, working, case)})
    return render(request, "initiatives/mine.html", {"page": page, "rows": rows})


@login_required
@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt, then what happens: number, who answers and when, what is asked, what was decided."""
    return follow_page(request, own_sheet(request.user, pk))


def follow_page(
    request: HttpRequest, initiative: Initiative, *, error: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    """`forms`: `message` and `appeal`, bound, when what was typed could not be sent."""
    case = last_case(initiative)
    working = initiative.working_version()
    if case is None:
        return redirect("initiatives:draft", initiative.pk) if working else redirect("initiatives:mine")
    every = list(
        initiative.moves.filter(Q(verb__in=TOLD) | Q(verb=Verb.WRITE, case=case))
        .exclude(~Q(verb__in=(*OF_THE_PAGE, *OF_ITS_PEOPLE)), Q(case=None) | Q(case__kind__in=ABOUT_A_PAGE))
        .select_related("by").prefetch_related("remarks").order_by("-pk")
    )  # fmt: skip
    moves = [move for move in every if move.verb != Verb.WRITE]
    _, network = case.answering()
    asked = next((move for move in moves if move.verb == Verb.REQUEST_CHANGES and move.case_id == case.pk), None)
    answer = next(
        (move for move in moves if move.case_id == case.pk and move.verb in (Verb.REFUSE, Verb.REDIRECT)), None
    )
    signs = Initiative.objects.signed_by(request.user).filter(pk=initiative.pk).exists()
    can_appeal = signs and case.status == CaseStatus.REFUSED and not case.appealed_at
    message = forms.get("message") or MessageForm(prefix="message", version=case.version)
    appeal = forms.get("appeal") or AppealForm(prefix="appeal")
    return render(
        request,
        "initiatives/follow.html",
        {
            "sheet": initiative,
            "case": case,
            "working": working,
            "network": network,
            "error": error,
            "standing": standing(initiative, working, case),
            "asked": asked if case.status == CaseStatus.CHANGES_REQUESTED else None,
            "remarks": [(remark, steps.of_field(remark.field)) for remark in asked.remarks.all()] if asked else [],
            "answer": answer if not case.is_open else None,
            "motive": MOTIVES.get(answer.motive, "") if answer else "",
            "can_cancel": case.is_open,
            "can_edit": not case.is_open and working is None,
            "can_withdraw": signs,
            "can_talk": thread.is_open(case),
            "can_appeal": can_appeal,
            "message": message,
            "appeal": appeal,
            "escalated": Echelon(case.escalated) if case.is_overdue and case.escalated else None,
            "messages_said": said_in([move for move in reversed(every) if move.verb == Verb.WRITE], writer(request)),
            "told": [told(move) for move in moves],
        },
        status=status,
    )


def last_case(initiative: Initiative) -> Case | None:
    return followed(
        initiative.cases.select_related(
            "version__place__departement__region",
            "territory__region",
            "initiative__public_version",
            "version__initiative",
        )
    ).first()


def said_in(said: list[Move], person: Person) -> list[dict[str, Any]]:
    """The thread as its authors read it: the coordination speaks with one voice."""
    return [
        {
            "at": move.at,
            "text": move.text,
            "mine": move.motive == thread.AUTHOR,
            "who": _who(move, person),
            "about": next((remark.field_label for remark in move.remarks.all()), ""),
        }
        for move in said
    ]


def _who(move: Move, person: Person) -> str:
    if move.motive != thread.AUTHOR:
        return "La coordination"
    return "Vous" if move.by_id == person.pk else str(move.by or "Une personne qui écrit la fiche")


@kept.signed_in
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A message to the coordination, in the thread of the last case."""
    initiative = own_sheet(request.user, pk)
    case = last_case(initiative)
    typed = request.POST if request.method == "POST" else kept.kept(request)
    if case is None or typed is None:
        return redirect("initiatives:follow", pk)
    form = MessageForm(typed, prefix="message", version=case.version)
    if request.method != "POST" or not form.is_valid():
        return follow_page(request, initiative, message=form)
    data = form.cleaned_data
    try:
        thread.write(case, writer(request), data["text"], side=thread.AUTHOR, field=data["field"])
    except Refused as refusal:
        thread.attempt(case, writer(request), Verb.WRITE, str(refusal))
        return follow_page(request, initiative, message=form, error=str(refusal), status=409)
    kept.forget(request)
    messages.success(request, "Votre message est parti. La réponse viendra ici, et par courriel.")
    return redirect(reverse("initiatives:follow", args=[pk]) + "#messages")


@kept.signed_in
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Once, what was refused is read by somebody else."""
    initiative = own_sheet(request.user, pk)
    case = last_case(initiative)
    typed = request.POST if request.method == "POST" else kept.kept(request)
    if case is None or typed is None:
        return redirect("initiatives:follow", pk)
    form = AppealForm(typed, prefix="appeal")
    if request.method != "POST" or (not form.is_valid() and case.status == CaseStatus.REFUSED and not case.appealed_at):
        return follow_page(request, initiative, appeal=form)
    try:
        case.appeal(writer(request), form.cleaned_data.get("text", ""))
    except Refused as refusal:
        thread.attempt(case, writer(request), Verb.APPEAL, str(refusal))
        return follow_page(request, initiative, appeal=form, error=str(refusal), status=409)
    kept.forget(request)
    messages.success(request, "Votre demande est partie : une autre personne lira votre fiche.")
    return redirect("initiatives:follow", pk)


def told(move: Move) -> dict[str, Any]:
    """A line of the journal for those who wrote: nobody's name, and a text only where it was written for them."""
    sentence, with_text = TOLD[move.verb]
    return {"at": move.at, "sentence": sentence, "text": move.text if with_text else "", "remarks": move.remarks.all()}


@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    initiative = own_sheet(request.user, pk)
    case = followed(initiative.cases.select_related("version", "initiative").filter(status__in=OPEN)).first()
    if case is None:
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return render(request, "initiatives/cancel.html", {"sheet": initiative, "case": case})
    try:
        case.cancel(writer(request))
    except Refused as refusal:
        thread.attempt(case, writer(request), Verb.CANCEL, str(refusal))
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "L’envoi est annulé. Votre texte est gardé, vous pouvez le reprendre.")
    return redirect("initiatives:follow", pk)


@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return render(request, "initiatives/discard.html", {"version": version, "sheet": version.initiative})
    version.initiative.discard(writer(request))
    messages.success(
        request,
        "Le brouillon est supprimé."
        if version.initiative.status == SheetStatus.DRAFT
        else "La modification est abandonnée.",
    )
    return redirect("initiatives:mine")
