"""The dates of assignments as calendars read them: a title, an instant, the page; nothing of what anybody did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from accounts.models import Person
from guide.french import typeset
from training import deadlines
from training.models import Assignment


@dataclass(frozen=True)
class Day:
    """One line of a calendar."""

    uid: str
    at: datetime
    words: str
    url: str


def of_student(person: Person) -> Iterator[Day]:
    """Of what is still asked of them, theirs: more time given moves a date, and nothing says that it was given."""
    given = Assignment.objects.given_to(person).with_dates_of(person)
    for assignment in (each for each in given if each.is_asked):
        dates = assignment.dates
        yield day(assignment, "rendre", dates.due_at, f"À rendre : {assignment.title}")
        if dates.closes_at and dates.closes_at != dates.due_at:
            yield day(assignment, "fermeture", dates.closes_at, f"Fin des envois : {assignment.title}")


def of_trainer(person: Person) -> Iterator[Day]:
    """The whole class's, in the cohorts of their centres that aren't over: nobody's own date is there."""
    given = Assignment.objects.given_by(person).in_force().filter(cohort__ends_on__gte=timezone.localdate())
    for assignment in given.select_related("cohort"):
        name = f"{assignment.title} ({assignment.cohort})"
        if assignment.opens_at > assignment.created_at:
            yield day(assignment, "ouverture", assignment.opens_at, f"S’ouvre : {name}", last_minute=False)
        yield day(assignment, "remise", assignment.due_at, f"À rendre : {name}")
        if assignment.closes_at and assignment.closes_at != assignment.due_at:
            yield day(assignment, "fin", assignment.closes_at, f"Fin des envois : {name}")


def day(assignment: Assignment, kind: str, at: datetime, words: str, *, last_minute: bool = True) -> Day:
    return Day(
        uid=f"devoir-{assignment.pk}-{kind}@{urlsplit(settings.SITE_URL).hostname or 'essaim'}",
        at=deadlines.last_minute(at) if last_minute else at,
        words=typeset(words),
        url=settings.SITE_URL + assignment.get_absolute_url(),
    )


def ics(person: Person) -> bytes:
    """The whole calendar of a person, as student and as trainer. The same all day as long as no date moves."""
    calendar = Calendar()
    calendar.add("prodid", "-//Essaim//Formation//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Essaim, formation")
    calendar.add("x-wr-calname", "Essaim, formation")
    calendar.add("refresh-interval;value=duration", "PT6H")
    calendar.add("x-published-ttl", "PT6H")
    said_at = datetime.combine(timezone.localdate(), time(), tzinfo=UTC)
    for each in sorted([*of_student(person), *of_trainer(person)], key=lambda each: (each.at, each.uid)):
        event = Event()
        event.add("uid", each.uid)
        event.add("dtstamp", said_at)
        event.add("dtstart", each.at.astimezone(UTC))
        event.add("summary", each.words)
        event.add("url", each.url)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
