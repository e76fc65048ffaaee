"""G1, G2, G3. The data layer beside its floor, the textbook and tantivy: four processes asked turn and turn about.

A question's time is the median of its rounds; p50 and p95 are taken over the questions. Nobody counts the pipe: each
says how long it took itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks import scratch
from benchmarks.peers.__main__ import install

MOST_SECONDS = 900


@dataclass
class Asker:
    name: str
    process: Any
    times: dict[int, list[float]] = field(default_factory=dict)
    asks: dict[int, list[float]] = field(default_factory=dict)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def ask(self, place: int, question: dict[str, Any], *, counts: bool = True) -> dict[str, Any]:
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        if counts:
            self.times.setdefault(place, []).append(said["ms"])
            self.asks.setdefault(place, []).append(said.get("ask", said["ms"]))
        self.said[place] = said
        return said

    def figures(self, times: dict[int, list[float]]) -> dict[str, float]:
        each = [median(some) for some in times.values()]
        return {"p50": quantile(each, 0.5), "p95": quantile(each, 0.95)}


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@contextmanager
def asker(name: str, number: int, *command: str) -> Iterator[Asker]:
    with subprocess.Popen(
        command, cwd=scratch.ROOT, env=scratch.environment(number), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise SystemExit(f"{name} did not start")
            yield Asker(name, process)
        finally:
            process.kill()


def measure(number: int, rounds: int, made_by: str, *, peers: bool = True) -> dict[str, Any]:
    from contextlib import ExitStack

    from benchmarks.queries import queries

    with ExitStack() as open_:
        mine = open_.enter_context(asker("ours", number, sys.executable, "-m", "benchmarks.engine", "ours"))
        others = [open_.enter_context(asker("floor", number, sys.executable, "-m", "benchmarks.engine", "floor"))]
        if peers:
            here = str(install())
            others.append(
                open_.enter_context(asker("tantivy", number, here, "-m", "benchmarks.peers.fulltext", made_by))
            )
            others.append(
                open_.enter_context(asker("textbook", number, sys.executable, "-m", "benchmarks.peers.textbook"))
            )
        asked = [
            {"text": query.text, "choices": dict(query.choices), "since": query.since, "words": []}
            for query in queries()
        ]
        for turn in range(-1, rounds):
            for place, question in enumerate(asked):
                everyone = [mine, *others]
                if turn < 0:  # the first round warms everything, counts for nothing, and says the words understood
                    question["words"] = mine.ask(place, question, counts=False)["words"]
                    everyone = others
                for one in everyone if turn % 2 else reversed(everyone):
                    # The slowest is asked in the first round of measures only: it would take an hour otherwise.
                    if one.name != "textbook" or turn < (3 if number <= 10_000 else 1):
                        one.ask(place, question, counts=turn >= 0)
        return {
            "rounds": rounds,
            "questions": len(asked),
            "asks": {one.name: one.figures(one.asks) for one in (mine, *others)},
            "pages": {one.name: one.figures(one.times) for one in (mine, *others)},
            "kinds": _kinds(mine, others[0]),
            "values": median(said["values"] for said in mine.said.values()),
            "same_totals": {one.name: _same(mine, one) for one in others},
        }


def _kinds(mine: Asker, floor: Asker) -> dict[str, tuple[float, float]]:
    from benchmarks.queries import queries

    places: dict[str, list[int]] = {}
    for place, query in enumerate(queries()):
        places.setdefault(query.kind, []).append(place)
    return {
        kind: (median(median(mine.asks[p]) for p in some), median(median(floor.asks[p]) for p in some))
        for kind, some in places.items()
    }


def _same(mine: Asker, other: Asker) -> int:
    """How many questions have the same total."""
    return sum(said["total"] == other.said[place]["total"] for place, said in mine.said.items())


if __name__ == "__main__":
    import os

    import django

    django.setup()
    arguments = sys.argv[1:]
    result = measure(int(os.environ["BENCH_NUMBER"]), int(arguments[0]), arguments[1], peers="alone" not in arguments)
    print(json.dumps(result))
