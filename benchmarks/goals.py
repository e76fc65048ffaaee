"""What each goal asks, and what was measured of it: one line a goal and a size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

HELD_BY = {
    "G2": "the textbook counts seven facets; ours counts every value of eleven (470 to 600 a question), forgives typos,"
    " knows synonyms, and reads the cards. Its own part of the question is what the floor of G1 shows.",
    "G3": "tantivy counts in its own code what ours counts in Python around bitmaps: two thirds of our time are some"
    " 500 intersections a question and the objects made of them, the rest a round trip to the server.",
    "G4": "hello has no middleware, no session, no database, no template. A third of our page is its template (a"
    " hundred kilobytes: twenty cards, 470 facet values, the map), a quarter the question, a quarter the cards with"
    " their excerpts, a tenth the compression.",
    "G5": "the textbook draws a bare page: the whole stack, the facets and the map of ours weigh on every request.",
    "G6": "as G5, where Wagtail's own search is quick on a small corpus.",
    "G7": "the bitmaps of a common word and the intersections of its facets grow with the catalogue.",
    "G9": "a 304 asks the database for the version, so that every process answers with what was just published; the"
    " static template asks nothing.",
    "G10": "a bare UPDATE writes one row. Indexing a sheet reads its version with all it is linked to, brings its"
    " French to normal forms and writes some 300 changes; the whole gesture adds its journal and letters. People do it"
    " a few dozen times a day.",
    "G11": "the facets are whole without JavaScript.",
    "G12": "the page has ten times the elements of what it is compared with.",
    "G14": "see the honesty gate below.",
}


@dataclass(frozen=True)
class Line:
    goal: str
    what: str
    number: str
    measured: str
    asked: str
    held: bool


def lines(kept: dict[str, Any]) -> Iterator[Line]:
    for number, said in _sized(kept, "layer"):
        yield from _layer(number, said)
    for number, said in _sized(kept, "web"):
        yield from _web(number, said)
    if "growth" in kept:
        yield from _growth(kept["growth"]["all"])
    yield from _memory(kept)
    for number, said in _sized(kept, "web"):
        loads = said["again"]["loads"]
        if said["again"]["status"] != 304:
            yield Line("G9", "page asked again with its validator", number, "no validator", "304", False)
            continue
        ratio = loads["304"]["rate"] / loads["static template"]["rate"]
        yield Line("G9", "304 against a static template, req/s", number, f"{ratio:.2f}×", "≥ 0.85×", ratio >= 0.85)
    for number, said in _sized(kept, "moves"):
        yield from _moves(number, said)
    for number, said in _sized(kept, "weight"):
        yield from _weight(number, said["pages"]["catalogue"])
    for number, said in _sized(kept, "browser"):
        yield from _browser(number, said)
    for number, said in _sized(kept, "gate"):
        found, hidden = said["needles"]
        measured = f"{said['mismatches']} of {said['checks']:,} checks; {found} of {hidden} needles"
        held = not said["mismatches"] and found == hidden
        yield Line("G14", "mismatches against brute force", number, measured, "0; every needle", held)


def _sized(kept: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return sorted(kept.get(name, {}).items(), key=lambda pair: int(pair[0]))


def _at_most(goal: str, what: str, number: str, values: list[float], most: list[float]) -> Line:
    held = all(value <= limit for value, limit in zip(values, most, strict=True))
    return Line(goal, what, number, _times(values), "≤ " + _times(most), held)


def _at_least(goal: str, what: str, number: str, values: list[float], least: list[float]) -> Line:
    held = all(value >= limit for value, limit in zip(values, least, strict=True))
    return Line(goal, what, number, _times(values), "≥ " + _times(least), held)


def _times(values: list[float]) -> str:
    return " / ".join(f"{value:.0f}×" if value >= 20 else f"{value:.2f}×".replace(".00×", "×") for value in values)


def _ratios(one: dict[str, float], other: dict[str, float]) -> list[float]:
    return [one["p50"] / other["p50"], one["p95"] / other["p95"]]


def _layer(number: str, said: dict[str, Any]) -> Iterator[Line]:
    asks, pages = said["asks"], said["pages"]
    what = "data layer p50 / p95, against the floor"
    yield _at_most("G1", what, number, _ratios(asks["ours"], asks["floor"]), [1.5, 1.5])
    what = "the same with the rows of twenty cards on both sides"
    yield _at_most("G1", what, number, _ratios(pages["ours"], pages["floor"]), [1.5, 1.5])
    for goal, name, least in (("G2", "textbook", [60.0, 200.0]), ("G3", "tantivy", [2.0, 4.0])):
        if name in pages:
            what = f"faster than {name}, p50 / p95, cards included"
            yield _at_least(goal, what, number, _ratios(pages[name], pages["ours"]), least)


def _web(number: str, said: dict[str, Any]) -> Iterator[Line]:
    pages, loads = said["pages"], said["loads"]
    yield _at_most("G4", "page p50 / p95, against hello", number, _ratios(pages["ours"], pages["hello"]), [6.0, 10.0])
    for goal, name, least in (("G5", "textbook", [40.0, 50.0]), ("G6", "wagtail", [80.0, 300.0])):
        if name not in pages:
            continue
        p50 = pages[name]["p50"] / pages["ours, same addresses"]["p50"]
        rate = loads["ours"]["rate"] / loads[name]["rate"] if loads[name]["rate"] else float("inf")
        what = f"page against {name}: p50 / req/s at 16"
        if goal == "G6" and int(number) < 100_000:
            what, least = f"{what} (80× is asked at 10k)", [80.0, 80.0]
        yield _at_least(goal, what, number, [p50, rate], least)


def _growth(said: dict[str, Any]) -> Iterator[Line]:
    numbers = sorted((name for name in said if name.isdigit()), key=int)
    for before, after in pairwise(numbers):
        most = 1.5 if int(after) <= 100_000 else 2.0
        what = f"growth of the page p50, from {int(before):,}"
        yield _at_most("G7", what, after, [said[after]["page"]["p50"] / said[before]["page"]["p50"]], [most])


def _memory(kept: dict[str, Any]) -> Iterator[Line]:
    for number, said in _sized(kept, "memory"):
        more = said["search"]["uss"] - said["without"]["uss"]
        most = 10 if int(number) <= 100_000 else 60
        yield Line("G8", "memory the search adds to a worker", number, f"{more:.1f} MB", f"≤ {most} MB", more <= most)


def _moves(number: str, said: dict[str, Any]) -> Iterator[Line]:
    figures = said["figures"]
    bare = figures["bare UPDATE"]["p50"]
    for name, most in (("publish", 10.0), ("verify", 12.0)):
        for part in ("index", "whole"):
            what = f"{name} ({part}), against a bare UPDATE"
            yield _at_most("G10", what, number, [figures[f"{name} {part}"]["p50"] / bare], [most])
    measured = f"{said['stale']} of {said['asked']}"
    yield Line("G10", "answers of two other processes still stale", number, measured, "0", not said["stale"])


def _weight(number: str, said: dict[str, Any]) -> Iterator[Line]:
    html = said["html"] if said["encoding"] != "none" else said["html_proxy"]
    by = said["encoding"] if said["encoding"] != "none" else "brotli by a proxy"
    for what, value, most in (
        (f"HTML of the first search page ({by})", html, 14_000),
        ("all but fonts", said["whole"], 60_000),
    ):
        yield Line("G11", what, number, f"{value / 1000:.1f} kB", f"≤ {most // 1000} kB", value <= most)
    for what, most in (("requests", 8), ("stylesheets", 2)):
        yield Line("G11", what, number, str(said[what]), f"≤ {most}", said[what] <= most)


def _browser(number: str, said: dict[str, Any]) -> Iterator[Line]:
    page, static = said["page"], said["static"]
    yield _at_most("G12", "LCP, against the static page", number, [page["lcp"] / static["lcp"]], [1.2])
    yield Line("G12", "TBT", number, f"{page['tbt']:.0f} ms", "≤ 50 ms", page["tbt"] <= 50)
    yield Line("G12", "CLS", number, f"{page['cls']:.4f}", "≤ 0.01", page["cls"] <= 0.01)
