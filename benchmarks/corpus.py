"""Generated sheets. Sheet `i` is the same whatever their number: each has its own dice, seeded by its own place.

The words, methods, publics, themes, obstacles, fiches, proposals and communes are ours; what is told means nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from benchmarks.vocabulary import NEEDLES, NEEDLES_WITHIN, THEMES, Vocabulary

SEED = 20261121
TITLES = (
    "{X} à {V}", "Atelier {a}", "{X} : une action collective à {V}", "Groupe {a} et {b}", "Ensemble autour de : {a}",
    "Café {a} à {V}", "Le {a} et la {b}", "{X}, {a}, {b}", "Rencontres {a} de {V}", "Collectif {a} de {V}",
    "Des {a} pour {b}", "{X} avec les habitants de {V}",
)  # fmt: skip
CARRIERS = (
    "CCAS de {V}",
    "Centre social de {V}",
    "Association {X}",
    "Département : {D}",
    "Espace de vie sociale de {V}",
)
GRANTED = ("la direction du service", "le conseil d’administration", "la responsable de circonscription")
ROLES = ("assistante de service social", "conseillère en économie sociale et familiale", "éducateur", "bénévole")


@dataclass(frozen=True)
class Place:
    pk: int
    name: str
    departement: str
    population: int


@dataclass(frozen=True)
class References:
    """What a sheet may be filed under, in a fixed order: the commonest first."""

    places: list[Place]
    methods: list[int]
    publics: list[int]
    themes: list[tuple[str, int]]
    obstacles: list[int]
    fiches: list[int]
    proposals: list[tuple[int, int]]
    """(proposal, its lever)."""


@dataclass
class Sheet:
    """One generated sheet, as plain values; keys are those of `References`."""

    number: int
    fields: dict[str, Any]
    place: Place
    methods: list[int]
    publics: list[int]
    themes: list[int]
    fiches: list[int]
    tags: list[str]
    obstacles: list[tuple[int, str]]
    times: list[tuple[str, int]]
    partners: list[str]
    supports: list[tuple[int, int, str]] = field(default_factory=list)
    """(lever, proposal, sentence)."""
    verified_days_ago: int = 0


class Corpus:
    def __init__(self, references: References, seed: int = SEED) -> None:
        self.references = references
        self.seed = seed
        self.vocabulary = Vocabulary(seed)
        self._of_places = list(accumulate(place.population**0.7 for place in references.places))
        places = random.Random(f"needles:{seed}").sample(range(NEEDLES_WITHIN), len(NEEDLES))
        self.needles = dict(zip(places, NEEDLES, strict=True))

    def sheet(self, number: int) -> Sheet:
        refs, dice = self.references, random.Random(f"{self.seed}:{number}")
        themes = _some(dice, refs.themes, 1, 3)
        theme = themes[0][0] if themes[0][0] in THEMES else "lien-social"
        words, weights = self.vocabulary.of_theme[theme]
        own = THEMES[theme].split()
        place = dice.choices(refs.places, cum_weights=self._of_places)[0]

        def prose(least: int, most: int) -> str:
            return _sentences(dice, dice.choices(words, cum_weights=weights, k=dice.randint(least, most)))

        def said(template: str) -> str:
            return template.format(
                X=dice.choice(own).capitalize(),
                a=dice.choice(own),
                b=dice.choice(own),
                V=place.name,
                D=place.departement,
            )

        title = said(dice.choice(TITLES))
        if number in self.needles:
            title = f"{self.needles[number]} : {dice.choice(own)}"
        deep = dice.random() < 0.35
        begun = dice.choices(range(2005, 2027), [1 + 0.35 * year for year in range(22)])[0]
        fields: dict[str, Any] = {
            "title": title[:120],
            "summary": prose(32, 48)[:400],
            "state": dice.choice(("ongoing", "ongoing", "ended", "project")),
            "start_year": begun,
            "start_month": dice.randint(1, 12),
            "organisation_name": said(dice.choice(CARRIERS))[:200],
            "scope": dice.choice(("quartier", "commune", "commune", "intercommunalite", "departement")),
            "beginning": prose(40, 90),
            "story": prose(180, 360),
            "participation": prose(20, 60),
            "hosting": ["temoigne"] if dice.random() < 0.1 else [],
        }
        if deep:
            fields |= {
                "time_granted_by": dice.choice(GRANTED),
                "effects_people": prose(40, 80),
                "effects_professionals": prose(20, 50),
                "if_again": prose(25, 50),
                "conditions": prose(15, 40),
                "depth": "recit",
            }
        return Sheet(
            number=number,
            fields=fields,
            place=place,
            methods=_some(dice, refs.methods, 1, 3),
            publics=_some(dice, refs.publics, 1, 4),
            themes=[pk for _, pk in themes],
            fiches=_some(dice, refs.fiches, 0, 3),
            tags=_some(dice, self.vocabulary.tags, 0, 6),
            obstacles=[(pk, prose(15, 40)) for pk in _some(dice, refs.obstacles, 1 if deep else 0, 2)],
            times=[(role, dice.randint(2, 40)) for role in dice.sample(ROLES, dice.randint(1, 3))] if deep else [],
            partners=[said(dice.choice(CARRIERS))[:200] for _ in range(dice.randint(0, 3))],
            supports=[(lever, pk, prose(12, 24)[:400]) for pk, lever in _some(dice, refs.proposals, 0, 3)],
            verified_days_ago=dice.randint(0, 540),
        )


def _some[T](dice: random.Random, things: list[T], least: int, most: int) -> list[T]:
    """A few different things, the first ones more often."""
    wanted = min(dice.randint(least, most), len(things))
    weights = [1 / (rank + 2) ** 0.6 for rank in range(len(things))]
    found: dict[int, T] = {}
    while len(found) < wanted:
        place = dice.choices(range(len(things)), weights)[0]
        found[place] = things[place]
    return list(found.values())


def _sentences(dice: random.Random, words: list[str]) -> str:
    made, here = [], 0
    while here < len(words):
        length = dice.randint(8, 20)
        sentence = " ".join(words[here : here + length])
        made.append(sentence[0].upper() + sentence[1:] + ".")
        here += length
    return " ".join(made)
