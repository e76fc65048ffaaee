"""Any question of the catalogue as an Atom feed: what is public and nothing more, with addresses that don't depend on
the host one came by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed

from initiatives.filters import FEED_SIZE, CatalogueFilter
from initiatives.models import Initiative
from initiatives.search import Question, ask
from initiatives.search.text import legible

if TYPE_CHECKING:
    FeedOfInitiatives = Feed[Initiative, CatalogueFilter]
else:
    FeedOfInitiatives = Feed


class CatalogueFeed(FeedOfInitiatives):
    feed_type = Atom1Feed
    language = "fr"
    description_template = None

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> CatalogueFilter:
        return CatalogueFilter(request.GET)

    def title(self, asked: CatalogueFilter) -> str:
        return f"Essaim – {asked.title}"

    def subtitle(self, asked: CatalogueFilter) -> str:
        return "Initiatives collectives du travail social, les plus récemment vérifiées d’abord."

    def link(self, asked: CatalogueFilter) -> str:
        return settings.SITE_URL + asked.url()

    def feed_url(self, asked: CatalogueFilter) -> str:
        return settings.SITE_URL + asked.url("initiatives:feed")

    def feed_guid(self, asked: CatalogueFilter) -> str:
        return self.feed_url(asked)

    def items(self, asked: CatalogueFilter) -> list[Initiative]:
        question = asked.question
        answer = ask(
            Question(question.text, question.choices, question.since, question.near, order="recentes", size=FEED_SIZE)
        )
        pks = answer.ids
        sheets = Initiative.objects.published().with_cards().in_bulk(pks)
        return [sheets[pk] for pk in pks if pk in sheets]

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

    def item_categories(self, item: Initiative) -> list[str]:
        version = item.public_version
        return [legible(str(theme)) for theme in version.themes.all()] if version else []
