"""All a version says beyond its own columns, in one statement: for the pages that show a sheet, public or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.statements import Statement
from guide.models import Fiche, Method
from initiatives import completeness
from initiatives.models import (
    Initiative,
    Kinship,
    Milestone,
    ObstacleMet,
    Partner,
    Public,
    Source,
    Tag,
    Theme,
    TimeShare,
    Version,
    Voice,
    WebLink,
)
from initiatives.models.choices import BUDGETS, HOSTING, LANGUAGES, MONTHS, PARTICIPANTS, Kin, LinkKind

type Rows = list[dict[str, Any]]

# What a sheet is to the one that names it.
KIN_OF = {
    Kin.INSPIRED: "a inspiré",
    Kin.SEQUEL: "a pour suite",
    Kin.PART: "comprend",
    Kin.NEAR: "proche de",
}


@dataclass(frozen=True)
class Told:
    """Rows and links of a version, each as {name: value}, and its coded answers in words."""

    methods: Rows
    themes: Rows
    publics: Rows
    tags: Rows
    obstacles: Rows
    partners: Rows
    times: Rows
    sources: Rows
    milestones: Rows
    voices: Rows
    """Words of people who agreed; those of people who haven't yet are `waiting`, and not for the public."""
    waiting: Rows
    links: Rows
    kin: Rows
    """Other sheets the public reads: {words, title, slug}, those this one names then those that name it."""
    fiches: Rows
    hours: float
    participants: str
    budget: str
    hosting: list[tuple[str, str]]
    languages: list[str]
    conditions: list[str]
    depth: str
    said: dict[str, Any]
    """What `completeness.told` answers, asked in the same statement."""

    @property
    def relatives(self) -> Rows:
        """The family besides the lineage, which a page draws apart (`initiatives.lineage`)."""
        return [row for row in self.kin if row["kind"] != Kin.INSPIRED]


def told(version: Version) -> Told:
    return told_all([version])[version.pk]


def told_all(versions: Sequence[Version]) -> dict[int, Told]:
    """Of several versions, by their key, in one statement still."""
    if not versions:
        return {}
    keyed = {version.pk: version for version in versions}
    return {rows["key"]: _told(keyed[rows["key"]], rows) for rows in _read(list(keyed))}


@Statement
def _read(keys: Sequence[int]) -> QuerySet[Version, Any]:
    asked: dict[str, Any] = {"key": F("pk"), **_subqueries(), **completeness.counts()}
    return Version.objects.filter(pk__in=keys).order_by().values(**asked)


def _told(version: Version, rows: dict[str, Any]) -> Told:
    said = completeness.with_columns(version, rows)
    return Told(
        methods=rows["methods_told"],
        themes=rows["themes_told"],
        publics=rows["publics_told"],
        tags=rows["tags_told"],
        obstacles=rows["obstacles_told"],
        partners=rows["partners_told"],
        times=rows["times_told"],
        sources=rows["sources_told"],
        milestones=[{**row, "when": _when(row)} for row in rows["milestones_told"]],
        voices=[row for row in rows["voices_told"] if row["agreed"]],
        waiting=[row for row in rows["voices_told"] if not row["agreed"]],
        links=[{**row, "kind": LinkKind(row["kind"]).label} for row in rows["links_told"]],
        kin=[
            *({**row, "words": Kin(row["kind"]).label} for row in rows["kin_told"]),
            *({**row, "words": KIN_OF[Kin(row["kind"])]} for row in rows["kin_of_told"]),
        ],
        fiches=_fiches(rows["fiches_used_told"], rows["fiches_of_methods_told"]),
        hours=sum(row["hours"] for row in rows["times_told"]),
        participants=PARTICIPANTS.get(version.participants_band, version.participants_band),
        budget=BUDGETS.get(version.budget_band, version.budget_band),
        hosting=[(offer, HOSTING[offer]) for offer in version.hosting if offer in HOSTING],
        languages=[LANGUAGES[code] for code in version.languages if code in LANGUAGES],
        conditions=[line.strip() for line in version.conditions.splitlines() if line.strip()],
        depth=version.depth if version.is_frozen else completeness.depth_of(version, said),
        said=said,
    )


