"""The argumentaire: what one to five sheets say, for one's hierarchy or elected officials. Two pages, no word of ours.

Every text is the beginning of one that a sheet carries, with the number of that sheet; what no sheet says is « non
renseigné ». Only the introduction is of who composed it, and is said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format

from guide.french import NBSP, typeset
from initiatives import editions, reading, sections
from initiatives.models import Edition, Initiative, Version
from initiatives.reading import Told

UNKNOWN, UNPROVEN = "non renseigné", "preuve non renseignée"
MOST_INTRODUCTION = 600
LONGEST = 420  # signs of one claim, before it is shortened further to hold in two pages
EFFECTS = (
    ("effects_people", "Pour les personnes"),
    ("effects_professionals", "Pour les professionnels"),
    ("effects_territory", "Pour l’institution et le territoire"),
    ("effects", "En général"),
)
ON_SCREEN = (300, 3, 2)  # as `shortened`: about what the paper holds
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[«A-ZÀ-ÖØ-ÞŒ0-9–])|\n+")


@dataclass(frozen=True)
class Source:
    """A sheet, under the number its claims carry."""

    number: int
    title: str
    dated: str
    url: str
    licence: str


@dataclass(frozen=True)
class Cost:
    source: int
    hours: str
    granted: str
    budget: str
    participants: str


@dataclass(frozen=True)
class Actor:
    source: int
    who: str
    where: str
    publics: str
    when: str


@dataclass(frozen=True)
class Claim:
    """`about`: its subject, in words of the site; `text`, `then`: words of the sheet; `proof`: how one knows it."""

    source: int
    about: str
    text: str
    then: str = ""
    proof: str = ""


@dataclass(frozen=True)
class CaseFor:
    title: str
    addressee: str
    introduction: tuple[str, ...]
    dated: str
    url: str
    sources: tuple[Source, ...]
    costs: tuple[Cost, ...]
    actors: tuple[Actor, ...]
    changes: tuple[Claim, ...]
    supports: tuple[Claim, ...]
    obstacles: tuple[Claim, ...]
    unsaid: tuple[tuple[str, tuple[int, ...]], ...]
    """What some sheets say nothing of: (« changes »…, their numbers)."""
    gone: int = 0
    """Sheets it was made of that can't be read any more."""

    def shortened(self, most: int, supports: int, obstacles: int) -> CaseFor:
        """With texts of so many signs at most, and so many claims of a kind from each sheet."""
        return replace(
            self,
            changes=tuple(_short(claim, most) for claim in self.changes),
            supports=tuple(_short(claim, most) for claim in _few(self.supports, supports)),
            obstacles=tuple(_short(claim, most) for claim in _few(self.obstacles, obstacles)),
            costs=tuple(replace(cost, hours=excerpt(cost.hours, most), granted=excerpt(cost.granted, most))
                        for cost in self.costs),
            actors=tuple(replace(actor, who=excerpt(actor.who, most), publics=excerpt(actor.publics, most))
                         for actor in self.actors),
        )  # fmt: skip

    def unsaid_of(self, kind: str) -> tuple[int, ...]:
        return dict(self.unsaid).get(kind, ())


def of(edition: Edition, lines: Sequence[editions.Read] | None = None) -> CaseFor:
    """What its sheets say now, in a bounded number of statements."""
    lines = editions.read(edition) if lines is None else lines
    read = [(line.sheet, line.version) for line in lines if line.sheet and line.version]
    told = reading.told_all([version for _, version in read])
    parts = sections.of_all([version for _, version in read])
    kept = [(n, version, told[version.pk]) for n, (_, version) in enumerate(read, 1)]
    changes = [claim for n, version, _ in kept for claim in _changes(n, version)]
    supports = [
        Claim(n, about, _first(sentence))
        for n, version, _ in kept
        for section in parts[version.pk]
        for about, sentence in section.claims
    ]
    obstacles = [claim for n, _, said in kept for claim in _obstacles(n, said)]
    by_kind = {"changes": changes, "supports": supports, "obstacles": obstacles}
    numbers = [n for n, *_ in kept]
    return CaseFor(
        title=edition.title,
        addressee=edition.addressee,
        introduction=tuple(part for part in (typeset(line.strip()) for line in edition.foreword.splitlines()) if part),
        dated=date_format(timezone.localdate(edition.made_at), "j F Y"),
        url=settings.SITE_URL + edition.get_absolute_url(),
        sources=tuple(_source(n, sheet, version) for n, (sheet, version) in enumerate(read, 1)),
        costs=tuple(_cost(n, version, said) for n, version, said in kept),
        actors=tuple(_actor(n, version, said) for n, version, said in kept),
        changes=tuple(sorted(changes, key=lambda claim: [label for _, label in EFFECTS].index(claim.about))),
        supports=tuple(supports),
        obstacles=tuple(obstacles),
        unsaid=tuple((kind, tuple(n for n in numbers if n not in {claim.source for claim in found}))
                     for kind, found in by_kind.items()),
        gone=sum(bool(line.gone) for line in lines),
    )  # fmt: skip


