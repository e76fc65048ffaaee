"""Receiving a file for a sheet, once; reading the text of one; forgetting those that nothing shows.

Files are written before their row, and erased after it: a row never promises what isn't there, and what a killed
process leaves behind is a folder without a row, which `forget` sweeps.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from initiatives.files import documents, images
from initiatives.files.refusal import NotKept
from initiatives.models import Attachment, Initiative, Picture, Upload, Version
from initiatives.models.files import DOCUMENT, FOLDER, TEXT

logger = logging.getLogger(__name__)

MAX_BYTES = 10_000_000
MAX_UPLOADS = 60  # of one sheet, all its versions together
UNUSED_DAYS, ROWLESS_HOURS = 7, 24

TOO_HEAVY = "il pèse plus de 10 Mo. Réduisez-le, puis choisissez-le de nouveau."
EMPTY = "ce fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil, puis choisissez-le de nouveau."
TOO_MANY = "cette fiche garde déjà trop de fichiers. Retirez-en, ou écrivez à la coordination."
NO_ROOM = (
    "le site n’a pas pu l’enregistrer, et ce n’est pas de votre fait. Vos textes ne sont pas perdus : "
    "réessayez dans une heure."
)
UNKNOWN = "ce format n’est pas pris. Une image est en JPEG, PNG ou WebP ; un document est en PDF."
HEIC = (
    "cette photo est au format HEIC, que tous les navigateurs ne savent pas montrer. Sur un iPhone : Réglages, "
    "Appareil photo, Formats, « Le plus compatible ». Sinon, envoyez-vous la photo par courriel : elle arrive en JPEG."
)
NOT_A_PDF = "ce n’est pas un PDF. Ouvrez ce document, choisissez « Enregistrer en PDF », puis envoyez-le."
FILM = "les films ne se gardent pas ici. Déposez-le ailleurs, et donnez son adresse parmi les liens de la fiche."
GIF = "les images GIF ne sont pas prises. Enregistrez-la en PNG ou en JPEG."
PAGE = "les dessins SVG et les pages web ne sont pas pris. Enregistrez l’image en PNG ou en JPEG."
OF_PHONES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def kind_of(content: bytes) -> str:
    """What its first bytes say it is, whatever its name says. Raises NotKept where we don't take it."""
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Upload.Kind.IMAGE
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Upload.Kind.IMAGE
    if content.startswith(b"%PDF-"):
        return Upload.Kind.DOCUMENT
    if content[4:8] == b"ftyp":
        raise NotKept(HEIC if content[8:12] in OF_PHONES else FILM)
    if content.startswith(b"GIF8"):
        raise NotKept(GIF)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotKept(NOT_A_PDF)
    if re.search(rb"<\s*(svg|html|\?xml|!doctype)", content[:2048], re.IGNORECASE):
        raise NotKept(PAGE)
    raise NotKept(UNKNOWN)


def receive(initiative: Initiative, by: Person, name: str, content: bytes) -> Upload:
    """Keep a file for a sheet; the same bytes again give the same file. Raises NotKept, with what to do."""
    if not content:
        raise NotKept(EMPTY)
    if len(content) > MAX_BYTES:
        raise NotKept(TOO_HEAVY)
    kind = kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    known = Upload.objects.filter(initiative=initiative, digest=digest).first()
    if known is None and Upload.objects.filter(initiative=initiative).count() >= MAX_UPLOADS:
        raise NotKept(TOO_MANY)
    if known is not None and _is_there(known):
        return _again(known)
    token = known.token if known else secrets.token_urlsafe(32)
    upload = Upload(initiative=initiative, by=by, kind=kind, token=token, digest=digest, name=legible(name))
    files = _made(upload, content)
    try:
        for file, body in files.items():
            default_storage.save(f"{upload.folder}/{file}", ContentFile(body))
    except OSError as trouble:
        logger.exception("a file could not be written")
        _drop(upload.folder)
        raise NotKept(NO_ROOM) from trouble
    if known is not None:
        return _again(known)
    try:
        with transaction.atomic():
            upload.save()
    except IntegrityError:  # the same file, sent twice at the same moment
        _drop(upload.folder)
        return _again(Upload.objects.get(initiative=initiative, digest=digest))
    return upload


