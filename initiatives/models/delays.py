"""What a case's dates and its holder become: the changes that its moves share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts import working_days
from initiatives import workflow
from initiatives.models.routing import claim_due_dates, due_dates
from initiatives.workflow import CaseStatus

if TYPE_CHECKING:
    from initiatives.models.review import Case

UNCLAIMED: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "claim_expires_at": None}
NOT_WAITING: dict[str, Any] = {"waiting_since": None, "waits_until": None}
NOT_LATE: dict[str, Any] = {"reminded": 0, "escalated": 0}


def claim_end(now: datetime | None = None) -> datetime:
    return working_days.after(now or timezone.now(), workflow.CLAIM_WORKING_DAYS)


def waiting(days: int) -> dict[str, Any]:
    """From now on somebody else is awaited, this many days at most."""
    now = timezone.now()
    return {"waiting_since": now, "waits_until": now + timedelta(days=days)}


def without_the_wait(case: Case, now: datetime | None = None) -> dict[str, Any]:
    """The time a third party took isn't counted: the promised dates are later by as much."""
    if case.status != CaseStatus.WAITING_THIRD_PARTY or case.waiting_since is None:
        return NOT_WAITING
    waited = (now or timezone.now()) - case.waiting_since
    late = {"first_sign_due_at": case.first_sign_due_at + waited, "decision_due_at": case.decision_due_at + waited}
    return {**late, **NOT_WAITING}


def anew(case: Case) -> dict[str, Any]:
    """Read again from the start, by somebody else: new dates, those of its sort; a blank grid."""
    now = timezone.now()
    fresh: dict[str, Any] = {"received_at": now, "decided_at": None, "grid": {}}
    is_claim = case.kind in workflow.ABOUT_A_PAGE and case.report.is_claim
    dates = claim_due_dates(now) if is_claim else due_dates(now)
    return {**fresh, **dates, **NOT_LATE, **NOT_WAITING}
