"""Instants of assignments, in the time of the country's clocks.

« À rendre à 23 h 59 » includes the whole minute: what is kept is the instant that follows, at which one is late.
23:59:30 passes and 00:00:00 is late, on the days when clocks change as on others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as written

from guide.french import NBSP

MINUTE = timedelta(minutes=1)


def opening(day: date, clock: time) -> datetime:
    """When something begins; the first of the two when clocks strike that hour twice."""
    return _instant(day, clock, fold=0)


def closing(day: date, clock: time) -> datetime:
    """From when one is late: the end of the minute that was written, of the last one when clocks strike it twice."""
    return _instant(day, clock, fold=1) + MINUTE


def last_minute(due_at: datetime) -> datetime:
    """The minute that was written, as clocks show it."""
    return timezone.localtime(due_at - MINUTE)


@dataclass(frozen=True)
class Dates:
    """Until when someone has: `due_at`, from which they are late; `closes_at`, from which nothing more is sent."""

    due_at: datetime
    closes_at: datetime | None = None

    def extended_to(self, due_at: datetime | None) -> Dates:
        """The same with more time; what closes waits for them."""
        if due_at is None or due_at <= self.due_at:
            return self
        return Dates(due_at, max(self.closes_at, due_at) if self.closes_at else None)

    @property
    def is_late(self) -> bool:
        return timezone.now() >= self.due_at

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and timezone.now() >= self.closes_at

    @property
    def due_in_words(self) -> str:
        return in_words(last_minute(self.due_at))

    @property
    def due_far(self) -> str:
        return how_far(last_minute(self.due_at).date())

    @property
    def closes_in_words(self) -> str:
        return in_words(last_minute(self.closes_at)) if self.closes_at else ""


def exists(day: date, clock: time) -> bool:
    """No clock shows 2 h 30 on the night that jumps from 2 h to 3 h."""
    back = timezone.localtime(_instant(day, clock, fold=0))
    return (back.date(), back.time()) == (day, clock.replace(second=0, microsecond=0))


def _instant(day: date, clock: time, *, fold: int) -> datetime:
    wall = datetime.combine(day, clock.replace(second=0, microsecond=0, fold=fold))
    return wall.replace(tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def day_in_words(day: date) -> str:
    """« jeudi 3 décembre »; the year when it isn't this one."""
    number = "1er" if day.day == 1 else str(day.day)
    year = f" {day.year}" if day.year != timezone.localdate().year else ""
    return f"{written(day, 'l')} {number} {written(day, 'F')}{year}"


def in_words(moment: datetime) -> str:
    """« jeudi 3 décembre à 23 h 59 »."""
    local = timezone.localtime(moment)
    minutes = f"{NBSP}{local.minute:02}" if local.minute else ""
    return f"{day_in_words(local.date())} à {local.hour}{NBSP}h{minutes}"


def brief(moment: datetime) -> str:
    """« 3 déc. », for a narrow cell; the year when it isn't this one."""
    local = timezone.localtime(moment)
    number = "1er" if local.day == 1 else str(local.day)
    year = f" {local.year}" if local.year != timezone.localdate().year else ""
    return f"{number}{NBSP}{written(local, 'N').lower()}{year}"


def how_far(day: date) -> str:
    """« dans 12 jours », « demain », « il y a 3 jours »."""
    days = (day - timezone.localdate()).days
    near = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    return near.get(days) or (f"dans {days} jours" if days > 0 else f"il y a {-days} jours")
