"""Forgiving a typo with the words of the published sheets: one letter from four signs, two from eight."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.postgres.search import TrigramDistance
from django.db import connection
from django.db.models import CharField, Value

from accounts.territories import key_of
from initiatives.models import Word
from initiatives.search.text import STOP, Reading, plain

LEAST, MANY, LONGEST = 4, 8, 40
CANDIDATES = 60

_COUNT = """
INSERT INTO initiatives_word (key, text, uses)
SELECT key, text, step FROM unnest(%(keys)s::text[], %(texts)s::text[], %(steps)s::int[]) AS given (key, text, step)
ORDER BY key
ON CONFLICT (key) DO UPDATE SET uses = greatest(initiatives_word.uses + excluded.uses, 0)
"""


def words_of(*texts: str) -> list[str]:
    """The words of some texts that may be offered as a spelling, each once, as first written."""
    found: dict[str, str] = {}
    for word in plain(" ".join(texts)).lower().split():
        key = key_of(word)
        if LEAST <= len(key) <= LONGEST and len(word) <= LONGEST and key not in STOP and key.isalpha():
            found.setdefault(key, word)
    return sorted(found.values())


def count(before: Iterable[str], after: Iterable[str]) -> None:
    """Record that a sheet said `before` and now says `after`; a word nobody says any more is forgotten.

    Keys are written in order, so that two publications never wait for one another both ways.
    """
    old, new = {key_of(word): word for word in before}, {key_of(word): word for word in after}
    changes = {key: (new.get(key) or old[key], (key in new) - (key in old)) for key in sorted(old.keys() ^ new.keys())}
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "keys": list(changes),
                "texts": [text for text, _ in changes.values()],
                "steps": [max(step, 0) for _, step in changes.values()],
            },
        )
        gone = [key for key, (_, step) in changes.items() if step < 0]
        if gone:
            cursor.execute("UPDATE initiatives_word SET uses = greatest(uses - 1, 0) WHERE key = ANY(%s)", [gone])
            cursor.execute("DELETE FROM initiatives_word WHERE key = ANY(%s) AND uses = 0", [gone])


def corrected(text: str, reading: Reading) -> str:
    """The text with its unknown words replaced by the nearest known ones; "" when there is nothing better."""
    typed = [c.typed for c in reading.clauses if c.typed and len(c.typed) >= LEAST and not c.excluded]
    asked = [
        Word.objects.filter(uses__gt=0)
        .annotate(asked=Value(word, output_field=CharField()), away=TrigramDistance("key", key_of(word)))
        .order_by("away")
        .values_list("asked", "key", "text", "uses")[:CANDIDATES]
        for word in dict.fromkeys(typed)
    ]
    if not asked:
        return ""
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    near: dict[str, list[tuple[int, int, str]]] = {}
    for word, key, spelled, uses in rows:
        typed_key = key_of(word)
        allowed = 2 if len(typed_key) >= MANY else 1
        away = distance(typed_key, key, allowed)
        if away <= allowed:
            near.setdefault(word, []).append((away, -uses, spelled))
    better = {word: min(found)[2] for word, found in near.items()}
    said = re.sub(r"\w+", lambda found: better.get(found[0], found[0]), text)
    return said if key_of(said) != key_of(text) else ""


def distance(one: str, other: str, most: int) -> int:
    """Letters added, dropped, changed or swapped between two words; `most + 1` as soon as there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, before = before, [i], row
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
