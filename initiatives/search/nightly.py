"""What the index needs and no publication should wait for; and the check that it says what the sheets say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from pyroaring import BitMap

from initiatives.models import Entry, Initiative
from initiatives.search import spelling, writing
from initiatives.search.index import entries_of, index, terms_of
from initiatives.search.postings import ALL, Docs


def nightly(on: date) -> None:
    """Put right a sheet the index would have missed, then give back the room of what left."""
    for sheet in astray():
        with transaction.atomic():
            index(Initiative.objects.hold(sheet.pk))
    forget_what_left()
    writing.tidy()


def forget_what_left() -> None:
    """Merge what changed, then keep no trace of what no sheet says any more: after a redaction, at once."""
    writing.merge()
    writing.sweep()
    with transaction.atomic():
        writing.hold()  # what is published meanwhile may say a word about to be forgotten
        spelling.forget_unsaid(writing.words())


def astray() -> list[Initiative]:
    """Sheets the catalogue shows and the index doesn't, and the other way round."""
    published = Initiative.objects.published()
    missing = published.exclude(pk__in=Entry.objects.values("pk"))
    extra = Initiative.objects.filter(entry__isnull=False).exclude(pk__in=published.values("pk"))
    return [*missing, *extra]


def check() -> Iterator[str]:
    """What the index says otherwise than the sheets, a sentence each; nothing when all is well. Reads one snapshot."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            _one_snapshot()
        for sheet in astray():
            yield f"{sheet.slug} : au catalogue ou dans l’index, mais pas dans les deux."
        entries = {entry.pk: entry for entry in Entry.objects.iterator()}
        expected: dict[str, Docs] = {ALL: BitMap(entry.doc for entry in entries.values())}
        for entry in entries.values():
            for term in terms_of(entry):
                expected.setdefault(term, BitMap()).add(entry.doc)
        for made, _ in entries_of(Initiative.objects.published()):
            kept = entries.get(made.pk)
            if kept and not kept.says_as(made):
                yield f"{made.card['slug']} : l’index ne dit pas ce que dit la fiche."
        found = writing.whole()
        alive = found.get(ALL, BitMap())
        for term in sorted(expected.keys() | found.keys()):
            one, other = expected.get(term, BitMap()), found.get(term, BitMap()) & alive
            if one != other:
                yield f"{term} : {len(one - other)} fiches manquent, {len(other - one)} sont en trop."


def _one_snapshot() -> None:
    with connection.cursor() as rows:
        rows.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
