"""What is known, crossed: levers by territory, proposals by method, themes by public.

Computed in the process from the sets of the search's shelf, the very ones the catalogue answers with: a number and the
list it links to always agree. Nothing known is said so: a cell without a number never means that nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import quote

from django.urls import reverse

from accounts.models import Territory
from accounts.templatetags import hexagons
from accounts.territories import key_of
from initiatives.search import facets, postings
from initiatives.search.postings import Docs, Shelf
from initiatives.search.terms import UNKNOWN
from levers.models import Lever, Proposal

TABLES = {
    "leviers": "Leviers et territoires",
    "propositions": "Propositions et méthodes",
    "themes": "Thèmes et publics",
}
LEVELS = 4


@dataclass(frozen=True)
class Value:
    """A line or a column: a value of a facet, or all of them when it has none."""

    facet: str
    value: str
    label: str
    url: str = ""
    """The page that tells of it, where there is one."""
    always: bool = True
    """Shown even when nothing is known of it."""

    @property
    def query(self) -> str:
        return f"{self.facet}={quote(self.value)}"


@dataclass(frozen=True)
class Cell:
    """`level` is 0 (nothing known) to 4, for the colour; the number is always written."""

    count: int
    url: str
    level: int = 0


@dataclass(frozen=True)
class Row:
    head: Value
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Multiple:
    """A small map of one lever: its cells of each class as one path, and what it says in words."""

    lever: Lever
    url: str
    total: int
    known: int
    paths: list[tuple[int, str]]


@dataclass(frozen=True)
class Matrix:
    slug: str
    title: str
    caption: str
    corner: str
    columns: list[Value]
    rows: list[Row]
    totals: list[Cell]
    total: Cell
    region: Territory | None = None
    maps: list[Multiple] = field(default_factory=list)

    @property
    def known(self) -> int:
        """Lines with at least one sheet; those that don't say which they are apart."""
        return sum(1 for row in self.named if row.total.count)

    @property
    def named(self) -> list[Row]:
        return [row for row in self.rows if row.head.value != UNKNOWN]


def mapped() -> list[Territory]:
    """The départements of the map, each with its région. One statement."""
    return list(Territory.objects.on_map().select_related("region").order_by("code"))


def regions_of(places: Iterable[Territory]) -> list[Territory]:
    found = {place.region.code: place.region for place in places if place.region}
    return sorted(found.values(), key=lambda region: region.key)


def matrix(
    slug: str = "leviers",
    region: Territory | None = None,
    *,
    by_region: bool = False,
    places: Sequence[Territory] | None = None,
) -> Matrix:
    """One of the tables, of the country or of a région. Two statements, and one for `places` when they aren't given.

    The names of what the catalogue filters by are those the process keeps.
    """
    shelf = postings.read()
    names = facets.labels(shelf.version)
    if slug == "propositions":
        rows = [Value("proposition", str(p.number), str(p), p.get_absolute_url()) for p in Proposal.objects.standing()]
        columns = [_linked(value, "guide:method") for value in _values(names, "methode", "Non renseignée")]
        return _matrix(shelf, slug, "Proposition", rows, columns, region)
    if slug == "themes":
        rows, columns = _values(names, "theme", "Non renseigné"), _values(names, "public", "Non renseigné")
        return _matrix(shelf, slug, "Thème", rows, columns, region)
    levers = list(Lever.objects.of_dagbert())
    columns = [Value("levier", str(lever.number), str(lever), lever.get_absolute_url()) for lever in levers]
    places = mapped() if places is None else places
    rows = _regions(places, region) if by_region else _departements(names, places, region)
    return _matrix(shelf, "leviers", "Région" if by_region else "Département", rows, columns, region, levers)


def _values(names: Mapping[str, Mapping[str, str]], facet: str, unsaid: str) -> list[Value]:
    """What may be chosen in a facet, by name; what doesn't say comes last."""
    said = ((value, label) for value, label in names[facet].items() if value != UNKNOWN)
    ordered = sorted(said, key=lambda row: key_of(row[1]))
    return [*(Value(facet, value, label) for value, label in ordered), _unsaid(facet, unsaid)]


def _linked(value: Value, name: str) -> Value:
    return value if value.value == UNKNOWN else replace(value, url=reverse(name, args=[value.value]))


def _regions(places: Sequence[Territory], region: Territory | None) -> list[Value]:
    rows = [Value("region", each.code, each.name) for each in ([region] if region else regions_of(places))]
    return rows if region else [*rows, _unsaid("region", "Région non renseignée")]


def _departements(
    names: Mapping[str, Mapping[str, str]], places: Sequence[Territory], region: Territory | None
) -> list[Value]:
    here = [place for place in places if region is None or place.region_id == region.pk]
    rows = [Value("departement", place.code, f"{place.code} {place.name}") for place in here]
    # What is not on the map has a line when something is known there: the sum is the catalogue's.
    on_map = {UNKNOWN, *(place.code for place in places)}
    others = sorted((code, name) for code, name in names["departement"].items() if code not in on_map)
    rows += [Value("departement", code, f"{code} {name}", always=False) for code, name in others]
    return [*rows, _unsaid("departement", "Département non renseigné")]


def _unsaid(facet: str, label: str) -> Value:
    return Value(facet, UNKNOWN, label, always=False)


