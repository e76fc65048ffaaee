"""`make bench`: the figures of the house, printed and kept in RESULTS.md.

python -m benchmarks                  10 000 sheets, the catalogue, the counts, the weights
python -m benchmarks --demo           the same, and how long the demo takes to start
python -m benchmarks --n 1000         a quick look, which writes nothing
python -m benchmarks anonymity        the anonymity assistant, on our sentences (--file: on others of the same form)
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.scratch import scratch

if TYPE_CHECKING:
    from benchmarks.report import Report

REFERENCE = 10_000


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description="Mesure Essaim.")
    asked.add_argument("what", nargs="?", choices=["all", "anonymity"], default="all")
    asked.add_argument("--file", help="sentences with their spans, one JSON object a line")
    asked.add_argument("--n", type=int, default=REFERENCE, help="sheets generated (10 000)")
    asked.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    asked.add_argument("--demo", action="store_true", help="time the demo's first and second start too")
    asked.add_argument("--write", action="store_true", help="keep the results of a quick look")
    options = asked.parse_args()
    if options.n < 1 or options.rounds < 1:
        asked.error("--n and --rounds are at least 1")
    if options.what == "anonymity":
        from benchmarks import anonymity

        print(anonymity.measure(options.file))
        return 0
    started = None
    if options.demo:
        from benchmarks import demo

        with step("Two starts of the demo"):
            started = demo.measure()
    with scratch() as url:
        report = measured(url, options.n, options.rounds)
    report.demo = started
    print()
    print(report.text())
    if options.n >= REFERENCE or options.write:
        report.write()
    return 1 if report.broken() else 0


def measured(url: str, number: int, rounds: int) -> Report:
    """Everything that needs Django, loaded here: the scratch database is in its settings."""
    import django

    django.setup()

    from django.core.management import call_command

    from benchmarks import catalogue, load, pages, weight
    from benchmarks.corpus import Corpus
    from benchmarks.report import Report

    with step("Schema and reference texts"):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    corpus = Corpus(load.references())
    report = Report(number=number, rounds=rounds)
    with step(f"{number} sheets written") as took:
        written, report.digest = load.load(corpus, number)
    report.written_in = took()
    with step(f"{number} sheets indexed") as took:
        load.index(written)
        load.settle()
    report.indexed_in = took()
    report.see_database()
    needles = {name for place, name in corpus.needles.items() if place < number}
    found = {name for name in needles if catalogue.total_of(pages.catalogue_of(f'"{name}"')) == 1}
    report.needles = (len(found), len(needles))
    with step("Queries and weights"):
        sheet = next(iter(written), 0)
        report.queries = {name: len(pages.statements(address).asked) for name, address in pages.visited(sheet).items()}
        report.weights = {name: weight.weigh(address) for name, address in pages.weighed(sheet).items()}
    with step(f"The catalogue, {rounds} rounds"):
        report.catalogue = catalogue.measure(url, rounds)
    return report


@contextmanager
def step(name: str) -> Iterator[Callable[[], float]]:
    begun = time.perf_counter()
    ended: list[float] = []
    print(f"{name}…", end=" ", flush=True)
    yield lambda: ended[0]
    ended.append(time.perf_counter() - begun)
    print(f"{ended[0]:.1f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
