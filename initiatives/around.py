"""Around a place: the commune or intercommunalité one asks for, what holds it, and how each tier is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Territory
from accounts.models.territories import Level
from accounts.territories import key_of, located

MOST_TYPED = 80
_NAMED = re.compile(r"(.+?)\s*\((\w{2,3})\)")


@dataclass(frozen=True)
class Place:
    """What was found of what someone typed: `others` bear the same name."""

    territory: Territory
    others: Sequence[Territory] = ()


def coded(level: str, codes: Sequence[str]) -> Territory | None:
    territories = Territory.objects.select_related("epci", "departement", "region")
    return territories.filter(level=level, code__in=codes).first()


def named(typed: str) -> Place | None:
    """The commune of this name or postal code, « Lens (62) » telling which; else the intercommunalité of this name."""
    typed = typed[:MOST_TYPED]
    said = _NAMED.fullmatch(typed)
    name = said[1] if said else typed
    found = Territory.objects.select_related("epci", "departement", "region").named_like(name)
    communes = found.communes()
    if said:
        communes = communes.filter(departement__code=said[2].upper())
    near = list(communes.order_by("-population")[:50]) or list(found.epcis().order_by("name")[:5])
    exact = [place for place in near if place.key == key_of(name)] or near
    return Place(exact[0], exact[1:4]) if exact else None


def tiers(place: Territory | None) -> tuple[str, ...]:
    """A commune, what holds it, and the country, as terms, the nearest first; an intercommunalité is alone."""
    if place is None:
        return ()
    if place.level == Level.EPCI:
        return (f"epci:{place.code}",)
    around = (place, place.epci, place.departement, place.region)
    return (*(f"{level.level}:{level.code}" for level in around if level), "nation:FR")


def tier_labels(place: Territory) -> list[str]:
    """What each tier is called, in the order of `tiers`."""
    if place.level == Level.EPCI:
        return [place.name]
    labels = [located("commune", place.code, place.name)]
    if place.epci:
        labels.append(f"ailleurs dans l’intercommunalité ({place.epci.name})")
    if place.departement:
        labels.append(f"ailleurs {located('departement', place.departement.code, place.departement.name)}")
    if place.region:
        labels.append(f"ailleurs {located('region', place.region.code, place.region.name)}")
    return [label[0].upper() + label[1:] for label in [*labels, "dans tout le pays"]]


def said(place: Territory) -> str:
    """« Autour de Lens (62) », « Dans l’intercommunalité CA de Lens-Liévin »."""
    if place.level == Level.EPCI:
        return f"Dans l’intercommunalité {place.name}"
    return f"Autour de {place.label}"
