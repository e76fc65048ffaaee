from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts import validators
from accounts.models.territories import Level
from accounts.territories import located
from initiatives import around, beside, offered
from initiatives.cards import Card, cards
from initiatives.feeds import CatalogueFeed
from initiatives.filters import CatalogueFilter
from initiatives.search import PAGE_SIZE, Answer, version


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Who isn't signed in is told that nothing has changed, when nothing has, without anything being read or drawn."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    fragment = bool(htmx) and not htmx.history_restore_request
    boosted = fragment and bool(htmx.boosted)
    at = version()
    tag = validators.tag(request, "catalogue", at, fragment, boosted)
    return _said(validators.unchanged(request, tag) or _answered(request, at, fragment, boosted), tag)


def _said(response: HttpResponse, tag: str) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Cookie"])
    validators.mark(response, tag)
    return response


def _answered(request: HttpRequest, at: int, fragment: bool, boosted: bool) -> HttpResponse:
    asked = CatalogueFilter(request.GET, at=at)
    answer = asked.ask()
    context = {
        "asked": asked,
        "answer": answer,
        "groups": _groups(asked, answer),
        "far": _far(asked, answer),
        "offered": offered.facets_of(asked, answer),
        "years": offered.years_of(asked, answer),
        "orders": offered.orders_of(asked, answer),
        "drops": offered.drops_of(asked, answer),
        "pages": _pages(asked, answer),
        "map": _map(asked, answer),
        "spelled_url": asked.url(q=answer.spelling) if answer.spelling else "",
        "feed_url": asked.url("initiatives:feed"),
        "alert_url": asked.url("initiatives:alert_new"),
        "here_url": asked.page_url(answer.page),
        "collect_url": _collect_url(),
        "beside": beside.of(asked.choices),
        "fragment": fragment,
        "boosted": boosted,
    }
    name = "initiatives/catalogue.html#browse" if fragment else "initiatives/catalogue.html"
    response = render(request, name, context)
    if fragment:
        response["HX-Push-Url"] = asked.page_url(answer.page)
    return response


def feed(request: HttpRequest) -> HttpResponse:
    return CatalogueFeed()(request)


def _groups(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, list[Card]]]:
    """(name, an address of that tier alone, its results): a group a tier when a commune is asked, else one unnamed."""
    shown = cards(answer.found, answer.reading)
    place = asked.place
    if not place or place.level == Level.EPCI:
        return [("", "", shown)] if shown else []
    labels, terms = around.tier_labels(place), around.tiers(place)
    groups = []
    for tier, found in groupby(shown, key=lambda card: card.tier):
        level, _, code = terms[tier].partition(":")
        alone = asked.url(commune=None, **{level: code}) if level in {"epci", "departement", "region"} else ""
        groups.append((labels[tier], alone, list(found)))
    return groups


def _far(asked: CatalogueFilter, answer: Answer) -> str:
    """« à Lens » when nothing is known in the commune asked, and something around it."""
    place = asked.place
    if not place or place.level == Level.EPCI or not answer.found or answer.page > 1 or not answer.found[0].tier:
        return ""
    return located("commune", place.code, place.name)


def _pages(asked: CatalogueFilter, answer: Answer) -> dict[str, Any] | None:
    """What `_pagination.html` shows: the addresses are of the question as understood, not as it was typed."""
    if answer.total <= PAGE_SIZE:
        return None
    pages: Paginator[int] = Paginator(range(answer.total), PAGE_SIZE)
    here = pages.page(answer.page)
    numbers = pages.get_elided_page_range(answer.page, on_each_side=1, on_ends=1)
    return {
        "page": here,
        "numbers": [{"number": n, "url": asked.page_url(n) if isinstance(n, int) else ""} for n in numbers],
        "previous": asked.page_url(answer.page - 1) if here.has_previous() else "",
        "next": asked.page_url(answer.page + 1) if here.has_next() else "",
    }


def _map(asked: CatalogueFilter, answer: Answer) -> dict[str, Any]:
    """The département facet, drawn: a cell adds its département to those chosen, or takes it away."""
    chosen = asked.choices.get("departement", ())
    departement = asked.place.departement if asked.place else None
    counts = answer.counts.get("departement", {})
    return {
        "counts": counts,
        "add": asked.url_with("departement"),
        "drop": {code: asked.url_without("departement", code) for code in chosen},
        "here": departement.code if departement else "",
        "place": asked.place.name if asked.place else "",
        "list_at": "#facette-departement",
    }


@cache
def _collect_url() -> str:
    return reverse("initiatives:collect", args=["slug-of-a-sheet"]).replace("slug-of-a-sheet", "{slug}")
