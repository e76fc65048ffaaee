"""What readers answered has been kept long enough: gone by itself, once a day, in the letters' process."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from guide.models import Feedback


def each_day(on: date) -> None:
    now = timezone.now()
    if on != timezone.localdate(now):
        now = timezone.make_aware(datetime.combine(on, time(23, 59)))
    Feedback.objects.over(now).delete()
    Feedback.objects.forget_senders(now)
