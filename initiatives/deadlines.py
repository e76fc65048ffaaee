"""What falls due without anyone asking."""

from initiatives.models import Case
from initiatives.workflow import Overtaken


def lapse_claims() -> int:
    """Give back to the queue the cases whose claim is over; how many were."""
    lapsed = 0
    for case in Case.objects.lapsed().select_related("initiative"):
        try:
            case.lapse()
        except Overtaken:
            continue  # decided or released in the meantime
        lapsed += 1
    return lapsed
