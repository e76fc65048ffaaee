"""What changed between two texts, in words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

MOST_PAIRS = 4_000_000
"""Beyond so many pairs of words, those that come back everywhere no longer anchor the difference."""


@dataclass(frozen=True)
class Piece:
    """A run of text: kept (`same`), added (`ins`) or removed (`del`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    label: str
    pieces: list[Piece]


def words(before: str, after: str) -> list[Piece]:
    """The difference of two texts by words and line breaks; spaces stay with the word they follow and never differ."""
    old, new = (re.findall(r"\n+|[^\S\n]*\S+[^\S\n]*", text.replace("\r\n", "\n")) for text in (before, after))
    pieces: list[Piece] = []
    old_words, new_words = ([word.strip(" ") for word in text] for text in (old, new))
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=len(old) * len(new) > MOST_PAIRS)
    for action, i1, i2, j1, j2 in matcher.get_opcodes():
        if action == "equal":
            pieces.append(Piece("same", "".join(new[j1:j2])))
            continue
        if i1 < i2:
            pieces.append(Piece("del", "".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(Piece("ins", "".join(new[j1:j2])))
    return pieces
