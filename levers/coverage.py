"""The matrix of what is known: how many published sheets support a lever in a département.

Cells count the same index entries as the catalogue, so that a number and the list it links to always agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from accounts.models import Territory
from initiatives.workflow import IN_CATALOGUE
from levers.models import Lever

PAIRS = """
SELECT split_part(place.term, ':', 2), split_part(lever.term, ':', 2)::int, count(*)
  FROM initiatives_entry entry
  JOIN initiatives_initiative sheet ON sheet.id = entry.initiative_id
  CROSS JOIN LATERAL unnest(entry.terms) AS place(term)
  CROSS JOIN LATERAL unnest(entry.terms) AS lever(term)
 WHERE sheet.status = ANY(%s) AND sheet.masked_at IS NULL
   AND starts_with(place.term, 'departement:') AND starts_with(lever.term, 'levier:')
 GROUP BY 1, 2
"""
TOTALS = """
SELECT split_part(place.term, ':', 2), count(*)
  FROM initiatives_entry entry
  JOIN initiatives_initiative sheet ON sheet.id = entry.initiative_id
  CROSS JOIN LATERAL unnest(entry.terms) AS place(term)
 WHERE sheet.status = ANY(%s) AND sheet.masked_at IS NULL AND starts_with(place.term, 'departement:')
 GROUP BY 1
"""


@dataclass(frozen=True)
class Cell:
    """`level` is 0 (nothing known) to 4, for the colour; the number is always written."""

    lever: Lever
    count: int
    level: int


@dataclass(frozen=True)
class Row:
    departement: Territory
    cells: list[Cell]
    total: int


@dataclass(frozen=True)
class Matrix:
    levers: list[Lever]
    rows: list[Row]

    @property
    def known(self) -> int:
        """Départements with at least one sheet."""
        return sum(1 for row in self.rows if row.total)


def matrix(region: str = "") -> Matrix:
    """Levers × the 101 départements of the map, or those of one région; in three queries."""
    levers = list(Lever.objects.of_dagbert())
    departements = Territory.objects.on_map().select_related("region").order_by("code")
    if region:
        departements = departements.filter(region__code=region)
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [list(IN_CATALOGUE)])
        for departement, lever, count in cursor.fetchall():
            counts[departement][lever] = count
        cursor.execute(TOTALS, [list(IN_CATALOGUE)])
        totals = dict(cursor.fetchall())
    most = max((n for row in counts.values() for n in row.values()), default=0)
    return Matrix(
        levers,
        [
            Row(
                place,
                [Cell(lever, n := counts[place.code].get(lever.number, 0), level(n, most)) for lever in levers],
                totals.get(place.code, 0),
            )
            for place in departements
        ],
    )


def level(count: int, most: int) -> int:
    """0 for nothing, then 1 to 4 by quarters of the largest cell."""
    return 0 if not count else min(4, 1 + (count - 1) * 4 // max(most, 1))
