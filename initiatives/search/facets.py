"""The facets one filters by: their words and how each is written. Rooms to the right register theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import Territory
from guide.models import Method
from initiatives.models.choices import HOSTING, Depth
from initiatives.models.tags import Tag
from initiatives.models.vocabulary import Obstacle, Public, Theme
from initiatives.search.terms import SAID_OR_NOT, UNKNOWN

type Labels = Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """A parameter of the catalogue, which is also the head of its terms (`methode:…`).

    `words` gives what may be chosen: {value: label}, or a queryset of (facet, value, label) rows, asked with the others
    in one statement. A facet too long to be read whole is `open`: `words` receives the values one wants the labels of.
    """

    name: str
    label: str
    order: int
    words: Callable[[Collection[str]], Labels | QuerySet[Any, Any]]
    by_order: bool = False
    """Shown in the order of its words rather than by count."""
    open: bool = False
    unknown: str = "non renseigné"
    """What is said of the sheets that don't say, where the index tells them (`terms.SAID_OR_NOT`)."""


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


def named(name: str) -> Facet:
    return _facets[name]


def read(chosen: Mapping[str, Collection[str]] | None = None) -> dict[str, dict[str, str]]:
    """{facet: {value: label}} of all facets, in one statement; of an open one, of the values chosen alone."""
    chosen = chosen or {}
    asked = [facet for facet in all_facets() if not facet.open or chosen.get(facet.name)]
    return {facet.name: {} for facet in all_facets()} | _read(asked, chosen)


def some(chosen: Mapping[str, Collection[str]]) -> dict[str, dict[str, str]]:
    """The labels of what is chosen in open facets."""
    asked = [facet for facet in all_facets() if facet.open]
    return {facet.name: {} for facet in asked} | _read([f for f in asked if chosen.get(f.name)], chosen)


def _read(asked: Iterable[Facet], chosen: Mapping[str, Collection[str]]) -> dict[str, dict[str, str]]:
    words = {facet.name: facet.words(chosen.get(facet.name, ())) for facet in asked}
    found = {name: {} if isinstance(labels, QuerySet) else dict(labels) for name, labels in words.items()}
    rows = [labels for labels in words.values() if isinstance(labels, QuerySet)]
    if rows:
        for name, value, label in rows[0].union(*rows[1:], all=True).order_by():
            found[name][value] = label
    for name, labels in found.items():
        if name in SAID_OR_NOT:
            labels[UNKNOWN] = _facets[name].unknown
    return found


@dataclass(frozen=True)
class Kept:
    """Labels of one version of the catalogue, kept by a process so that a page asks for none of them."""

    version: int = -1
    labels: dict[str, dict[str, str]] = part(default_factory=dict)
    tags: dict[str, str] = part(default_factory=dict)
    """Of the values of the open facet shown so far: at most what the catalogue's pages show."""


_kept = Kept()
_lock = threading.Lock()
KEPT_AT_MOST = 4_000


def labels(version: int) -> dict[str, dict[str, str]]:
    """{facet: {value: label}} of the facets read whole, as of this version of the catalogue. Not to be changed."""
    return _at(version).labels


def tag_names(version: int, slugs: Collection[str]) -> dict[str, str]:
    """The names of words the catalogue counts; the database is asked for those not met since the last publication."""
    kept = _at(version)
    missing = [slug for slug in slugs if slug not in kept.tags]
    if missing:
        found = dict(Tag.objects.filter(slug__in=missing).values_list("slug", "name"))
        if len(kept.tags) < KEPT_AT_MOST:
            kept.tags.update(found)
        return {**kept.tags, **found}
    return kept.tags


def _at(version: int) -> Kept:
    global _kept
    kept = _kept
    if kept.version != version:
        kept = Kept(version, read())
        with _lock:
            _kept = kept
    return kept


def forget() -> None:
    """Read the labels again at the next page: for tests, where a version may be given twice."""
    global _kept
    _kept = Kept()


for _facet in (
    Facet(
        "methode",
        "Méthode",
        10,
        lambda _: rows("methode", Method.objects.all(), "slug", "name"),
        unknown="non renseignée",
    ),
    Facet("theme", "Thème", 20, lambda _: rows("theme", Theme.objects.all(), "code", "label")),
    Facet("public", "Public", 30, lambda _: rows("public", Public.objects.all(), "code", "label")),
    Facet(
        "region",
        "Région",
        40,
        lambda _: rows("region", Territory.objects.regions(), "code", "name"),
        unknown="non renseignée",
    ),
    Facet(
        "departement",
        "Département",
        50,
        lambda _: rows("departement", Territory.objects.departements(), "code", "name"),
    ),
    Facet(
        "frein",
        "Ce qui a coincé",
        70,
        lambda _: rows("frein", Obstacle.objects.all(), "number", "label"),
        unknown="non raconté",
    ),
    Facet("accueil", "On peut vous accueillir", 80, lambda _: HOSTING, by_order=True),
    Facet("profondeur", "Profondeur du récit", 90, lambda _: dict(Depth.choices), by_order=True),
    Facet(
        "etiquette",
        "Étiquette",
        110,
        lambda chosen: rows("etiquette", Tag.objects.filter(slug__in=list(chosen)).in_catalogue(), "slug", "name"),
        open=True,
    ),
):
    register(_facet)
