"""What levers add to a sheet and to the catalogue: « Ce que cela soutient », and two facets."""

from __future__ import annotations

from collections.abc import Iterable

from initiatives.models import Version
from initiatives.search import facets
from initiatives.sections import Section
from levers.models import DAGBERT, Lever, Mapping, Proposal


def supports(version: Version) -> Iterable[Section]:
    """Settled supports of a version, a lever at a time; a counter-example is told as such and colours nothing."""
    mappings = list(
        Mapping.objects.settled()
        .filter(version=version)
        .select_related("lever__framework", "proposal")
        .order_by("lever__framework__position", "lever__number", "proposal")
    )
    if not mappings:
        return
    by_lever: dict[Lever, list[Mapping]] = {}
    for mapping in mappings:
        by_lever.setdefault(mapping.lever, []).append(mapping)
    held = {m.lever for m in mappings if m.strength != Mapping.Strength.COUNTER_EXAMPLE}
    ring = tuple(lever for lever in by_lever if lever in held and lever.framework_id == DAGBERT)
    yield Section(
        slug="leviers",
        title="Ce que cela soutient",
        template="levers/_section.html",
        context={
            "levers": [{"lever": lever, "mappings": rows} for lever, rows in by_lever.items()],
            "editorial": all(m.origin == Mapping.Origin.EDITORIAL for m in mappings),
        },
        levers=ring,
    )


LEVER_FACET = facets.Facet(
    "levier",
    "Levier",
    15,
    lambda _: facets.rows("levier", Lever.objects.of_dagbert(), "number", "short"),
)
PROPOSAL_FACET = facets.Facet(
    "proposition",
    "Proposition",
    100,
    lambda _: facets.rows("proposition", Proposal.objects.all(), "number", "short_title"),
)
