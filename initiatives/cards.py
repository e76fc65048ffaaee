"""What a card of a sheet shows, wherever it stands: catalogue, home, neighbours, site search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.safestring import SafeString

from guide.models import Method
from initiatives.models import Initiative
from initiatives.search import Found, excerpts
from initiatives.search.text import Reading
from initiatives.workflow import SheetStatus


@dataclass(frozen=True)
class Card:
    initiative: Initiative
    url: str
    title: str | SafeString
    place: str
    period: str
    methods: list[str]
    summary: str
    excerpt: str | SafeString
    levers: list[int]
    badge: str
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
    """The cards of these sheets, in their order, in one statement; with the words found when a text was asked."""
    methods = Method.objects.filter(version=OuterRef("public_version")).order_by("position").values("name")
    sheets = (
        Initiative.objects.published()
        .filter(pk__in=[one.pk for one in found])
        .select_related("public_version__place")
        .annotate(method_names=ArraySubquery(methods))
    )
    query = reading.mark() if reading else None
    if query is not None:
        sheets = sheets.annotate(**excerpts.headlines(query))
    by_pk = {sheet.pk: sheet for sheet in sheets} if found else {}
    return [_card(by_pk[one.pk], one) for one in found if one.pk in by_pk]


def _card(sheet: Initiative, found: Found) -> Card:
    version = sheet.public_version
    if version is None:  # never of a published sheet: a constraint of the database says so
        raise ValueError(f"Initiative {sheet.pk} has no public version")
    marked = "marked_title" in sheet.__dict__
    return Card(
        initiative=sheet,
        url=sheet.get_absolute_url(),
        title=excerpts.safe(sheet.__dict__["marked_title"]) if marked else version.title,
        place=version.place.label if version.place else "",
        period=version.period if version.period_note or version.start_year or version.end_year else "",
        methods=sheet.__dict__["method_names"],
        summary=version.summary,
        excerpt=excerpts.excerpt(sheet.__dict__["marked_summary"], sheet.__dict__["marked_story"]) if marked else "",
        levers=found.levers,
        badge="à actualiser" if sheet.status == SheetStatus.STALE else "",
        tier=found.tier,
    )
