"""(a) The catalogue page against the SQL it needs: same statements, same server, turn and turn about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import pages
from benchmarks.questions import QUESTIONS, Asked


@dataclass(frozen=True)
class Measure:
    asked: Asked
    page: float
    sql: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.page / self.sql


def measure(url: str, rounds: int) -> list[Measure]:
    """Each question asked `rounds` times of the page and of a bare connection, in turn; medians in milliseconds."""
    needed = {asked: pages.statements(asked.url) for asked in QUESTIONS}
    page: dict[Asked, list[float]] = {asked: [] for asked in QUESTIONS}
    sql: dict[Asked, list[float]] = {asked: [] for asked in QUESTIONS}
    with pages.bare_connection(url) as bare:
        for turn in range(-1, rounds):
            for place, asked in enumerate(QUESTIONS):
                both = [
                    (page, lambda asked=asked: pages.get(asked.url)),
                    (sql, lambda asked=asked: needed[asked].replay(bare)),
                ]
                # Who goes first changes, since the second finds the pages of the table warm.
                for times, act in both if (turn + place) % 2 else reversed(both):
                    took = pages.timed(act)
                    if turn >= 0:  # the first round warms everything and counts for nothing
                        times[asked].append(took)
    return [Measure(asked, median(page[asked]), median(sql[asked]), len(needed[asked].asked)) for asked in QUESTIONS]


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def total_of(url: str) -> int:
    """The count a catalogue page says."""
    found = re.search(r'id="count"[^>]*>\D*([\d\s\u00a0\u202f]+)', pages.body(url).decode())
    return int(re.sub(r"\D", "", found[1])) if found else 0
