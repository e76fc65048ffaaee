"""What a card of a sheet shows, wherever it stands: catalogue, home, neighbours, site search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.statements import cursor
from initiatives.search import Found, excerpts
from initiatives.search.text import Reading
from initiatives.workflow import SheetStatus

# An entry is there while its sheet may be shown, and goes in the transaction that hides it (decision 0010).
_CARDS = "SELECT doc, card FROM initiatives_entry WHERE doc = ANY(%s::int[])"
_WITH_STORY = """
SELECT doc, card, story, beginning, participation, effects
FROM initiatives_entry AS entry
JOIN initiatives_initiative AS sheet ON sheet.id = entry.initiative_id
JOIN initiatives_version AS version ON version.id = sheet.public_version_id
WHERE doc = ANY(%s::int[])
"""


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

    What a card shows was written when the sheet was published.
    """
    if not found:
        return []
    with cursor() as rows:
        rows.execute(_WITH_STORY if reading else _CARDS, [[one.doc for one in found]])
        by_doc = {doc: about for doc, *about in rows}
    root = reverse("initiatives:catalogue")  # a sheet's address is its slug under it
    known = ((one.tier, by_doc[one.doc]) for one in found if one.doc in by_doc)
    return [_card(card, tier, root, story, reading) for tier, (card, *story) in known]


def _badge(card: dict[str, Any]) -> str:
    if card["status"] == SheetStatus.STALE:
        return "à actualiser"
    return "écrit en formation" if card.get("training") else ""


def _card(card: dict[str, Any], tier: int, root: str, story: Sequence[str], reading: Reading | None) -> Card:
    title, excerpt = card["title"], ""
    if reading:
        title = excerpts.marked(title, reading.marks)
        unsaid = excerpts.missing([card["title"], card["summary"]], reading.wanted)
        excerpt = excerpts.passage(story, frozenset().union(*unsaid)) if unsaid else ""
        excerpt = excerpt or excerpts.marked(card["summary"], reading.marks)
    return Card(
        slug=card["slug"],
        url=f"{root}{card['slug']}/",
        title=title,
        place=card["place"],
        period=card["period"],
        methods=card["methods"],
        summary=card["summary"],
        excerpt=excerpt,
        levers=card["levers"],
        badge=_badge(card),
        verified=card["verified"],
        tier=tier,
    )
