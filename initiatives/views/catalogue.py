from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify

from initiatives.cards import cards
from initiatives.feeds import CatalogueFeed
from initiatives.filters import ORDERS, CatalogueFilter, tier_labels
from initiatives.models import Tag
from initiatives.search import PAGE_SIZE, Answer, facets

VISIBLE = 8
# Long labels: fewer are shown before one asks for all.
FEWER = {"proposition": 4}


def catalogue(request: HttpRequest) -> HttpResponse:
    asked = CatalogueFilter(request.GET)
    answer = asked.ask()
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    fragment = bool(htmx) and not htmx.history_restore_request
    context = {
        "asked": asked,
        "answer": answer,
        "groups": _groups(asked, answer),
        "facets": _facets(asked, answer),
        "years": _years(asked, answer),
        "departements": answer.counts.get("departement", {}),
        "page": _pages(answer),
        "orders": _orders(asked, answer),
        "drops": _drops(asked, answer),
        "spelled_url": asked.url(q=answer.spelling) if answer.spelling else "",
        "feed_url": asked.url("initiatives:feed"),
        "fragment": fragment,
        "boosted": fragment and htmx.boosted,
    }
    response = render(
        request, "initiatives/catalogue.html#browse" if fragment else "initiatives/catalogue.html", context
    )
    patch_vary_headers(response, ["HX-Request"])
    if fragment:
        response["HX-Push-Url"] = asked.page_url(answer.page)
    return response


def feed(request: HttpRequest) -> HttpResponse:
    return CatalogueFeed()(request)


@dataclass(frozen=True)
class Choice:
    id: str
    name: str
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class FacetShown:
    facet: facets.Facet
    first: list[Choice]
    rest: list[Choice]

    @property
    def size(self) -> int:
        return len(self.first) + len(self.rest)


def _facets(asked: CatalogueFilter, answer: Answer) -> list[FacetShown]:
    """Values with their counts, what is chosen always in sight; a facet with nothing to choose is left out."""
    shown = []
    for facet in facets.all_facets():
        counts = answer.counts.get(facet.name, {})
        labels = dict(asked.labels[facet.name])
        if facet.name == "etiquette" and counts:
            most_used = sorted(counts, key=lambda slug: -counts[slug])[:40]
            labels |= dict(Tag.objects.filter(slug__in=most_used).values_list("slug", "name"))
        chosen = asked.choices.get(facet.name, ())
        choices = [
            Choice(
                id=f"{facet.name}-{slugify(value)}",
                name=facet.name,
                value=value,
                label=f"{value} · {label}" if facet.name in {"levier", "proposition"} else label,
                count=counts.get(value, 0),
                checked=value in chosen,
            )
            for value, label in labels.items()
            if value in chosen or counts.get(value)
        ]
        if not choices:
            continue
        if not facet.by_order:
            choices.sort(key=lambda choice: (-choice.count, choice.label))
        if len(choices) == 1 and choices[0].count == answer.total and not choices[0].checked:
            continue  # what every result has narrows nothing
        most = FEWER.get(facet.name, VISIBLE)
        seen = [choice for place, choice in enumerate(choices) if place < most or choice.checked]
        shown.append(FacetShown(facet, seen, [choice for choice in choices if choice not in seen]))
    return shown


def _years(asked: CatalogueFilter, answer: Answer) -> list[tuple[int, int, bool]]:
    """(year, sheets begun in it or after, whether chosen), the latest first."""
    begun = {int(year): number for year, number in answer.counts.get("annee", {}).items()}
    since = asked.question.since
    years = sorted({*begun, *([since] if since else [])}, reverse=True)
    return [(year, sum(n for y, n in begun.items() if y >= year), year == since) for year in years]


def _groups(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, list[Any]]]:
    """The results under the name of their tier when a commune is asked, else all together under no name."""
    shown = cards(answer.found, answer.reading)
    if not asked.place:
        return [("", shown)] if shown else []
    labels = tier_labels(asked.place)
    # A commune without an intercommunalité has one tier less: names are built the same way as the tiers.
    return [(labels[tier], list(found)) for tier, found in groupby(shown, key=lambda card: card.tier)]


def _pages(answer: Answer) -> Any:
    pages: Paginator[Any] = Paginator(range(answer.total), PAGE_SIZE)
    return pages.page(answer.page)


def _orders(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, bool]]:
    """(value, label, whether chosen); the usual order has no value, so that it follows the text one adds or drops."""
    usual = "pertinence" if answer.reading else "recentes"
    keys = [key for key in ORDERS if key != "pertinence" or answer.reading]
    current = asked.question.order if asked.question.order in keys else usual
    return [("" if key == usual else key, ORDERS[key], key == current) for key in keys]


def _drops(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, int]]:
    """When nothing is found: (what to drop, the address without it, what one would find), the most fruitful first."""
    names = {facet.name: f"sans le filtre {facet.label}" for facet in facets.all_facets()}
    names |= {"q": "sans les mots cherchés", "annee": "quelle que soit l’année", "commune": "partout en France"}
    parameters = {"annee": "depuis"}
    found = [
        (names[name], asked.url_without(parameters.get(name, name)), number)
        for name, number in answer.without.items()
        if name in names
    ]
    return sorted(found, key=lambda drop: -drop[2])
