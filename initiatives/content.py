"""Vocabularies and the sheets made from public sources, copied from files after each migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.content import read_toml, synchronise
from accounts.models import OrganisationKind, Territory
from guide.content import SYNONYMS, typeset_all
from guide.models import Method
from initiatives import search
from initiatives.difference import snapshot
from initiatives.models import Entry, Initiative, Move, Obstacle, ObstacleMet, Partner, Public, Source, Theme, Version
from initiatives.workflow import READABLE, SheetStatus, Verb

HERE = Path(__file__).parent / "content"
TEXTS = (
    "title", "summary", "beginning", "story", "participation", "effects", "conditions", "means", "state",
    "organisation_name", "place_note", "period_note", "scope", "doubts",
)  # fmt: skip
YEARS = ("start_year", "start_month", "end_year")


def after_migrate(**kwargs: Any) -> None:
    synchronise("vocabularies", [HERE / "vocabularies.toml", HERE / "obstacles.toml"], load_vocabularies)
    synchronise("public-sources", public_sources(), load_public_sources)
    # Processes that began before this deploy read them again too.
    synchronise("synonyms-told", [SYNONYMS], search.synonyms_changed)
    if Initiative.objects.published().exists() and not Entry.objects.exists():
        # The tables of the search were made anew: it is made again from the sheets.
        for _ in search.rebuild():
            pass


def public_sources() -> list[Path]:
    """The files of public-source sheets, in the order of their slugs."""
    return sorted((HERE / "public_sources").glob("*.toml"))


def load_vocabularies() -> None:
    data = read_toml(HERE / "vocabularies.toml")
    for model, rows in ((Public, data["public"]), (Theme, data["theme"])):
        for position, row in enumerate(rows):
            model.objects.update_or_create(
                code=row["code"],
                defaults={
                    "label": typeset_all(row["label"]),
                    "data_inclusion": row.get("data_inclusion", ""),
                    "position": position,
                },
            )
    for row in read_toml(HERE / "obstacles.toml")["obstacle"]:
        Obstacle.objects.update_or_create(
            number=row["number"],
            defaults={
                "code": row["code"],
                "label": typeset_all(row["short"]),
                "wording": typeset_all(row["wording"]),
                "explanation": typeset_all(row["explanation"]),
                "source": row.get("source", ""),
                "answering_levers": row.get("levers", []),
            },
        )


def load_public_sources() -> None:
    """Publish each file as a `public_source` sheet. A changed file makes a new version; a sheet that was adopted,

    corrected, masked, withdrawn, merged or redacted is left alone: it belongs to its authors, or to a decision.
    """
    words = Words()
    for path in public_sources():
        row = typeset_all(read_toml(path)) | {"slug": path.stem}
        known = Initiative.objects.filter(slug=path.stem).select_related("public_version").first()
        if known and not still_from_source(known):
            continue
        initiative = known or Initiative.objects.create(slug=path.stem, origin=Initiative.Origin.PUBLIC_SOURCE)
        version = write_version(initiative, row, words)
        if known and known.public_version and same_words(known.public_version, version):
            version.delete()
            continue
        publish(initiative, version)


def still_from_source(initiative: Initiative) -> bool:
    version = initiative.public_version
    return (
        initiative.origin == Initiative.Origin.PUBLIC_SOURCE
        and initiative.masked_at is None
        and initiative.status in READABLE
        and version is not None
        and version.created_by_id is None
        and not initiative.moves.filter(verb=Verb.REDACT).exists()
    )


class Words:
    """The vocabularies by code, read once for a whole load."""

    def __init__(self) -> None:
        self.publics = {public.code: public for public in Public.objects.all()}
        self.themes = {theme.code: theme for theme in Theme.objects.all()}
        self.methods = {method.slug: method for method in Method.objects.all()}
        self.kinds = {kind.code: kind for kind in OrganisationKind.objects.all()}
        self.obstacles = {obstacle.number: obstacle for obstacle in Obstacle.objects.all()}


def write_version(initiative: Initiative, row: dict[str, Any], words: Words) -> Version:
    level, code = row["place"].split(":")
    last = initiative.versions.order_by("-number").first()
    version = Version.objects.create(
        initiative=initiative,
        number=last.number + 1 if last else 1,
        frozen_at=timezone.now(),
        place=Territory.objects.get(level=level, code=code),
        organisation_kind=words.kinds.get(row.get("organisation_kind", "")),
        **{key: row.get(key, [] if key == "doubts" else "") for key in TEXTS},
        **{key: row.get(key) for key in YEARS},
    )
    version.publics.set([words.publics[code] for code in row["publics"]])
    version.themes.set([words.themes[code] for code in row["themes"]])
    version.methods.set([words.methods[slug] for slug in row["methods"]])
    ObstacleMet.objects.bulk_create(
        ObstacleMet(version=version, position=n, obstacle=words.obstacles[met["family"]], text=met["text"])
        for n, met in enumerate(row.get("obstacles", []))
    )
    Partner.objects.bulk_create(
        Partner(version=version, position=n, name=name) for n, name in enumerate(row.get("partners", []))
    )
    Source.objects.bulk_create(
        Source(
            version=version, position=n, title=source["title"], url=source.get("url", ""), date=source.get("date", "")
        )
        for n, source in enumerate(row["sources"])
    )
    return version


def same_words(one: Version, other: Version) -> bool:
    def words(version: Version) -> tuple[Any, ...]:
        rows = [(row.title, row.url) for row in version.source_rows.all()]
        met = [(row.obstacle_id, row.text) for row in version.obstaclemet_rows.all()]
        links = [
            sorted(getattr(version, name).values_list("pk", flat=True)) for name in ("publics", "themes", "methods")
        ]
        plain = [getattr(version, key) for key in (*TEXTS, *YEARS, "place_id", "organisation_kind_id")]
        return plain, rows, met, links, [row.name for row in version.partner_rows.all()]

    return words(one) == words(other)


def publish(initiative: Initiative, version: Version) -> None:
    lacks = version.missing()
    if lacks:
        raise ValueError(f"{initiative.slug} : {lacks}")
    Version.objects.filter(pk=version.pk).update(snapshot=snapshot(version))
    was = initiative.status
    initiative.public_version = version
    initiative.status = SheetStatus.PUBLISHED
    initiative.published_at = initiative.published_at or timezone.now()
    initiative.save()
    Move.say(initiative, Verb.LOAD, by=None, from_status=was, to_status=SheetStatus.PUBLISHED)
    search.index(initiative)
