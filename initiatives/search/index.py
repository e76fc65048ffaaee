"""Writing the index: one row a published sheet, in the transaction that publishes it."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from accounts.territories import key_of
from initiatives.models import Entry, Initiative, Version
from initiatives.search import terms


def index(initiative: Initiative) -> None:
    """Make the entry of a sheet what its public version says; a sheet out of the catalogue loses it."""
    if not Initiative.objects.published().filter(pk=initiative.pk).exists():
        remove(initiative)
        return
    version = initiative.public_version
    assert version is not None
    title, head, body = texts(version)
    Entry.objects.update_or_create(
        initiative=initiative,
        defaults={
            "vector": SearchVector(Value(title), weight="A", config="fr")
            + SearchVector(Value(head), weight="B", config="fr")
            + SearchVector(Value(body), weight="D", config="fr"),
            "terms": terms.of(version),
            "verified_on": initiative.verified_on,
            "title_key": key_of(title)[:160],
        },
    )


def texts(version: Version) -> tuple[str, str, str]:
    """(title, head, body): the head holds the words one files a sheet under, the body what it tells."""
    place = version.place
    head = [version.organisation_name, version.place_note]
    head += [str(tag) for tag in version.tags.all()]
    head += [str(method) for method in version.methods.all()]
    head += [str(theme) for theme in version.themes.all()]
    head += [str(public) for public in version.publics.all()]
    if place:
        head += [p.name for p in (place, place.departement, place.region) if p]
    body = [version.summary, version.beginning, version.story, version.participation, version.effects]
    body += [version.effects_people, version.effects_professionals, version.effects_territory]
    body += [version.conditions, version.means, version.objectives, version.if_again]
    body += [row.text for row in version.obstaclemet_rows.all()]
    return version.title, " ".join(filter(None, head)).replace("-", " "), " ".join(filter(None, body))


def remove(initiative: Initiative) -> None:
    Entry.objects.filter(initiative=initiative).delete()


def rebuild() -> Iterator[int]:
    """Index every published sheet anew, yielding how many are done."""
    published = Initiative.objects.published().select_related("public_version__place")
    with transaction.atomic():
        Entry.objects.exclude(initiative__in=published.values("pk")).delete()
    for done, initiative in enumerate(published.order_by("pk").iterator(), 1):
        index(initiative)
        yield done
