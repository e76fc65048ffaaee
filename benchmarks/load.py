"""Putting generated sheets in the database, published and indexed, by COPY and on every processor.

A sheet's entry is made by the search's own functions from the model as it would be read; the tests compare the result
with what indexing one by one would have left.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from multiprocessing import get_context
from typing import Any

import django
import psycopg
from django.db import connection, connections, models, transaction

CHUNK = 5_000
FIRST = 1_000_000
"""Keys of generated sheets begin here, beside the real ones."""

type Made = tuple[int, dict[str, bytes], dict[str, str], str]


def main(number: int) -> dict[str, Any]:
    """An empty database made into a site with its reference texts, the real sheets and `number` generated ones."""
    from django.core.management import call_command

    begun = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    ready = time.perf_counter()
    digest, written = load(number, processes=os.cpu_count() or 1)
    settle(FIRST + number)
    return {
        "digest": digest,
        "schema_in": ready - begun,
        "written_in": written - ready,
        "indexed_in": time.perf_counter() - written,
    }


def load(number: int, processes: int = 1) -> tuple[str, float]:
    """Write and index `number` sheets; a short digest of what they say, and when the rows were written."""
    chunk = min(CHUNK, -(-number // processes))
    parts = [range(start, min(start + chunk, number)) for start in range(0, number, chunk)]
    corpus()  # made before the processes are, so that it is made once
    begun = base()
    digest = hashlib.sha256()
    postings, words, made = {}, {}, 0

    def collected(results: Iterable[Made]) -> None:
        nonlocal made
        for many, said, spelled, some in results:
            add(postings, said)
            words.update(spelled)
            digest.update(some.encode())
            made += many
            if number > CHUNK:
                print(f"{made} sheets", flush=True)

    if processes == 1:
        collected(write(part, begun) for part in parts)
    else:
        connections.close_all()
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            collected(pool.map(write, parts, [begun] * len(parts)))
    written = time.perf_counter()
    put_in_place(postings, words, begun + number)
    return digest.hexdigest()[:12], written


@cache
def corpus() -> Any:
    from benchmarks.corpus import SEED, Corpus
    from benchmarks.references import references
    from benchmarks.vocabulary import Vocabulary

    vocabulary = Vocabulary(SEED)
    return Corpus(references(vocabulary.tags), vocabulary)


def base() -> int:
    """The number before the first generated sheet's: the real ones have theirs."""
    from initiatives.search import writing

    with transaction.atomic():
        return writing.bump()[1] + writing.VERIFIED


def write(part: Sequence[int], begun: int) -> Made:
    """COPY one part, and say what its postings are. In a process of its own when there are several."""
    from pyroaring import BitMap

    from accounts.territories import key_of
    from initiatives.models import Entry, Initiative, Version
    from initiatives.search import spelling
    from initiatives.search.index import terms_of, texts
    from initiatives.search.postings import ALL

    with supports_at_hand():
        made = [_made(corpus().sheet(place), begun + place + 1) for place in part]
    postings: dict[str, BitMap] = {ALL: BitMap(entry.doc for _, entry, _ in made)}
    raw: set[str] = set()
    digest = hashlib.sha256()
    for version, entry, _ in made:
        said = texts(version)
        digest.update("\n".join(said).encode())
        raw.update(re.findall(r"[^\W_]+", " ".join(said).lower()))
        for term in terms_of(entry):
            found = postings.get(term)
            if found is None:
                found = postings[term] = BitMap()
            found.add(entry.doc)
    words = {key_of(word): word for word in spelling.words_of(" ".join(raw))}
    with transaction.atomic(), connection.cursor() as cursor:
        copy(cursor, Initiative, (version.initiative for version, _, _ in made))
        copy(cursor, Version, (version for version, _, _ in made))
        copy(cursor, Entry, (entry for _, entry, _ in made))
        rows: dict[type[models.Model], list[models.Model]] = {}
        for row in chain.from_iterable(links for _, _, links in made):
            rows.setdefault(type(row), []).append(row)
        for model, some in rows.items():
            copy(cursor, model, some)
    return len(made), {term: docs.serialize() for term, docs in postings.items()}, words, digest.hexdigest()


