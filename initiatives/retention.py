"""What has been kept long enough: gone by itself, once a day, in the letters' process."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from initiatives import rescan
from initiatives.files import keeping
from initiatives.models import TypedText
from initiatives.senders import forget_senders

_done_on: date | None = None


def forget_typed(now: datetime) -> int:
    """Typed texts that are too old, or beside a version nobody writes any more; how many there were."""
    return TypedText.objects.over(now).delete()[0]


def each_day() -> int:
    """Called at every look at the outbox: does its work at the first of each day. It writes no letter."""
    global _done_on
    today = timezone.localdate()
    if _done_on != today:
        forget_typed(timezone.now())
        forget_senders(timezone.now())
        keeping.forget()
        rescan.each_night()
        _done_on = today
    return 0
