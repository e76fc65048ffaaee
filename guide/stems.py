"""The one normaliser of French, for the index and for questions."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from accounts.territories import LIGATURES

STOP = frozenset("les au aux avec ce ces dans de des du elle en et eux il je la le leur lui ma mais me meme mes moi mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sur ta te tes toi ton tu un une vos votre vous a est sont ont qu".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W_]+")
_local = threading.local()


class Token(NamedTuple):
    start: int
    end: int
    key: str


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    text = unicodedata.normalize("NFKD", word.translate(LIGATURES)).lower()
    text = re.sub(r"[^a-z0-9]", "", text)
    if text in STOP or (len(text) == 1 and not text.isdigit()):
        return ""
    stemmer = getattr(_local, "stemmer", None) or snowballstemmer.stemmer("french")
    _local.stemmer = stemmer
    if text.endswith(("ees", "ee")):
        text = text.rstrip("s")[:-1]
    text = re.sub(r"aux$", "al", text)
    return re.sub(r"[^a-z0-9]", "", stemmer.stemWord(text)) or text


def tokens(text: str) -> Iterator[Token]:
    for found in _WORD.finditer(text):
        key = normal(found[0])
        if key:
            yield Token(found.start(), found.end(), key)


def normals(text: str) -> list[str]:
    return [key for word in _WORD.findall(text) if (key := normal(word))]
