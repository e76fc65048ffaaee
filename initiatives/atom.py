"""Sheets as an Atom feed tells them, whatever gathers them: addresses don't depend on the host one came by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from initiatives.models import Initiative
from initiatives.search.text import legible

if TYPE_CHECKING:
    FeedOfInitiatives = Feed[Initiative, Any]
else:
    FeedOfInitiatives = Feed


class SheetsFeed(FeedOfInitiatives):
    feed_type = Atom1Feed
    language = "fr"
    description_template = None

    def item_title(self, item: Initiative) -> str:
        return legible(str(item))

    def item_description(self, item: Initiative) -> str:
        version = item.public_version
        return legible(version.summary) if version else ""

    def item_link(self, item: Initiative) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Initiative) -> str:
        """Stable for the life of the sheet, whatever its title and address become."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:initiative:{item.pk}"

    def item_pubdate(self, item: Initiative) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Initiative) -> datetime | None:
        version = item.public_version
        return (version.frozen_at if version else None) or item.published_at
