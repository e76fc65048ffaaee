"""The order of answers, judged on the real sheets: `relevance.toml` says what people type and what they expect.

The score is nDCG@10: the gain of a sheet is 2^grade − 1, divided by log2(rank + 1); the sum over the first ten answers
is divided by that of the best order possible. 1 is the best order; 0 when nothing expected is there. `-s` prints all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from math import log2
from pathlib import Path
from typing import Any

import pytest

from initiatives.cards import cards
from initiatives.content import load_public_sources, public_sources
from initiatives.models import Initiative
from initiatives.search import Question, ask

TABLE = tomllib.loads(Path(__file__).with_name("relevance.toml").read_text(encoding="utf-8"))
QUERIES: list[dict[str, Any]] = TABLE["query"]
TYPED = [query["typed"] for query in QUERIES]
GRADES = {"related": 1, "good": 2, "exactly": 3}
SHEETS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in public_sources()}
SAME_SHEETS = [
    ("ISIC", "intervention collective", "travail social collectif"),
    ("gens du voyage", "voyageurs"),
    ("épicerie", "epicerie", "ÉPICERIES", "l’épicerie", "l'epicerie"),
    ("jardin partagé", "jardins partagés", "jardin collectif"),
    ("illectronisme", "inclusion numérique", "médiation numérique"),
]
_found: dict[str, tuple[str, ...]] = {}


def gain(grade: int, rank: int) -> float:
    return float(2**grade - 1) / log2(rank + 1)


def ndcg(slugs: Iterable[str], expected: Mapping[str, int], most: int = 10) -> float:
    got = sum(gain(expected.get(slug, 0), rank) for rank, slug in enumerate(list(slugs)[:most], 1))
    best = sorted(expected.values(), reverse=True)[:most]
    return got / sum(gain(grade, rank) for rank, grade in enumerate(best, 1))


def expected_of(query: Mapping[str, Any]) -> dict[str, int]:
    expected: dict[str, int] = {}
    if "filed_under" in query:
        field, code = query["filed_under"].split(":")
        expected = {slug: GRADES["good"] for slug, sheet in SHEETS.items() if code in sheet[field]}
    return expected | {slug: grade for name, grade in GRADES.items() for slug in query.get(name, [])}


@pytest.fixture
def found(db):
    """What the catalogue finds among the real sheets, asked once for all the tests of this file."""
    if set(Initiative.objects.values_list("slug", flat=True)) < set(SHEETS):
        load_public_sources()

    def ask_once(typed: str) -> tuple[str, ...]:
        if typed not in _found:
            answer = ask(Question(text=typed, size=len(SHEETS)))
            slugs = [card.slug for card in cards(answer.found, answer.reading)]
            _found[typed] = tuple(slug for slug in slugs if slug in SHEETS)
        return _found[typed]

    return ask_once


def test_the_table_names_real_sheets_once_and_asks_of_all_kinds():
    assert len(set(TYPED)) == len(QUERIES) >= 40
    for query in QUERIES:
        named = [slug for name in (*GRADES, "never") for slug in query.get(name, [])]
        assert set(named) <= set(SHEETS), query["typed"]
        assert len(named) == len(set(named)), query["typed"]
        assert expected_of(query), query["typed"]


def test_the_order_is_as_good_as_it_was(found):
    scores = {query["typed"]: ndcg(found(query["typed"]), expected_of(query)) for query in QUERIES}
    print()
    for typed, score in sorted(scores.items(), key=lambda row: row[1]):
        print(f"  {score:.2f}  {typed}")
    mean = sum(scores.values()) / len(scores)
    print(f"Pertinence : nDCG@10 moyen {mean:.3f} sur {len(scores)} recherches")
    fallen = {q["typed"]: scores[q["typed"]] for q in QUERIES if scores[q["typed"]] < q.get("floor", 0)}
    assert not fallen
    assert mean >= TABLE["mean_floor"]


@pytest.mark.parametrize("query", [query for query in QUERIES if "first" in query], ids=lambda query: query["typed"])
def test_a_sheet_comes_first_for_its_own_name(found, query):
    assert found(query["typed"])[:1] == (query["first"],)


@pytest.mark.parametrize("query", [query for query in QUERIES if "never" in query], ids=lambda query: query["typed"])
def test_what_is_excluded_never_comes(found, query):
    assert not set(found(query["typed"])) & set(query["never"])


@pytest.mark.parametrize("ways", SAME_SHEETS, ids=lambda ways: ways[0])
def test_ways_of_saying_find_the_same_sheets(found, ways):
    first, *others = [set(found(way)) for way in ways]
    assert first
    assert all(first == other for other in others)


def test_the_score_is_the_usual_one():
    expected = {"a": 3, "b": 2, "c": 1}
    assert ndcg(["a", "b", "c"], expected) == 1
    assert ndcg([], expected) == ndcg(["x"], expected) == 0
    assert ndcg(["b", "a", "x", "c"], expected) == pytest.approx(0.835, abs=0.001)
