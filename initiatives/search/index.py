"""Writing the index: one row a published sheet, in the transaction that publishes it."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from accounts.territories import key_of
from initiatives.models import Entry, Initiative, Version, Word
from initiatives.search import spelling, terms
from initiatives.search.text import plain


def index(initiative: Initiative) -> None:
    """Make the entry of a sheet what its public version says; a sheet out of the catalogue loses it."""
    version = initiative.public_version
    if version is None or not Initiative.objects.published().filter(pk=initiative.pk).exists():
        remove(initiative)
        return
    title, head, body = texts(version)
    words = spelling.words_of(title, head, body)
    spelling.count(before=_words_now(initiative), after=words)
    Entry.objects.update_or_create(
        initiative=initiative,
        defaults={
            "vector": SearchVector(Value(plain(title)), weight="A", config="fr")
            + SearchVector(Value(plain(head)), weight="B", config="fr")
            + SearchVector(Value(plain(body)), weight="D", config="fr"),
            "terms": terms.of(version),
            "words": words,
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
    body += [row.lifted for row in version.obstaclemet_rows.all()]
    return version.title, " ".join(filter(None, head)), " ".join(filter(None, body))


def _words_now(initiative: Initiative) -> list[str]:
    entry = Entry.objects.filter(initiative=initiative).only("words").first()
    return entry.words if entry else []


def remove(initiative: Initiative) -> None:
    spelling.count(before=_words_now(initiative), after=[])
    Entry.objects.filter(initiative=initiative).delete()


def rebuild() -> Iterator[int]:
    """Index every published sheet anew, yielding how many are done."""
    published = Initiative.objects.published().select_related("public_version__place")
    with transaction.atomic():
        Entry.objects.exclude(initiative__in=published.values("pk")).delete()
        Entry.objects.update(words=[])
        Word.objects.all().delete()
    for done, initiative in enumerate(published.order_by("pk").iterator(), 1):
        index(initiative)
        yield done
