"""The public numbers of the site, counted from the database when they are asked. Nothing here is about one person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from accounts.models import Territory
from initiatives.models import Initiative, Kinship, Reuse
from initiatives.models.choices import Depth, Kin
from initiatives.workflow import ABOUT_A_PAGE, DECIDED, DECISION_DAYS, MOVING, CaseStatus, Verb
from training.models import Assignment, Cohort

ENOUGH = 5
"""Under this number, a figure would say too much of too few."""

# The clock of a case starts at each sending, and again when a decision is undone; it stops when the coordination asks
# or decides. The time a third party takes isn't counted. A first sign is any act of the coordination.
SENDINGS = (Verb.SUBMIT, Verb.RESUBMIT, Verb.APPEAL)
STARTS = (*SENDINGS, Verb.REOPEN)
DECISIONS = (Verb.ACCEPT, Verb.REFUSE, Verb.REDIRECT)
ANSWERS = (*DECISIONS, Verb.REQUEST_CHANGES)
SIGNS = (*ANSWERS, Verb.CLAIM, Verb.ASK_THIRD_PARTY)

# One row a turn: when it began, how long each thing took, to whom it belongs.
_TURNS = """
WITH told AS (
  SELECT c.status, c.territory_id, m.case_id, m.verb, m.at,
         lead(m.at, 1, now()) OVER (PARTITION BY m.case_id ORDER BY m.id) AS until,
         count(*) FILTER (WHERE m.verb = ANY(%(starts)s)) OVER (PARTITION BY m.case_id ORDER BY m.id) AS turn
  FROM initiatives_move m JOIN initiatives_case c ON c.id = m.case_id
  WHERE c.kind <> ALL(%(about_a_page)s) AND c.status <> %(cancelled)s AND m.verb = ANY(%(moving)s)
),
counted AS (
  SELECT case_id, status, territory_id,
         min(at) FILTER (WHERE verb = ANY(%(starts)s)) AS begun,
         bool_or(verb = ANY(%(sendings)s)) AS sent,
         min(at) FILTER (WHERE verb = ANY(%(signs)s)) AS signed,
         min(at) FILTER (WHERE verb = ANY(%(answers)s)) AS answered,
         min(at) FILTER (WHERE verb = ANY(%(decisions)s)) AS decided,
         coalesce(sum(until - at) FILTER (WHERE verb = %(wait)s), interval '0') AS waited
  FROM told WHERE turn > 0 GROUP BY case_id, status, territory_id, turn
),
turns AS (
  SELECT territory_id, decided IS NOT NULL AS is_decided,
         decided - begun - waited AS decision,
         CASE WHEN status = ANY(%(closed)s) AND sent THEN signed - begun END AS sign,
         answered - begun - waited AS answer,
         begun + waited + %(limit)s < now() AS is_late
  FROM counted
)
"""
_MEASURES = """
  count(*) FILTER (WHERE is_decided),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY sign),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY decision),
  count(*) FILTER (WHERE answer <= %(limit)s),
  count(*) FILTER (WHERE answer IS NOT NULL OR is_late),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY sign),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY decision)
"""
_EVERYWHERE = _TURNS + "SELECT" + _MEASURES + "FROM turns"
_DECIDED_HERE = "SELECT territory_id, count(*) FILTER (WHERE is_decided) FROM turns GROUP BY territory_id"
_BY_TERRITORY = _TURNS + _DECIDED_HERE
_BY_GROUP = (
    _TURNS
    + "SELECT g.name,"
    + _MEASURES
    + """FROM turns JOIN unnest(%(ids)s::bigint[], %(names)s::text[]) AS g(id, name)
         ON g.id = coalesce(turns.territory_id, 0) GROUP BY g.name"""
)


@dataclass(frozen=True)
class Delays:
    """Medians, and the time within which nine in ten were served."""

    decisions: int
    first_sign: timedelta | None
    decision: timedelta | None
    in_time: int
    awaited: int
    """Sendings that were answered, or that have waited longer than promised."""
    first_sign_90: timedelta | None = None
    decision_90: timedelta | None = None

    @property
    def are_enough(self) -> bool:
        return self.decisions >= ENOUGH

    @property
    def share_in_time(self) -> int:
        return round(100 * self.in_time / self.awaited) if self.awaited else 0


def delays() -> Delays:
    """How long people really waited, over every case that wasn't taken back by its author."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYWHERE, _said())
        return Delays(*cursor.fetchone())


