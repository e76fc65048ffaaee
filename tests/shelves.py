"""Processes that change and read one catalogue at once: `python -m tests.shelves write|read|rebuild SEED COUNT…`.

A reader compares each answer with what it counts by itself, in the same snapshot, over the entries' own texts. It
prints each difference, and how many answers it checked.
"""

from __future__ import annotations

import os
import random
import sys
import traceback
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

SHEETS = 40
WORDS = ("cuisine", "jardin", "groupe", "parole", "quartier", "familles", "logement", "santé", "jeunes", "atelier")
FACETS = ("methode", "theme", "departement", "levier", "profondeur")


class Undone(Exception):
    """A transaction that changes its mind."""


def write(dice: random.Random, count: int) -> None:
    """Publish, edit, mask, withdraw, verify, merge, four sheets at once, or change one's mind; `count` times."""
    from django.db import OperationalError, transaction

    from initiatives.search import writing

    done = 0
    while done < count:
        done += 1
        try:
            if dice.random() < 0.05:
                writing.merge()
                writing.sweep()
                continue
            with suppress(Undone), transaction.atomic():
                change(dice)
                if dice.random() < 0.15:
                    writing.bump()  # until the end, nobody else changes what is compared
                    compare(dice)  # a search inside one's own publication must not be kept when it is undone
                    raise Undone
        except OperationalError as why:
            start_again(why)


def rebuild(_: random.Random, count: int) -> None:
    """Make the whole index again while the others go on."""
    from django.db import OperationalError

    from initiatives import search

    for _ in range(count):
        try:
            list(search.rebuild())
        except OperationalError as why:
            start_again(why)


def start_again(why: Exception) -> None:
    """Killed: what it had not committed is lost, and only that. Nobody has to be killed so that others go on."""
    from django.db import connection
    from psycopg.errors import DeadlockDetected

    if isinstance(why.__cause__, DeadlockDetected):
        print(f"DEADLOCK {why}")
    connection.close()


def change(dice: random.Random) -> None:
    from django.utils import timezone

    from initiatives import search
    from initiatives.models import Initiative, Version

    some = list(Initiative.objects.exclude(public_version=None).order_by("pk")[:SHEETS].values_list("pk", flat=True))
    chosen = sorted(dice.sample(some, 4 if dice.random() < 0.15 else 1))
    sheets = [Initiative.objects.hold(pk) for pk in chosen]
    for sheet in sheets:
        match dice.choice(("verify", "edit", "edit", "mask", "show", "withdraw", "retag", "stale")):
            case "verify":
                sheet.verified_on = timezone.localdate() - timedelta(days=dice.randrange(300))
            case "edit":
                text = " ".join(dice.choices(WORDS, k=40))
                Version.objects.filter(pk=sheet.public_version_id).update(story=text)
            case "mask":
                sheet.masked_at = timezone.now()
            case "show":
                sheet.masked_at, sheet.status = None, "published"
            case "withdraw":
                sheet.status = "withdrawn"
            case "retag":
                Version.objects.filter(pk=sheet.public_version_id).update(depth=dice.choice(("recit", "instantane")))
            case "stale":
                sheet.status = "stale" if sheet.verified_on else "published"
        sheet.save(update_fields=["verified_on", "masked_at", "status"])
        if not (sheet.masked_at and dice.random() < 0.5):  # what is masked by hand has no one to say so to the index
            sheet.refresh_from_db()
            search.index(sheet)


def read(dice: random.Random, count: int) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def some(seed: int) -> int:
        mine = random.Random(seed)
        return sum(one_snapshot(mine) for _ in range(count))

    with ThreadPoolExecutor(2) as threads:
        print(f"checked {sum(threads.map(some, [dice.random(), dice.random()]))}")  # type: ignore[arg-type]


def one_snapshot(dice: random.Random) -> int:
    from django.db import OperationalError, connection, transaction

    from initiatives.search import Question, ask

    with suppress(OperationalError):
        ask(Question())  # outside any transaction: this one is kept by the process
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for _ in range(3):
                compare(dice)
        return 3
    connection.close()
    return 0


def compare(dice: random.Random) -> None:
    """One question asked of the search, and answered again by reading every entry."""
    from guide.stems import normals
    from initiatives.models import Entry, Initiative
    from initiatives.search import Question, ask

    entries: list[Any] = list(Entry.objects.filter(initiative__in=Initiative.objects.published()))
    words = dice.sample(WORDS, dice.choice((0, 0, 1, 1, 2)))
    known = {facet: sorted({t for e in entries for t in e.terms if t.startswith(f"{facet}:")}) for facet in FACETS}
    used = dice.sample([facet for facet in FACETS if known[facet]], dice.choice((0, 1, 1, 2)))
    chosen = {facet: set(dice.sample(known[facet], min(2, len(known[facet])))) for facet in used}
    choices = {facet: tuple(term.partition(":")[2] for term in terms) for facet, terms in chosen.items()}
    answer = ask(Question(" ".join(words), choices=choices, order="recentes"))
    keys = set(normals(" ".join(words)))

    def passing(but: str = "") -> list[Any]:
        return [
            entry
            for entry in entries
            if keys <= set(entry.said.split())
            and all(terms & set(entry.terms) for facet, terms in chosen.items() if facet != but)
        ]

    expected = passing()
    counts = {}
    for facet in FACETS:
        filed = [term for entry in passing(facet) for term in entry.terms if term.startswith(f"{facet}:")]
        counts[facet] = dict(Counter(term.partition(":")[2] for term in filed))
    found = {facet: dict(answer.counts.get(facet, {})) for facet in FACETS}
    recent = sorted((entry.doc for entry in expected), reverse=True)[:20]
    if (answer.total, answer.docs, found) != (len(expected), recent, counts):
        differing = {f: (found[f], counts[f]) for f in FACETS if found[f] != counts[f]}
        print(f"DIFFERENT {words} {choices}: {answer.total} / {len(expected)}, {answer.docs} / {recent}, {differing}")


def main() -> int:
    """Each kind in a process of its own; Django is loaded once. Then the index must say what the sheets say."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    children = []
    for kind, seed, count in zip(*[iter(sys.argv[1:])] * 3, strict=True):
        child = os.fork()
        if not child:
            ended = 1
            connection.settings_dict["OPTIONS"]["application_name"] = "shelf"  # it may be killed; what checks may not
            try:
                {"write": write, "read": read, "rebuild": rebuild}[kind](random.Random(int(seed)), int(count))
                ended = 0
            finally:
                if ended:
                    traceback.print_exc(file=sys.stdout)
                sys.stdout.flush()
                os._exit(ended)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print("ended", *ends, flush=True)
    call_command("check_catalogue")
    return int(any(ends))


if __name__ == "__main__":
    sys.exit(main())
