"""Any question of the catalogue as an Atom feed: what is public and nothing more, with addresses that don't depend on
the host one came by."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from initiatives.atom import SheetsFeed
from initiatives.filters import FEED_SIZE, CatalogueFilter
from initiatives.models import Initiative
from initiatives.search import Question, ask
from initiatives.search.text import legible


class CatalogueFeed(SheetsFeed):
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

    def item_categories(self, item: Initiative) -> list[str]:
        version = item.public_version
        return [legible(str(theme)) for theme in version.themes.all()] if version else []
