"""Making a version the public one, with the index in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from initiatives.workflow import READABLE, Refused, SheetStatus

if TYPE_CHECKING:
    from accounts.models import Organisation, Person
    from initiatives.models import Version

type Settle = Callable[["Version", "Person"], None]


def publish(version: Version, network: Organisation | None) -> None:
    """Inside the transaction of a decision: the sheet's public version, its status, its address and its index entry."""
    from initiatives import search
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
    # What was settled with the decision is part of what the next revision is compared with.
    Version.objects.filter(pk=version.pk).update(snapshot=snapshot(version))
    search.index(initiative)
