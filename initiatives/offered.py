"""What the catalogue's page offers to choose next: facets with their counts, years, orders, what to drop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from initiatives.filters import ORDERS, CatalogueFilter
from initiatives.search import Answer, facets
from initiatives.search.terms import UNKNOWN

VISIBLE = 8
# Long labels: fewer are shown before one asks for all.
FEWER = {"proposition": 4}
TAGS = 40
NUMBERED = {"levier", "proposition"}


@dataclass(frozen=True, slots=True)
class Choice:
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


def facets_of(asked: CatalogueFilter, answer: Answer) -> tuple[list[FacetShown], list[FacetShown]]:
    """What it is about, then where and how: values with their counts, what is chosen always in sight.

    A facet with nothing to choose is left out.
    Départements are those of the régions chosen, when some are: they are counted with them, and all are in sight.
    """
    shown = []
    for facet in facets.all_facets():
        choices = _choices(facet, asked, answer)
        if not choices:
            continue
        if len(choices) == 1 and choices[0].count == answer.total and not choices[0].checked:
            continue  # what every result has narrows nothing
        most = FEWER.get(facet.name, VISIBLE)
        if facet.name == "departement" and asked.choices.get("region"):
            most = len(choices)
        first = [choice for place, choice in enumerate(choices) if place < most or choice.checked]
        rest = [choice for choice in choices[most:] if not choice.checked]
        shown.append(FacetShown(facet, first, rest))
    where = facets.named("region").order
    return [one for one in shown if one.facet.order < where], [one for one in shown if one.facet.order >= where]


def _choices(facet: facets.Facet, asked: CatalogueFilter, answer: Answer) -> list[Choice]:
    counts = answer.counts.get(facet.name, {})
    chosen = asked.choices.get(facet.name, ())
    labels: Mapping[str, str] = asked.labels[facet.name]
    values = [value for value in labels if value in counts or value in chosen]
    if facet.open and counts:
        most_used = sorted(counts, key=lambda value: (-counts[value], value))[:TAGS]
        labels = {**facets.tag_names(answer.version, most_used), **labels}
        values = [value for value in dict.fromkeys([*chosen, *most_used]) if value in labels]
    choices = [
        Choice(facet.name, value, said(facet.name, value, labels[value]), counts.get(value, 0), value in chosen)
        for value in values
        if value != UNKNOWN
    ]
    if not facet.by_order:
        choices.sort(key=attrgetter("label"))
        choices.sort(key=attrgetter("count"), reverse=True)
    if UNKNOWN in values:
        choices.append(Choice(facet.name, UNKNOWN, labels[UNKNOWN], counts.get(UNKNOWN, 0), UNKNOWN in chosen))
    return choices


def said(facet: str, value: str, label: str) -> str:
    """A value as one reads it in its facet: « 3 · Pouvoir d’agir », « Pas-de-Calais (62) »."""
    if facet in NUMBERED:
        return f"{value} · {label}"
    return f"{label} ({value})" if facet == "departement" else label


def years_of(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, bool]]:
    """(value, label, whether chosen): since when sheets began, the latest first; then those that don't say."""
    counts = dict(answer.counts.get("annee", {}))
    unknown = counts.pop(UNKNOWN, 0)
    begun = {int(year): number for year, number in counts.items()}
    since, total = asked.since, 0
    years: list[tuple[str, str, bool]] = []
    for year in sorted({*begun, *([since] if isinstance(since, int) else [])}, reverse=True):
        total += begun.get(year, 0)
        years.append((str(year), f"depuis {year} ({total})", year == since))
    if unknown or since == UNKNOWN:
        years.append((UNKNOWN, f"année non renseignée ({unknown})", since == UNKNOWN))
    return years


def orders_of(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, bool]]:
    """(value, label, whether chosen); the usual order has no value, so that it follows the text one adds or drops."""
    usual = "pertinence" if answer.reading else "recentes"
    keys = [key for key in ORDERS if key != "pertinence" or answer.reading]
    current = asked.question.order if asked.question.order in keys else usual
    return [("" if key == usual else key, ORDERS[key], key == current) for key in keys]


def drops_of(asked: CatalogueFilter, answer: Answer) -> list[tuple[str, str, int]]:
    """When nothing is found: (what to drop, the address without it, what one would find), the most fruitful first."""
    names = {facet.name: f"sans le filtre {facet.label}" for facet in facets.all_facets()}
    names |= {"q": "sans les mots cherchés", "annee": "quelle que soit l’année", "commune": "partout en France"}
    parameters = {"annee": "depuis", "commune": asked.place.level if asked.place else "commune"}
    found = [
        (names[name], asked.url_without(parameters.get(name, name)), number)
        for name, number in answer.without.items()
        if name in names
    ]
    return sorted(found, key=lambda drop: -drop[2])
