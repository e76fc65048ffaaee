"""What is said beside the path of a case: messages with its authors, the coordination's own notes, vain attempts."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from initiatives.models import Case, Initiative, Move, Remark
from initiatives.workflow import ABOUT_A_PAGE, OPEN, CaseStatus, Refused, Verb

# Who speaks, as a message's `motive` keeps it: whoever signs the sheet later, one knows from which side it came.
AUTHOR, COORDINATION = "author", "coordination"
SAME = timedelta(minutes=10)  # the same words again, so soon: a second press of the button
OPEN_TO_TALK = (*OPEN, CaseStatus.REFUSED, CaseStatus.REDIRECTED)
A_DAY = timedelta(days=1)


def is_open(case: Case) -> bool:
    """Whether its authors and the coordination may write to one another: until it is accepted or closed."""
    return case.status in OPEN_TO_TALK and case.kind not in ABOUT_A_PAGE


def write(case: Case, by: Person, text: str, *, side: str, field: str = "") -> Move:
    """One message of the thread, about a field of the sheet where one is named."""
    with transaction.atomic():
        Initiative.objects.hold(case.initiative_id)
        case.refresh_from_db(fields=["status"])
        if not is_open(case):
            raise Refused("Ce dossier est clos : on n’y écrit plus.")
        said = case.moves.filter(verb=Verb.WRITE, by=by, text=text, at__gt=timezone.now() - SAME).first()
        if said:
            return said
        move = Move.say(case.initiative, Verb.WRITE, by=by, case=case, text=text, motive=side)
        if field:
            Remark.objects.create(move=move, field=field, text="")
    return move


def note(case: Case, by: Person, text: str) -> Move:
    """For the coordination alone: no author reads it, no letter carries it."""
    with transaction.atomic():
        Initiative.objects.hold(case.initiative_id)
        said = case.moves.filter(verb=Verb.NOTE, by=by, text=text, at__gt=timezone.now() - SAME).first()
        return said or Move.say(case.initiative, Verb.NOTE, by=by, case=case, text=text)


def attempt(case: Case, by: Person, verb: str, why: str) -> None:
    """Keep that someone tried what can't be done; the same, tried again, is kept once a day."""
    with transaction.atomic():
        Initiative.objects.hold(case.initiative_id)
        tried = case.moves.filter(verb=Verb.ATTEMPT, by=by, motive=verb, at__gt=timezone.now() - A_DAY)
        if not tried.exists():
            Move.say(case.initiative, Verb.ATTEMPT, by=by, case=case, motive=verb, text=why)
