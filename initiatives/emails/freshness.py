"""Letters about the age of a sheet: is it still true, and what happens without an answer.

Each carries a link of its own for each author, which the next one replaces.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import rhythms
from accounts.models import Person
from accounts.models.letters import Topic
from initiatives import freshness
from initiatives.emails.readers import authors_of
from initiatives.emails.writing import write
from initiatives.models import Agreement, Move
from initiatives.models.choices import State
from initiatives.workflow import ARCHIVE_MONTHS, STALE_MONTHS

LINK_DAYS = 200  # longer than the six months between two letters


def still_true(move: Move) -> None:
    """Once a year, and one reminder: three answers, each a link."""
    for person in _asked(move):
        if rhythms.wants(person, Topic.FRESHNESS):
            is_reminder = move.motive == freshness.REMINDER
            _write(move, person, "still_true", topic=Topic.FRESHNESS, is_reminder=is_reminder)


def aged(move: Move) -> None:
    for person in _asked(move):
        _write(move, person, "aged")


def archived(move: Move) -> None:
    for person in _asked(move):
        _write(move, person, "archived")


def _asked(move: Move) -> list[Person]:
    return authors_of(move.initiative) if move.initiative.is_public else []


def _write(move: Move, person: Person, name: str, **about: Any) -> None:
    sheet, version = move.initiative, move.initiative.public_version
    assert version is not None
    sheet.agreements.filter(kind=Agreement.Kind.FRESHNESS, email__iexact=person.email).stop()
    _, token = Agreement.ask(
        sheet, Agreement.Kind.FRESHNESS, days=LINK_DAYS, name=str(person)[:120], email=person.email, version=version
    )
    write(
        move,
        person,
        name,
        link_url=settings.SITE_URL + reverse("agreement", args=[token]),
        is_ended=version.state == State.ENDED,
        verified_on=sheet.verified_on,
        stale_on=_on(sheet.verified_on, STALE_MONTHS),
        archived_on=_on(sheet.verified_on, ARCHIVE_MONTHS),
        **about,
    )


def _on(since: date | None, months: int) -> date | None:
    return freshness.after(since, months) if since else None
