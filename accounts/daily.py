"""What the house does by itself, once a day. Rooms register it here; the letters' process runs it.

    accounts.daily.register("freshness", function)      # in AppConfig.ready(); function(on: date)

Each work is given the day, must do all that is due on it, and may be run twice: `manage.py daily --on DATE` does so.
"""

from __future__ import annotations

import logging
import time as clock
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Reference

log = logging.getLogger(__name__)

FROM = time(7)  # Europe/Paris: nobody is written to at night
LEASE = timedelta(hours=1)  # a work that broke, or whose process was killed, is begun again after it
EVERY = 60.0  # seconds between two looks

type Work = Callable[[date], object]
_works: dict[str, Work] = {}
_looked_at = -EVERY
_over_on: date | None = None  # the day of which this process knows that all is done


def register(name: str, work: Work) -> None:
    """`name` is a slug, and the order of registering is the order of the day."""
    _works[name] = work


def look() -> None:
    """Called by the letters' process at every turn: does the works of the day when their hour has come."""
    global _looked_at, _over_on
    if clock.monotonic() - _looked_at < EVERY or _over_on == timezone.localdate():
        return
    _looked_at = clock.monotonic()
    now = timezone.localtime()
    if now.time() >= FROM and run_due(now):
        _over_on = now.date()


def run_due(now: datetime) -> bool:
    """Do what isn't done on this day and nobody else is doing; True when nothing is left."""
    on = timezone.localtime(now).date()
    done = [_run_once(name, on, now) for name in _works]
    return all(done)


def run(on: date) -> list[str]:
    """Do every work of a day, whoever did it already."""
    for work in _works.values():
        work(on)
    return list(_works)


def _run_once(name: str, on: date, now: datetime) -> bool:
    """One conditional UPDATE takes the work: of two processes, one has it. True when it is done for this day."""
    row, _ = Reference.objects.get_or_create(name=f"daily-{name}")
    if row.digest == on.isoformat():
        return True
    free = Q(vintage="") | Q(vintage__lt=_stamp(now - LEASE))
    mine = Reference.objects.filter(free, pk=row.pk).exclude(digest=on.isoformat())
    if not mine.update(vintage=_stamp(now)):
        return False
    try:
        _works[name](on)
    except Exception:
        log.exception("daily work %s", name)
        return False
    Reference.objects.filter(pk=row.pk).update(digest=on.isoformat(), vintage="")
    return True


def _stamp(moment: datetime) -> str:
    """Moments that sort as texts."""
    return moment.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%S")
