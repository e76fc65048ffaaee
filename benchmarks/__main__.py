"""`make bench`: the figures of the house, printed and kept in RESULTS.md.

python -m benchmarks                          every goal at 10 000 sheets
python -m benchmarks --n 10000 100000         at both, and how the page grows from one to the other
python -m benchmarks G1 G14 --n 100000        some goals only; the others keep what was last measured
python -m benchmarks G7 --n 10000 100000 1000000
python -m benchmarks --n 1000 --rounds 2      a quick look, which writes nothing
python -m benchmarks drop                     removes the databases of the measures, and the peers' environment
python -m benchmarks anonymity                the anonymity assistant, on our sentences (--file: on others)

Each measure is a process of its own that ends by itself; `--alone` leaves the peers out, as from 500 000 sheets on.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from benchmarks import report, scratch

REFERENCE, MANY = 10_000, 500_000
KEPT = scratch.PLACE / "results.json"
# Which measure answers which goal, in the order they are run: gestures last, for they change the sheets.
MEASURES = {
    "gate": ("G14",),
    "layer": ("G1", "G2", "G3"),
    "web": ("G4", "G5", "G6", "G9"),
    "growth": ("G7",),
    "memory": ("G8",),
    "weight": ("G11",),
    "browser": ("G12",),
    "coverage": ("coverage",),
    "printing": ("printing",),
    "students": ("students",),
    "moves": ("G10",),
    "demo": ("demo",),
}
GOALS = [goal for goals in MEASURES.values() for goal in goals]


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("what", nargs="*", help=f"all, report, drop, anonymity, or some of: {' '.join(GOALS)}")
    asked.add_argument("--n", type=int, nargs="+", default=[REFERENCE], help="sheets generated (10000)")
    asked.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    asked.add_argument("--seconds", type=float, default=5, help="of each load at 16 connections (5)")
    asked.add_argument("--alone", action="store_true", help="without tantivy, the textbook and Wagtail")
    asked.add_argument("--write", action="store_true", help="keep the results of a quick look")
    asked.add_argument("--file", help="anonymity: sentences with their spans, one JSON object a line")
    options = asked.parse_args()
    what = options.what or ["all"]
    if unknown := set(what) - {"all", "report", "drop", "anonymity", *GOALS}:
        asked.error(f"unknown: {' '.join(sorted(unknown))}")
    if min(options.n) < 1 or options.rounds < 1:
        asked.error("--n and --rounds are at least 1")
    if "anonymity" in what:
        from benchmarks import anonymity

        print(anonymity.measure(options.file))
        return 0
    if "drop" in what:
        with scratch.alone():
            return drop()
    writes = max(options.n) >= REFERENCE or options.write
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if writes and KEPT.exists() else {}
    failed: list[str] = []
    if what != ["report"]:
        with scratch.alone():
            failed = run(what, options, kept, writes)
    text = report.text(kept)
    print(f"\n{text}")
    if writes:
        report.RESULTS.write_text(text, encoding="utf-8")
    print(*failed, sep="\n")
    return 1 if failed or report.mismatches(kept) else 0


def run(what: list[str], options: argparse.Namespace, kept: dict[str, Any], writes: bool) -> list[str]:
    """Every measure asked; what failed, for one that does doesn't stop the others."""
    failed: list[str] = []

    def keep(measure: str, key: str, result: Any) -> None:
        kept.setdefault(measure, {})[key] = result | {"on": date.today().isoformat()}
        if writes:
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            KEPT.write_text(json.dumps(kept, indent=1))

    wanted = [name for name, goals in MEASURES.items() if "all" in what or set(goals) & set(what)]
    rounds = str(options.rounds)
    if "demo" in what:
        from benchmarks import demo

        with step("Two starts of the demo"):
            keep("demo", "0", demo.measure())
    numbers = sorted(set(options.n))
    for number in numbers:
        alone = ["alone"] if options.alone or number >= MANY else []
        with step(f"The corpus of {number}"):
            facts = scratch.prepare(number)
            keep("corpus", str(number), facts)
        commands = {
            "gate": ("benchmarks.brute", "160" if number < MANY else "60"),
            "layer": ("benchmarks.layer", rounds, facts["made_by"], *alone),
            "web": ("benchmarks.web", rounds, str(options.seconds), *alone),
            "memory": ("benchmarks.memory", rounds),
            "weight": ("benchmarks.weight",),
            "browser": ("benchmarks.browser", rounds),
            "coverage": ("benchmarks.coverage", rounds),
            "printing": ("benchmarks.printing", rounds),
            "students": ("benchmarks.students", rounds),
        }
        for name, (module, *arguments) in commands.items():
            if name in wanted:
                with step(f"{name} ({', '.join(MEASURES[name])}) at {number}", failed):
                    keep(name, str(number), scratch.run(module, number, *arguments))
    if "growth" in wanted and len(numbers) > 1:
        with step(f"growth (G7) over {', '.join(map(str, numbers))}", failed):
            keep("growth", "all", scratch.run("benchmarks.growth", numbers[0], rounds, *map(str, numbers)))
    for number in numbers if "moves" in wanted else ():
        with step(f"moves (G10) at {number}", failed):
            times = max(3, min(30, number // 50, options.rounds * 6))
            keep("moves", str(number), scratch.run("benchmarks.moves", number, str(times)))
    return failed


def drop() -> int:
    for number in scratch.sizes():
        scratch.drop(number)
    shutil.rmtree(scratch.PLACE, ignore_errors=True)
    return 0


@contextmanager
def step(name: str, failed: list[str] | None = None) -> Iterator[None]:
    begun = time.perf_counter()
    print(f"{name}…", flush=True)
    try:
        yield
    except SystemExit as stopped:
        if failed is None:
            raise
        failed.append(f"{name} failed: {stopped}")
    print(f"{name}: {time.perf_counter() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