def delays_by_territory() -> list[tuple[str, Delays]]:
    """The same where at least five decisions were taken: a département by itself, the others of a région together, and

    the rest of the country, so that nobody is singled out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_TERRITORY, _said())
        counts = {territory or 0: number for territory, number in cursor.fetchall()}
        groups = _groups(counts)
        cursor.execute(_BY_GROUP, {**_said(), "ids": list(groups), "names": list(groups.values())})
        rows = [(name, Delays(*measures)) for name, *measures in cursor.fetchall()]
    return sorted((row for row in rows if row[1].are_enough), key=lambda row: (row[0] == ELSEWHERE, row[0]))


ELSEWHERE = "Ailleurs"


def _groups(counts: dict[int, int]) -> dict[int, str]:
    """Territory (0: none) → the name under which its cases are counted."""
    known = Territory.objects.filter(pk__in=counts).select_related("region")
    alone = {place.pk: place.label for place in known if place.level == "departement" and counts[place.pk] >= ENOUGH}
    together: Counter[Territory] = Counter()
    for place in known:
        if place.pk not in alone and place.region:
            together[place.region] += counts[place.pk]
    split = {place.region_id for place in known if place.pk in alone}
    names = {
        region.pk: f"{region.name}, autres départements" if region.pk in split else region.name
        for region, number in together.items()
        if number >= ENOUGH
    }
    found = {place.pk: alone.get(place.pk) or names.get(place.region_id or 0, ELSEWHERE) for place in known}
    return {**found, **({0: ELSEWHERE} if 0 in counts else {})}


def _said() -> dict[str, Any]:
    return {
        "starts": list(STARTS),
        "sendings": list(SENDINGS),
        "signs": list(SIGNS),
        "answers": list(ANSWERS),
        "decisions": list(DECISIONS),
        "moving": list(MOVING),
        "wait": Verb.ASK_THIRD_PARTY,
        "closed": list(DECIDED),
        "about_a_page": list(ABOUT_A_PAGE),
        "cancelled": CaseStatus.CANCELLED,
        "limit": timedelta(days=DECISION_DAYS),
    }


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


def reuses() -> list[tuple[str, int | None]]:
    """(what, how many), None under five: sheets taken up elsewhere, and those that were born of another."""
    alive = Reuse.objects.exclude(stage=Reuse.Stage.DROPPED).filter(initiative__in=Initiative.objects.published())
    said = alive.aggregate(taken=Count("pk"), sheets=Count("initiative", distinct=True), tried=Count("tried_at"))
    kin = Kinship.objects.filter(kind=Kin.INSPIRED, version__public_of__in=Initiative.objects.published())
    born = kin.filter(other__in=Initiative.objects.readable()).values("version").distinct().count()
    counts = (
        ("Fois où quelqu’un s’inspire d’une initiative", said["taken"]),
        ("Initiatives dont on s’inspire", said["sheets"]),
        ("Fois où quelqu’un a essayé", said["tried"]),
        ("Initiatives nées d’une autre", born),
    )
    return [(label, number if number >= ENOUGH else None) for label, number in counts]


def teaching() -> list[tuple[str, int | None]]:
    """(what, how many), None under five."""
    counts = (("Promotions", Cohort.objects.count()), ("Devoirs donnés", Assignment.objects.count()))
    return [(label, number if number >= ENOUGH else None) for label, number in counts]
