"""The texts the site's search reads beside the initiatives: cut in passages, as normal forms, in one small table.

passages.register("fiche", source)      # in AppConfig.ready(); source() yields the drafts of a kind, in order
passages.renew("fiche")                 # when its texts changed
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.db.models import F, Func

from accounts.territories import key_of
from guide import stems
from guide.models import Passage
from guide.stems import normal, normals


@dataclass(frozen=True)
class Draft:
    """A passage to be: `title` names the page it stands on, `heading` its part, `note` what kind of page it is."""

    url: str
    title: str
    text: str
    heading: str = ""
    note: str = ""
    also: str = ""
    """Other names of the page: found as its title, not shown."""


class Clause(Protocol):
    """One thing asked for, as the reading of a question gives it: alternatives and phrases are normal forms."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def phrase(self) -> tuple[str, ...]: ...
    @property
    def excluded(self) -> bool: ...


MAKERS = (Path(__file__), Path(stems.__file__))
"""Passages are made again when these change, as they are when their texts do."""

type Source = Callable[[], Iterable[Draft]]
_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    _sources[kind] = source


def renew(*kinds: str) -> None:
    """Make the passages of these kinds again from their texts; of all kinds when none is named."""
    with transaction.atomic():
        for kind in kinds or _sources:
            Passage.objects.filter(kind=kind).delete()
            Passage.objects.bulk_create(_passage(kind, n, draft) for n, draft in enumerate(_sources[kind]()))


def _passage(kind: str, position: int, draft: Draft) -> Passage:
    title, heading, text = normals(f"{draft.title} {draft.also}"), normals(draft.heading), normals(draft.text)
    written = re.findall(r"[^\W\d_]{4,40}", f"{draft.title} {draft.also} {draft.heading} {draft.text}".lower())
    return Passage(
        kind=kind,
        position=position,
        url=draft.url,
        title=draft.title,
        heading=draft.heading,
        note=draft.note,
        text=draft.text,
        said="\n".join(f" {' '.join(words)} " for words in (title, heading, text)),
        words=sorted({word[:80] for word in (*title, *heading, *text)}),
        spellings=sorted(set(written)),
    )


# Finding

TITLE, HEADING, TEXT = 4.0, 2.0, 1.0
"""What a thing asked is worth by where it is said: in the title, in the heading and in the text of the best passage."""
ELSEWHERE, MORE = 0.25, 0.1
"""What the rest of the page adds: for a thing the best passage doesn't say, and for all that it says again."""
SYNONYM = 0.8
"""What a synonym is worth beside the words as typed."""
FEW = 3
# From so many things asked, most of them are enough when no page says them all.
MOST_PARTS = 3
MOST_WRONG = 2
"""Letters a typed word may have wrong."""


@dataclass(frozen=True)
class Page:
    """A page that answers: the passage to show, and (heading, address) of the others that say as much."""

    passage: Passage
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Found:
    pages: Mapping[str, list[Page]] = field(default_factory=dict)
    """{kind: pages, the best first}; beyond those asked to be shown, a passage has its names alone."""
    nearest: bool = False
    """No page says all that is asked: these say most of it."""


@dataclass(frozen=True)
class _Said:
    """What a passage is worth for each thing asked, in order: by its title, and by what it says itself."""

    row: Passage
    title: tuple[float, ...]
    own: tuple[float, ...]
    rows: tuple[bool, ...]
    """Whether each thing is said with the one before or after it, in a row as they were typed."""

    @classmethod
    def of(cls, row: Passage, clauses: Sequence[Clause]) -> _Said:
        title, heading, text = row.said.split("\n")
        own = (max(HEADING * _says(heading, clause), TEXT * _says(text, clause)) for clause in clauses)
        pairs = [f"{' '.join(_typed(one))} {' '.join(_typed(next_))}" for one, next_ in pairwise(clauses)]
        tied = [False, *(f" {pair} " in heading or f" {pair} " in text for pair in pairs), False]
        rows = tuple(before or after for before, after in pairwise(tied))
        return cls(row, tuple(TITLE * _says(title, clause) for clause in clauses), tuple(own), rows)

    def shows(self, weights: Sequence[float]) -> float:
        """What the passage itself is worth."""
        return _weighed(self.own, weights) + _weighed(self.rows, weights)


def _says(line: str, clause: Clause) -> float:
    """Whether a line of normal forms says a thing: 1 as it was typed, less by a synonym."""
    if f" {' '.join(_typed(clause))} " in line:
        return 1.0
    return SYNONYM if any(f" {' '.join(words)} " in line for words in clause.alternatives[1:]) else 0.0


def _typed(clause: Clause) -> tuple[str, ...]:
    return clause.alternatives[0] if clause.alternatives else clause.phrase


