"""An edition as it is read now: the versions it points at, filtered again, as one document.

What isn't public any more is a line without words. A sheet hidden or corrected since at someone's request is read in
its present version: what was taken out of it is shown nowhere any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from guide.models import FicheVersion
from guide.print import Chapter, Document, blocks
from guide.print import chapters as guide_chapters
from initiatives import fate, printing, reading, sections
from initiatives.models import Booklet, BookletItem, Edition, EditionItem, Initiative, Move, Version
from initiatives.models.edition import Thing
from initiatives.workflow import SheetStatus, Verb

GONE = "Fiche retirée de la consultation"
GONE_TEXT = "Cette fiche n’est plus en ligne : ses mots ne sont plus ici non plus."
JOINED = "Fiche réunie à une autre"
CORRECTED = "Corrigée depuis que ce recueil est fixé : voici sa version d’aujourd’hui."
# What takes words out of a sheet: its versions from before are shown no more.
CORRECTING = (Verb.MASK, Verb.UPHOLD, Verb.REDACT)
PLACE = ("place__departement", "place__region", "organisation_kind")

type Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Read:
    """One line of an edition as it is read now: a fiche, or a sheet in one version; neither, when it can't be read."""

    item: EditionItem
    fiche: FicheVersion | None = None
    sheet: Initiative | None = None
    version: Version | None = None
    gone: str = ""
    into: Initiative | None = None
    is_corrected: bool = False

    @property
    def title(self) -> str:
        found = self.fiche or self.version
        return found.title if found else self.gone

    @property
    def mark(self) -> str:
        """What begins the ids of its chapter."""
        return f"c{self.item.position}-"

    @property
    def is_newer_on_line(self) -> bool:
        """Its page says something else by now."""
        if self.fiche:
            return self.fiche.fiche.current_id != self.fiche.pk
        return bool(self.sheet and self.version and self.sheet.public_version_id != self.version.pk)


def things(booklet: Booklet) -> list[Thing]:
    """What an open recueil holds that can be read now, each once, in order."""
    found: dict[tuple[str, int], Thing] = {}
    version = "public_version"
    for item in booklet.items.select_related(
        "fiche__current", f"initiative__{version}", f"initiative__merged_into__{version}"
    ):
        thing = _thing(item)
        if thing is not None:
            found.setdefault((type(thing).__name__, thing.pk), thing)
    return list(found.values())


def _thing(item: BookletItem) -> Thing | None:
    if item.fiche:
        return item.fiche.current
    sheet = item.initiative
    if sheet and sheet.status == SheetStatus.MERGED and not sheet.masked_at:
        sheet = sheet.merged_into
    return sheet if sheet and sheet.is_public and sheet.public_version_id else None


def read(edition: Edition) -> list[Read]:
    """In order, in two statements."""
    shown = [f"version__{name}" for name in PLACE] + [f"initiative__public_version__{name}" for name in PLACE]
    items = list(edition.items.select_related(
        "fiche_version__fiche", "initiative__merged_into", "initiative__verified_by", *shown
    ))  # fmt: skip
    corrected = _corrected(item.initiative_id for item in items if item.initiative_id)
    return [_read(item, corrected) for item in items]


def _corrected(sheets: Iterable[int]) -> dict[int, datetime]:
    """When each of these sheets was last hidden or corrected at someone's request."""
    moves = Move.objects.filter(initiative__in=set(sheets), verb__in=CORRECTING).order_by()
    return dict(moves.values_list("initiative").annotate(last=Max("at")))


def _read(item: EditionItem, corrected: dict[int, datetime]) -> Read:
    if item.fiche_version:
        return Read(item, fiche=item.fiche_version)
    sheet, version = item.initiative, item.version
    assert sheet is not None
    if sheet.status == SheetStatus.MERGED and not sheet.masked_at:
        into = sheet.merged_into
        return Read(item, gone=JOINED, into=into if into and into.is_public else None)
    if not sheet.is_public or sheet.public_version is None:
        return Read(item, gone=GONE)
    last = corrected.get(sheet.pk)
    if version is None or (last and version.pk != sheet.public_version_id and last > (version.frozen_at or last)):
        version = sheet.public_version
        version.initiative = sheet
        return Read(item, sheet=sheet, version=version, is_corrected=True)
    version.initiative = sheet
    return Read(item, sheet=sheet, version=version)


def document(edition: Edition, lines: Sequence[Read] | None = None, progress: Progress | None = None) -> Document:
    """All that may be read of it now. `progress` is told how many chapters are composed, and of how many."""
    lines = read(edition) if lines is None else lines
    versions = [line.version for line in lines if line.version]
    told, parts = reading.told_all(versions), sections.of_all(versions)
    joined = fate.credits_of_all(line.sheet for line in lines if line.sheet)
    found: list[Chapter] = []
    for n, line in enumerate(lines, 1):
        found.append(_chapter(line, told, parts, joined))
        if progress:
            progress(n, len(lines))
    words = guide_chapters.words(line.fiche for line in lines if line.fiche)
    url = settings.SITE_URL + edition.get_absolute_url()
    return Document(
        title=edition.title,
        subtitle=count(lines),
        chapters=[*found, *([words] if words else [])],
        foreword=blocks.markdown(edition.foreword, top=1) if edition.foreword else [],
        dated=f"Fixé le {date_format(timezone.localdate(edition.made_at), 'j F Y')}",
        url=url,
        cover=edition.cover,
        paper=edition.paper,
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, url).urn,
    )


def _chapter(
    line: Read,
    told: dict[int, reading.Told],
    parts: dict[int, list[sections.Section]],
    joined: dict[int, list[Version]],
) -> Chapter:
    if line.fiche:
        return guide_chapters.fiche(line.fiche)
    if line.sheet and line.version:
        key = line.version.pk
        return printing.chapter(line.sheet, line.version, told[key], parts[key], joined[line.sheet.pk])
    said = [blocks.paragraph(GONE_TEXT, "meta")]
    if line.into:
        address = settings.SITE_URL + line.into.get_absolute_url()
        said = [blocks.paragraph([blocks.text("Son action se lit à cette adresse : "), blocks.link(address, address)])]
    return Chapter(title=line.gone, blocks=said)


def count(lines: Iterable[Read]) -> str:
    """« 2 initiatives et 1 fiche du guide »: of those that can be read."""
    found = list(lines)
    sheets, fiches = sum(bool(line.version) for line in found), sum(bool(line.fiche) for line in found)
    parts = [f"{sheets} initiative{'s' if sheets > 1 else ''}"] if sheets else []
    parts += [f"{fiches} fiche{'s' if fiches > 1 else ''} du guide"] if fiches else []
    return " et ".join(parts)
