"""One's sheets after they are sent: their state in words, what is asked, taking one back, letting one go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from initiatives import steps
from initiatives.forms.review import MOTIVES
from initiatives.models import Case, Initiative, Move, Version
from initiatives.models.routing import network_for
from initiatives.standing import TOLD, standing
from initiatives.views.own import followed, own_sheet, working_version, writer
from initiatives.workflow import OPEN, CaseKind, CaseStatus, Refused, SheetStatus, Verb

SHEETS_A_PAGE = 20


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
    initiative = own_sheet(request.user, pk)
    case = followed(initiative.cases.select_related("version", "territory", "initiative")).first()
    working = initiative.working_version()
    if case is None:
        return redirect("initiatives:draft", pk) if working else redirect("initiatives:mine")
    moves = list(
        initiative.moves.filter(verb__in=TOLD, case__isnull=False).exclude(case__kind=CaseKind.REPORT)
        .prefetch_related("remarks").order_by("-pk")
    )  # fmt: skip
    _, network = network_for(case.territory, case.version)
    asked = next((move for move in moves if move.verb == Verb.REQUEST_CHANGES and move.case_id == case.pk), None)
    answer = next(
        (move for move in moves if move.case_id == case.pk and move.verb in (Verb.REFUSE, Verb.REDIRECT)), None
    )
    return render(
        request,
        "initiatives/follow.html",
        {
            "sheet": initiative,
            "case": case,
            "working": working,
            "network": network,
            "standing": standing(initiative, working, case),
            "asked": asked if case.status == CaseStatus.CHANGES_REQUESTED else None,
            "remarks": [(remark, steps.of_field(remark.field)) for remark in asked.remarks.all()] if asked else [],
            "answer": answer if not case.is_open else None,
            "motive": MOTIVES.get(answer.motive, "") if answer else "",
            "can_cancel": case.status in CANCELLABLE,
            "can_edit": not case.is_open and working is None,
            "told": [told(move) for move in moves],
        },
    )


CANCELLABLE = (CaseStatus.RECEIVED, CaseStatus.CLAIMED, CaseStatus.CHANGES_REQUESTED)


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
