"""Forgiving a typo with the words of the published sheets: one letter from four signs, two from eight.

Two words a letter apart become the same once each has lost one: words are kept with their « deletions », and a typed
word asks for those that share one of its own (Garbe, SymSpell, 2012; the scheme is Mor and Fraenkel's, 1982).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import batched
from zlib import crc32

from accounts.statements import cursor
from accounts.territories import key_of
from guide.stems import STOP, normal
from initiatives.models import Word

LEAST, MANY, LONGEST = 4, 8, 40
# Letters are dropped among these first ones only: a typo further on leaves them as they are, and in the end both
# words are compared whole.
HEAD = 7
# In a function of the database that reads the index: the planner believes that comparing arrays costs nothing.
_NEAR = "SELECT key, text FROM initiatives_words_near(%s::int[])"


def words_of(*texts: str) -> list[str]:
    """The words of some texts that may be offered as a spelling, each once, as first written."""
    found: dict[str, str] = {}
    for word in re.findall(r"[^\W_]+", " ".join(texts).lower()):
        key = key_of(word)
        if LEAST <= len(key) <= LONGEST and len(word) <= LONGEST and key not in STOP and key.isalpha():
            found.setdefault(key, word)
    return sorted(found.values())


def learn(words: Iterable[str]) -> None:
    """Know these words from now on. Under the catalogue's row: two publications never write the same word at once."""
    said = {key_of(word): word for word in words}
    known = set(Word.objects.filter(key__in=said).values_list("key", flat=True))
    _write({key: word for key, word in said.items() if key not in known})


def relearn(words: Mapping[str, str]) -> None:
    """Know these words {key: as written}, and no other."""
    Word.objects.all().delete()
    _write(words)


def forget_unsaid(said: Collection[str]) -> int:
    """Forget the words whose normal form no sheet says any more; how many there were."""
    gone = [key for key, word in Word.objects.values_list("key", "text") if normal(word) not in said]
    for some in batched(gone, 1_000, strict=False):
        Word.objects.filter(key__in=some).delete()
    return len(gone)


def _write(words: Mapping[str, str]) -> None:
    rows = (Word(key=key, text=words[key], deletions=kept(key)) for key in sorted(words))
    for some in batched(rows, 1_000, strict=False):
        Word.objects.bulk_create(some, ignore_conflicts=True)


def allowed(key: str) -> int:
    """How many letters a typed word may have wrong."""
    return 2 if len(key) >= MANY else 1 if len(key) >= LEAST else 0


def deletions(key: str, most: int) -> set[int]:
    """The head of a key with up to so many letters less, each as a number of 32 bits."""
    head = key[:HEAD]
    found = {head}
    for _ in range(most):
        found |= {one[:i] + one[i + 1 :] for one in found for i in range(len(one))}
    return {crc32(one.encode()) - (1 << 31) for one in found}


def kept(key: str) -> list[int]:
    """The deletions kept of a known word: a word of eight letters with two wrong may be one of six."""
    return sorted(deletions(key, 2 if len(key) >= MANY - 2 else 1))


def near(typed: Iterable[str]) -> dict[str, dict[str, int]]:
    """{typed word: {known word, as written: letters wrong}} for the known words a typo away. One statement."""
    keys = {word: key_of(word) for word in typed}
    asked = {word: key for word, key in keys.items() if allowed(key) and len(key) <= LONGEST and " " not in key}
    found: dict[str, dict[str, int]] = {word: {} for word in asked}
    if not asked:
        return found
    with cursor() as rows:
        rows.execute(_NEAR, [sorted(set().union(*(deletions(key, allowed(key)) for key in asked.values())))])
        known = list(rows)
    for key, text in known:
        for word, typed_key in asked.items():
            away = distance(typed_key, key, allowed(typed_key))
            if away <= allowed(typed_key):
                found[word][text] = away
    return found


def put_right(said: str, better: Mapping[str, str]) -> str:
    """A text with some of its words replaced."""
    return re.sub(r"\w+", lambda found: better.get(found[0], found[0]), said)


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
