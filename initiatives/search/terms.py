"""Facet words of a version. Rooms to the right add theirs by registering an extractor when the site starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from initiatives.models import Version

# The value of a facet for the sheets that don't say: `public:non-renseigne`.
UNKNOWN = "non-renseigne"
SAID_OR_NOT = ("methode", "theme", "public", "region", "departement", "frein", "annee")

type Extractor = Callable[["Version"], Iterable[str]]
_extractors: list[Extractor] = []


def register(extractor: Extractor) -> Extractor:
    if extractor not in _extractors:
        _extractors.append(extractor)
    return extractor


def of(version: Version) -> list[str]:
    said = {term for extractor in _extractors for term in extractor(version)}
    heads = {term.partition(":")[0] for term in said}
    return sorted(said | {f"{name}:{UNKNOWN}" for name in SAID_OR_NOT if name not in heads})


@register
def own_terms(version: Version) -> Iterable[str]:
    yield f"profondeur:{version.depth}"
    yield from (f"methode:{method.slug}" for method in version.methods.all())
    yield from (f"theme:{theme.code}" for theme in version.themes.all())
    yield from (f"public:{public.code}" for public in version.publics.all())
    yield from (f"etiquette:{tag.slug}" for tag in version.tags.all())
    yield from (f"frein:{row.obstacle_id}" for row in version.obstaclemet_rows.all())
    yield from (f"accueil:{offer}" for offer in version.hosting)
    yield from (f"fiche:{fiche.number}" for fiche in version.fiches.all())
    if version.start_year:
        yield f"annee:{version.start_year}"
    if version.scope == "national":
        yield "nation:FR"
    place = version.place
    if place:
        yield f"{place.level}:{place.code}"
        yield from (f"{p.level}:{p.code}" for p in (place.epci, place.departement, place.region) if p)
