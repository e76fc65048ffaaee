"""Putting generated sheets in the database, published and indexed, by the thousand.

Rows are written in bulk; what the index holds comes from the search's own functions, read back from the rows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import batched

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone

from accounts.models import Territory
from accounts.territories import key_of
from benchmarks.corpus import Corpus, Place, References, Sheet
from guide.french import slug_of
from guide.models import Fiche, Method
from initiatives.models import (
    Entry,
    Initiative,
    Obstacle,
    ObstacleMet,
    Partner,
    Public,
    Tag,
    TaggedVersion,
    Theme,
    TimeShare,
    Version,
    Word,
)
from initiatives.search import spelling, terms
from initiatives.search.index import texts
from initiatives.search.text import plain
from initiatives.workflow import SheetStatus
from levers.models import DAGBERT, Mapping, Proposal

BATCH = 500


def references() -> References:
    communes = Territory.objects.communes().filter(population__gt=0).order_by("code")
    return References(
        places=[Place(*row) for row in communes.values_list("pk", "name", "departement__name", "population")],
        methods=list(Method.objects.order_by("slug").values_list("pk", flat=True)),
        publics=list(Public.objects.order_by("code").values_list("pk", flat=True)),
        themes=list(Theme.objects.order_by("code").values_list("code", "pk")),
        obstacles=list(Obstacle.objects.order_by("number").values_list("pk", flat=True)),
        fiches=list(Fiche.objects.order_by("number").values_list("pk", flat=True)),
        proposals=list(
            Proposal.objects.filter(lever__framework=DAGBERT).order_by("number").values_list("pk", "lever_id")
        ),
    )


def load(corpus: Corpus, number: int) -> tuple[list[int], str]:
    """Write `number` sheets; their keys in order, and a digest of what they say (short: the same corpus, or not)."""
    digest = hashlib.sha256()
    tags = tags_of(corpus)
    written: list[int] = []
    for some in batched(range(number), BATCH):
        sheets = [corpus.sheet(place) for place in some]
        for sheet in sheets:
            digest.update(repr((sheet.fields, sheet.place.name, sheet.tags)).encode())
        written += write(sheets, tags)
    publish(written)
    return written, digest.hexdigest()[:12]


def tags_of(corpus: Corpus) -> dict[str, int]:
    names = corpus.vocabulary.tags
    Tag.objects.bulk_create((Tag(name=name, slug=slug_of(name)) for name in names), ignore_conflicts=True)
    known = dict(Tag.objects.values_list("slug", "pk"))
    return {name: known[slug_of(name)] for name in names}


def write(sheets: list[Sheet], tags: dict[str, int]) -> list[int]:
    now, today = timezone.now(), timezone.localdate()
    initiatives = Initiative.objects.bulk_create(
        Initiative(
            slug=f"{slug_of(sheet.fields['title'])[:110]}-banc-{sheet.number}",
            published_at=now - timedelta(days=sheet.verified_days_ago, seconds=sheet.number),
            verified_on=today - timedelta(days=sheet.verified_days_ago),
        )
        for sheet in sheets
    )
    versions = Version.objects.bulk_create(
        Version(
            initiative=initiative,
            number=1,
            frozen_at=now,
            place_id=sheet.place.pk,
            employer_agrees=True,
            people_agree=True,
            **sheet.fields,
        )
        for initiative, sheet in zip(initiatives, sheets, strict=True)
    )
    pairs = list(zip(versions, sheets, strict=True))
    for name, key in (("methods", "method"), ("publics", "public"), ("themes", "theme"), ("fiches", "fiche")):
        through = getattr(Version, name).through
        through.objects.bulk_create(
            through(version_id=version.pk, **{f"{key}_id": pk})
            for version, sheet in pairs
            for pk in getattr(sheet, name)
        )
    TaggedVersion.objects.bulk_create(
        TaggedVersion(content_object_id=version.pk, tag_id=tags[name])
        for version, sheet in pairs
        for name in sheet.tags
    )
    ObstacleMet.objects.bulk_create(
        ObstacleMet(version=version, position=place, obstacle_id=pk, text=text)
        for version, sheet in pairs
        for place, (pk, text) in enumerate(sheet.obstacles)
    )
    TimeShare.objects.bulk_create(
        TimeShare(version=version, position=place, role=role, hours_a_month=hours)
        for version, sheet in pairs
        for place, (role, hours) in enumerate(sheet.times)
    )
    Partner.objects.bulk_create(
        Partner(version=version, position=place, name=name)
        for version, sheet in pairs
        for place, name in enumerate(sheet.partners)
    )
    Mapping.objects.bulk_create(
        Mapping(
            version=version,
            position=place,
            lever_id=lever,
            proposal_id=proposal,
            sentence=sentence,
            status=Mapping.Status.VALIDATED,
        )
        for version, sheet in pairs
        for place, (lever, proposal, sentence) in enumerate(sheet.supports)
    )
    return [initiative.pk for initiative in initiatives]


def publish(written: list[int]) -> None:
    for some in batched(written, 5000):
        Initiative.objects.filter(pk__in=some).update(
            status=SheetStatus.PUBLISHED,
            public_version=Subquery(Version.objects.filter(initiative=OuterRef("pk")).values("pk")[:1]),
        )


def index(written: list[int]) -> None:
    """The entries and the words of the spelling, as publishing one by one would have left them."""
    key = cache(key_of)
    uses: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for some in batched(written, BATCH):
        entries = []
        for version in _whole(some):
            title, head, body = texts(version)
            words = spelling.words_of(title, head, body)
            for word in words:
                uses[key(word)] += 1
                spelled.setdefault(key(word), word)
            entries.append(
                Entry(
                    initiative_id=version.initiative_id,
                    vector=SearchVector(Value(plain(title)), weight="A", config="fr")
                    + SearchVector(Value(plain(head)), weight="B", config="fr")
                    + SearchVector(Value(plain(body)), weight="D", config="fr"),
                    terms=terms.of(version),
                    words=words,
                    verified_on=version.initiative.verified_on,
                    title_key=key_of(title)[:160],
                )
            )
        Entry.objects.bulk_create(entries)
    before = dict(Word.objects.values_list("key", "uses"))
    Word.objects.bulk_create(
        (Word(key=one, text=spelled[one], uses=uses[one] + before.get(one, 0)) for one in sorted(uses)),
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["uses"],
    )


def _whole(keys: tuple[int, ...]) -> Iterator[Version]:
    return iter(
        Version.objects.filter(initiative__in=keys)
        .select_related("initiative", "place__epci", "place__departement", "place__region")
        .prefetch_related("methods", "themes", "publics", "tags", "fiches", "obstaclemet_rows")
    )


def settle() -> None:
    """What autovacuum does in its own time: without it the planner would answer for an empty base."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
