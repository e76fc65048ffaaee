"""Changing the postings: changes are appended under the catalogue's row lock, and merged away at night.

A publication takes its sheets first and this row last, and holds it until it commits: versions come in the order of
commits, so that a process which has read one has missed none before it. Whoever changes entries takes their table
before the row: many together, or alone when all are put back (`rebuild`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched

from django.db import connection, transaction
from pyroaring import BitMap

from accounts.statements import cursor
from initiatives.search.facets import all_facets
from initiatives.search.postings import ALL, Docs, changed

# Numbers of sheets someone has verified begin here: they come before the others, whenever they are published.
VERIFIED = 1 << 30
MERGE_LOCK = 620_002
AT_ONCE = 2_000

_BUMP = """
INSERT INTO initiatives_catalogue AS catalogue (one, version, merged, last_doc, synonyms)
VALUES (true, 1, 0, %(numbers)s::int, 0)
ON CONFLICT (one) DO UPDATE SET version = catalogue.version + 1, last_doc = catalogue.last_doc + %(numbers)s::int
RETURNING version, last_doc
"""
_CHANGE = """
INSERT INTO initiatives_postingchange (version, term, doc, added, facet)
SELECT %s, term, abs(doc), doc > 0, facet FROM unnest(%s::text[], %s::bigint[], %s::bool[]) AS given (term, doc, facet)
"""
_PENDING = """
SELECT (SELECT version FROM initiatives_catalogue), term,
  array_agg((CASE WHEN added THEN doc ELSE -doc END)::bigint ORDER BY version)
