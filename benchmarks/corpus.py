"""Generated sheets. Sheet `i` is the same whatever their number: each has its own dice, seeded by its own place.

What is told means nothing; what it is filed under is ours (`references.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from benchmarks.references import LEVERS, PROPOSALS, Place, References
from benchmarks.vocabulary import LEXICON, Vocabulary, plural
from guide.models import Fiche, Method
from initiatives.models import Obstacle, Public, Tag, Theme
from levers.models import Lever, Proposal

SEED = 20261121
CARRIERS = ("CCAS", "Conseil départemental", "Centre social", "Association", "CAF", "Mission locale")
BEGUN = range(2005, 2027)
FIRST_DAY, A_DAY = date(2022, 1, 1), 1000
"""Sheet `i` is verified after all those before it: its place is its order in the catalogue."""


@dataclass
class Sheet:
    """One generated sheet, with the reference objects it is filed under."""

    number: int
    fields: dict[str, Any]
    place: Place
    verified_on: date
    methods: list[Method]
    publics: list[Public]
    themes: list[Theme]
    tags: list[Tag]
    fiches: list[Fiche]
    obstacles: list[Obstacle]
    supports: list[tuple[Lever, Proposal | None]]


class Corpus:
    def __init__(self, references: References, vocabulary: Vocabulary, seed: int = SEED) -> None:
        self.references = references
        self.vocabulary = vocabulary
        self.seed = seed
        self._of_places = list(accumulate(place.weight for place in references.places))

    def sheet(self, number: int) -> Sheet:
        refs, words, dice = self.references, self.vocabulary, random.Random(f"{self.seed}:{number}")
        themes = _several(dice, 20, 1, 3, 0.55)
        theme = themes[dice.randrange(len(themes))] - 1
        place = refs.places[dice.choices(range(len(refs.places)), cum_weights=self._of_places)[0]]
        pool, weights = words.of_theme[theme]
        publics = _several(dice, 14, 1, 4, 0.6)
        said = words.expressions[theme]
        subject = dice.choice(said)
        title = _title(dice, subject, said, words.words[theme], place, publics)
        if number in words.needles:
            title = f"{words.needles[number]} : {subject}"
        summary = " ".join(_paragraphs(dice, dice.choices(pool, cum_weights=weights, k=50)))
        told = _paragraphs(dice, dice.choices(pool, cum_weights=weights, k=dice.randint(340, 690)))
        dice.choices(range(4), (85, 8, 4, 3))  # a status: here all are published
        begun = dice.choices(BEGUN, [1 + year * 0.35 for year in range(len(BEGUN))])[0]
        tags = {
            dice.choices(range(len(words.tags)), cum_weights=words.tag_weights)[0] for _ in range(dice.randint(0, 8))
        }
        methods = _several(dice, 7, 1, 3, 0.6)
        levers, proposals = _several(dice, LEVERS, 0, 4, 0.5), _several(dice, PROPOSALS, 0, 6, 0.4)
        fields: dict[str, Any] = {
            "title": title[:120],
            "summary": summary[:400],
            "state": dice.choice(("ongoing", "ongoing", "ended", "project")),
            "start_year": begun,
            "start_month": dice.randint(1, 12),
            "organisation_name": f"{dice.choice(CARRIERS)} {place.name}"[:200],
            "scope": dice.choice(("quartier", "commune", "commune", "intercommunalite", "departement")),
            "beginning": told[0],
            "story": "\n\n".join(told[1:-1]),
            "participation": told[-1] if len(told) > 1 else "",
            "hosting": ["temoigne"] if dice.random() < 0.1 else [],
            "depth": "recit" if dice.random() < 0.35 else "instantane",
        }
        return Sheet(
            number=number,
            fields=fields,
            place=place,
            verified_on=FIRST_DAY + timedelta(days=number // A_DAY),
            methods=refs.in_order(_picked(refs.methods, methods)),
            publics=refs.in_order(_picked(refs.publics, publics)),
            themes=refs.in_order(_picked(refs.themes, themes)),
            tags=refs.in_order({refs.tags[place] for place in tags}),
            fiches=_picked(refs.fiches, _several(dice, min(20, len(refs.fiches)), 0, 2, 0.5)),
            obstacles=_picked(refs.obstacles, _several(dice, len(refs.obstacles), 0, 2, 0.5)),
            supports=list(_supports(refs, levers, proposals)),
        )


def _title(
    dice: random.Random, subject: str, said: Sequence[str], own: Sequence[str], place: Place, publics: list[int]
) -> str:
    other = dice.choice(said)
    title = dice.choice(LEXICON["titles"]).format(
        C=subject,
        C2=other,
        V=place.name,
        W=dice.choice(own),
        W2=dice.choice(own),
        Wp=plural(dice.choice(own)),
        P=LEXICON["publics"][dice.choice(publics) - 1].lower(),
        VB=dice.choice(LEXICON["verbs"]),
        VB2=dice.choice(LEXICON["verbs"]),
        D=place.territory.departement.code if place.territory.departement else "",
    )
    return title[0].upper() + title[1:]


def _supports(refs: References, levers: list[int], proposals: list[int]) -> Iterator[tuple[Lever, Proposal | None]]:
    for lever in sorted({(number - 1) % len(refs.levers) for number in levers}):
        yield refs.levers[lever], None
    for place in sorted({(number - 1) % len(refs.proposals) for number in proposals}):
        yield refs.proposals[place].lever, refs.proposals[place]


def _several(dice: random.Random, size: int, least: int, most: int, slope: float) -> list[int]:
    """A few numbers from 1 to `size`, the first ones more often."""
    wanted = dice.randint(least, most)
    weights = [1 / (rank + 2) ** slope for rank in range(size)]
    found: set[int] = set()
    while len(found) < wanted:
        found.add(dice.choices(range(size), weights)[0] + 1)
    return sorted(found)


def _picked[T](things: Sequence[T], numbers: Sequence[int]) -> list[T]:
    return [things[number - 1] for number in numbers]


def _paragraphs(dice: random.Random, words: list[str]) -> list[str]:
    paragraphs: list[str] = []
    sentences: list[str] = []
    here = 0
    while here < len(words):
        length = dice.randint(9, 24)
        sentence = " ".join(words[here : here + length])
        here += length
        if dice.random() < 0.3:
            middle = sentence.find(" ", len(sentence) // 2)
            if middle > 0:
                sentence = f"{sentence[:middle]},{sentence[middle:]}"
        sentences.append(f"{sentence[0].upper()}{sentence[1:]}.")
        if len(sentences) >= 5 and dice.random() < 0.4:
            paragraphs.append(" ".join(sentences))
            sentences = []
    if sentences:
        paragraphs.append(" ".join(sentences))
    return paragraphs