def _made(upload: Upload, content: bytes) -> dict[str, bytes]:
    """What will be stored, by name; `upload` learns its size."""
    if upload.kind == Upload.Kind.IMAGE:
        drawn = images.draw(content)
        upload.width, upload.height, upload.widths = drawn.width, drawn.height, drawn.widths
        upload.size = max(len(body) for body in drawn.files.values())
        return drawn.files
    rewritten = documents.rewrite(content)
    upload.pages, upload.size = rewritten.pages, len(rewritten.content)
    return {DOCUMENT: rewritten.content, TEXT: rewritten.text.encode()}


def _is_there(upload: Upload) -> bool:
    """Its files are where its row says: not so after a restore that forgot them."""
    try:
        return all(default_storage.exists(f"{upload.folder}/{name}") for name in upload.served)
    except OSError as trouble:
        raise NotKept(NO_ROOM) from trouble


def _again(upload: Upload) -> Upload:
    """Sent once more: what was about to be forgotten, or had been taken off, is there to describe."""
    upload.at = timezone.now()
    upload.save(update_fields=["at"])
    return upload


def legible(name: str) -> str:
    """A file's name as it is shown to its authors: no folder, no sign that hides or turns the text around."""
    name = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(sign for sign in name if sign.isprintable()).strip()
    return shown[-200:] or "sans nom"


def text_of(upload: Upload) -> str:
    """The words of a document, for the anonymity assistant; none for an image."""
    if upload.kind != Upload.Kind.DOCUMENT:
        return ""
    try:
        with default_storage.open(f"{upload.folder}/{TEXT}") as file:
            return str(file.read().decode(errors="replace"))
    except FileNotFoundError:
        return ""


# Forgetting


def drop_unused(uploads: Iterable[Upload]) -> int:
    """Erase those that no version shows; how many. One that is shown again meanwhile stays."""
    dropped = 0
    for upload in uploads:
        try:
            with transaction.atomic():
                gone = Upload.objects.filter(pk=upload.pk).unused().delete()[0]
        except IntegrityError:
            continue
        if gone:
            dropped += 1
            transaction.on_commit(_forgetting(upload.folder))
    return dropped


def take_off(uploads: Iterable[Upload], version: Version) -> None:
    """Taken off a version: forgotten at once where no other version shows them."""
    uploads = list(uploads)
    drop_unused(uploads)
    # Those that a past version shows stay, and don't wait to be described in this one.
    before = version.created_at - timedelta(seconds=1)
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads], at__gte=version.created_at).update(at=before)


def erase(upload: Upload) -> None:
    """At once and everywhere, past versions included: a person on it takes their agreement back, or the law asks."""
    with transaction.atomic():
        Picture.objects.filter(upload=upload).delete()
        Attachment.objects.filter(upload=upload).delete()
        Upload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(_forgetting(upload.folder))


def forget(now: datetime | None = None) -> tuple[int, int]:
    """Each night: files no version has shown for a week, then folders that have no row. How many of each."""
    now = now or timezone.now()
    old = now - timedelta(days=UNUSED_DAYS)
    unused = Upload.objects.unused().filter(at__lt=old).exclude(initiative__versions__saved_at__gte=old)
    forgotten = drop_unused(unused.iterator())
    try:
        return forgotten, _sweep(now - timedelta(hours=ROWLESS_HOURS))
    except OSError:
        logger.exception("the storage doesn't answer: remnants wait for another night")
        return forgotten, 0


def _sweep(before: datetime) -> int:
    left = [token for token, changed in default_storage.folders(FOLDER) if changed < before.timestamp()]  # type: ignore[attr-defined]
    swept = 0
    for start in range(0, len(left), 500):
        batch = left[start : start + 500]
        known = set(Upload.objects.filter(token__in=batch).values_list("token", flat=True))
        for token in batch:
            if token not in known:
                _drop(f"{FOLDER}/{token}")
                swept += 1
    return swept


def _forgetting(folder: str) -> Any:
    return lambda: _drop(folder)


def _drop(folder: str) -> None:
    """What can't be erased now is swept by another night: it has no row, so nobody reads it."""
    with suppress(OSError):
        default_storage.forget_folder(folder)  # type: ignore[attr-defined]
