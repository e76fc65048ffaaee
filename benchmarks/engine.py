"""python -m benchmarks.engine ours | floor: our data layer, and the floor under it, a question a line.

The floor is the same algebra, run by the same code, with every posting, word and spelling in the process, and one empty
round trip to the server a question. Both then read the rows of twenty cards, as the page does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any

import django

type Ask = Callable[[Any], Any]


def ours() -> Ask:
    from initiatives.search import ask

    return ask


def floor() -> Ask:
    from accounts import statements
    from initiatives.search import postings, query, spelling, writing

    everything = writing.whole()
    begun = postings.read()
    facets, version, synonyms = begun.facets, begun.version, begun.synonyms
    known = _dictionary()

    def read(words: Collection[str] = ()) -> postings.Shelf:
        here = {word: everything[word] for word in words if word in everything}
        return postings.Shelf(facets, here, version, synonyms)

    def near(typed: Iterable[str]) -> dict[str, dict[str, int]]:
        return {word: known(spelling, word) for word in typed}

    postings.read, spelling.near = read, near  # type: ignore[assignment]

    def ask(question: Any) -> Any:
        with statements.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return query.ask(question)

    return ask


def _dictionary() -> Callable[[Any, str], dict[str, int]]:
    from accounts.territories import key_of
    from initiatives.models import Word
    from initiatives.search import spelling

    lost: dict[str, list[tuple[str, str]]] = {}
    for key, text in Word.objects.values_list("key", "text"):
        for less in spelling.kept(key):
            lost.setdefault(less, []).append((key, text))

    def near(spelling: Any, word: str) -> dict[str, int]:
        typed = key_of(word)
        most = spelling.allowed(typed)
        if not most or len(typed) > spelling.LONGEST:
            return {}
        offered = {pair for less in spelling.deletions(typed, most) for pair in lost.get(less, ())}
        away = ((text, spelling.distance(typed, key, most)) for key, text in offered)
        return {text: letters for text, letters in away if letters <= most}

    return near


def main(which: str) -> None:
    from benchmarks.peers.serving import serve
    from guide.stems import normals
    from initiatives.cards import cards
    from initiatives.search import Question

    ask = {"ours": ours, "floor": floor}[which]()

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        choices = {name: tuple(values) for name, values in asked["choices"].items()}
        question = Question(text=asked["text"], choices=choices, since=asked["since"])
        begun = time.perf_counter()
        found = ask(question)
        answered = (time.perf_counter() - begun) * 1000
        shown = cards(found.found)
        return {
            "ask": answered,
            "total": found.total,
            "found": len(shown),
            "first": found.docs[0] if found.docs else 0,
            "spelling": found.spelling,
            "values": sum(len(values) for values in found.counts.values()),
            "words": normals(found.spelling or asked["text"]),
        }

    serve(answer)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
