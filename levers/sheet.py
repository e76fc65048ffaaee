"""What levers add to a sheet and to the catalogue: « Ce que cela soutient », and two facets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Chosen

from initiatives.beside import Link
from initiatives.models import Version
from initiatives.search import facets
from initiatives.sections import Section
from levers.models import DAGBERT, Lever, Mapping, Note, Proposal


def supports(version: Version) -> Iterable[Section]:
    """Settled supports of a version, a lever at a time; a counter-example is told as such and colours nothing."""
    return supports_of_all([version]).get(version.pk, [])


def supports_of_all(versions: Sequence[Version]) -> dict[int, list[Section]]:
    """Of several versions, by their key, in one statement."""
    mappings = (
        Mapping.objects.settled()
        .filter(version__in=versions)
        .select_related("lever__framework", "proposal")
        .order_by("lever__framework__position", "lever__number", "proposal")
    )
    found: dict[int, list[Mapping]] = {}
    for mapping in mappings:
        found.setdefault(mapping.version_id, []).append(mapping)
    return {key: [_section(rows)] for key, rows in found.items()}


def _section(mappings: list[Mapping]) -> Section:
    by_lever: dict[Lever, list[Mapping]] = {}
    for mapping in mappings:
        by_lever.setdefault(mapping.lever, []).append(mapping)
    held = {m.lever for m in mappings if m.strength != Mapping.Strength.COUNTER_EXAMPLE}
    ring = tuple(lever for lever in by_lever if lever in held and lever.framework_id == DAGBERT)
    return Section(
        slug="leviers",
        title="Ce que cela soutient",
        template="levers/_section.html",
        context={
            "levers": [{"lever": lever, "mappings": rows} for lever, rows in by_lever.items()],
            "editorial": all(m.origin == Mapping.Origin.EDITORIAL for m in mappings),
        },
        levers=ring,
        claims=tuple(
            (f"Proposition {m.proposal_id}, {m.proposal.short_title}" if m.proposal else m.lever.short, m.sentence)
            for m in mappings
            if m.strength != Mapping.Strength.COUNTER_EXAMPLE and m.sentence
        ),
        on_paper=_on_paper(by_lever),
    )


EDITORIAL = "C’est notre lecture : la source ne l’énonce pas."


def _on_paper(by_lever: dict[Lever, list[Mapping]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [
        (lever.short or lever.title, tuple(_sentence(mapping) for mapping in rows)) for lever, rows in by_lever.items()
    ]
    rows = [mapping for some in by_lever.values() for mapping in some]
    if all(mapping.origin == Mapping.Origin.EDITORIAL for mapping in rows):
        found.append(("", (EDITORIAL,)))
    return tuple(found)


def _sentence(mapping: Mapping) -> str:
    """« Contre-exemple : … (appui indirect, proposition 8). »"""
    before = "Contre-exemple\u00a0: " if mapping.strength == Mapping.Strength.COUNTER_EXAMPLE else ""
    about = [
        *(["appui indirect"] if mapping.strength == Mapping.Strength.INDIRECT else []),
        *([f"proposition\u00a0{mapping.proposal_id}"] if mapping.proposal_id else []),
    ]
    return f"{before}{mapping.sentence.rstrip('. ')} ({', '.join(about)})." if about else f"{before}{mapping.sentence}"


def notes_beside(choices: Chosen[str, Sequence[str]]) -> Iterable[Link]:
    """The notes about the themes one filters by. One statement, when there is a theme."""
    themes = choices.get("theme", ())
    if themes:
        for note in Note.objects.published().filter(themes__code__in=themes).distinct()[:3]:
            yield Link(note.title, note.get_absolute_url(), "Note transversale")


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
