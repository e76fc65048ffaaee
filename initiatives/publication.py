"""Making a version the public one, with the index in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from initiatives.workflow import READABLE, SHEET_MOVES, CaseKind, Refused, SheetStatus, Verb

if TYPE_CHECKING:
    from accounts.models import Organisation, Person
    from initiatives.models import Case, Initiative, Version

type Settle = Callable[["Version", "Person"], None]


def publish(version: Version, network: Organisation | None) -> None:
    """Inside the transaction of a decision: the sheet's public version, its status, its address and its index entry."""
    from initiatives import adoption, fate, search
    from initiatives.difference import snapshot
    from initiatives.models import Initiative, Version

    now = timezone.now()
    initiative = Initiative.objects.hold(version.initiative_id)
    if initiative.status not in (SheetStatus.IN_REVIEW, *READABLE):
        raise Refused("Cette fiche n’est plus à publier : elle a été retirée ou réunie à une autre.")
    first_time = initiative.published_at is None
    initiative.public_version = version
    initiative.status = SheetStatus.PUBLISHED
    initiative.verified_on = timezone.localdate(now)
    initiative.verified_by = network
    if first_time:
        initiative.published_at = now
    initiative.save(update_fields=["public_version", "status", "verified_on", "verified_by", "published_at"])
    if first_time:
        initiative.take_address(version.title)
    fate.came_back_corrected(initiative, version)
    adoption.settle(initiative, version)
    # What was settled with the decision is part of what the next revision is compared with.
    Version.objects.filter(pk=version.pk).update(snapshot=snapshot(version))
    search.index(initiative)


def take_back(case: Case, initiative: Initiative) -> None:
    """Inside the transaction of a reversal: the public reads what it read before this case was accepted.

    A first publication leaves the catalogue, and its address stays its own. `initiative` is locked.
    """
    from initiatives import adoption, search

    if initiative.public_version_id != case.version_id or initiative.status not in READABLE:
        raise Refused("La page a changé depuis cette décision : c’est la dernière qui se reprend.")
    if case.kind == CaseKind.CREATION:
        initiative.status = SHEET_MOVES[Verb.REOPEN].target
        initiative.public_version, initiative.verified_on, initiative.verified_by = None, None, None
    elif case.replaced is None:
        raise Refused("On ne sait plus ce que le public lisait avant cette décision.")
    else:
        initiative.public_version = case.replaced
    initiative.save(update_fields=["status", "public_version", "verified_on", "verified_by"])
    if case.kind == CaseKind.ADOPTION:
        adoption.unsettle(initiative, case.version)
    search.index(initiative)
