"""Searches ready to open, as links: each is an address of the catalogue, shown while it leads somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse


@dataclass(frozen=True)
class Preset:
    """One facet and some of its values, in words a reader would say."""

    words: str
    facet: str
    values: tuple[str, ...]

    @property
    def url(self) -> str:
        query = QueryDict(mutable=True)
        query.setlist(self.facet, list(self.values))
        return f"{reverse('initiatives:catalogue')}?{query.urlencode()}"

    def leads_somewhere(self, counts: Mapping[str, Mapping[str, int]]) -> bool:
        return any(counts.get(self.facet, {}).get(value) for value in self.values)


PRESETS = (
    Preset("Aller vers les personnes isolées", "public", ("personnes-isolees",)),
    Preset("Autour de la cuisine", "theme", ("alimentation",)),
    Preset("Avec des jeunes", "public", ("jeunes",)),
    Preset("Entre parents", "theme", ("parentalite",)),
    Preset("Avec des habitants", "public", ("tous-publics", "residents-qpv-frr", "locataires")),
    Preset("Se déplacer", "theme", ("mobilite",)),
    Preset("Quand l’organisation freine", "frein", ("3",)),
    Preset("On peut vous accueillir", "accueil", ("collegue", "stagiaire", "temoigne")),
)


def live(counts: Mapping[str, Mapping[str, int]]) -> list[Preset]:
    """Those that lead to one sheet at least, by the counts of the whole catalogue."""
    return [preset for preset in PRESETS if preset.leads_somewhere(counts)]
