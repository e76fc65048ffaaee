"""« À rendre dans 7 jours », « demain »: told once, on a working morning, to who hasn't sent.

Each counts from the student's own date. A day that is a Sunday, or a public holiday where the centre stands, has its
morning on the working day before. What a night or a breakdown kept is told on the next working morning, as long as it
is still true and of use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import working_days
from accounts.models import Person
from training import deadlines, emails
from training.deadlines import Dates
from training.models import Assignment, Enrolment, Extension, Reminder, Work

DAYS = (7, 1)
FURTHEST = timedelta(days=21)  # seven days, and as many holidays as may stand before them
MORNING, EVENING = time(7), time(19)  # nobody is written to at night


@dataclass(frozen=True)
class Due:
    """What is to be told to one student now."""

    assignment: Assignment
    student: Person
    days: int
    due_at: datetime


def morning_of(due_at: datetime, days: int, departement: str = "") -> date:
    """The working day, there, on which one is told that there are so many days left, or a little more."""
    day = deadlines.last_minute(due_at).date() - timedelta(days=days)
    while not working_days.is_working_day(day, departement):
        day -= timedelta(days=1)
    return day


def days_to_tell(due_at: datetime, begun_at: datetime, now: datetime, departement: str = "") -> int | None:
    """7 or 1, the nearest whose morning has come; None when it hasn't, or when one began after it.

    Who is given it, joins or is given more time after that morning has just been told the date.
    """
    today = timezone.localdate(now)
    if due_at <= now:
        return None
    reached = [days for days in DAYS if morning_of(due_at, days, departement) <= today]
    if not reached:
        return None
    days = min(reached)
    morning = timezone.make_aware(datetime.combine(morning_of(due_at, days, departement), MORNING))
    return days if begun_at < morning else None


def each_day(on: date) -> None:
    now = timezone.now()
    if on != timezone.localdate(now):
        now = timezone.make_aware(datetime.combine(on, time(8)))
    if working_days.is_working_day(on) and MORNING <= timezone.localtime(now).time() < EVENING:
        tell(now)


def tell(now: datetime) -> int:
    """Write what is due; how many letters there were."""
    return sum(write(each) for each in due(now))


def write(what: Due) -> bool:
    """The row and the letter, or neither. A person who wants no reminder has the row alone."""
    with transaction.atomic():
        _, is_new = Reminder.objects.get_or_create(
            assignment=what.assignment, student=what.student, days=what.days, due_at=what.due_at
        )
        return is_new and emails.reminded(what.assignment, what.student, what.days, what.due_at)


def due(now: datetime) -> Iterator[Due]:
    soon = Q(due_at__gt=now, due_at__lte=now + FURTHEST)
    extended = Extension.objects.filter(soon).values("assignment")
    given = Assignment.objects.filter(soon | Q(pk__in=extended), opens_at__lte=now)
    given = (
        given.filter(cohort__ends_on__gte=timezone.localdate(now)).with_recipient_ids().prefetch_related("extensions")
    )
    for assignment in given.select_related("cohort__centre__organisation__territory__departement"):
        there = assignment.cohort.centre.departement_code
        if not working_days.is_working_day(timezone.localdate(now), there):
            continue
        ends = [assignment.due_at, *(each.due_at for each in assignment.extensions.all())]
        if any(days_to_tell(end, assignment.opens_at, now, there) for end in ends):
            yield from due_of(assignment, now)


def due_of(assignment: Assignment, now: datetime) -> Iterator[Due]:
    extensions = {each.student_id: each for each in assignment.extensions.all()}
    sent = set(Work.objects.sent().filter(assignment=assignment).values_list("student", flat=True))
    told = set(assignment.reminders.values_list("student", "days", "due_at"))
    for enrolment in concerned(assignment):
        if enrolment.student_id in sent:
            continue
        more = extensions.get(enrolment.student_id)
        due_at = Dates(assignment.due_at).extended_to(more.due_at if more else None).due_at
        begun_at = max(assignment.opens_at, enrolment.joined_at)
        if more and due_at == more.due_at:
            begun_at = max(begun_at, more.given_at)
        days = days_to_tell(due_at, begun_at, now, assignment.cohort.centre.departement_code)
        if days is not None and (enrolment.student_id, days, due_at) not in told:
            yield Due(assignment, enrolment.student, days, due_at)


def concerned(assignment: Assignment) -> Iterable[Enrolment]:
    current = assignment.cohort.enrolments.current().with_group_ids().select_related("student")
    return [enrolment for enrolment in current.order_by("pk") if assignment.is_addressed_to(enrolment)]
