"""Published sheets that look like the one being written: same place, same manner, a title nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, cast

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Case, F, FloatField, Value, When
from django.db.models.expressions import Combinable

from accounts.models import Person
from accounts.territories import key_of
from initiatives import search
from initiatives.models import Entry, Initiative, Kinship, Likeness, Version
from initiatives.models.choices import Kin
from initiatives.reading import words_of

MOST = 3
# What it takes to be worth a question: a title nearly the same, or the same commune and manner, about the same things.
ENOUGH = 6.0
WEIGHTS = {"commune": 3, "departement": 1, "methode": 1, "theme": 1, "public": 0.5}
TITLE = 8.0
WORDS = {
    "commune": "même commune",
    "departement": "même département",
    "methode": "même méthode",
    "theme": "même thème",
    "public": "même public",
}
NEAR_TITLE = 0.45


@dataclass(frozen=True)
class Alike:
    initiative: Initiative
    version: Version
    reasons: list[str]


def alike(version: Version) -> list[Alike]:
    """The nearest sheets of the catalogue, three at most, those already answered about left out."""
    shared = list(_filed_under(version))
    answered = Likeness.objects.filter(initiative=version.initiative_id).values("other")
    entries = Entry.objects.filter(
        doc__in=search.sharing(version.title, [term for term in shared if term.startswith("commune:")]),
        initiative__in=Initiative.objects.published(),
    )
    entries = entries.exclude(pk=version.initiative_id).exclude(pk__in=answered)
    weights: list[Combinable] = [
        Case(
            When(terms__contains=[term], then=Value(WEIGHTS[term.partition(":")[0]])),
            default=Value(0.0), output_field=FloatField(),
        )
        for term in shared
    ]  # fmt: skip
    near = entries.annotate(near=TrigramSimilarity("title_key", key_of(version.title)[:160]))
    likeness = reduce(add, weights, cast(Combinable, F("near") * Value(TITLE)))
    found = near.annotate(likeness=likeness).filter(likeness__gte=ENOUGH).order_by("-likeness", "pk")
    rows: Any = found.select_related("initiative__public_version__place")[:MOST]
    return [
        Alike(row.initiative, row.initiative.public_version, _reasons(shared, row.terms, row.near))
        for row in rows
        if row.initiative.public_version
    ]


def _filed_under(version: Version) -> Iterator[str]:
    """The facet words of a version that weigh here."""
    filed = words_of(version)
    yield from (f"methode:{code}" for code in filed["methods"])
    yield from (f"theme:{code}" for code in filed["themes"])
    yield from (f"public:{code}" for code in filed["publics"])
    place = version.place
    for each in (place, place.departement) if place else ():
        if each and each.level in WEIGHTS:
            yield f"{each.level}:{each.code}"


def _reasons(mine: Sequence[str], its: Sequence[str], near: float) -> list[str]:
    same = [WORDS[kind] for kind in WORDS if any(term in its for term in mine if term.startswith(f"{kind}:"))]
    if WORDS["commune"] in same:
        same.remove(WORDS["departement"])
    return (["titre voisin"] if near >= NEAR_TITLE else []) + same


def answer(version: Version, other: Initiative, said: str, by: Person) -> None:
    """Keep what the authors say of a look-alike; a sequel becomes a kinship of the version being written.

    Raises SavedElsewhere when the version was saved or sent in the meantime.
    """
    with transaction.atomic():
        Likeness.objects.update_or_create(
            initiative=version.initiative, other=other, defaults={"answer": said, "by": by}
        )
        if said == Likeness.Answer.SEQUEL and not version.kinship_rows.filter(other=other).exists():
            with version.saving(version.edition):
                Kinship.objects.create(
                    version=version, other=other, kind=Kin.SEQUEL, position=version.kinship_rows.count()
                )
