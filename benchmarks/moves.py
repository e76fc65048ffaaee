"""G10. What it costs to publish, verify, edit and withdraw, against a bare UPDATE; and who sees it, when.

« index » is the transaction that brings the index to a sheet already changed; « whole » is the real gesture, with its
journal and letters. Each is followed by a bare UPDATE of the same row, committed too. Two other processes are asked
after every gesture: they must find at once what has just become true.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from statistics import median
from typing import Any

import django

from benchmarks.layer import asker, quantile

GESTURES = ("publish", "verify", "edit", "withdraw")
READERS = 2

type Prepared = tuple[Callable[[], object], str, int | None]
"""(the gesture, a word to search, how many sheets say it afterwards: None when this sheet must be the latest)."""


def prepare(name: str, sheet: Any, *, whole: bool) -> Prepared:
    """Bring a sheet to where the gesture starts: nothing of this is timed."""
    from initiatives import fate, freshness, publication, search
    from initiatives.models import Initiative
    from initiatives.workflow import SheetStatus, Verb

    row, version, word = Initiative.objects.filter(pk=sheet.pk), sheet.public_version, f"zq{name}{sheet.pk}"
    if name == "publish":
        search.remove(sheet)
        _say(version, title=f"Essai {word}")
        if not whole:
            return lambda: search.index(sheet), word, 1
        row.update(status=SheetStatus.IN_REVIEW, public_version=None, published_at=None, verified_on=None)
        return lambda: publication.publish(version, None), word, 1
    if name == "verify":
        day = sheet.verified_on + timedelta(days=1)
        if not whole:
            row.update(verified_on=day)
            sheet.verified_on = day
            return lambda: search.index(sheet), "", None

        def verified() -> None:
            row.update(verified_on=day, verified_by=None)
            freshness._move(sheet, Verb.VERIFY, by=None)

        return verified, "", None
    if name == "edit":  # one word of the story in twenty becomes another; the whole gesture is an accepted revision
        words = version.story.split(" ")
        words[::20] = [f"{word}x{place}" for place in range(len(words[::20]))]
        _say(version, story=" ".join(words))
        return (lambda: publication.publish(version, None) if whole else search.index(sheet)), f"{word}x0", 1
    _say(version, title=f"Essai {word}")
    search.index(sheet)
    return (lambda: fate.withdraw(sheet, None, fate.AUTHOR) if whole else search.remove(sheet)), word, 0


def _say(version: Any, **said: str) -> None:
    type(version).objects.filter(pk=version.pk).update(**said)
    for name, text in said.items():
        setattr(version, name, text)


def measure(number: int, times: int) -> dict[str, Any]:
    from django.db import connection, transaction

    from initiatives.search import writing

    sheets = _sheets(times * len(GESTURES) * 2)
    took: dict[str, list[float]] = {}
    stale = asked = 0
    with ExitStack() as stack:
        readers = [
            stack.enter_context(asker(f"reader {n}", number, sys.executable, "-m", "benchmarks.engine", "ours"))
            for n in range(READERS)
        ]
        for turn in range(times):
            for name in GESTURES:
                for whole in (False, True):
                    sheet = next(sheets)
                    gesture, word, expected = prepare(name, sheet, whole=whole)
                    begun = time.perf_counter()
                    with transaction.atomic():
                        gesture()
                    done = time.perf_counter()
                    if turn:  # the first time warms
                        took.setdefault(f"{name} {'whole' if whole else 'index'}", []).append((done - begun) * 1000)
                    took.setdefault("bare UPDATE", []).append(_bare(sheet))
                    for reader in readers:
                        said = reader.ask(0, {"text": word, "choices": {}, "since": None})
                        asked += 1
                        stale += not _seen(said, sheet, expected)
        settings = {}
        with connection.cursor() as cursor:
            for name in ("fsync", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                settings[name] = cursor.fetchone()[0]
    writing.merge()
    writing.sweep()
    writing.tidy()
    figures = {name: {"p50": median(some), "p95": quantile(some, 0.95)} for name, some in took.items()}
    return {"figures": figures, "times": times - 1, "asked": asked, "stale": stale, "settings": settings}


def _sheets(most: int) -> Iterator[Any]:
    from initiatives.models import Initiative

    written = Initiative.objects.published().filter(slug__startswith="banc-").order_by("pk")
    keys = list(written.values_list("pk", flat=True)[10_000 if written.count() > 10_000 + most else 0 :][:most])
    return (Initiative.objects.select_related("public_version").get(pk=key) for key in keys)


def _bare(sheet: Any) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        begun = time.perf_counter()
        cursor.execute("UPDATE initiatives_initiative SET freshness_asked_on = current_date WHERE id = %s", [sheet.pk])
        return (time.perf_counter() - begun) * 1000


def _seen(said: dict[str, Any], sheet: Any, expected: int | None) -> bool:
    from initiatives.models import Entry

    if expected is None:
        return bool(said["first"] == Entry.objects.get(pk=sheet.pk).doc)
    return bool((0 if said["spelling"] else said["total"]) == expected)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(os.environ["BENCH_NUMBER"]), int(sys.argv[1]))))
