"""The digest of the week: what a person asked to receive by the week, in one letter on Monday morning.

What was written before Monday goes; run again, or a day late, it finds nothing more to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import emails
from accounts.models import Letter, Person
from accounts.models.letters import Rhythm, Topic

# What someone wrote stands whole in the digest: no page of the site shows it to everyone who received it.
WHOLE = (Topic.THREAD, Topic.CONTACT)
MOST_LINES = 30  # of one topic
ADDRESS = re.compile(r"^https?://\S+$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One thing told: its words, its day, where it leads, and its whole text where it has one."""

    words: str
    url: str = ""
    on: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]
    more: int = 0


type Counter = Callable[[Person], list[Line]]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Rooms add what a person has to do at the start of a week; nothing is an empty list."""
    if counter not in _counters:
        _counters.append(counter)


def run(on: date) -> int:
    """Write the digests due on this day; how many there were."""
    monday = on - timedelta(days=on.weekday())
    by_week = Q(letters__held=True)
    if on == monday:
        by_week |= Q(letter_preferences__rhythm=Rhythm.WEEKLY)
    people = Person.objects.filter(by_week, is_active=True, erased_at=None).distinct().order_by("pk")
    return sum(_write(person, monday, on == monday) for person in people)


def _write(person: Person, monday: date, with_counts: bool) -> bool:
    """One transaction: the digest, and what it holds marked as gone with it."""
    with transaction.atomic():
        before = timezone.make_aware(datetime.combine(monday, time()))
        waiting = Letter.objects.filter(person=person, held=True, written_at__lt=before)
        held = list(waiting.select_for_update(of=("self",)).order_by("written_at", "pk"))
        to_do = [line for counter in _counters for line in counter(person)] if with_counts else []
        if not held and not to_do:
            return False
        letter = emails.weekly_digest(person, monday, number=len(held), sections=list(sections(held)), to_do=to_do)
        if letter is None:
            return False
        Letter.objects.filter(pk__in=[each.pk for each in held]).update(held=False, sent_at=timezone.now())
    return True


def sections(held: Iterable[Letter]) -> Iterable[Section]:
    letters = list(held)
    for topic in Topic:
        of_topic = [letter for letter in letters if letter.topic == topic]
        if of_topic:
            shown = of_topic if topic in WHOLE else of_topic[:MOST_LINES]
            lines = [_line(letter, topic in WHOLE) for letter in shown]
            yield Section(str(topic.label), lines, len(of_topic) - len(shown))


def _line(letter: Letter, whole: bool) -> Line:
    """A letter in a few words: its subject, and the first address it gives."""
    url = ADDRESS.search(letter.body)
    on = timezone.localdate(letter.written_at)
    if whole:
        return Line(letter.subject, on=on, text=_without_manners(letter.body))
    return Line(letter.subject, url[0] if url else "", on)


def _without_manners(body: str) -> str:
    """Without its greeting and its signature, which the digest has."""
    return re.sub(r"\A\s*Bonjour[^\n]*,\s*\n|\n(?:Merci,\s*)?Essaim\s*\Z", "", body).strip()
