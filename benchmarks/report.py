"""The figures in words: what is printed, and what is kept in RESULTS.md. Nothing in it says which machine it was."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import django
import psycopg
from django.db import connection

from benchmarks.catalogue import Measure, quantile
from benchmarks.demo import PROMISED
from benchmarks.weight import PROXY_BROTLI, Weight
from initiatives.models import Initiative, Word

RESULTS = Path(__file__).parent / "RESULTS.md"
MOST_QUERIES, MOST_KILOBYTES = 12, 100
TABLES = ("initiatives_version", "initiatives_entry", "initiatives_word")


@dataclass
class Report:
    number: int
    rounds: int
    digest: str = ""
    written_in: float = 0
    indexed_in: float = 0
    published: int = 0
    words: int = 0
    sizes: dict[str, str] = field(default_factory=dict)
    server: str = ""
    needles: tuple[int, int] = (0, 0)
    queries: dict[str, int] = field(default_factory=dict)
    weights: dict[str, Weight] = field(default_factory=dict)
    catalogue: list[Measure] = field(default_factory=list)
    demo: dict[str, float] | None = None

    def see_database(self) -> None:
        self.published, self.words = Initiative.objects.published().count(), Word.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            self.server = cursor.fetchone()[0].split()[0]
            for table in TABLES:
                cursor.execute("SELECT pg_size_pretty(pg_total_relation_size(%s))", [table])
                self.sizes[table] = cursor.fetchone()[0]

    def broken(self) -> list[str]:
        """Promises that are counts, and are not held. Times are printed, and judged by people."""
        said = [f"{name}: {n} queries" for name, n in self.queries.items() if n > MOST_QUERIES]
        said += [f"{w.url}: {w.counted} bytes" for w in self.weights.values() if w.counted > MOST_KILOBYTES * 1000]
        said += [f"{w.url}: third party {w.third_party}" for w in self.weights.values() if w.third_party]
        said += [f"{m.asked.url}: {m.queries} queries" for m in self.catalogue if m.queries > MOST_QUERIES]
        if self.needles[0] < self.needles[1]:
            said.append(f"needles: {self.needles[0]} found of {self.needles[1]}")
        said += [f"demo, {which} start: {s:.0f} s" for which, s in (self.demo or {}).items() if s > PROMISED[which]]
        return said

    def text(self) -> str:
        return "\n\n".join(
            part
            for part in (
                self._head(), self._corpus(), self._catalogue(), self._queries(), self._weights(), self._demo(),
                self._verdict(),
            )
        ) + "\n"  # fmt: skip

    def write(self) -> None:
        RESULTS.write_text(self.text(), encoding="utf-8")

    def _head(self) -> str:
        versions = (
            f"{date.today():%d %B %Y}", f"Python {platform.python_version()}", f"Django {django.get_version()}",
            f"psycopg {psycopg.__version__}", f"PostgreSQL {self.server}",
            f"{os.cpu_count()} processors, shared with other work",
        )  # fmt: skip
        return f"""# Results

{" · ".join(versions)}

`make bench` makes this page. Times depend on the machine and on what else it does: only ratios inside one run mean
something from one run to the next. Counts and sizes are exact."""

    def _corpus(self) -> str:
        sizes = ", ".join(f"`{table}` {size}" for table, size in self.sizes.items())
        found, hidden = self.needles
        return f"""## The catalogue measured

{self.number:,} generated sheets (corpus `{self.digest}`) beside the real ones: {self.published:,} published. Rows
written in {self.written_in:.1f} s; read back, indexed by the search's own functions and vacuumed in
{self.indexed_in:.1f} s. With their indexes: {sizes}; {self.words:,} words known to the spelling.

Each of {hidden} sheets with a name of its own was searched by that name: {found} found, alone."""

    def _catalogue(self) -> str:
        kinds = list(dict.fromkeys(m.asked.kind for m in self.catalogue))
        rows = [(kind, [m for m in self.catalogue if m.asked.kind == kind]) for kind in kinds]
        lines = "\n".join(_line(name, some) for name, some in (*rows, ("**all**", self.catalogue)))
        slowest = max(self.catalogue, key=lambda m: m.page)
        return f"""## The catalogue page against the SQL it needs

