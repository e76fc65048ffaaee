"""Reading what someone typed: words, "phrases" and -exclusions, as the normal forms the index is made of.

User text becomes keys of ASCII letters and digits (`guide.stems`) and nothing else: no operator, no pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from guide.stems import normals, tokens

MAX_SIGNS, MAX_TERMS, MAX_QUERY = 200, 20, 12_000
MAX_GROUP_WORDS = 6
# What one says to ask, beside what one asks: « je cherche des idées pour lutter contre l’isolement ».
_ASKING = frozenset(
    normals(
        "cherche chercher cherchons trouver voudrais voudrait aimerais aimerait souhaite souhaitons faire fait existe"
        " mettre monter lutter contre idée exemple besoin"
    )
)
_CHUNK = re.compile(r'(?:(?<!\S)(?P<minus>[-−–])(?=\S))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')

type Words = tuple[str, ...]


def legible(text: str) -> str:
    """Text without the signs nobody types and XML refuses: controls, lone surrogates, noncharacters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text)


@dataclass(frozen=True)
class Clause:
    """One thing asked for: any of its alternatives, each of them words that must all be there; or a phrase."""

    alternatives: tuple[Words, ...] = ()
    phrase: Words = ()
    excluded: bool = False
    typed: str = ""
    """The word as typed, where it may be a typo."""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.phrase).union(*self.alternatives)


@dataclass(frozen=True)
class Reading:
    """What was understood of a text, and what was left aside."""

    clauses: tuple[Clause, ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.clauses)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every normal form the answer depends on."""
        return frozenset().union(*(clause.keys for clause in self.clauses))

    @cached_property
    def wanted(self) -> list[frozenset[Words]]:
        """What an excerpt should show: for each thing asked, the words in a row that say it."""
        clauses = [clause for clause in self.clauses if not clause.excluded]
        return [frozenset(clause.alternatives or (clause.phrase,)) for clause in clauses]

    @cached_property
    def marks(self) -> frozenset[Words]:
        return frozenset().union(*self.wanted)


def read(text: str, synonyms: Synonyms | None = None) -> Reading:
    """Understand a text. Never raises; what is too long is cut, and `cut` says so."""
    text = legible(text[:MAX_QUERY]).strip()
    cut = len(text) > MAX_SIGNS
    text = re.sub(r"[«»“”„]", '"', text[:MAX_SIGNS])
    synonyms = synonyms or Synonyms(())
    clauses: list[Clause] = []
    run: list[tuple[str, str]] = []
    left = MAX_TERMS
    for chunk in _CHUNK.finditer(text):
        said = chunk["phrase"] if chunk["phrase"] is not None else chunk["word"]
        words = [(token.key, said[token.start : token.end]) for token in tokens(said)]
        cut = cut or len(words) > left
        words, left = words[:left], left - len(words[:left])
        keys = tuple(key for key, _ in words)
        if not keys:
            continue
        if chunk["phrase"] is None and not chunk["minus"]:
            run += words
            continue
        clauses += synonyms.clauses(run)
        run = []
        one = len(keys) == 1
        clauses.append(Clause((keys,) if one else (), () if one else keys, excluded=bool(chunk["minus"])))
    clauses += synonyms.clauses(run)
    asked = [clause for clause in clauses if not (clause.typed and clause.keys <= _ASKING)]
    return Reading(tuple(asked if any(not clause.excluded for clause in asked) else clauses), cut)


class Synonyms:
    """Groups of expressions, ready to be recognised in a run of words."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.alternatives: dict[Words, tuple[Words, ...]] = {}
        for group in groups:
            said = list(dict.fromkeys(tuple(normals(words)) for words in group))
            said = [words for words in said if 0 < len(words) <= MAX_GROUP_WORDS]
            for words in said:
                known = self.alternatives.get(words, (words,))
                self.alternatives[words] = tuple(dict.fromkeys((*known, *said)))
        self.longest = max(map(len, self.alternatives), default=0)

    def clauses(self, words: Sequence[tuple[str, str]]) -> Iterator[Clause]:
        """The longest expressions first, then the words that stand alone. The typed one is the first alternative."""
        keys = [key for key, _ in words]
        here = 0
        while here < len(words):
            for length in range(min(self.longest, len(words) - here), 0, -1):
                group = self.alternatives.get(tuple(keys[here : here + length]))
                if group:
                    yield Clause(group)
                    here += length
                    break
            else:
                yield Clause(((keys[here],),), typed=words[here][1])
                here += 1
