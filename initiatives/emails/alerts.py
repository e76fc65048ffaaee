"""Letters of an alert: asking an address to confirm, and telling what is new. Each carries the link that stops it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from accounts import post
from accounts.models import Letter, Person
from initiatives.models import Alert

if TYPE_CHECKING:
    from initiatives.alerts import News

MOST = 20  # sheets in one letter
NEWS = "initiatives/alert_news"


def confirm(alert: Alert) -> None:
    """At most one a day for one search: who asks twice in a row gets one letter."""
    name = "alert_known" if alert.is_running else "alert_confirm"
    _write(alert, f"initiatives/{name}", key=f"alert-{alert.pk}-{timezone.localdate():%Y-%m-%d}")


def news(alert: Alert, found: News, until: date) -> Letter | None:
    sheets = [
        {
            "title": sheet.public_version.title,
            "place": sheet.public_version.place.label if sheet.public_version.place else "",
            "is_new": bool(sheet.published_at and timezone.localdate(sheet.published_at) >= alert.told_before),
            "verified_on": sheet.verified_on,
            "url": settings.SITE_URL + sheet.get_absolute_url(),
        }
        for sheet in found.sheets
        if sheet.public_version
    ]
    return _write(
        alert,
        NEWS,
        key=f"alert-{alert.pk}-{until:%Y-%m-%d}",
        sheets=sheets,
        total=found.total,
        more=found.total - len(sheets),
        ignored=found.asked.notices,
        all_url=settings.SITE_URL + found.asked.url(tri="recentes"),
    )


def stop_url(letter: Letter) -> str:
    """What a mail program's own button stops."""
    said = letter.key.split(":")[1].split("-")
    alert = Alert.objects.filter(pk=int(said[1])).first()
    return settings.SITE_URL + alert.stop_path if alert else ""


def _write(alert: Alert, template: str, *, key: str, **about: Any) -> Letter | None:
    to: Person | str = alert.person or alert.email
    return post.write(
        to,
        template,
        key=key,
        alert=alert,
        link_url=settings.SITE_URL + alert.path,
        stop_url=settings.SITE_URL + alert.stop_path,
        contact=settings.CONTACT_EMAIL,
        **about,
    )
