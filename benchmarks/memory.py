"""G8. What the search adds to a worker: fresh processes, the same but for what they were asked.

« without »: the site loaded, its pages' machinery warmed by two pages that search nothing. « search »: the same, then
the 160 questions twice. « pages »: the same, then the pages of these questions. What is counted is private to the
process (USS) and its share of the rest (PSS), after a collection.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from statistics import median
from typing import Any

from benchmarks import scratch

WHICH = ("without", "search", "pages")


def measure(number: int, rounds: int) -> dict[str, Any]:
    found: dict[str, dict[str, list[float]]] = {which: {"pss": [], "uss": []} for which in WHICH}
    for _ in range(max(1, min(rounds, 5))):
        for which in WHICH:
            said = scratch.run("benchmarks.memory", number, which)
            for name, megabytes in said.items():
                found[which][name].append(megabytes)
    return {which: {name: median(some) for name, some in said.items()} for which, said in found.items()}


def child(which: str) -> dict[str, float]:
    import django

    django.setup()
    from django.urls import reverse

    from benchmarks import pages
    from benchmarks.queries import queries

    asked = queries()
    for url in (reverse("guide:contents"), reverse("guide:methods")):  # neither counts sheets
        pages.get(url)
    for _ in range(2):
        for query in asked:
            if which == "search":
                from initiatives.search import ask

                ask(query.question())
            elif which == "pages":
                pages.get(query.url)
    gc.collect()
    sizes: dict[str, int] = {}
    with open("/proc/self/smaps_rollup") as rollup:
        for line in rollup:
            name, _, rest = line.partition(":")
            if rest.strip().endswith("kB"):
                sizes[name] = int(rest.split()[0])
    return {"pss": sizes["Pss"] / 1000, "uss": (sizes["Private_Clean"] + sizes["Private_Dirty"]) / 1000}


if __name__ == "__main__":
    arguments = sys.argv[1:]
    said = child(arguments[0]) if arguments[0] in WHICH else measure(int(os.environ["BENCH_NUMBER"]), int(arguments[0]))
    print(json.dumps(said))
