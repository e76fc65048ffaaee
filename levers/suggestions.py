"""Proposals a text makes one think of, each with the words that made it so. A suggestion concludes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path

from accounts.content import read_toml
from accounts.territories import key_of
from initiatives.models import Version

SIGNALS = Path(__file__).parent / "content" / "signals.toml"
MOST, MOST_WORDS = 3, 3
BETWEEN = 2  # short words allowed between two words of an expression
SHORT = 4  # signs of the longest of them
# Where the authors speak of what they did; the title and the summary count as much.
SAID_IN = (
    "title", "summary", "beginning", "story", "objectives", "participation", "decisions", "means", "funding", "effects",
    "effects_people", "effects_professionals", "effects_territory", "if_again", "conditions", "time_granted_by",
)  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """A proposal's number, and the words of the text that made one think of it, as they are written there."""

    proposal: int
    words: tuple[str, ...]
    weight: float


def for_version(version: Version) -> list[Suggestion]:
    """The proposals a sheet makes one think of, the likeliest first; three at most, none already in its rows."""
    known = {mapping.proposal_id for mapping in version.mapping_rows.all()}
    text = "\n".join(getattr(version, field) for field in SAID_IN)
    return [found for found in suggest(text) if found.proposal not in known][:MOST]


def suggest(text: str) -> list[Suggestion]:
    """Every proposal some words of this text are a signal of. A signal shared by several proposals weighs less."""
    words = [(key_of(found[0]), found.start(), found.end()) for found in re.finditer(r"\w+", text)]
    at: dict[str, list[int]] = {}
    for position, (key, _, _) in enumerate(words):
        at.setdefault(key[:3], []).append(position)
    found: dict[int, dict[str, tuple[str, float]]] = {}
    for expression, proposals in _signals().items():
        spans = _spans(expression, words, at)
        first = next(spans, None)
        if first is None:
            continue
        repeated = 1 + sum(1 for _ in spans)
        # Long expressions say more than single words, and saying a thing five times says little more than twice.
        weight = len(expression) * (1 + log(repeated) / 3) / len(proposals)
        for number in proposals:
            found.setdefault(number, {})[" ".join(expression)] = (text[first[0] : first[1]], weight)
    suggestions = [
        Suggestion(
            number,
            tuple(dict.fromkeys(said for said, _ in sorted(signs.values(), key=lambda sign: -sign[1])))[:MOST_WORDS],
            sum(weight for _, weight in signs.values()),
        )
        for number, signs in found.items()
    ]
    return sorted(suggestions, key=lambda suggestion: (-suggestion.weight, suggestion.proposal))


type Expression = tuple[str, ...]
type Word = tuple[str, int, int]


@cache
def _signals() -> dict[Expression, tuple[int, ...]]:
    """Expression, as folded words → the proposals it is a signal of."""
    signals: dict[Expression, tuple[int, ...]] = {}
    for number, expressions in read_toml(SIGNALS)["signals"].items():
        for expression in expressions:
            key = tuple(key_of(word) + star for word, star in re.findall(r"(\w+)(\*?)", expression))
            signals[key] = (*signals.get(key, ()), int(number))
    return signals


def _spans(expression: Expression, words: Sequence[Word], at: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Where an expression stands in the text, as offsets."""
    first, *rest = expression
    # A key shorter than three signs stands alone under itself.
    for position in at.get(first.rstrip("*")[:3], ()):
        if not _same(words[position][0], first):
            continue
        last = position
        for wanted in rest:
            following = _next(wanted, words, last)
            if following is None:
                break
            last = following
        else:
            yield words[position][1], words[last][2]


def _next(wanted: str, words: Sequence[Word], after: int) -> int | None:
    for position in range(after + 1, min(after + 2 + BETWEEN, len(words))):
        if _same(words[position][0], wanted):
            return position
        if len(words[position][0]) > SHORT:
            return None
    return None


def _same(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word == wanted or (len(wanted) > 4 and re.sub("[sx]$", "", word) == re.sub("[sx]$", "", wanted))
