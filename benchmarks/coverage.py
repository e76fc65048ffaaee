"""The tables of the coverage, from the sets the search keeps, against the one SQL that counts the same pairs.

What is measured of ours is `levers.coverage.matrix`: its statements, its intersections, its lines with their addresses
and, for the levers, the six small maps. The SQL counts the pairs, the lines, the columns and the whole of one table at
once, from the terms of the entries: it is the brute force too, and every number of ours is compared with its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django

# (line, column, sheets): a NULL is « all of them ».
SQL = """
WITH shown AS MATERIALIZED (
  SELECT entry.initiative_id AS sheet, entry.terms FROM initiatives_entry entry
  JOIN initiatives_initiative initiative ON initiative.id = entry.initiative_id
  WHERE initiative.status IN ('published', 'stale') AND initiative.masked_at IS NULL
), lines AS MATERIALIZED (
  SELECT sheet, substr(term, strpos(term, ':') + 1) AS line FROM shown, unnest(terms) term
  WHERE starts_with(term, %(lines)s || ':')
), columns AS MATERIALIZED (
  SELECT sheet, substr(term, strpos(term, ':') + 1) AS column_ FROM shown, unnest(terms) term
  WHERE starts_with(term, %(columns)s || ':')
)
SELECT line, column_, count(*) FROM lines JOIN columns USING (sheet) GROUP BY line, column_
UNION ALL SELECT line, NULL, count(*) FROM lines GROUP BY line
UNION ALL SELECT NULL, column_, count(*) FROM columns GROUP BY column_
UNION ALL SELECT NULL, NULL, count(*) FROM shown
"""
TABLES = {
    "leviers": ("departement", "levier"),
    "regions": ("region", "levier"),
    "propositions": ("proposition", "methode"),
    "themes": ("theme", "public"),
}
type Numbers = dict[tuple[str | None, str | None], int]


def by_sql(lines: str, columns: str) -> Numbers:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SQL, {"lines": lines, "columns": columns})
        return {(line, column): number for line, column, number in cursor.fetchall()}


def ours(table: str) -> Any:
    from levers.coverage import matrix

    return matrix("leviers", by_region=True) if table == "regions" else matrix(table)


def numbers_of(matrix: Any) -> Numbers:
    found: Numbers = {(None, None): matrix.total.count}
    for row in matrix.rows:
        found[row.head.value, None] = row.total.count
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            found[row.head.value, column.value] = cell.count
    found |= {(None, column.value): cell.count for column, cell in zip(matrix.columns, matrix.totals, strict=True)}
    return {pair: number for pair, number in found.items() if number}


def differences(mine: Numbers, theirs: Numbers) -> list[str]:
    return [
        f"{pair}: {mine.get(pair, 0)}, and {theirs.get(pair, 0)} by SQL"
        for pair in sorted(mine.keys() | theirs.keys(), key=str)
        if mine.get(pair, 0) != theirs.get(pair, 0)
    ]


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def statements(work: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def measure(number: int, rounds: int) -> dict[str, Any]:
    """Milliseconds, medians of interleaved rounds; the first round warms both and checks every number."""
    from benchmarks import pages
    from initiatives.search import postings

    said: dict[str, Any] = {"sheets": number, "rounds": rounds, "tables": {}}
    wrong: list[str] = []
    for table, (lines, columns) in TABLES.items():
        wrong += [f"{table} {fault}" for fault in differences(numbers_of(ours(table)), by_sql(lines, columns))]
        times: dict[str, list[float]] = {"ours": [], "sets": [], "sql": []}
        for turn in range(rounds):
            works: list[tuple[str, Callable[[], Any]]] = [
                ("ours", lambda table=table: ours(table)),  # type: ignore[misc]
                ("sets", lambda lines=lines, columns=columns: intersections(lines, columns)),  # type: ignore[misc]
                ("sql", lambda lines=lines, columns=columns: by_sql(lines, columns)),  # type: ignore[misc]
            ]
            for name, work in works if turn % 2 else reversed(works):
                times[name].append(timed(work))
        found = {name: round(median(some), 3) for name, some in times.items()}
        said["tables"][table] = found | {
            "ratio": round(found["ours"] / found["sql"], 4),
            "statements": statements(lambda table=table: ours(table)),  # type: ignore[misc]
        }
    query = {"leviers": "", "regions": "?niveau=region"}
    for table in TABLES:
        url = f"/leviers/couverture/{query.get(table, f'?tableau={table}')}"
        pages.get(url)
        said["tables"][table]["page_ms"] = round(median(timed(lambda url=url: pages.get(url)) for _ in range(5)), 2)  # type: ignore[misc]
        said["tables"][table]["page_statements"] = statements(lambda url=url: pages.get(url))  # type: ignore[misc]
    said["known"] = len(postings.read().all)
    return said | {"mismatches": wrong[:20], "mismatched": len(wrong)}


def intersections(lines: str, columns: str) -> int:
    """The algebra alone: one statement, and each pair."""
    from initiatives.search import postings

    shelf = postings.read()
    across = [docs & shelf.all for docs in shelf.facets.values.get(columns, {}).values()]
    rows = shelf.facets.values.get(lines, {}).values()
    return sum(docs.intersection_cardinality(each) for docs in rows for each in across)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(os.environ.get("BENCH_NUMBER", "0")), int(sys.argv[1]) if sys.argv[1:] else 5)))
