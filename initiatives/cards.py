"""What a card of a sheet shows, wherever it stands: catalogue, home, neighbours, site search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from initiatives.models import Entry, Initiative
from initiatives.search import Found, excerpts
from initiatives.search.text import Reading
from initiatives.workflow import SheetStatus

STORY = ("story", "beginning", "participation", "effects")


@dataclass(frozen=True)
class Card:
    slug: str
    url: str
    title: str | SafeString
    place: str
    period: str
    methods: list[str]
    summary: str
    excerpt: str | SafeString
    levers: list[int]
    badge: str
    verified: bool
    tier: int

    @property
    def eyebrow(self) -> str:
        return " · ".join(filter(None, [self.place, self.period]))

    @property
    def line(self) -> str:
        """The eyebrow of a result: the method is part of it."""
        return " · ".join([self.eyebrow, *self.methods[:1]])

    @property
    def chips(self) -> list[str]:
        number = len(self.levers)
        return [*self.methods[:1], *([f"{number} levier{'s' if number > 1 else ''}"] if number else [])]


def cards(found: Sequence[Found], reading: Reading | None = None) -> list[Card]:
    """The cards of these sheets, in their order, in one statement; with the words found when a text was asked.

    What a card shows was written when the sheet was published; whether it may be shown is asked now.
    """
    if not found:
        return []
    keys = reading.marks if reading else frozenset()
    texts = [f"initiative__public_version__{name}" for name in STORY] if keys else []
    entries = Entry.objects.filter(doc__in=[one.doc for one in found], initiative__in=Initiative.objects.published())
    rows = {row[0]: row[1:] for row in entries.values_list("doc", "card", "terms", "verified_on", *texts)}
    known = ((one, rows[one.doc]) for one in found if one.doc in rows)
    return [_card(one, card, terms, verified_on, story, keys) for one, (card, terms, verified_on, *story) in known]


def _card(
    found: Found,
    card: dict[str, Any],
    terms: list[str],
    verified_on: date | None,
    story: Sequence[str],
    keys: frozenset[str],
) -> Card:
    excerpt: str | SafeString = ""
    if keys:
        excerpt = excerpts.marked(card["summary"], keys)
        if not isinstance(excerpt, SafeString):
            excerpt = excerpts.excerpt(story, keys)
    return Card(
        slug=card["slug"],
        url=reverse("initiatives:sheet", args=[card["slug"]]),
        title=excerpts.marked(card["title"], keys) if keys else card["title"],
        place=card["place"],
        period=card["period"],
        methods=card["methods"],
        summary=card["summary"],
        excerpt=excerpt,
        levers=sorted(int(term[7:]) for term in terms if term.startswith("levier:")),
        badge="à actualiser" if card["status"] == SheetStatus.STALE else "",
        verified=verified_on is not None,
        tier=found.tier,
    )
