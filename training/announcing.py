"""What opens later is told when its hour comes, by the letters' process, in the daytime."""

from __future__ import annotations

import time as clock
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.models import Reference
from training import emails
from training.models import Assignment

WATERMARK = "assignments-opened"
FROM, UNTIL = time(7), time(21)  # Europe/Paris: nobody is written to at night
EVERY = 15.0  # seconds between two looks
BATCH = 20
_looked_at = -EVERY


def each_turn() -> int:
    """Called by the letters' process: tells what has opened since it last looked; how many letters it wrote."""
    global _looked_at
    now = timezone.now()
    if clock.monotonic() - _looked_at < EVERY or not FROM <= timezone.localtime(now).time() < UNTIL:
        return 0
    _looked_at = clock.monotonic()
    return tell_opened(now)


def tell_opened(now: datetime) -> int:
    """In one transaction with how far it went: killed in the middle, it begins again; nobody is told twice."""
    with transaction.atomic():
        Reference.objects.get_or_create(name=WATERMARK, defaults={"vintage": now.isoformat(), "digest": "0"})
        mark = Reference.objects.select_for_update(skip_locked=True).filter(name=WATERMARK).first()
        if mark is None:
            return 0  # another process is telling
        since, last = datetime.fromisoformat(mark.vintage), int(mark.digest)
        opened = Assignment.objects.opened_between((since, last), now).with_places().with_recipients()
        batch = list(opened[:BATCH])
        letters = sum(emails.assigned(each) for each in batch)
        if len(batch) == BATCH:
            since, last = batch[-1].opens_at, batch[-1].pk
        else:
            since, last = max(since, now), last if since >= now else 0
        Reference.objects.filter(pk=mark.pk).update(vintage=since.isoformat(), digest=str(last))
    return letters
