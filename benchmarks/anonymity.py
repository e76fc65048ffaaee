"""(e) What the anonymity assistant finds and misses, and how long it takes on 3 000 words."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from initiatives.anonymity import Level, Span, scan

HERE = Path(__file__).parent
OURS = HERE / "anonymity.jsonl"
REAL = HERE.parent / "initiatives" / "content" / "public_sources"
WORDS, RUNS = 3_000, 20


@dataclass
class Score:
    """`bloquer` and `avertir` alone. A thing is found when a span touches it, exactly when both are the same."""

    wanted: int = 0
    found: int = 0
    exact: int = 0
    to_block: int = 0
    blocked: int = 0
    alarms: int = 0
    false_alarms: int = 0
    clean: int = 0
    silent: int = 0
    missed: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, spans: list[dict[str, Any]]) -> None:
        wanted = [span for span in spans if span["niveau"] in (Level.BLOCK, Level.WARN)]
        got = [span for span in scan(text) if span.level != Level.REMIND]
        self.clean += not wanted
        self.silent += not wanted and not got
        for span in wanted:
            near = [each for each in got if touches(each, span)]
            must = span["niveau"] == Level.BLOCK
            hit = any(each.level == Level.BLOCK for each in near) if must else bool(near)
            self.wanted += 1
            self.found += bool(near)
            self.to_block += must
            self.blocked += must and hit
            self.exact += any(
                (each.start, each.end, each.label) == (span["start"], span["end"], span["label"]) for each in near
            )
            if not hit:
                self.missed[span["label"]] += 1
        self.alarms += len(got)
        self.false_alarms += sum(not any(touches(each, span) for span in wanted) for each in got)

    @property
    def blocking_recall(self) -> float:
        return self.blocked / self.to_block if self.to_block else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return 1 - self.false_alarms / self.alarms if self.alarms else 1.0


def touches(span: Span, wanted: dict[str, Any]) -> bool:
    return bool(span.start < wanted["end"] and wanted["start"] < span.end)


def score(path: Path = OURS, *, held: bool = False) -> Score:
    """All the sentences of a file, or those held out alone: never looked at while the rules were written."""
    total = Score()
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row.get("held") or not held:
            total.add(row["text"], row["spans"])
    return total


def told(total: Score) -> str:
    missed = ", ".join(f"{label} {count}" for label, count in total.missed.most_common()) or "none"
    return f"""  blocking recall {total.blocking_recall:.3f} ({total.blocked}/{total.to_block})
  overall recall  {total.recall:.3f} ({total.found}/{total.wanted}), same span and label {total.exact}/{total.wanted}
  precision       {total.precision:.3f} ({total.false_alarms} false of {total.alarms} alarms)
  clean sentences without alarm {total.silent}/{total.clean}
  missed: {missed}"""


def real_texts() -> str:
    """What the public-source sheets tell: real narratives, where hardly anyone is named."""
    texts = []
    for path in sorted(REAL.glob("*.toml")):
        sheet = tomllib.loads(path.read_text())
        texts += [value for value in sheet.values() if isinstance(value, str) and " " in value]
    return "\n".join(texts)


def measure(path: str | None = None) -> str:
    total = score(Path(path)) if path else score()
    real = real_texts()
    alarms = [span for span in scan(real) if span.level != Level.REMIND]
    long = " ".join((real.split() * 2)[:WORDS])
    scan(long)
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        scan(long)
        times.append((perf_counter() - start) * 1000)
    held = "" if path else f"\nHeld out:\n{told(score(held=True))}"
    return f"""Anonymity assistant, {path or OURS.name}: {total.wanted} things to find
{told(total)}{held}
Real narratives: {len(alarms)} alarms in {len(real.split())} words
{WORDS} words: median {median(times):.0f} ms, slowest {max(times):.0f} ms"""
