"""The words generated sheets are made of, and the chance each has in a text of each theme.

`lexicon.json` holds the words: the common ones, what each theme talks about, expressions, and the roots and endings a
long tail of rare words is built from.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

LEXICON: dict[str, Any] = json.loads((Path(__file__).parent / "lexicon.json").read_text(encoding="utf-8"))
RAREST = 40_000

type Weighted = list[tuple[str, float]]


class Vocabulary:
    """For each theme, words with their cumulated weights, ready for `random.choices`."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(f"vocab:{seed}")
        base: Weighted = scaled(LEXICON["function_words"], 46)
        base += scaled(_general(dice), 24)
        expressions = LEXICON["expressions"]
        base += scaled(((said, 1 / (rank + 3)) for rank, said in enumerate(expressions)), 4)
        self.rare = _rare(dice, {word for word, _ in base})
        base += scaled(((word, 1 / (rank + 30) ** 1.02) for rank, word in enumerate(self.rare)), 11)
        self.words: list[list[str]] = []
        self.expressions: list[list[str]] = []
        self.of_theme: list[tuple[list[str], list[float]]] = []
        for words, said in LEXICON["themes"]:
            words = list(dict.fromkeys(words))
            pairs = base + scaled(_own(words, said), 10)
            self.words.append(words)
            self.expressions.append(said)
            self.of_theme.append(([word for word, _ in pairs], list(accumulate(weight for _, weight in pairs))))
        dice = random.Random(f"tags:{seed}")
        tags = sorted({word for words in (*self.words, *self.expressions) for word in words})
        dice.shuffle(tags)
        self.tags = tags[:400]
        self.tag_weights = list(accumulate(1 / (rank + 4) ** 0.9 for rank in range(len(self.tags))))
        places = dice.sample(range(50, 9950), len(LEXICON["needles"]))
        self.needles = dict(zip(places, LEXICON["needles"], strict=True))
        """{place: name}: sheets with a name of their own, among the ten thousand first."""


def scaled(pairs: Iterable[Sequence[Any]], total: float) -> Weighted:
    kept = [(str(word), float(weight)) for word, weight in pairs]
    whole = sum(weight for _, weight in kept)
    return [(word, total * weight / whole) for word, weight in kept]


def plural(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return f"{word[:-2]}aux"
    return f"{word}x" if word.endswith(("eau", "eu")) else f"{word}s"


def feminine(word: str) -> str:
    if word.endswith("e"):
        return word
    endings = {"if": (2, "ive"), "el": (0, "le"), "eux": (1, "se"), "en": (0, "ne")}
    for ending, (cut, added) in endings.items():
        if word.endswith(ending):
            return word[: len(word) - cut] + added
    return f"{word}e"


def _general(dice: random.Random) -> Weighted:
    nouns = list(dict.fromkeys(LEXICON["general"]))
    dice.shuffle(nouns)
    pairs: Weighted = []
    for rank, word in enumerate(nouns):
        weight = 1 / (rank + 12) ** 0.85
        pairs += [(word, weight * 0.6), (plural(word), weight * 0.4)]
    for rank, word in enumerate(LEXICON["verbs"]):
        weight, stem = 0.6 / (rank + 12) ** 0.85, word[:-2]
        pairs.append((word, weight))
        if word.endswith("er"):
            pairs += [(f"{stem}ent", weight * 0.4), (f"{stem}é", weight * 0.4)]
            pairs += [(f"{stem}ée", weight * 0.2), (f"{stem}ant", weight * 0.2)]
    for rank, word in enumerate(LEXICON["adjectives"]):
        weight = 0.7 / (rank + 12) ** 0.85
        pairs += [(word, weight * 0.35), (plural(word), weight * 0.25)]
        pairs += [(feminine(word), weight * 0.25), (plural(feminine(word)), weight * 0.15)]
    return pairs


def _rare(dice: random.Random, known: set[str]) -> list[str]:
    roots, heads, tails = LEXICON["roots"], LEXICON["prefixes"], LEXICON["suffixes"]
    made: dict[str, None] = {}
    while len(made) < RAREST:
        word = dice.choice(heads) + dice.choice(roots) + dice.choice(tails)
        if dice.random() < 0.55:
            word += dice.choice(("", "s")) if not word.endswith(("s", "x")) else ""
        if dice.random() < 0.25:
            word = f"{dice.choice(roots)}-{word}"
        if len(word) > 4 and word not in known:
            made[word] = None
    return list(made)


def _own(words: list[str], expressions: list[str]) -> Weighted:
    pairs: Weighted = []
    for rank, word in enumerate(words):
        weight = 1 / (rank + 2) ** 0.7
        pairs += [(word, weight * 0.6), (plural(word), weight * 0.4)]
    return pairs + [(said, 0.8 / (rank + 2) ** 0.7) for rank, said in enumerate(expressions)]
