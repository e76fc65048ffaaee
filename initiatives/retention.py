"""What has been kept long enough: gone by itself, once a day, in the letters' process."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from initiatives import rescan
from initiatives.files import keeping
from initiatives.models import TypedText
from initiatives.senders import forget_senders


def forget_typed(now: datetime) -> int:
    """Typed texts that are too old, or beside a version nobody writes any more; how many there were."""
    return TypedText.objects.over(now).delete()[0]


def each_day(on: date) -> None:
    now = timezone.now()
    if on != timezone.localdate(now):
        now = timezone.make_aware(datetime.combine(on, time(23, 59)))
    forget_typed(now)
    forget_senders(now)
    keeping.forget(now)
    rescan.each_night()
