"""The facets one filters by: their words and how each is written. Rooms to the right register theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import Territory
from guide.models import Method
from initiatives.models.choices import HOSTING, Depth
from initiatives.models.tags import Tag
from initiatives.models.vocabulary import Obstacle, Public, Theme

type Labels = Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """A parameter of the catalogue, which is also the head of its terms (`methode:…`).

    `words` gives what may be chosen: {value: label}, or a queryset of (facet, value, label) rows, asked with the others
    in one statement. It receives the values chosen, for vocabularies too long to be read whole.
    """

    name: str
    label: str
    order: int
    words: Callable[[Collection[str]], Labels | QuerySet[Any, Any]]
    by_order: bool = False
    """Shown in the order of its words rather than by count."""


_facets: dict[str, Facet] = {}


def register(facet: Facet) -> Facet:
    _facets[facet.name] = facet
    return facet


def all_facets() -> list[Facet]:
    return sorted(_facets.values(), key=lambda facet: facet.order)


def rows(facet: str, queryset: QuerySet[Any, Any], value: str, label: str) -> QuerySet[Any, Any]:
    """(facet, value, label) rows of a vocabulary, as `Facet.words` gives them."""
    return queryset.order_by().values_list(
        Value(facet, output_field=CharField()), Cast(value, CharField()), Cast(label, CharField())
    )


def read(chosen: Mapping[str, Collection[str]]) -> dict[str, dict[str, str]]:
    """{facet: {value: label}} for all facets, in one statement."""
    found: dict[str, dict[str, str]] = {facet.name: {} for facet in all_facets()}
    asked = []
    for facet in all_facets():
        words = facet.words(chosen.get(facet.name, ()))
        if isinstance(words, QuerySet):
            asked.append(words)
        else:
            found[facet.name] = dict(words)
    if asked:
        for name, value, label in asked[0].union(*asked[1:], all=True).order_by():
            found[name][value] = label
    return found


for _facet in (
    Facet("methode", "Méthode", 10, lambda _: rows("methode", Method.objects.all(), "slug", "name")),
    Facet("theme", "Thème", 20, lambda _: rows("theme", Theme.objects.all(), "code", "label")),
    Facet("public", "Public", 30, lambda _: rows("public", Public.objects.all(), "code", "label")),
    Facet("region", "Région", 40, lambda _: rows("region", Territory.objects.regions(), "code", "name")),
    Facet(
        "departement",
        "Département",
        50,
        lambda _: rows("departement", Territory.objects.departements(), "code", "name"),
    ),
    Facet("frein", "Ce qui a coincé", 70, lambda _: rows("frein", Obstacle.objects.all(), "number", "label")),
    Facet("accueil", "On peut vous accueillir", 80, lambda _: HOSTING, by_order=True),
    Facet("profondeur", "Profondeur du récit", 90, lambda _: dict(Depth.choices), by_order=True),
    Facet(
        "etiquette",
        "Étiquette",
        110,
        lambda chosen: rows("etiquette", Tag.objects.filter(slug__in=list(chosen)).in_catalogue(), "slug", "name"),
    ),
):
    register(_facet)
