"""The files one carries away: what they are made of, made, kept and forgotten.

A file is kept under a digest of all it says and of what writes it. It is given only while it says what may be read now:
a sheet hidden a moment ago is in no file any more, whatever lies on the disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pypdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

import guide.print
from accounts.models import Reference
from guide.models import Fiche
from guide.print import Document, chapters, epub, pages, pdf
from initiatives import case_for, editions
from initiatives.case_for import pdf as case_pdf
from initiatives.models import Edition, Printing
from initiatives.models.edition import FOLDER, TakenOver, drop_folders

log = logging.getLogger(__name__)

Format = Printing.Format
Status = Printing.Status
KEPT_DAYS = 90  # a file nobody asks for: it is made again when somebody does
ROWLESS_HOURS = 24
WRITERS = Path(guide.print.__file__).parent
GUIDE_TEXTS = ("glossary", "methods", "fiches")
OF_A_CASE = (Format.PDF,)


def formats_of(edition: Edition | None) -> tuple[Format, ...]:
    return OF_A_CASE if edition and edition.is_case else tuple(Format)


# What a file is made of


@cache
def writers() -> bytes:
    """Another way to write is another file."""
    found = sorted(path for path in WRITERS.rglob("*") if path.suffix in (".py", ".typ", ".css"))
    found += sorted(path for path in Path(case_for.__file__).parent.iterdir() if path.is_file())
    said = b"\0".join(path.read_bytes() for path in found)
    return hashlib.sha256(version("typst").encode() + said).digest()


def digest_of(document: Document | case_for.CaseFor) -> str:
    said = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(writers() + said.encode("utf-8", "surrogatepass")).hexdigest()


def document_of(edition: Edition | None, progress: editions.Progress | None = None) -> Document | case_for.CaseFor:
    """All that the file says today."""
    if edition is None:
        return chapters.whole_guide()
    if edition.is_case:
        return case_for.of(edition)
    return editions.document(edition, progress=progress)


# Asking


def ask(edition: Edition, format: Format, digest: str) -> Printing:
    return Printing.objects.ask(edition, format, digest)


def ask_guide() -> list[Printing]:
    """The whole guide in each format, when its texts or what writes them have changed since it was last asked."""
    mark = guide_mark()
    row, _ = Reference.objects.get_or_create(name="guide-printings")
    if row.digest == mark and Printing.objects.filter(edition=None).count() >= len(Format):
        return []
    digest = digest_of(chapters.whole_guide())
    asked = [Printing.objects.ask(None, format, digest) for format in Format]
    Reference.objects.filter(pk=row.pk).update(digest=mark)
    return asked


def guide_mark() -> str:
    """What the guide is made of, in two statements: asked every minute."""
    texts = Reference.objects.filter(name__in=GUIDE_TEXTS).order_by("name").values_list("name", "digest")
    fiches = Fiche.objects.order_by("number").values_list("number", "current")
    return hashlib.sha256(writers() + repr([list(texts), list(fiches)]).encode()).hexdigest()


def of_guide() -> dict[str, Printing]:
    """The last one ready in each format."""
    ready = Printing.objects.filter(edition=None, status=Status.READY).order_by("made_at", "pk")
    return {printing.format: printing for printing in ready}


# Making


def make(printing: Printing) -> bool:
    """Write its file; False when it was put off, given up, or left to another. Killed anywhere, it is made again."""
    try:
        document = document_of(printing.edition, printing.advance)
        digest = digest_of(document)
        if digest != printing.digest:
            # Something changed since it was asked: this one will never be right, another takes its place.
            Printing.objects.filter(pk=printing.pk).forget()
            again = Printing.objects.ask(printing.edition, printing.format, digest)
            Printing.objects.filter(pk=again.pk, status=Status.WAITING).update(asked_at=printing.asked_at)
            return False
        if printing.edition is None:
            printing.advance(1, 1)
        content = written(document, printing.format)
        default_storage.save(printing.path, ContentFile(content))
        printing.ready(len(content), number_of_pages(content) if printing.format == Format.PDF else None)
    except pages.TooHeavy as heavy:
        printing.give_up(heavy.size)
        return False
    except TakenOver:
        return False
    except Exception:
        log.exception("printing %s not made (attempt %s)", printing.pk, printing.attempts)
        printing.put_off()
        return False
    drop_older(printing)
    return True


def written(document: Document | case_for.CaseFor, format: str) -> bytes:
    if isinstance(document, case_for.CaseFor):
        return case_pdf.written(document)
    if format == Format.EPUB:
        return epub.written(document)
    return pages.written(document) if format == Format.PAGES else pdf.written(document)


def number_of_pages(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def drop_older(printing: Printing) -> int:
    """Those it takes the place of."""
    same = Printing.objects.filter(edition=printing.edition_id, format=printing.format)
    if printing.edition_id is None:
        same = Printing.objects.filter(edition=None, format=printing.format)
    return same.exclude(pk=printing.pk).filter(asked_at__lte=printing.asked_at).forget()


# Giving


def content_of(printing: Printing) -> bytes | None:
    """Its bytes; None where they are missing (a restore that forgot them): it is then to be made again."""
    try:
        with default_storage.open(printing.path) as file:
            return bytes(file.read())
    except FileNotFoundError:
        Printing.objects.filter(pk=printing.pk, status=Status.READY).forget()
        return None


def name_of(title: str, format: str) -> str:
    """« Essaim, Pour la réunion de mars.pdf »; a zip says what it is."""
    plain = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]", " ", title)
    plain = " ".join(plain.split())[:80].strip(" .")
    end = ", hors ligne.zip" if format == Format.PAGES else f".{format}"
    return f"Essaim, {plain or 'recueil'}{end}"


# Forgetting


def forget(now: datetime) -> int:
    """Each night: editions left by nobody's, files that are no longer right or that nobody asks for. How many files."""
    for edition in Edition.objects.over(now).iterator():
        edition.erase()
    old = Printing.objects.exclude(edition=None).filter(asked_at__lt=now - timedelta(days=KEPT_DAYS))
    gone = old.exclude(status=Status.WAITING).forget()
    gone += Printing.objects.filter(pk__in=list(_no_longer_right())).forget()
    _sweep(now)
    return gone


def _no_longer_right() -> Iterator[int]:
    done = Edition.objects.filter(printings__status=Status.READY).distinct()
    for edition in done.iterator(chunk_size=200):
        digest = digest_of(document_of(edition))
        wrong = edition.printings.filter(status=Status.READY).exclude(digest=digest)
        yield from wrong.values_list("pk", flat=True)


def _sweep(now: datetime) -> None:
    """Folders without a row: a process killed, an edition that went with an account."""
    before = (now - timedelta(hours=ROWLESS_HOURS)).timestamp()
    try:
        left = [name for name, changed in default_storage.folders(FOLDER) if changed < before and name.isdecimal()]  # type: ignore[attr-defined]
    except OSError:
        log.exception("the storage doesn't answer: remnants wait for another night")
        return
    known = set(Printing.objects.filter(pk__in=left).values_list("pk", flat=True))
    drop_folders(f"{FOLDER}/{name}" for name in left if int(name) not in known)
