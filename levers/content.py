"""Frameworks, levers, proposals and the editorial supports of public-source sheets, from files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from accounts.content import read_toml, synchronise
from guide import passages
from guide.content import typeset_all
from guide.models import Fiche
from guide.passages import Draft
from initiatives import search
from initiatives.content import public_sources
from initiatives.models import Initiative, Version
from levers import citing
from levers.models import DAGBERT, Call, Crosswalk, Framework, Lever, Mapping, Note, Proposal

HERE = Path(__file__).parent / "content"
MARKS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+>]|\d{1,9}[.)])[ \t]+|[*_`|]", re.MULTILINE)
"""Of Markdown: they are not words."""


def after_migrate(**kwargs: Any) -> None:
    synchronise("frameworks", sorted(HERE.glob("framework-*.toml")), load_frameworks)
    texts = [*passages.MAKERS, *sorted(HERE.glob("framework-*.toml"))]
    synchronise("proposal-passages", texts, lambda: passages.renew("proposition", "note", "appel"))
    # A sheet made anew from its file needs its supports again.
    synchronise("supports", [HERE / "supports.toml", *public_sources()], load_supports)


def proposal_passages() -> Iterator[Draft]:
    for proposal in Proposal.objects.select_related("lever").order_by("number"):
        note = f"Proposition {proposal.number} · {proposal.lever.short}"
        said = [proposal.official_wording, f"{proposal.wording}.", proposal.explanation]
        text = "\n".join(filter(None, said)).strip()
        yield Draft(proposal.get_absolute_url(), proposal.short_title, text, note=note)


def call_passages() -> Iterator[Draft]:
    for call in Call.objects.open().select_related("territory"):
        where = f" · {call.territory.name}" if call.territory else ""
        yield Draft(call.get_absolute_url(), call.title, call.question, note=f"Appel à initiatives{where}")


def note_passages() -> Iterator[Draft]:
    """What a note says of no sheet in particular: a sheet that is masked takes nothing back from the index."""
    for note in Note.objects.published():
        text = f"{note.summary}\n{citing.without_citations(note.body)}"
        yield Draft(note.get_absolute_url(), note.title, MARKS.sub("", text).strip(), note="Note transversale")


def each_day(on: date) -> None:
    """A call whose last day is over is no longer found."""
    passages.renew("appel")


def load_frameworks() -> None:
    for position, name in enumerate([DAGBERT, "dubasque"]):
        data = typeset_all(read_toml(HERE / f"framework-{name}.toml"))
        about = data["framework"]
        framework, _ = Framework.objects.update_or_create(
            slug=about["slug"],
            defaults={
                **{key: about.get(key, "") for key in ("title", "short_title", "source", "notice")},
                "year": str(about.get("year", "")),
                "position": position,
            },
        )
        levers = {row["number"]: load_lever(framework, row) for row in data["lever"]}
        for row in data.get("proposal", []):
            load_proposal(levers[row["lever"]], row)
        load_crosswalk(levers, data.get("crosswalk", []))


def load_lever(framework: Framework, row: dict[str, Any]) -> Lever:
    lever, _ = Lever.objects.update_or_create(
        framework=framework,
        number=row["number"],
        defaults={key: row.get(key, "") for key in ("title", "short", "description", "figures")},
    )
    return lever


def load_proposal(lever: Lever, row: dict[str, Any]) -> None:
    keys = ("status", "short_title", "wording", "bullet", "explanation")
    optional = ("bullet_part", "reasoning", "confidence")
    proposal, _ = Proposal.objects.update_or_create(
        number=row["number"],
        defaults={
            "lever": lever,
            **{key: row[key] for key in keys},
            **{key: row.get(key, "") for key in optional},
        },
    )
    proposal.fiches.set(Fiche.objects.filter(number__in=row.get("fiches", [])))


def load_crosswalk(levers: dict[int, Lever], rows: list[dict[str, Any]]) -> None:
    Crosswalk.objects.filter(lever__in=levers.values()).delete()
    for row in rows:
        met = Lever.objects.get(framework=DAGBERT, number=row["to_lever"])
        crosswalk = Crosswalk.objects.create(
            lever=levers[row["from"]], meets=met, strength=row["strength"], reason=row["reason"]
        )
        crosswalk.proposals.set(Proposal.objects.filter(number__in=row.get("proposals", [])))


def load_supports() -> None:
    """Editorial mappings of sheets that are still as their public source made them; adopted ones are their authors'."""
    levers = {lever.number: lever for lever in Lever.objects.of_dagbert()}
    versions = {
        version.initiative.slug: version
        for version in Version.objects.filter(
            public_of__origin=Initiative.Origin.PUBLIC_SOURCE, created_by=None
        ).select_related("initiative")
    }
    Mapping.objects.filter(version__in=versions.values(), origin=Mapping.Origin.EDITORIAL).delete()
    Mapping.objects.bulk_create(
        Mapping(
            version=versions[row["initiative"]],
            lever=levers[row["lever"]],
            proposal_id=row.get("proposal"),
            sentence=typeset_all(row["sentence"]),
            strength=row["strength"],
            origin=Mapping.Origin.EDITORIAL,
            status=Mapping.Status.VALIDATED,
        )
        for row in read_toml(HERE / "supports.toml")["support"]
        if row["initiative"] in versions
    )
    for version in versions.values():
        search.index(version.initiative)
