"""Writing the index: what changes in a sheet's terms, in the transaction that publishes, edits or hides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from pyroaring import BitMap

from accounts.territories import key_of
from guide.stems import normal, normals
from initiatives.models import Catalogue, Entry, Initiative, Version
from initiatives.models.choices import State
from initiatives.search import spelling, terms, writing
from initiatives.search.postings import ALL, HEAD, TITLE, WORD, Docs

AT_ONCE = 500
LINKS = ("tags", "methods", "themes", "publics", "fiches", "obstaclemet_rows", "source_rows")


@transaction.atomic(savepoint=False)
def index(initiative: Initiative) -> None:
    """Make the index what a sheet's public version says; a sheet out of the catalogue leaves it.

    A sheet published or verified gets a new number: a tombstone for the old one and all its terms for the new. Any
    other change adds and removes the terms that differ.
    """
    version = initiative.public_version
    if version is None or not Initiative.objects.published().filter(pk=initiative.pk).exists():
        remove(initiative)
        return
    prefetch_related_objects([version], *LINKS)
    entry = entry_of(initiative, version)
    writing.enter()
    before = Entry.objects.filter(pk=initiative.pk).first()
    renumbered = before is None or before.verified_on != entry.verified_on
    if before and not renumbered and before.says_as(entry):
        return
    number, last = writing.bump(1 if renumbered else 0)
    spelling.learn(spelling.words_of(*texts(version)))
    after = set(terms_of(entry))
    if renumbered:
        entry.doc = number_of(entry, last)
        changes = {term: [entry.doc] for term in (*after, ALL)}
        if before:
            changes[ALL].insert(0, -before.doc)
    else:
        entry.doc = before.doc  # type: ignore[union-attr]  # there was one, or it would be renumbered
        was = set(terms_of(before))  # type: ignore[arg-type]
        changes = {term: [entry.doc] for term in after - was} | {term: [-entry.doc] for term in was - after}
        # A card that reads differently with the same words is a change too: `rebuild` may have read it before.
        changes = changes or {ALL: [entry.doc]}
    writing.append(number, changes)
    entry.save(force_insert=before is None, force_update=before is not None)


def remove(initiative: Initiative) -> None:
    """Its entry goes and, by a trigger, leaves a tombstone: whatever the postings say, answers are without it."""
    Entry.objects.filter(pk=initiative.pk).delete()


def synonyms_changed() -> None:
    """Inside the transaction that edits synonyms: every process reads them again at its next search."""
    number, _ = writing.bump()
    Catalogue.objects.update(synonyms=number)


def shown_beside_changed() -> None:
    """Inside the transaction that changes what the catalogue shows beside its sheets: its pages are drawn again."""
    writing.bump()


def number_of(entry: Entry, number: int) -> int:
    return number + (writing.VERIFIED if entry.verified_on else 0)


def entry_of(initiative: Initiative, version: Version) -> Entry:
    """The entry of a sheet, its number left to be given."""
    filed = terms.of(version)
    return Entry(
        initiative=initiative,
        terms=filed,
        said=said_of(*texts(version)),
        card=card_of(initiative, version, filed),
        verified_on=initiative.verified_on,
        title_key=key_of(version.title)[:160],
    )


def said_of(title: str, head: str, body: str) -> str:
    """Three lines of normal forms, each word between two spaces, so that a phrase is found by its words in a row."""
    return "\n".join(f" {' '.join(normals(text))} " for text in (title, head, body))


def terms_of(entry: Entry) -> Iterable[str]:
    """All the terms of an entry: its facet words, and its words by where they stand."""
    title, head, body = (set(line.split()) for line in entry.said.split("\n"))
    head |= title
    yield from entry.terms
    yield from (f"{TITLE}:{word}" for word in title)
    yield from (f"{HEAD}:{word}" for word in head)
    yield from (f"{WORD}:{word}" for word in head | body)


def card_of(initiative: Initiative, version: Version, filed: Iterable[str]) -> dict[str, Any]:
    return {
        "slug": initiative.slug,
        "title": version.title,
        "place": version.place.label if version.place else "",
        "period": years_of(version),
        "methods": [method.name for method in version.methods.all()],
        "summary": version.summary,
        "levers": sorted(int(term[7:]) for term in filed if term.startswith("levier:")),
        "verified": initiative.verified_on is not None,
        "status": str(initiative.status),
        # Told where it is so only: the cards of the others stay as they were written.
        **({"training": True} if initiative.origin == Initiative.Origin.TRAINING else {}),
    }


def years_of(version: Version) -> str:
    """« depuis 2012 », « 2012–2013 »; a card has no room for a note."""
    first, last = version.start_year, version.end_year
    if not first:
        return f"jusqu’en {last}" if last else ""
    if last:
        return str(first) if first == last else f"{first}–{last}"
    return str(first) if version.state == State.ENDED else f"depuis {first}"


def texts(version: Version) -> tuple[str, str, str]:
    """(title, head, body): the head holds the words one files a sheet under, the body what it tells."""
    place = version.place
    head = [version.organisation_name, version.place_note]
    head += sorted(str(tag) for tag in version.tags.all())
    head += [str(method) for method in version.methods.all()]
    head += [str(theme) for theme in version.themes.all()]
    head += [str(public) for public in version.publics.all()]
    if place:
        head += [p.name for p in (place, place.departement, place.region) if p]
    body = [version.summary, version.beginning, version.story, version.participation, version.effects]
    body += [version.effects_people, version.effects_professionals, version.effects_territory]
    body += [version.conditions, version.means, version.objectives, version.if_again]
    for row in version.obstaclemet_rows.all():
        body += [row.text, row.lifted]
    body += [source.title for source in version.source_rows.all()]
    return version.title, " \n".join(filter(None, head)), " \n".join(filter(None, body))


def rebuild() -> Iterator[int]:
    """Index every published sheet anew, yielding how many are read.

    Sheets are read while the site goes on; then, in one transaction, those that changed meanwhile are read again and
    everything is put in place at once. Killed at any moment, it leaves the index as it was.
    """
    begun = Catalogue.objects.get_or_create()[0].version
    there = _there()
    made: dict[int, Entry] = {}
    words: dict[str, str] = {}
    for entry, said in entries_of(Initiative.objects.published()):
        made[entry.pk] = entry
        words.update(said)
        if len(made) % AT_ONCE == 0:
            yield len(made)
    with transaction.atomic():
        writing.alone()
        _, last = writing.bump()
        _read_again(made, words, there, begun)
        recent = (
            Initiative.objects.published().order_by("verified_on", "published_at", "pk").values_list("pk", flat=True)
        )
        entries = [made[pk] for pk in recent if pk in made]
        postings: dict[str, Docs] = {ALL: BitMap()}
        for place, entry in enumerate(entries, 1):
            entry.doc = number_of(entry, last + place)
            postings[ALL].add(entry.doc)
            for term in terms_of(entry):
                postings.setdefault(term, BitMap()).add(entry.doc)
        Entry.objects.all().delete()
        Entry.objects.bulk_create(entries, batch_size=AT_ONCE)
        writing.replace(postings, last + len(entries))
        # A text read at first may have been emptied since: its words are those of no sheet.
        spelling.relearn({key: word for key, word in words.items() if f"{WORD}:{normal(word)}" in postings})
    writing.tidy()
    yield len(entries)


def entries_of(sheets: Any) -> Iterator[tuple[Entry, dict[str, str]]]:
    """(entry, its words {key: as written}) of many sheets, in a bounded number of statements a batch."""
    place = "public_version__place"
    links = [f"public_version__{name}" for name in LINKS]
    read = sheets.select_related(place, f"{place}__epci", f"{place}__departement", f"{place}__region")
    for initiative in read.prefetch_related(*links).order_by("pk").iterator(chunk_size=AT_ONCE):
        version = initiative.public_version
        yield entry_of(initiative, version), {key_of(word): word for word in spelling.words_of(*texts(version))}


def _there() -> dict[int, int]:
    return dict(Entry.objects.values_list("pk", "doc"))


def _read_again(made: dict[int, Entry], words: dict[str, str], before: dict[int, int], begun: int) -> None:
    """Read again the sheets that came, changed or left since `begun`; nothing more can, the row being held."""
    now = _there()
    moved = writing.moved_since(begun)
    touched = {pk for pk in before.keys() | now.keys() if before.get(pk) != now.get(pk)}
    touched |= made.keys() | now.keys() if moved is None else {pk for pk, doc in now.items() if doc in moved}
    for pk in touched:
        made.pop(pk, None)
    for entry, said in entries_of(Initiative.objects.published().filter(pk__in=touched)):
        made[entry.pk] = entry
        words.update(said)