def by_effect(case: CaseFor) -> list[tuple[str, list[Claim]]]:
    """What it changed, by whom it changed something for."""
    found = [(label, [claim for claim in case.changes if claim.about == label]) for _, label in EFFECTS]
    return [(label, claims) for label, claims in found if claims]


def _source(n: int, sheet: Initiative, version: Version) -> Source:
    on = f"version du {date_format(timezone.localdate(version.frozen_at), 'j F Y')}" if version.frozen_at else ""
    if sheet.is_from_public_source:
        on = ", ".join(filter(None, (on, "d’après une source publique, non vérifiée par ses auteurs")))
    address = settings.SITE_URL + sheet.get_absolute_url()
    return Source(n, typeset(version.title), on, address, version.get_licence_display())


def _cost(n: int, version: Version, told: Told) -> Cost:
    hours = ""
    if told.times:
        rows = ", ".join(f"{typeset(row['role'])} {_hours(row['hours'])}" for row in told.times)
        hours = f"{_hours(told.hours)} en tout{NBSP}: {rows}" if len(told.times) > 1 else rows
    return Cost(
        n,
        hours or UNKNOWN,
        typeset(version.time_granted_by) or UNKNOWN,
        typeset(told.budget) or UNKNOWN,
        typeset(told.participants) or UNKNOWN,
    )


def _hours(hours: Any) -> str:
    return f"{number_format(float(hours), 1 if float(hours) % 1 else 0)}{NBSP}h"


def _actor(n: int, version: Version, told: Told) -> Actor:
    kind = version.organisation_kind.label if version.organisation_kind else ""
    who = typeset(version.organisation_name)
    if kind:
        who = f"{who} ({kind})" if who else kind
    publics = ", ".join(row["label"] for row in told.publics)
    return Actor(
        n,
        who or UNKNOWN,
        version.place.label if version.place else UNKNOWN,
        publics or UNKNOWN,
        version.period,
    )


def _changes(n: int, version: Version) -> Iterator[Claim]:
    proof = version.get_proof_display() if version.proof else UNPROVEN
    for name, label in EFFECTS:
        text = _first(getattr(version, name))
        if text:
            yield Claim(n, label, text, proof=proof)


def _obstacles(n: int, told: Told) -> Iterator[Claim]:
    for met in told.obstacles:
        yield Claim(n, met["label"], _first(met["text"]), then=_first(met["lifted"]))


def _first(text: str) -> str:
    return excerpt(typeset(text.replace("\r\n", "\n").strip()), LONGEST)


def _few(claims: Sequence[Claim], most: int) -> Iterator[Claim]:
    """The first of each sheet."""
    seen: dict[int, int] = {}
    for claim in claims:
        seen[claim.source] = seen.get(claim.source, 0) + 1
        if seen[claim.source] <= most:
            yield claim


def _short(claim: Claim, most: int) -> Claim:
    return replace(claim, text=excerpt(claim.text, most), then=excerpt(claim.then, most))


def excerpt(text: str, most: int) -> str:
    """The first sentences of a text; its first words, where its first sentence is longer. « … » says it goes on."""
    whole = " ".join(text.replace(NBSP, "\0").split()).replace("\0", NBSP)
    if len(whole) <= most:
        return whole
    kept = ""
    for sentence in _SENTENCE.split(text):
        said = " ".join(sentence.replace(NBSP, "\0").split()).replace("\0", NBSP)
        if len(kept) + len(said) + 3 > most:
            break
        kept = f"{kept} {said}".strip()
    if kept and len(kept) >= most / 3:
        return f"{kept} […]"
    return f"{whole[: most - 4].rsplit(' ', 1)[0].rstrip(' ,;:')} […]"