def _matrix(
    shelf: Shelf,
    slug: str,
    corner: str,
    rows: Sequence[Value],
    columns: list[Value],
    region: Territory | None,
    levers: Sequence[Lever] = (),
) -> Matrix:
    within = _docs(shelf, Value("region", region.code, region.name)) if region else shelf.all
    across = [_docs(shelf, column) & within for column in columns]
    counted = []
    for row in rows:
        docs = _docs(shelf, row) & within
        if not docs and not row.always:
            continue
        counted.append((row, [docs.intersection_cardinality(each) for each in across], len(docs)))
    most = max((number for _, numbers, _ in counted for number in numbers), default=0)
    catalogue, call = reverse("initiatives:catalogue"), reverse("levers:call_new")
    here = f"region={quote(region.code)}" if region else ""

    def cell(number: int, *queries: str, level: int = 0) -> Cell:
        query = "&".join(filter(None, queries))
        return Cell(number, f"{catalogue if number else call}?{query}" if query else catalogue, level)

    lines = []
    asked = [column.query for column in columns]
    for head, numbers, total in counted:
        # A département says its région.
        within_it = "" if head.facet == "departement" and head.value != UNKNOWN else here
        line = head.query
        cells = [
            cell(number, within_it, line, column, level=-(-number * LEVELS // most) if number else 0)
            for number, column in zip(numbers, asked, strict=True)
        ]
        lines.append(Row(head, cells, cell(total, within_it, line)))
    return Matrix(
        slug=slug,
        title=TABLES[slug],
        caption=_caption(slug, corner, region),
        corner=corner,
        columns=columns,
        rows=lines,
        totals=[cell(len(docs), here, column) for column, docs in zip(asked, across, strict=True)],
        total=cell(len(within), here),
        region=region,
        maps=_maps(shelf, within, levers, region) if levers else [],
    )


def _caption(slug: str, corner: str, region: Territory | None) -> str:
    said = {
        "leviers": f"Initiatives connues qui soutiennent chaque levier, par {corner.lower()}",
        "propositions": "Initiatives connues qui soutiennent chaque proposition, par méthode",
        "themes": "Initiatives connues sur chaque thème, par public",
    }[slug]
    return f"{said}, {region.name}" if region else said


def _docs(shelf: Shelf, value: Value) -> Docs:
    return (shelf.facets.get(f"{value.facet}:{value.value}") or postings.NONE) & shelf.all


# Small maps


def _maps(shelf: Shelf, within: Docs, levers: Sequence[Lever], region: Territory | None) -> list[Multiple]:
    """One a lever, all with the same scale, so that they are compared by eye."""
    counts = {lever.number: by_departement(shelf, f"levier:{lever.number}", within) for lever in levers}
    known = sorted(number for each in counts.values() for number in each.values())
    cuts = [known[min(len(known) - 1, len(known) * quarter // LEVELS)] for quarter in (1, 2, 3)] if known else []
    catalogue = reverse("initiatives:catalogue")
    more = f"&region={region.code}" if region else ""
    maps = []
    for lever in levers:
        mine = counts[lever.number]
        drawn: dict[int, list[str]] = {}
        for code, shape in _shapes().items():
            level = 1 + sum(mine[code] > cut for cut in cuts) if mine.get(code) else 0
            drawn.setdefault(level, []).append(shape)
        total = len((shelf.facets.get(f"levier:{lever.number}") or postings.NONE) & within)
        paths = [(level, "".join(cells)) for level, cells in sorted(drawn.items())]
        maps.append(Multiple(lever, f"{catalogue}?levier={lever.number}{more}", total, len(mine), paths))
    return maps


@cache
def _shapes() -> dict[str, str]:
    """The hexagon of each département, as a path."""
    return {code: f"M{x} {y - 11}l9.5 5.5v11l-9.5 5.5-9.5-5.5v-11z" for code, (_, x, y) in hexagons.cells().items()}


def by_departement(shelf: Shelf, term: str, within: Docs | None = None) -> dict[str, int]:
    """{code: sheets that have a term}, the départements that have some alone."""
    docs = (shelf.facets.get(term) or postings.NONE) & (shelf.all if within is None else within)
    places = shelf.facets.values.get("departement", {})
    counts = ((code, docs.intersection_cardinality(here)) for code, here in places.items() if code != UNKNOWN)
    return {code: number for code, number in counts if number}


# What is missing


@dataclass(frozen=True)
class Known:
    """What the catalogue knows of one term: how many, where, and where nothing is."""

    total: int
    counts: dict[str, int]
    without_places: list[tuple[str, str]]
    without_methods: list[tuple[str, str]]


class Catalogue:
    """The shelf as one page reads it, once."""

    def __init__(self) -> None:
        self.shelf = postings.read()

    def known(self, term: str) -> Known:
        """Of a lever, a proposal or an obstacle. The names of methods are those the process keeps."""
        docs = (self.shelf.facets.get(term) or postings.NONE) & self.shelf.all
        counts = by_departement(self.shelf, term)
        methods = self.shelf.facets.values.get("methode", {})
        used = {UNKNOWN, *(slug for slug, here in methods.items() if docs.intersection_cardinality(here))}
        places = sorted((code, name) for code, (name, _, _) in hexagons.cells().items())
        names = facets.labels(self.shelf.version)["methode"]
        return Known(
            total=len(docs),
            counts=counts,
            without_places=[(code, name) for code, name in places if code not in counts],
            without_methods=[(slug, name) for slug, name in names.items() if slug not in used],
        )

    def totals(self, facet: str) -> dict[int, int]:
        """{number: sheets} of a facet whose values are numbers."""
        values = self.shelf.facets.values.get(facet, {})
        return {int(v): self.shelf.all.intersection_cardinality(docs) for v, docs in values.items() if v.isdigit()}
