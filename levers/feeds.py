"""The answers to a call as an Atom feed: what is published and nothing more."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from initiatives.atom import SheetsFeed
from initiatives.models import Initiative
from initiatives.search.text import legible
from levers.models import Call

SIZE = 30


class CallFeed(SheetsFeed):
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


def call_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return CallFeed()(request, slug=slug)
