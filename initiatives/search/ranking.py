"""The order of relevance: what a sheet is called, then what it is filed under, then what it tells; rare words first.

A score a sheet would mean reading every sheet found. Instead sheets are cut into groups that share a score, from the
best: with three words there are at most sixty-four, and a page is full after a few. The first hundred sheets are then
read for the words that were asked in a row. At the same score, the most recent first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from math import log

from pyroaring import BitMap

from accounts.statements import cursor
from initiatives.search.postings import HEAD, TITLE, WORD, Docs, Shelf
from initiatives.search.text import Clause, Reading, Words

MOST_CLAUSES, READ_AGAIN = 3, 100
WEIGHTS = {TITLE: 1.0, HEAD: 0.5, WORD: 0.1, "": 0.0}
IN_A_ROW, AS_TYPED = 1.0, 0.8

# Keys are letters and digits: nothing typed is a pattern.
_ROWS = """
SELECT doc, (SELECT count(*) FROM unnest(%s::text[]) AS words WHERE said LIKE words)
FROM initiatives_entry WHERE doc = ANY(%s::int[])
"""


def by_relevance(docs: Docs, reading: Reading, shelf: Shelf) -> Iterator[Docs | list[int]]:
    """These sheets in groups that never overlap, the most relevant first; in each, numbers are in their order."""
    clauses = [clause for clause in reading.clauses if not clause.excluded]
    groups = _groups(docs, clauses, shelf)
    rows = _rows_of(clauses)
    others = [clause for clause in clauses if len(clause.alternatives) > 1]
    if not rows and not others:
        yield from (group for _, group in groups)
        return
    first: dict[int, float] = {}
    for score, group in groups:
        if len(first) + len(group) > READ_AGAIN:
            if first:
                yield _read_again(first, rows, others, shelf)
                first = {}
            yield group
            break
        first |= dict.fromkeys(group, score)
    if first:
        yield _read_again(first, rows, others, shelf)
    yield from (group for _, group in groups)


def _groups(docs: Docs, clauses: Sequence[Clause], shelf: Shelf) -> Iterator[tuple[float, Docs]]:
    """(score, sheets), the best first; words beyond the three rarest only match."""
    said = [(len(shelf.saying(clause)), place, clause) for place, clause in enumerate(clauses)]
    rarest = [(log(1 + len(shelf.all) / max(1, number)), clause) for number, _, clause in sorted(said)[:MOST_CLAUSES]]
    places = [{place: shelf.saying(clause, place) for place in (TITLE, HEAD, WORD)} for _, clause in rarest]
    scored = (
        (sum(idf * WEIGHTS[place] for (idf, _), place in zip(rarest, where, strict=True)), where)
        for where in product(WEIGHTS, repeat=len(rarest))
    )
    left = docs
    for score, where in sorted(scored, key=lambda pair: -pair[0]):
        group = left
        for there, place in zip(places, where, strict=True):
            if place:
                group = group & there[place]
        if group:
            yield score, group
            left = left - group
        if not left:
            return


def _rows_of(clauses: Sequence[Clause]) -> list[Words]:
    """What was asked in a row: two words typed one after the other, an expression and its synonyms."""
    typed = [clause.alternatives[0] for clause in clauses if clause.alternatives]
    pairs = [(one[-1], other[0]) for one, other in pairwise(typed)]
    expressions = [words for clause in clauses for words in clause.alternatives if len(words) > 1]
    return list(dict.fromkeys([*pairs, *expressions]))


def _read_again(first: dict[int, float], rows: Sequence[Words], others: Sequence[Clause], shelf: Shelf) -> list[int]:
    scores = dict(first)
    if rows:
        with cursor() as read:
            read.execute(_ROWS, [[f"% {' '.join(words)} %" for words in rows], list(scores)])
            for doc, many in read:
                scores[doc] += IN_A_ROW * many
    for clause in others:
        for doc in shelf.saying(Clause(clause.alternatives[:1])) & BitMap(scores):
            scores[doc] += AS_TYPED
    return sorted(scores, key=lambda doc: (scores[doc], doc))
