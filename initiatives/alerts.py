"""Telling what is new in a search: once a week or a month, in one letter, and nothing when nothing is new.

What is published or verified on a day is told by the first letter after that day, and once: a letter of Monday tells
of the week that ended on Sunday. Run again, or a day late, it finds nothing more to say.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from initiatives.emails import alerts as letters
from initiatives.filters import CatalogueFilter
from initiatives.models import Alert, Entry, Initiative
from initiatives.search import ask

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What a search gained: how many, and the first of them."""

    total: int
    sheets: list[Initiative]
    asked: CatalogueFilter


def run(on: date) -> int:
    """Write the letters due on this day; how many there were. One that breaks doesn't hold the others back."""
    written = 0
    for pk in Alert.objects.running().filter(told_before__lt=on).order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                written += _tell(pk, on)
        except Exception:
            log.exception("alert %s", pk)
    return written


def _tell(pk: int, on: date) -> bool:
    alert = Alert.objects.running().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    until = alert.due_until(on) if alert else None
    if alert is None or until is None:
        return False
    news = since(alert, until)
    written = bool(news.sheets) and letters.news(alert, news, until) is not None
    alert.told_before = until
    if written:
        alert.last_sent_at = timezone.now()
    alert.save(update_fields=["told_before", "last_sent_at"])
    return written


def since(alert: Alert, until: date) -> News:
    """What was published or verified since the day it was told, and before `until`, as anyone reads it now."""
    asked = question_of(alert)
    recent = {sheet.pk: sheet for sheet in _new(alert.told_before, until)}
    if not recent:
        return News(0, [], asked)
    among = tuple(Entry.objects.filter(pk__in=recent).values_list("doc", flat=True))
    found = ask(replace(asked.question, among=among, order="recentes", page=1, size=len(recent))).ids
    new = [recent[pk] for pk in found if pk in recent]
    return News(len(new), new[: letters.MOST], asked)


def question_of(alert: Alert) -> CatalogueFilter:
    return CatalogueFilter(QueryDict(alert.query))


def _new(first: date, until: date) -> QuerySet[Initiative]:
    days = [timezone.make_aware(datetime.combine(day, time())) for day in (first, until)]
    published = Q(published_at__gte=days[0], published_at__lt=days[1])
    verified = Q(verified_on__gte=first, verified_on__lt=until)
    return Initiative.objects.published().filter(published | verified).select_related("public_version__place")