def find(clauses: Sequence[Clause], shown: int) -> Found:
    """The pages that say all that is asked and nothing excluded, the best first, so many of them with their texts.

    A page is found by its passages together and shown by the best of them. Its title counts more than the headings of
    its parts, and these more than its text; a rare word counts for more, a synonym for a little less. Two statements.
    """
    wanted = [clause for clause in clauses if not clause.excluded]
    pages = _pages(wanted, [clause for clause in clauses if clause.excluded]) if wanted else {}
    said = {url: _together(page) for url, page in pages.items()}
    uses = [sum(each[n] > 0 for each in said.values()) for n in range(len(wanted))]
    weights = [log(1 + len(said) / max(1, number)) for number in uses]
    chosen = [url for url, each in said.items() if all(each)]
    nearest = not chosen and len(wanted) >= FEW
    if nearest:
        worth = {url: _weighed(map(bool, each), weights) for url, each in said.items()}
        least = max(worth.values(), default=0) / 2
        chosen = [url for url, each in said.items() if sum(map(bool, each)) > len(wanted) / 2 and worth[url] >= least]
    kinds: defaultdict[str, list[Page]] = defaultdict(list)
    for page in sorted((_ranked(pages[url], said[url], weights) for url in chosen), key=lambda one: one[0]):
        kinds[page[1].passage.kind].append(page[1])
    return Found(_with_texts(kinds, shown), nearest and bool(chosen))


def _together(page: Sequence[_Said]) -> list[float]:
    return [max(worth) for worth in zip(*(map(max, said.title, said.own) for said in page), strict=True)]


def _ranked(
    page: Sequence[_Said], said: Sequence[float], weights: Sequence[float]
) -> tuple[tuple[float, int, int], Page]:
    best = max(page, key=lambda one: one.shows(weights))
    far = [ELSEWHERE * anywhere * (not here) for here, anywhere in zip(best.own, said, strict=True)]
    others = sum(one.shows(weights) for one in page) - best.shows(weights)
    score = _weighed(best.title, weights) + best.shows(weights) + _weighed(far, weights) + MORE * others
    return (-score, len(best.row.title), best.row.position), Page(best.row, _parts(best, page))


def _with_texts(kinds: Mapping[str, list[Page]], shown: int) -> dict[str, list[Page]]:
    best = [page.passage.pk for pages in kinds.values() for page in pages[:shown]]
    rows = Passage.objects.defer("spellings", "words", "said").in_bulk(best)
    return {
        kind: [replace(page, passage=rows.get(page.passage.pk, page.passage)) for page in pages]
        for kind, pages in kinds.items()
    }


def _pages(wanted: Sequence[Clause], unwanted: Sequence[Clause]) -> dict[str, list[_Said]]:
    """{address: its passages} of the pages that say one of these things, and nothing unwanted. One statement."""
    keys = {
        word for clause in (*wanted, *unwanted) for words in (*clause.alternatives, clause.phrase) for word in words
    }
    rows = Passage.objects.filter(words__overlap=sorted(keys)).order_by("kind", "position")
    pages: defaultdict[str, list[_Said]] = defaultdict(list)
    refused = set()
    for row in rows.only("kind", "position", "url", "title", "heading", "said"):
        page = _page_of(row)
        pages[page].append(_Said.of(row, wanted))
        if any(_says(line, clause) for clause in unwanted for line in row.said.split("\n")):
            refused.add(page)
    return {url: page for url, page in pages.items() if url not in refused}


def _page_of(row: Passage) -> str:
    """A part with a heading belongs to its page; a term, which has none, is a page by itself inside the glossary."""
    return row.url.partition("#")[0] if row.heading else row.url


def _weighed(worth: Iterable[float], weights: Iterable[float]) -> float:
    return sum(weight * each for weight, each in zip(weights, worth, strict=True))


def _parts(shown: _Said, page: Iterable[_Said]) -> tuple[tuple[str, str], ...]:
    """The other parts of the page that say as many of the things asked as the one shown."""
    least = max(1, sum(map(bool, shown.own)))
    others = (said for said in page if said.row.heading and said is not shown and sum(map(bool, said.own)) >= least)
    return tuple((said.row.heading, said.row.url) for said in others)[:MOST_PARTS]


# Forgiving a typo


def known(keys: Collection[str]) -> set[str]:
    """Those of these normal forms that some passage says."""
    rows = Passage.objects.filter(words__overlap=sorted(keys)).values_list("words", flat=True) if keys else ()
    return set(keys).intersection(*[set().union(*rows)])


def like(typed: Collection[str]) -> dict[str, str]:
    """{key: word as written} of the passages' words that may be one of these keys mistyped.

    About as long, with the same first letter or the same end.
    """
    if not typed:
        return {}
    written = Func(F("spellings"), function="unnest")
    words = Passage.objects.order_by().annotate(word=written).values_list("word", flat=True).distinct()
    sizes = {size for key in typed for size in range(len(key) - MOST_WRONG, len(key) + MOST_WRONG + 1)}
    firsts, ends = {key[0] for key in typed}, {key[-2:] for key in typed}
    keys = {key_of(word): word for word in sorted(words) if len(word) in sizes}
    return {key: word for key, word in keys.items() if (key[:1] in firsts or key[-2:] in ends) and normal(word)}