def words_of(version: Version) -> dict[str, list[str]]:
    """What a version is filed under, in one statement: codes by `publics`, `themes` and `methods`, names by `tags`."""
    return {name.removesuffix("_"): words for name, words in next(_filed([version.pk])).items()}


@Statement
def _filed(keys: Sequence[int]) -> QuerySet[Version, Any]:
    def codes(model: Any, name: str) -> ArraySubquery:
        return ArraySubquery(model.objects.filter(version=OuterRef("pk")).values(name))

    tags = Tag.objects.filter(tagged_versions__content_object=OuterRef("pk")).order_by("name")
    filed = {
        "publics_": codes(Public, "code"),
        "themes_": codes(Theme, "code"),
        "methods_": codes(Method, "slug"),
        "tags_": ArraySubquery(tags.values("name")),
    }
    return Version.objects.filter(pk__in=keys).order_by().values(**filed)


def _subqueries() -> dict[str, ArraySubquery]:
    def listed(rows: QuerySet[Any, Any], **fields: str) -> ArraySubquery:
        return ArraySubquery(rows.values(row=JSONObject(**fields)))

    def linked(model: Any, **fields: str) -> ArraySubquery:
        return listed(model.objects.filter(version=OuterRef("pk")), **fields)

    def ordered(model: Any, **fields: str) -> ArraySubquery:
        return listed(model.objects.filter(version=OuterRef("pk")).order_by("position", "pk"), **fields)

    current = Fiche.objects.filter(current__isnull=False).order_by("number")
    public = Initiative.objects.published()
    kin = Kinship.objects.filter(version=OuterRef("pk"), other__in=public).order_by("position", "pk")
    kin_of = Kinship.objects.filter(other=OuterRef("initiative"), version__public_of__in=public).order_by("version")
    fiche = {"number": "number", "title": "current__title"}
    return {
        "methods_told": linked(Method, slug="slug", name="name", in_brief="in_brief"),
        "themes_told": linked(Theme, code="code", label="label"),
        "publics_told": linked(Public, code="code", label="label"),
        "tags_told": listed(
            Tag.objects.filter(tagged_versions__content_object=OuterRef("pk")), slug="slug", label="name"
        ),
        "obstacles_told": ordered(
            ObstacleMet, number="obstacle_id", label="obstacle__label", text="text", lifted="lifted"
        ),
        "partners_told": ordered(Partner, name="name", role="role"),
        "times_told": ordered(TimeShare, role="role", hours="hours_a_month"),
        "sources_told": ordered(Source, title="title", url="url", date="date"),
        "milestones_told": ordered(Milestone, year="year", month="month", text="text"),
        "voices_told": ordered(Voice, text="text", speaker="speaker", agreed="agreed"),
        "links_told": ordered(WebLink, kind="kind", title="title", url="url", transcript="transcript"),
        "kin_told": listed(kin, kind="kind", title="other__public_version__title", slug="other__slug"),
        "kin_of_told": listed(kin_of, kind="kind", title="version__title", slug="version__public_of__slug"),
        "fiches_used_told": listed(current.filter(version=OuterRef("pk")), **fiche),
        "fiches_of_methods_told": listed(current.filter(methods__version=OuterRef("pk")).distinct(), **fiche),
    }


def _when(row: dict[str, Any]) -> str:
    return f"{MONTHS[row['month'] - 1]} {row['year']}" if row["month"] else str(row["year"])


def _fiches(used: Rows, of_methods: Rows) -> Rows:
    """By number: those that present the methods, and those the team says it used."""
    by_number = {fiche["number"]: fiche for fiche in of_methods}
    by_number |= {fiche["number"]: {**fiche, "used": True} for fiche in used}
    return [fiche for _, fiche in sorted(by_number.items())]
