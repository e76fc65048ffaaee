"""The public numbers of the site, counted from the database when they are asked. Nothing here is about one person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from initiatives.models import Initiative
from initiatives.models.choices import Depth
from initiatives.workflow import DECIDED, DECISION_DAYS, CaseKind, CaseStatus, Verb
from training.models import Assignment, Cohort

ENOUGH = 5
"""Under this number, a figure would say too much of too few."""

# Each time a case comes to the coordination, by a sending or by a third party's answer, its clock starts again; it
# stops when the coordination asks, waits for somebody else, or decides. A first sign is any act of the coordination.
SENDINGS = (Verb.SUBMIT, Verb.RESUBMIT, Verb.APPEAL)
STARTS = (*SENDINGS, Verb.RESUME)
DECISIONS = (Verb.ACCEPT, Verb.REFUSE, Verb.REDIRECT)
ANSWERS = (*DECISIONS, Verb.REQUEST_CHANGES, Verb.ASK_THIRD_PARTY)
SIGNS = (*ANSWERS, Verb.CLAIM)

_DELAYS = """
WITH told AS (
  SELECT c.status, m.case_id, m.verb, m.at,
         count(*) FILTER (WHERE m.verb = ANY(%(starts)s)) OVER (PARTITION BY m.case_id ORDER BY m.id) AS turn
  FROM initiatives_move m JOIN initiatives_case c ON c.id = m.case_id
  WHERE c.kind <> %(report)s AND c.status <> %(cancelled)s
),
turns AS (
  SELECT case_id, status,
         min(at) FILTER (WHERE verb = ANY(%(starts)s)) AS begun,
         bool_or(verb = ANY(%(sendings)s)) AS sent,
         min(at) FILTER (WHERE verb = ANY(%(signs)s)) AS signed,
         min(at) FILTER (WHERE verb = ANY(%(answers)s)) AS answered,
         min(at) FILTER (WHERE verb = ANY(%(decisions)s)) AS decided
  FROM told WHERE turn > 0 GROUP BY case_id, status, turn
)
SELECT
  count(*) FILTER (WHERE decided IS NOT NULL),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY signed - begun)
    FILTER (WHERE status = ANY(%(closed)s) AND sent AND signed IS NOT NULL),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY decided - begun) FILTER (WHERE decided IS NOT NULL),
  count(*) FILTER (WHERE answered <= begun + %(limit)s),
  count(*) FILTER (WHERE answered IS NOT NULL OR begun + %(limit)s < now())
FROM turns
"""


@dataclass(frozen=True)
class Delays:
    decisions: int
    first_sign: timedelta | None
    decision: timedelta | None
    in_time: int
    awaited: int
    """Sendings that were answered, or that have waited longer than promised."""

    @property
    def are_enough(self) -> bool:
        return self.decisions >= ENOUGH

    @property
    def share_in_time(self) -> int:
        return round(100 * self.in_time / self.awaited) if self.awaited else 0


def delays() -> Delays:
    """How long people really waited, over every case that wasn't taken back by its author."""
    said: dict[str, Any] = {
        "starts": list(STARTS),
        "sendings": list(SENDINGS),
        "signs": list(SIGNS),
        "answers": list(ANSWERS),
        "decisions": list(DECISIONS),
        "closed": list(DECIDED),
        "report": CaseKind.REPORT,
        "cancelled": CaseStatus.CANCELLED,
        "limit": timedelta(days=DECISION_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, said)
        return Delays(*cursor.fetchone())


@dataclass(frozen=True)
class Sheets:
    """Published sheets: how many, and by what."""

    total: int
    origins: list[tuple[str, int]]
    depths: list[tuple[str, int]]
    regions: list[tuple[str, int]]
    departements: dict[str, int]


def sheets() -> Sheets:
    place = "public_version__place"
    rows = (
        Initiative.objects.published()
        .values_list("origin", "public_version__depth", f"{place}__departement__code", f"{place}__region__name")
        .annotate(number=Count("pk"))
        .order_by()
    )
    origins: Counter[str] = Counter()
    depths: Counter[str] = Counter()
    departements: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for origin, depth, departement, region, number in rows:
        origins[origin] += number
        depths[depth] += number
        regions[region or "Le pays entier"] += number
        if departement:
            departements[departement] += number
    return Sheets(
        total=sum(origins.values()),
        origins=[(label, origins[value]) for value, label in Initiative.Origin.choices],
        depths=[(label, depths[value]) for value, label in Depth.choices],
        regions=sorted(regions.items(), key=lambda row: (-row[1], row[0])),
        departements=dict(departements),
    )


def teaching() -> list[tuple[str, int | None]]:
    """(what, how many), None under five."""
    counts = (("Promotions", Cohort.objects.count()), ("Devoirs donnés", Assignment.objects.count()))
    return [(label, number if number >= ENOUGH else None) for label, number in counts]
