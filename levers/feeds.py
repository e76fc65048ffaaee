"""The answers to a call as an Atom feed: what is published and nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from initiatives.models import Initiative
from initiatives.search.text import legible
from levers.models import Call

if TYPE_CHECKING:
    FeedOfAnswers = Feed[Initiative, Call]
else:
    FeedOfAnswers = Feed

SIZE = 30


class CallFeed(FeedOfAnswers):
    feed_type = Atom1Feed
    language = "fr"
    description_template = None

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Call:
        return get_object_or_404(Call, slug=kwargs["slug"])

    def title(self, call: Call) -> str:
        return f"Essaim – {legible(call.title)}"

    def subtitle(self, call: Call) -> str:
        return "Les initiatives publiées en réponse à cet appel, les dernières d’abord."

    def link(self, call: Call) -> str:
        return settings.SITE_URL + call.get_absolute_url()

    def feed_url(self, call: Call) -> str:
        return settings.SITE_URL + reverse("levers:call_feed", args=[call.slug])

    def feed_guid(self, call: Call) -> str:
        return self.feed_url(call)

    def items(self, call: Call) -> list[Initiative]:
        answers = Initiative.objects.published().filter(call_answers__call=call)
        return list(answers.select_related("public_version").order_by("-published_at", "-pk")[:SIZE])

    def item_title(self, item: Initiative) -> str:
        return legible(str(item))

    def item_description(self, item: Initiative) -> str:
        return legible(item.public_version.summary) if item.public_version else ""

    def item_link(self, item: Initiative) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Initiative) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:initiative:{item.pk}"

    def item_pubdate(self, item: Initiative) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Initiative) -> datetime | None:
        version = item.public_version
        return (version.frozen_at if version else None) or item.published_at


def call_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return CallFeed()(request, slug=slug)
