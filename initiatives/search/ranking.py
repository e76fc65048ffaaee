"""The order of relevance: what a sheet is called, then what it is filed under, then what it tells; rare words first.

A score a sheet would mean reading every sheet found. Instead sheets are cut into groups that share a score, from the
best: with three words there are at most twenty-seven, and a page is full after a few. In a group, the most recent
first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import log

from initiatives.search.postings import HEAD, TITLE, Docs, Shelf
from initiatives.search.text import Clause, Reading

MOST_CLAUSES = 3
WEIGHTS = {TITLE: 1.0, HEAD: 0.5, "": 0.1}


def by_relevance(docs: Docs, reading: Reading, shelf: Shelf) -> Iterator[Docs]:
    """These sheets in groups that never overlap, the most relevant first; words beyond the three rarest only match."""
    asked = [clause for clause in reading.clauses if not clause.excluded]
    said = [(len(shelf.saying(clause)), place, clause) for place, clause in enumerate(asked)]
    rarest = [(log(1 + len(shelf.all) / max(1, number)), clause) for number, _, clause in sorted(said)[:MOST_CLAUSES]]
    places = [_places(clause, shelf) for _, clause in rarest]
    classes = sorted(
        product(WEIGHTS, repeat=len(rarest)),
        key=lambda where: -sum(idf * WEIGHTS[place] for (idf, _), place in zip(rarest, where, strict=True)),
    )
    left = docs
    for where in classes:
        group = left
        for there, place in zip(places, where, strict=True):
            if place:
                group = group & there[place]
        if group:
            yield group
            left = left - group
        if not left:
            return


def _places(clause: Clause, shelf: Shelf) -> dict[str, Docs]:
    return {place: shelf.saying(clause, place) for place in (TITLE, HEAD)}
