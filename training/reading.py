"""What an assignment gives to read that may change after it was given."""

from __future__ import annotations

from initiatives.models import Initiative
from training.models import Assignment


def readable_initiatives(assignment: Assignment) -> list[Initiative]:
    """Those one can still read: a sheet masked or withdrawn since is no longer shown."""
    chosen = Initiative.objects.readable().filter(assignment=assignment).select_related("public_version")
    return list(chosen.order_by("public_version__title", "pk"))
