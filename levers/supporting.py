"""The sheets that support a lever or a proposal, as its page lists them: each once, with its sentences and its ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Max, Min, Q, QuerySet

from initiatives.models import Initiative, Version
from levers.models import DAGBERT, Lever, Mapping, MappingQuerySet, Proposal

A_PAGE = 20
MOST_COUNTER_EXAMPLES = 20
AGAINST = Mapping.Strength.COUNTER_EXAMPLE


@dataclass(frozen=True)
class Support:
    """One sheet: its sentences here, direct ones first, and all the levers it supports."""

    sheet: Initiative
    version: Version
    mappings: list[Mapping]
    ring: list[int]


@dataclass(frozen=True)
class Supports:
    page: Page[Any]
    """Of `Support`: the direct ones, then the indirect."""
    counter_examples: list[Support]
    """Shown apart, and counted nowhere."""


def of_lever(lever: Lever, total: int, page: Any = 1) -> Supports:
    return _supports(Mapping.objects.filter(lever=lever), lambda row: row.lever_id == lever.pk, total, page)


def of_proposal(proposal: Proposal, total: int, page: Any = 1) -> Supports:
    about = Mapping.objects.filter(proposal=proposal)
    return _supports(about, lambda row: row.proposal_id == proposal.pk, total, page)


def _supports(about: MappingQuerySet, is_about: Callable[[Mapping], bool], total: int, page: Any) -> Supports:
    """`total` is the catalogue's own count. Two statements."""
    shown = about.settled().public()
    paginator: Paginator[Any] = Paginator(_versions(shown.exclude(strength=AGAINST)), A_PAGE)
    paginator.__dict__["count"] = total
    found = paginator.get_page(page)
    order = [row["version"] for row in found.object_list]
    against = shown.filter(strength=AGAINST).order_by("version").values("version").distinct()[:MOST_COUNTER_EXAMPLES]
    by_version = _mappings(Q(version__in=order) | Q(version__in=against))

    def support(pk: int, shows: Callable[[Mapping], bool]) -> Support:
        return _support(by_version[pk], lambda row: is_about(row) and shows(row))

    found.object_list = [support(pk, lambda row: row.strength != AGAINST) for pk in order if pk in by_version]
    told_against = (support(pk, lambda row: row.strength == AGAINST) for pk in by_version)
    return Supports(found, [each for each in told_against if each.mappings])


def _versions(shown: MappingQuerySet) -> QuerySet[Any, Any]:
    """Each version once; « direct » comes before « indirect » as words do."""
    grouped = shown.order_by().values("version")
    since = Max("version__public_of__published_at")
    return grouped.annotate(best=Min("strength"), since=since).order_by("best", "-since", "version")


def _mappings(of: Q) -> dict[int, list[Mapping]]:
    rows = (
        Mapping.objects.settled()
        .filter(of)
        .select_related("version__public_of", "version__place", "proposal", "lever")
        .defer("version__story", "version__beginning", "version__participation", "version__snapshot")
        .order_by("strength", "lever__number", "proposal", "pk")
    )
    found: dict[int, list[Mapping]] = {}
    for row in rows:
        found.setdefault(row.version_id, []).append(row)
    return found


def _support(rows: list[Mapping], shown: Callable[[Mapping], bool]) -> Support:
    held = {row.lever.number for row in rows if row.lever.framework_id == DAGBERT and row.strength != AGAINST}
    version = rows[0].version
    return Support(version.public_of, version, [row for row in rows if shown(row)], sorted(held))
