"""Is a published sheet still true? Asked of its authors after a year; without an answer it ages, then is archived.

All is counted from the day a sheet was verified: run on any day, twice, or after days missed, it gives the same. What
has a change under way, what is hidden, and what comes from a public source stand outside of this clock.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Person
from initiatives import publication, search, together
from initiatives.models import Agreement, Case, Initiative, Move, Version
from initiatives.models.choices import State
from initiatives.models.sheet import InitiativeQuerySet
from initiatives.together import Answer, Closed, Kind
from initiatives.workflow import (
    ABOUT_A_PAGE,
    ARCHIVE_MONTHS,
    FRESH_MONTHS,
    FRESH_REMINDER_MONTHS,
    OPEN,
    SHEET_MOVES,
    STALE_MONTHS,
    CaseStatus,
    Refused,
    SheetStatus,
    Verb,
)

MONTHS = (FRESH_MONTHS, FRESH_REMINDER_MONTHS, STALE_MONTHS, ARCHIVE_MONTHS)
REMINDER, ENDED = "reminder", "ended"  # motives: the second letter of a year; an action that is over


def run(on: date) -> dict[str, int]:
    """All that is due on this day; what was done → how many."""
    done = {"demandes": 0, "rappels": 0, "à actualiser": 0, "archivées": 0}
    # Nearly a year: months end on different days, and `_tick` counts them.
    nearly = ticking().filter(verified_on__lt=on - timedelta(days=360)).order_by("pk")
    for pk in nearly.values_list("pk", flat=True):
        if what := _tick(pk, on):
            done[what] += 1
    return done


def ticking() -> InitiativeQuerySet:
    """The sheets this clock is about."""
    changed = Case.objects.filter(initiative=OuterRef("pk"), status__in=OPEN).exclude(kind__in=ABOUT_A_PAGE)
    sheets = Initiative.objects.published().exclude(origin=Initiative.Origin.PUBLIC_SOURCE)
    return sheets.exclude(Exists(changed))


def _tick(pk: int, on: date) -> str:
    """One sheet, held: what its age asks for, once."""
    with transaction.atomic():
        Initiative.objects.hold(pk)
        sheet = ticking().filter(pk=pk).first()
        if sheet is None or sheet.verified_on is None:
            return ""
        is_past = {months: after(sheet.verified_on, months) <= on for months in MONTHS}
        if is_past[ARCHIVE_MONTHS]:
            return _age(sheet, Verb.ARCHIVE, "archivées")
        if is_past[STALE_MONTHS] and sheet.status == SheetStatus.PUBLISHED:
            return _age(sheet, Verb.AGE, "à actualiser")
        if is_past[FRESH_REMINDER_MONTHS]:
            return _ask(sheet, FRESH_REMINDER_MONTHS)
        return _ask(sheet, FRESH_MONTHS) if is_past[FRESH_MONTHS] else ""


def _ask(sheet: Initiative, months: int) -> str:
    """Once for this age of the sheet: `freshness_asked_on` is the day it was due, whatever day it is said."""
    was_asked = not _is_to_ask(sheet, FRESH_MONTHS)
    if not _note_asked(sheet, months):
        return ""
    # Its first letter, late because a change was under way, doesn't say that nobody answered one.
    Move.say(sheet, Verb.ASK_FRESHNESS, by=None, motive=REMINDER if was_asked else "")
    return "rappels" if was_asked else "demandes"


def _is_to_ask(sheet: Initiative, months: int) -> bool:
    assert sheet.verified_on
    return sheet.freshness_asked_on is None or sheet.freshness_asked_on < after(sheet.verified_on, months)


def _note_asked(sheet: Initiative, months: int) -> bool:
    if sheet.verified_on is None or not _is_to_ask(sheet, months):
        return False
    Initiative.objects.filter(pk=sheet.pk).update(freshness_asked_on=after(sheet.verified_on, months))
    return True


def _age(sheet: Initiative, verb: str, what: str) -> str:
    """The letter that says it asks too: nothing else is asked meanwhile."""
    _note_asked(sheet, FRESH_REMINDER_MONTHS)
    _move(sheet, verb, by=None)
    return what


def _move(sheet: Initiative, verb: str, *, by: Person | None, motive: str = "") -> None:
    was, target = sheet.status, SHEET_MOVES[verb].target
    Initiative.objects.filter(pk=sheet.pk).update(status=target)
    sheet.refresh_from_db()
    standing: dict[str, Any] = {"from_status": was, "to_status": target} if was != target else {}
    Move.say(sheet, verb, by=by, motive=motive, **standing)
    search.index(sheet)


# What its authors answer, by a link and without signing in


def still_true(asked: Agreement) -> None:
    """The action goes on, or nothing has changed: the sheet is true on this day, and back in the catalogue."""
    with transaction.atomic():
        sheet, author = _answered(asked, Answer.YES)
        # The network that published it answers for what it read then, not for today.
        Initiative.objects.filter(pk=sheet.pk).update(verified_on=timezone.localdate(), verified_by=None)
        _move(sheet, Verb.VERIFY, by=author, motive=Kind.FRESHNESS)


def ended(asked: Agreement) -> None:
    """The action is over: the public reads so at once, and nothing else of the sheet changes."""
    with transaction.atomic():
        sheet, author = _answered(asked, Answer.ENDED)
        was = sheet.status
        before = sheet.public_version
        assert before is not None
        if before.state != State.ENDED:
            _make_room_for_the_change(sheet, author)
            version = before.copy(author, frozen=True)
            version.state = State.ENDED
            version.save(update_fields=["state"])
            publication.publish(version, None)
            _end_working(sheet)
        else:
            Initiative.objects.filter(pk=sheet.pk).update(verified_on=timezone.localdate(), verified_by=None)
        sheet.status = was
        _move(sheet, Verb.VERIFY, by=author, motive=ENDED)


def _make_room_for_the_change(sheet: Initiative, author: Person) -> None:
    """A change under way loses nothing: one to complete goes on from its own text, one being read is waited for."""
    case = sheet.open_case()
    if case and case.status != CaseStatus.CHANGES_REQUESTED:
        raise Refused(
            "Une modification de cette fiche est en relecture. Revenez à ce lien quand la réponse sera arrivée, "
            "ou dites dès maintenant, sur la page de suivi, que l’action est terminée."
        )
    if case:
        sheet.version_to_edit(author)


def _end_working(sheet: Initiative) -> None:
    """What is being written says so too; a window open on it is told, as of any other save."""
    working = sheet.working_version()
    if working and working.state != State.ENDED:
        with working.saving(working.edition):
            Version.objects.filter(pk=working.pk).update(state=State.ENDED)


def to_edit(asked: Agreement) -> None:
    """There is something to change: that is done signed in, and is read by the coordination as any change."""
    with transaction.atomic():
        _answered(asked, Answer.EDIT)


def _answered(asked: Agreement, answer: str) -> tuple[Initiative, Person]:
    """The sheet, held, and who answers for it by this link. The links of the others stop: the question is answered."""
    sheet = together.held(asked)
    author = together.author_asked(asked)
    if author is None or not asked.give(answer):
        raise Closed
    if answer != Answer.EDIT:
        sheet.agreements.filter(kind=Kind.FRESHNESS).stop()
    return sheet, author


def after(day: date, months: int) -> date:
    """The same day of another month, or its last one: 31 August and six months are 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
