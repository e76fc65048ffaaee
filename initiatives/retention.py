"""What has been kept long enough: gone by itself, once a day, in the letters' process."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from initiatives import press
from initiatives.files import keeping
from initiatives.models import Agreement, Alert, Booklet, Inquiry, Report, TypedText
from initiatives.senders import forget_senders


def forget_typed(now: datetime) -> int:
    """Typed texts that are too old, or beside a version nobody writes any more; how many there were."""
    return TypedText.objects.over(now).delete()[0]


def forget_booklets(now: datetime) -> int:
    """Those a browser without an account hasn't touched for a while; how many there were."""
    return Booklet.objects.over(now).delete()[1].get("initiatives.Booklet", 0)


def forget_alerts(now: datetime) -> int:
    """Those never confirmed, or stopped for a while; how many there were."""
    return Alert.objects.over(now).delete()[0]


def forget_readers(now: datetime) -> int:
    """What readers wrote a year ago: relayed messages, and the words of reports that are decided. How many."""
    return Inquiry.objects.over(now).delete()[0] + Report.objects.over(now).forget()


def each_day(on: date) -> None:
    now = timezone.now()
    if on != timezone.localdate(now):
        now = timezone.make_aware(datetime.combine(on, time(23, 59)))
    forget_typed(now)
    forget_senders(now)
    forget_readers(now)
    Agreement.objects.over(now).delete()
    forget_booklets(now)
    forget_alerts(now)
    keeping.forget(now)
    press.forget(now)
