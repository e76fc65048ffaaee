"""A case as a coordinator reads it: what changed, the version whole, what was said, and the forms of the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.models import Person
from guide.difference import Change
from initiatives import difference, grid, reading, sections, settling, thread
from initiatives.forms.cases import MessageForm, NoteForm
from initiatives.forms.review import Desk, ResumeForm, quiet
from initiatives.models import Case, Opinion, Version
from initiatives.views.reports import report_page
from initiatives.views.review.guard import moderable_case
from initiatives.views.review.journal import moves_of
from initiatives.views.roles import holder_or_404
from initiatives.workflow import ABOUT_A_PAGE, DECIDED, CaseStatus, Verb


@login_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    person = holder_or_404(request, "coordinator")
    return case_page(request, moderable_case(person, pk))


def case_page(
    request: HttpRequest, case: Case, *, data: QueryDict | None = None, acting: str = "", error: str = "",
    status: int = 200, **forms: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a case; what was typed comes back in it when a gesture couldn't be made.

    `acting` is the form of the decision that was sent; `forms` are bound ones: `settlings`, `message`, `note`.
    """
    if case.kind in ABOUT_A_PAGE:
        return report_page(request, case, error=error, status=status)
    person = request.user
    assert isinstance(person, Person)
    hand, decided = case.ties(person)
    conflict = hand or (case.conflict_of_a_decider() if decided else "")
    holds = case.claimed_by_id == person.pk and not conflict
    moves = moves_of(case, whole=not hand)
    desk = Desk(case, data, acting) if holds and case.status == CaseStatus.CLAIMED else None
    parts = forms.get("settlings") or (settled(case.version, data, quietly=acting != "accept") if desk else [])
    before, since = differences(case)
    return render(
        request,
        "initiatives/case.html",
        {
            "case": case,
            "initiative": case.initiative,
            "version": case.version,
            "told": reading.told(case.version),
            "sections": sections.of(case.version) if case.status == CaseStatus.ACCEPTED else [],
            "reviewing": True,
            "error": error,
            "conflict": conflict if case.is_open else "",
            "has_a_hand": bool(hand),
            "is_mine": desk is not None,
            "waits_for_me": holds and case.status == CaseStatus.WAITING_THIRD_PARTY,
            "can_claim": case.status == CaseStatus.RECEIVED and not conflict,
            "can_reassign": case.is_open and case.status != CaseStatus.CHANGES_REQUESTED and not hand,
            "can_reopen": case.status in DECIDED and not hand,
            "before": before,
            "changes": before.changes if before else [],
            "since": since,
            "moves": moves,
            "messages_said": [move for move in moves if move.verb == Verb.WRITE],
            "notes": [move for move in moves if move.verb == Verb.NOTE],
            "opinions": [] if hand else opinions_of(case),
            "can_talk": thread.is_open(case) and not hand,
            "forms": desk.forms if desk else {},
            "words": Desk(case, data).words() if data and not desk else [],
            "settlings": parts,
            "bound": [*(desk.forms.values() if desk else []), *(form for _, form in parts)],
            "talk": {
                "message": forms.get("message") or MessageForm(prefix="message", version=case.version),
                "note": forms.get("note") or NoteForm(prefix="note"),
                "resume": ResumeForm(data if data and "resume-text" in data else None, prefix="resume"),
            },
            "grid_answers": len(case.grid.get("answers", {})),
            "grid_questions": len(grid.QUESTIONS),
        },
        status=status,
    )


def settled(version: Version, data: QueryDict | None, *, quietly: bool) -> list[tuple[Any, Any]]:
    """What other rooms decide with a publication: (part, form), with what was typed."""
    parts = [(part, part.form(version, data)) for part in settling.registered()]
    if quietly and data is not None:
        for _, form in parts:
            quiet(form)
    return parts


def opinions_of(case: Any) -> list[dict[str, Any]]:
    """As asked with the case: JSON has no dates, and no labels."""
    return [
        {
            **row,
            "advice": Opinion.Advice(row["advice"]).label if row["advice"] else "",
            "asked_at": datetime.fromisoformat(row["asked_at"]),
            "answered_at": datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None,
        }
        for row in case.opinions_said
    ]


@dataclass(frozen=True)
class Compared:
    """What changed since one version; `is_public` when it is the one the public reads, or read before."""

    number: int
    changes: list[Change]
    is_public: bool


def differences(case: Any) -> tuple[Compared | None, Compared | None]:
    """What would change for the public, or since the last sending where nothing is public yet; then, for a change sent

    again, what changed since it was sent before.
    """
    version = case.version
    public = case.replaced if case.status == CaseStatus.ACCEPTED else case.initiative.public_version
    if public and (public.pk == version.pk or public.number > version.number):
        public = None
    sent = next(iter(case.sent_before), None)
    if sent and public and sent["number"] <= public.number:
        sent = None
    since = Compared(sent["number"], difference.between(sent["snapshot"], version.snapshot), False) if sent else None
    if public is None:
        return since, None
    return Compared(public.number, difference.between(public.snapshot, version.snapshot), True), since