{len(self.catalogue)} addresses, {self.rounds} interleaved rounds after a warm one, the median of each; milliseconds in
one process, through every middleware, the connection open. « SQL » is the very statements of that page, with their
values, on a bare psycopg connection. p50 and p95 are taken over the addresses.

| asked | number | page p50 | page p95 | SQL p50 | SQL p95 | ratio p50 | ratio p95 | queries |
|---|---|---|---|---|---|---|---|---|
{lines}

The median of each address's own ratio is **{median(m.ratio for m in self.catalogue):.2f}**. What is above 1 is Python:
reading the question, making rows into objects, rendering the page; it grows with what is shown, not with the
catalogue. What is SQL grows with the sheets that match. The slowest address is `{slowest.asked.url}`:
{slowest.page:.0f} ms, of which {slowest.sql:.0f} of SQL."""

    def _queries(self) -> str:
        lines = "\n".join(f"| {name} | {number} |" for name, number in self.queries.items())
        return f"""## SQL queries a page, for a visitor

The promise is {MOST_QUERIES} at most.

| page | queries |
|---|---|
{lines}"""

    def _weights(self) -> str:
        lines = "\n".join(
            f"| {name} | {_kb(w.html)} | {_kb(w.css)} | {_kb(w.js)} | **{_kb(w.counted)}** | {_kb(w.images)} |"
            f" {_kb(w.fonts)} | {w.requests} | {len(w.third_party)} |"
            for name, w in self.weights.items()
        )
        plain = ", ".join(
            f"{name} {_kb(w.html_plain)} ({_kb(w.html_gzip)} by gzip)" for name, w in self.weights.items()
        )
        return f"""## Weight of a first view

Kilobytes (1 000 bytes). The promise is {MOST_KILOBYTES} of HTML, CSS and JavaScript together, fonts apart, and no third
party. Files are those whitenoise serves, compressed by brotli once; the print style sheet, icons and preloaded fonts
are counted among the requests.

| page | HTML | CSS | JS | HTML+CSS+JS | pictures | fonts | requests | third party |
|---|---|---|---|---|---|---|---|---|
{lines}

The site leaves the compression of pages to the proxy before it: the HTML is counted by brotli at level {PROXY_BROTLI}.
Uncompressed: {plain}."""

    def _demo(self) -> str:
        if self.demo is None:
            return "## Start of the demo\n\nNot measured in this run (`python -m benchmarks --demo`)."
        lines = "\n".join(f"| {which} | {took:.1f} | {PROMISED[which]} |" for which, took in self.demo.items())
        return f"""## Start of the demo

Seconds until `/healthz` answers, packages being installed. The first time makes the database, the schema, the
reference texts, the cast and the static files; the second uses the same folder again.

| start | seconds | promise |
|---|---|---|
{lines}"""

    def _verdict(self) -> str:
        broken = self.broken()
        if not broken:
            return "## Promises\n\nEvery count, weight, start and needle above is as promised."
        return "## Promises\n\nNot held:\n\n" + "\n".join(f"- {one}" for one in broken)


def _line(name: str, some: list[Measure]) -> str:
    page, sql = [m.page for m in some], [m.sql for m in some]
    p50, p95, s50, s95 = (quantile(times, share) for times in (page, sql) for share in (0.5, 0.95))
    least, most = min(m.queries for m in some), max(m.queries for m in some)
    counts = str(least) if least == most else f"{least}–{most}"
    figures = (f"{p50:.1f}", f"{p95:.1f}", f"{s50:.1f}", f"{s95:.1f}", f"{p50 / s50:.2f}", f"{p95 / s95:.2f}", counts)
    return f"| {name} | {len(some)} | {' | '.join(figures)} |"


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"