def _made(sheet: Any, doc: int) -> tuple[Any, Any, list[models.Model]]:
    """(version, entry, rows of what it is linked to) of a generated sheet, as the models would be read back."""
    from initiatives.models import Initiative, ObstacleMet, TaggedVersion, Version
    from initiatives.search.index import LINKS, entry_of
    from initiatives.workflow import SheetStatus
    from levers.models import Mapping

    key = FIRST + sheet.number
    at = datetime.combine(sheet.verified_on, datetime.min.time(), UTC) + timedelta(seconds=sheet.number % 1000)
    initiative = Initiative(
        pk=key, slug=f"banc-{sheet.number}", status=SheetStatus.PUBLISHED, public_version_id=key, created_at=at,
        published_at=at, verified_on=sheet.verified_on,
    )  # fmt: skip
    version = Version(
        pk=key, initiative=initiative, number=1, created_at=at, saved_at=at, frozen_at=at, place=sheet.place.territory,
        employer_agrees=True, people_agree=True, **sheet.fields,
    )  # fmt: skip
    met = [
        ObstacleMet(version_id=key, position=place, obstacle=obstacle, text="Le temps a manqué.")
        for place, obstacle in enumerate(sheet.obstacles)
    ]
    version._prefetched_objects_cache = {name: [] for name in LINKS} | {  # what a read with its links leaves there
        "methods": sheet.methods, "publics": sheet.publics, "themes": sheet.themes, "tags": sheet.tags,
        "fiches": sheet.fiches, "obstaclemet_rows": met,
    }  # fmt: skip
    links: list[models.Model] = [*met]
    for name, one in (("methods", "method"), ("publics", "public"), ("themes", "theme"), ("fiches", "fiche")):
        through = getattr(Version, name).through
        links += [through(version_id=key, **{f"{one}_id": thing.pk}) for thing in getattr(sheet, name)]
    links += [TaggedVersion(content_object_id=key, tag_id=tag.pk) for tag in sheet.tags]
    supports = [
        Mapping(
            version_id=key, position=place, lever=lever, proposal=proposal, sentence="On le voit dans le récit.",
            status=Mapping.Status.VALIDATED,
        )
        for place, (lever, proposal) in enumerate(sheet.supports)
    ]  # fmt: skip
    version._prefetched_objects_cache["supports"] = supports
    entry = entry_of(initiative, version)
    entry.doc = doc
    return version, entry, links + supports


@contextmanager
def supports_at_hand() -> Iterator[None]:
    """The terms of levers read from what was generated: the usual way asks the database, a statement a sheet."""
    from initiatives.search import terms
    from levers.models import lever_terms

    def given(version: Any) -> Iterator[str]:
        for mapping in version._prefetched_objects_cache["supports"]:
            yield f"levier:{mapping.lever.number}"
            if mapping.proposal:
                yield f"proposition:{mapping.proposal_id}"

    place = terms._extractors.index(lever_terms)
    terms._extractors[place] = given
    try:
        yield
    finally:
        terms._extractors[place] = lever_terms


def copy(cursor: Any, model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """COPY rows as they are, with the key they have or the one the table gives."""
    some = list(rows)
    if not some:
        return
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and some[0].pk is None)]
    wrapped = {f.attname for f in fields if isinstance(f, models.JSONField)}
    names = [f.attname for f in fields]
    quoted = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    raw = cursor.cursor if hasattr(cursor, "cursor") else cursor
    with raw.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN") as to:
        for row in some:
            to.write_row([
                psycopg.types.json.Jsonb(value) if name in wrapped else value
                for name, value in ((name, getattr(row, name)) for name in names)
            ])  # fmt: skip


def add(postings: dict[str, Any], said: dict[str, bytes]) -> None:
    from pyroaring import BitMap

    for term, docs in said.items():
        found = postings.get(term)
        if found is None:
            postings[term] = BitMap.deserialize(docs)
        else:
            found |= BitMap.deserialize(docs)


def put_in_place(postings: dict[str, Any], words: dict[str, str], last: int) -> None:
    """The postings of the generated sheets with those of the real ones, in one transaction."""
    from initiatives.models import Word
    from initiatives.search import spelling, writing

    with transaction.atomic():
        writing.alone()
        writing.bump()
        for term, docs in writing.whole().items():
            postings[term] = postings[term] | docs if term in postings else docs
        writing.replace(postings, last - writing.VERIFIED)
        spelling.relearn(words | dict(Word.objects.values_list("key", "text")))


def settle(last: int) -> None:
    """What autovacuum does in its own time: without it the planner would answer for an empty base."""
    from initiatives.models import Initiative, Version

    with connection.cursor() as cursor:
        for model in (Initiative, Version):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])
        cursor.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]))))
