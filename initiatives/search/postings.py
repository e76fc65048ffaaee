"""Reading the postings: one statement for the words of a request, what changed since, and the catalogue's version.

The facets' bitmaps stay in the process until the version moves. Five rules keep them true (decision 0010): the cache
is taken before the statement; it is replaced, never changed; one that a merge has overtaken is read whole again; a
snapshot older than it is answered apart and not kept; so is a transaction that has written, for it may be rolled back.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from accounts.statements import cursor
from initiatives.search.text import Clause

type Docs = BitMap

ALL = "all"
TITLE, HEAD, WORD = "t", "h", "w"
"""Where a word stands: in the title, in it or in what the sheet is filed under, anywhere."""
NONE: Docs = BitMap()

# One snapshot: postings and changes read in two would lose a sheet when a merge comes between.
_READ = """
WITH catalogue AS MATERIALIZED (SELECT version, merged, synonyms FROM initiatives_catalogue)
SELECT 0, NULL::text, NULL::bytea,
  ARRAY[version, merged, synonyms, (pg_current_xact_id_if_assigned() IS NOT NULL)::int::bigint] FROM catalogue
UNION ALL
SELECT 1, term, docs, NULL FROM initiatives_posting WHERE term = ANY(%(words)s::text[])
UNION ALL
SELECT 2, term, NULL, array_agg((CASE WHEN added THEN doc ELSE -doc END)::bigint ORDER BY version)
FROM initiatives_postingchange WHERE term = ANY(%(words)s::text[]) GROUP BY term
UNION ALL
SELECT 3, term, docs, NULL FROM initiatives_posting WHERE facet AND (SELECT merged FROM catalogue) > %(known)s::bigint
UNION ALL
SELECT 4, term, NULL, array_agg((CASE WHEN added THEN doc ELSE -doc END)::bigint ORDER BY version)
FROM initiatives_postingchange WHERE facet AND version > %(known)s::bigint GROUP BY term
"""
_VERSION = "SELECT version FROM initiatives_catalogue"


@dataclass(frozen=True)
class Facets:
    """The facets' bitmaps at one version: {facet: {value: docs}}; never changed once made."""

    version: int = -1
    all: Docs = NONE
    values: Mapping[str, Mapping[str, Docs]] = field(default_factory=dict)

    def get(self, term: str) -> Docs | None:
        name, _, value = term.partition(":")
        return self.values.get(name, {}).get(value)


@dataclass(frozen=True)
class Shelf:
    """What one request works on: the facets, and the words it asked for, at one version."""

    facets: Facets
    words: Mapping[str, Docs]
    version: int = 0
    synonyms: int = 0
    writing: bool = False
    """Read inside a transaction that has written: nothing of it may be kept, it may be rolled back."""

    @property
    def all(self) -> Docs:
        return self.facets.all

    def get(self, term: str) -> Docs:
        """The sheets that have a term, those that left included: results are cut by `all`."""
        found = self.words.get(term)
        return found if found is not None else self.facets.get(term) or NONE

    def saying(self, clause: Clause, where: str = WORD) -> Docs:
        """The sheets that have one of a clause's alternatives there; of a phrase, its words in any order."""
        alternatives = clause.alternatives or (clause.phrase,)
        each = (BitMap.intersection(*(self.get(f"{where}:{word}") for word in words)) for words in alternatives)
        return BitMap.union(*each)

    def any_of(self, terms: Iterable[str]) -> Docs:
        return BitMap.union(*(self.get(term) for term in terms), NONE)


_kept = Facets()
_lock = threading.Lock()


def read(words: Collection[str] = ()) -> Shelf:
    """The postings of some words, and the facets, as of one snapshot of the database."""
    before = _kept
    shelf = _read(words, before)
    return shelf if shelf is not None else _read(words, Facets()) or Shelf(Facets(), {})


def version() -> int:
    """The number that moves with every change of what the catalogue shows."""
    with cursor() as rows:
        rows.execute(_VERSION)
        found = rows.fetchone()
    return int(found[0]) if found else 0


def _read(words: Collection[str], before: Facets) -> Shelf | None:
    """None when this transaction sees the catalogue as it was before `before`: it can't start from it."""
    found: dict[str, Docs] = {}
    whole: dict[str, Docs] = {}
    moved: dict[str, list[int]] = {}
    now = merged = synonyms = 0
    writing = False
    with cursor() as rows:
        rows.execute(_READ, {"words": list(words), "known": before.version})
        for kind, term, docs, numbers in rows:
            if kind == 0:
                now, merged, synonyms, writing = numbers
            elif kind == 1:
                found[term] = BitMap.deserialize(docs)
            elif kind == 2:
                found[term] = changed(found.get(term, NONE), numbers)
            elif kind == 3:
                whole[term] = BitMap.deserialize(docs)
            else:
                moved[term] = numbers
    if now < before.version:
        return None
    facets = before
    if now > before.version:
        facets = _brought_to(now, before if merged <= before.version else Facets(), whole, moved)
        if not writing:
            _keep(facets)
    return Shelf(facets, found, now, synonyms, writing=bool(writing))


def _brought_to(version: int, before: Facets, whole: Mapping[str, Docs], moved: Mapping[str, Iterable[int]]) -> Facets:
    values = {name: dict(docs) for name, docs in before.values.items()}
    everything = before.all

    def put(term: str, docs: Docs) -> None:
        name, _, value = term.partition(":")
        if docs:
            values.setdefault(name, {})[value] = docs
        else:
            values.get(name, {}).pop(value, None)

    for term, docs in whole.items():
        if term == ALL:
            everything = docs
        else:
            put(term, docs)
    for term, numbers in moved.items():
        if term == ALL:
            everything = changed(everything, numbers)
        else:
            name, _, value = term.partition(":")
            put(term, changed(values.get(name, {}).get(value, NONE), numbers))
    return Facets(version, everything, values)


def _keep(facets: Facets) -> None:
    global _kept
    with _lock:
        if facets.version > _kept.version:
            _kept = facets


def forget() -> None:
    """Read the facets whole at the next request: for tests, and for a database put back as it was."""
    global _kept
    with _lock:
        _kept = Facets()


def changed(docs: Docs, numbers: Iterable[int]) -> Docs:
    """These sheets after changes in their order: a number is added, its opposite removed."""
    after = docs.copy()
    for number in numbers:
        if number > 0:
            after.add(number)
        else:
            after.discard(-number)
    return after
