"""G7. How the page and its data layer grow with the catalogue: every size served at once, asked turn and turn about."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from statistics import median
from typing import Any

import django

from benchmarks.client import Client
from benchmarks.layer import asker, quantile
from benchmarks.serving import served


def measure(numbers: list[int], rounds: int) -> dict[str, Any]:
    from benchmarks.queries import queries

    pages: dict[int, dict[int, list[float]]] = {number: {} for number in numbers}
    with ExitStack() as stack:
        clients = {number: Client(stack.enter_context(served("ours", number, workers=1))) for number in numbers}
        command = (sys.executable, "-m", "benchmarks.engine", "ours")
        askers = {number: stack.enter_context(asker(str(number), number, *command)) for number in numbers}
        for turn in range(-1, rounds):
            for place, query in enumerate(queries()):
                for number in numbers:
                    reply = clients[number].get(query.url)
                    said = {"text": query.text, "choices": dict(query.choices), "since": query.since}
                    askers[number].ask(place, said, counts=turn >= 0)
                    if turn >= 0:
                        pages[number].setdefault(place, []).append(reply.took)
        return {
            str(number): {
                "page": _said(pages[number]),
                "ask": askers[number].figures(askers[number].asks),
            }
            for number in numbers
        } | {"rounds": rounds}


def _said(times: dict[int, list[float]]) -> dict[str, float]:
    each = [median(some) for some in times.values()]
    return {"p50": quantile(each, 0.5), "p95": quantile(each, 0.95)}


if __name__ == "__main__":
    django.setup()
    arguments = sys.argv[1:]
    print(json.dumps(measure([int(number) for number in arguments[1:]], int(arguments[0]))))
