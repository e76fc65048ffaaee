"""What falls due without anyone asking: claims that end, answers awaited too long, reminders, lateness, closing.

Each says a line of the journal by one conditional UPDATE: run twice, or by two processes, nothing is said twice. `now`
may be any moment, past or to come.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person, Role
from initiatives import thread, workflow
from initiatives.models import Case, Initiative, Move
from initiatives.models.queue import CaseQuerySet
from initiatives.models.review import Echelon
from initiatives.models.routing import deputies_for
from initiatives.workflow import CaseStatus, Refused, Verb

EVERY = 60.0  # seconds between two looks, in the letters' process
_looked_at = -EVERY


def each_minute() -> int:
    """What `send_letters` calls at every look at the outbox."""
    global _looked_at
    if time.monotonic() - _looked_at < EVERY:
        return 0
    _looked_at = time.monotonic()
    return sum(run().values())


def run(now: datetime | None = None) -> dict[str, int]:
    """All that is due at this moment; what was done → how many."""
    now = now or timezone.now()
    return {
        "reprises": resume_waiting(now),
        "rendus à la file": lapse_claims(now),
        "rappels": remind(now),
        "retards signalés": escalate(now),
        "rappels aux auteurs": remind_authors(now),
        "clos sans réponse": expire(now),
    }


def lapse_claims(now: datetime | None = None) -> int:
    """Give back to the queue the cases whose claim is over, or whose claimant no longer coordinates there."""
    cases = Case.objects.select_related("initiative", "version")
    return lapse(cases.lapsed(now)) + lapse(cases.orphaned())


def release_claims(role: Role) -> None:
    """A role ended at once: what its person had claimed goes back to the queue without waiting."""
    lapse(Case.objects.select_related("initiative", "version").orphaned().filter(claimed_by=role.person))


def lapse(cases: CaseQuerySet) -> int:
    return _each(cases, lambda case: case.lapse())


def resume_waiting(now: datetime) -> int:
    """A third party who hasn't answered in time no longer holds the case back."""
    waiting = Case.objects.waiting_for_third_party().filter(waits_until__lt=now, claimed_by__isnull=False)
    return _each(waiting.select_related("initiative", "version"), lambda case: case.resume(None, now=now))


def expire(now: datetime) -> int:
    late = Case.objects.waiting_for_author().filter(waits_until__lt=now)
    return _each(late.select_related("initiative", "version"), lambda case: case.expire())


def remind(now: datetime) -> int:
    """Five then twelve of the days that count, and no decision: the one who holds the case is told, or all who may.

    What waited for others has a later date: so do its reminders.
    """
    reminded = 0
    for days in sorted(workflow.REMINDER_DAYS, reverse=True):
        left = timedelta(days=workflow.DECISION_DAYS - days)
        due = Case.objects.in_our_hands().filter(
            reminded__lt=days, received_at__lte=now - timedelta(days=days), decision_due_at__lte=now + left,
            decision_due_at__gte=now,
        )  # fmt: skip
        for case in due.select_related("initiative"):
            reminded += _say_once(case, Verb.REMIND, "reminded", days, str(days))
    return reminded


def escalate(now: datetime) -> int:
    """The promised day is past: the deputy is told, then the national team; the author always."""
    told = 0
    grace = timedelta(days=workflow.ESCALATE_AFTER_DAYS)
    late = Case.objects.overdue(now).filter(escalated__lt=Echelon.NATIONAL)
    for case in late.select_related("initiative", "version", "territory__region"):
        if case.escalated == Echelon.TERRITORY and deputies_for(case.territory, case.version):
            told += _say_once(case, Verb.ESCALATE, "escalated", Echelon.DEPUTY, str(Echelon.DEPUTY.value))
        elif case.escalated == Echelon.TERRITORY or case.decision_due_at < now - grace:
            told += _say_once(case, Verb.ESCALATE, "escalated", Echelon.NATIONAL, str(Echelon.NATIONAL.value))
    return told


def remind_authors(now: datetime) -> int:
    """Once, before a case closes for want of an answer."""
    left = timedelta(days=workflow.CHANGES_EXPIRE_DAYS - workflow.AUTHOR_REMINDER_DAYS)
    days = workflow.AUTHOR_REMINDER_DAYS
    waiting = Case.objects.waiting_for_author().filter(
        waits_until__lte=now + left, waits_until__gte=now, reminded__lt=days
    )
    return sum(
        _say_once(case, Verb.REMIND, "reminded", days, thread.AUTHOR) for case in waiting.select_related("initiative")
    )


def remind_author(case: Case, by: Person) -> None:
    """By hand: a coordinator reminds an author of what is asked; not twice a week."""
    again = timedelta(days=workflow.REMIND_AGAIN_DAYS)
    with transaction.atomic():
        Initiative.objects.hold(case.initiative_id)
        if not Case.objects.filter(pk=case.pk, status=CaseStatus.CHANGES_REQUESTED).exists():
            raise Refused("L’auteur n’a rien à compléter : il n’y a rien à lui rappeler.")
        last = case.moves.filter(verb=Verb.REMIND, motive=thread.AUTHOR, at__gt=timezone.now() - again).last()
        if last:
            raise Refused(f"un rappel est déjà parti le {timezone.localtime(last.at):%d/%m/%Y}.")
        Move.say(case.initiative, Verb.REMIND, by=by, case=case, motive=thread.AUTHOR)


def _say_once(case: Case, verb: str, counter: str, value: int, motive: str) -> int:
    with transaction.atomic():
        Initiative.objects.hold(case.initiative_id)
        still = Case.objects.filter(pk=case.pk, status=case.status, **{counter: getattr(case, counter)})
        if not still.update(**{counter: value}):
            return 0
        Move.say(case.initiative, verb, by=None, case=case, motive=motive)
    return 1


def _each(cases: QuerySet[Case], say: Callable[[Case], object]) -> int:
    done = 0
    for case in cases:
        try:
            say(case)
        except Refused:
            continue  # decided, released or answered in the meantime
        done += 1
    return done
