"""Our keys: a new one each week, published a day before it signs anything; the one before stays published a week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from lti_tool.models import Key

LIFE = timedelta(days=7)
KNOWN_AFTER = timedelta(days=1)  # platforms may keep our list for a while
KEPT = 2


def published() -> dict[str, Any]:
    """The set platforms read; there is always a key in it."""
    signing()
    found: dict[str, Any] = Key.objects.active().order_by("-datetime_created", "-pk").as_jwks()
    return found


def signing() -> Key:
    """The newest one that platforms have had the time to see, else the oldest."""
    keys = list(Key.objects.active().order_by("-datetime_created", "-pk"))
    seen = [key for key in keys if key.datetime_created <= timezone.now() - KNOWN_AFTER]
    return seen[0] if seen else keys[-1] if keys else rotate()


def rotate(now: datetime | None = None) -> Key:
    """Make one now; two are kept, and the others forgotten with what they signed."""
    now = now or timezone.now()
    with transaction.atomic():
        key = Key.objects.generate()
        Key.objects.filter(pk=key.pk).update(datetime_created=now)
        key.datetime_created = now
        kept = Key.objects.order_by("-datetime_created", "-pk").values_list("pk", flat=True)[:KEPT]
        Key.objects.exclude(pk__in=list(kept)).delete()
    return key


def each_day(on: date) -> None:
    now = timezone.now()
    if on != timezone.localdate(now):
        now = timezone.make_aware(datetime.combine(on, time(12)))
    newest = Key.objects.active().order_by("-datetime_created").first()
    if newest is None or newest.datetime_created <= now - LIFE:
        rotate(now)
