"""What is forgotten by itself: users of a platform who are nobody here any more, and links that open nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from lti_tool.models import LtiUser

from training.models import Launch, RegistrationLink

LINK_KEPT = timedelta(days=30)


def each_day(on: date) -> None:
    evening = timezone.make_aware(datetime.combine(on, time(23, 59)))
    LtiUser.objects.filter(auth_user=None).delete()
    RegistrationLink.objects.filter(expires_at__lt=evening - LINK_KEPT).delete()
    Launch.objects.over(min(evening, timezone.now())).delete()
