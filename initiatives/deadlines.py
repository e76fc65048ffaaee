"""What falls due without anyone asking."""

from accounts.models import Role
from initiatives.models import Case
from initiatives.models.queue import CaseQuerySet
from initiatives.workflow import Overtaken


def lapse_claims() -> int:
    """Give back to the queue the cases whose claim is over, or whose claimant no longer coordinates there."""
    claimed = Case.objects.select_related("initiative")
    return lapse(claimed.lapsed()) + lapse(claimed.orphaned())


def release_claims(role: Role) -> None:
    """A role ended at once: what its person had claimed goes back to the queue without waiting."""
    lapse(Case.objects.select_related("initiative").orphaned().filter(claimed_by=role.person))


def lapse(cases: CaseQuerySet) -> int:
    lapsed = 0
    for case in cases:
        try:
            case.lapse()
        except Overtaken:
            continue  # decided or released in the meantime
        lapsed += 1
    return lapsed