FROM initiatives_postingchange GROUP BY term
"""
_SAID = """
SELECT substr(term, 3) FROM initiatives_posting WHERE term LIKE 'w:%'
UNION SELECT substr(term, 3) FROM initiatives_postingchange WHERE term LIKE 'w:%' AND added
"""
_SOME = "SELECT term, docs FROM initiatives_posting WHERE term = ANY(%s::text[])"
_NEXT = "SELECT term, docs FROM initiatives_posting WHERE term > %s ORDER BY term LIMIT %s"
_STORE = """
INSERT INTO initiatives_posting (term, facet, docs) SELECT * FROM unnest(%s::text[], %s::bool[], %s::bytea[])
ON CONFLICT (term) DO UPDATE SET docs = excluded.docs, facet = excluded.facet
"""


def bump(numbers: int = 0) -> tuple[int, int]:
    """(the new version, the last of `numbers` new document numbers). Holds the row until the transaction ends."""
    with cursor() as rows:
        rows.execute(_BUMP, {"numbers": numbers})
        version, last = rows.fetchone()
    return version, last


def enter() -> None:
    """Be one of those who change entries, until the transaction ends; waits while all are being put back.

    What one then reads of an entry is what stands. The trigger that removes an entry enters by itself.
    """
    with cursor() as rows:
        rows.execute("LOCK TABLE initiatives_entry IN ROW EXCLUSIVE MODE")


def hold() -> None:
    """Let nobody publish until this transaction ends, and change nothing."""
    with cursor() as rows:
        rows.execute("SELECT FROM initiatives_catalogue FOR UPDATE")


def append(version: int, changes: Mapping[str, Iterable[int]]) -> None:
    """Record {term: numbers}, a number below zero being a sheet that loses the term."""
    pairs = [(term, number) for term, numbers in changes.items() for number in numbers]
    if pairs:
        counted = _counted(changes)
        with cursor() as rows:
            given = [[t for t, _ in pairs], [n for _, n in pairs], [t in counted for t, _ in pairs]]
            rows.execute(_CHANGE, [version, *given])


def _counted(terms: Iterable[str]) -> set[str]:
    """Those whose sheets are counted on the page of results."""
    heads = {"annee", ALL, *(facet.name for facet in all_facets())}
    return {term for term in terms if term.partition(":")[0] in heads}


def moved_since(version: int) -> set[int] | None:
    """The numbers of the sheets that changed since; None when a merge has forgotten some of them."""
    with cursor() as rows:
        rows.execute("SELECT merged > %s::bigint FROM initiatives_catalogue", [version])
        if rows.fetchone()[0]:
            return None
        rows.execute("SELECT DISTINCT doc FROM initiatives_postingchange WHERE version > %s::bigint", [version])
        return {doc for (doc,) in rows}


def merge() -> int:
    """Make pending changes part of the postings, in one transaction; how many terms were written anew.

    Sheets that left are cut from what is written. Readers and publications go on meanwhile. Two merges never meet: the
    second does nothing.
    """
    with transaction.atomic(), cursor() as rows:
        if not _alone_now():
            return 0
        rows.execute(_PENDING)
        pending = list(rows)
        if not pending:
            return 0
        upto = pending[0][0]
        alive = _all(next((numbers for _, term, numbers in pending if term == ALL), ()))
        for some in batched(pending, AT_ONCE, strict=False):
            rows.execute(_SOME, [[term for _, term, _ in some]])
            before = {term: BitMap.deserialize(docs) for term, docs in rows}
            after = {term: changed(before.get(term, BitMap()), numbers) & alive for _, term, numbers in some}
            store(after)
        rows.execute("DELETE FROM initiatives_postingchange WHERE version <= %s", [upto])
        rows.execute("UPDATE initiatives_catalogue SET merged = %s", [upto])
        return len(pending)


def sweep() -> int:
    """After a merge: cut sheets that left from every posting that still holds them; how many were written anew."""
    done = 0
    with transaction.atomic():
        if not _alone_now():
            return 0
        alive = _all(())
        for some in _every_posting():
            stale = {term: docs & alive for term, docs in some.items() if docs - alive}
            store(stale)
            done += len(stale)
    return done


def _alone_now() -> bool:
    """Be the one that merges until this transaction ends. Never waits: who merges may be waiting for who publishes."""
    with cursor() as rows:
        rows.execute("SELECT pg_try_advisory_xact_lock(%s)", [MERGE_LOCK])
        return bool(rows.fetchone()[0])


def alone() -> None:
    """Wait until nobody merges or changes entries, and let nobody until this transaction ends. Searches go on."""
    with cursor() as rows:
        rows.execute("SELECT pg_advisory_xact_lock(%s)", [MERGE_LOCK])
        rows.execute("LOCK TABLE initiatives_entry IN SHARE ROW EXCLUSIVE MODE")


def _all(numbers: Iterable[int]) -> Docs:
    with cursor() as asked:
        asked.execute(_SOME, [[ALL]])
        found = asked.fetchone()
    return changed(BitMap.deserialize(found[1]) if found else BitMap(), numbers)


def _every_posting() -> Iterator[dict[str, Docs]]:
    after = ""
    while True:
        with cursor() as rows:
            rows.execute(_NEXT, [after, AT_ONCE])
            some = {term: BitMap.deserialize(docs) for term, docs in rows}
        if not some:
            return
        yield some
        after = max(some)


def whole() -> dict[str, Docs]:
    """Every posting with its pending changes, sheets that left included. As large as the index."""
    found: dict[str, Docs] = {}
    for some in _every_posting():
        found |= some
    with cursor() as rows:
        rows.execute(_PENDING)
        for _, term, numbers in rows:
            found[term] = changed(found.get(term, BitMap()), numbers)
    return found


def words() -> set[str]:
    """The normal forms some sheet may say: those of the postings, and those not merged yet."""
    with cursor() as rows:
        rows.execute(_SAID)
        return {word for (word,) in rows}


def store(postings: Mapping[str, Docs]) -> None:
    """Write these postings whole; those left empty are removed."""
    full = {term: docs for term, docs in postings.items() if docs}
    counted = _counted(full)
    gone = [term for term, docs in postings.items() if not docs]
    with cursor() as rows:
        for some in batched(full.items(), AT_ONCE, strict=False):
            given = [[t for t, _ in some], [t in counted for t, _ in some], [docs.serialize() for _, docs in some]]
            rows.execute(_STORE, given)
        if gone:
            rows.execute("DELETE FROM initiatives_posting WHERE term = ANY(%s::text[])", [gone])


def replace(postings: Mapping[str, Docs], last_doc: int) -> None:
    """Put these postings in the place of all, changes too. Inside a transaction that is `alone` and holds the row."""
    with connection.cursor() as rows:
        rows.execute("DELETE FROM initiatives_posting")
        rows.execute("DELETE FROM initiatives_postingchange")
        rows.execute("UPDATE initiatives_catalogue SET merged = version, last_doc = greatest(last_doc, %s)", [last_doc])
    store(postings)


def tidy() -> None:
    """Give back the room of what was written anew; a transaction can't."""
    if not connection.in_atomic_block:
        with connection.cursor() as rows:
            rows.execute("VACUUM initiatives_posting")
            rows.execute("VACUUM initiatives_postingchange")
