"""Dates of one year carried to another: by whole weeks, then off the days on which nobody works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts import working_days
from accounts.models import Territory
from training import deadlines
from training.models import Assignment, Centre, Closure, Cohort

WEEK_END = "fin de semaine"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MORNING = time(8)
MOST_PUSHED = 400
"""Days: beyond so many closed ones in a row, the date is left where it falls, for the person to choose."""


class OpenDays:
    """The days of a centre: neither a week-end, nor a public holiday, nor one of its closures."""

    def __init__(self, closures: Iterable[Closure] = (), departement: str = "") -> None:
        self.closures = [(each.first_on, each.last_on, each.name) for each in closures]
        self.departement = departement

    @classmethod
    def of(cls, centre: Centre) -> OpenDays:
        return cls(centre.closures.all(), centre.departement_code)

    def why_closed(self, day: date) -> str:
        """« fermé (Vacances d’hiver) », « férié (Fête nationale) », « fin de semaine »; nothing on an open day."""
        return self.why_marked(day) or (WEEK_END if day.weekday() >= 5 else "")

    def why_marked(self, day: date) -> str:
        """The same, but for week-ends: a Sunday evening is often meant."""
        for first_on, last_on, name in self.closures:
            if first_on <= day <= last_on:
                return f"fermé ({name})"
        name = working_days.holiday(day, self.departement)
        return f"férié ({name})" if name else ""

    def from_(self, day: date) -> Moved:
        """This day, or the first open one after it."""
        passed: list[tuple[date, str]] = []
        found = day
        while why := self.why_closed(found):
            passed.append((found, why))
            found += DAY
            if len(passed) > MOST_PUSHED:
                return Moved(day, day, tuple(passed))
        return Moved(found, day, tuple(passed))


@dataclass(frozen=True)
class Holidays:
    """Which public holidays a centre has, in words."""

    departement: Territory | None
    today: date

    @classmethod
    def of(cls, centre: Centre) -> Holidays:
        return cls(centre.departement, timezone.localdate())

    @property
    def in_words(self) -> str:
        where = f"métropole, {self.departement.label}" if self.departement else "métropole"
        if self.departement is None:
            return f"Calendrier des jours fériés\u00a0: {where}. Le département du centre n’est pas dit."
        return f"Calendrier des jours fériés\u00a0: {self.departement.label if self.added else where}."

    @property
    def added(self) -> list[str]:
        """Those of the coming twelve months that the mainland has not: « vendredi 26 mars 2027 : Vendredi saint »."""
        code = self.departement.code if self.departement else ""
        coming = working_days.added(code, self.today.year) + working_days.added(code, self.today.year + 1)
        year = [(day, name) for day, name in coming if self.today <= day < self.today + 52 * WEEK]
        return [f"{deadlines.day_in_words(day)}\u00a0: {name}" for day, name in year]


@dataclass(frozen=True)
class Moved:
    """A day, the one that weeks alone would have given, and why each of those between was passed over."""

    day: date
    meant: date
    passed: tuple[tuple[date, str], ...] = ()

    @property
    def reasons(self) -> list[str]:
        """« samedi 1er mai : férié (Fête du Travail) », neighbours of one closure told once."""
        said: list[tuple[date, date, str]] = []
        for day, why in self.passed:
            if said and said[-1][2] == why and said[-1][1] == day - DAY:
                said[-1] = (said[-1][0], day, why)
            else:
                said.append((day, day, why))
        return [_reason(first, last, why) for first, last, why in said]


def _reason(first: date, last: date, why: str) -> str:
    begins = deadlines.day_in_words(first)
    return f"{begins} : {why}" if first == last else f"du {begins} au {deadlines.day_in_words(last)} : {why}"


@dataclass(frozen=True)
class Shifted:
    """The dates of an assignment on another calendar: days with their reasons, hours as they were."""

    opens: Moved
    opens_time: time
    due: Moved
    due_time: time
    closes: Moved | None = None
    closes_time: time | None = None


def weeks_between(source: Cohort, target: Cohort) -> int:
    """Whole weeks from the beginning of one to that of the other: a Thursday stays a Thursday."""
    return round((target.starts_on - source.starts_on).days / 7)


def shifted(assignment: Assignment, weeks: int, days: OpenDays) -> Shifted:
    """Its dates so many weeks later, on open days, still in order."""
    opens_on, opens_time = _wall(timezone.localtime(assignment.opens_at))
    if abs(assignment.opens_at - assignment.created_at) < timedelta(minutes=1):
        opens_time = MORNING  # it was opened at once, at whatever minute it was
    due_on, due_time = _wall(deadlines.last_minute(assignment.due_at))
    opens, due = days.from_(opens_on + weeks * WEEK), days.from_(due_on + weeks * WEEK)
    due = _not_before(due, due_time, opens, opens_time, days)
    closes, closes_time = None, None
    if assignment.closes_at:
        closes_on, closes_time = _wall(deadlines.last_minute(assignment.closes_at))
        closes = _not_before(days.from_(closes_on + weeks * WEEK), closes_time, due, due_time, days)
    return Shifted(opens, opens_time, due, due_time, closes, closes_time)


def _not_before(moved: Moved, clock: time, other: Moved, other_clock: time, days: OpenDays) -> Moved:
    """Pushed to the same days, hours may be the wrong way round: the first open day on which they aren't."""
    if (moved.day, clock) >= (other.day, other_clock):
        return moved
    later = days.from_(other.day if clock >= other_clock else other.day + DAY)
    return Moved(later.day, moved.meant, (*moved.passed, (moved.day, "trop tôt"), *later.passed))


def _wall(moment: datetime) -> tuple[date, time]:
    return moment.date(), moment.time().replace(second=0, microsecond=0)
