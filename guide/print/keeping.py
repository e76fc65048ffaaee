"""A single PDF, composed the first time it is asked for and kept under a digest of all it says.

Who asks has just read what may be read now, and made the document of it: a file that says something else, or says it
to who may no longer read it, has another name and is never reached. What nobody asks for is swept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from guide.french import slug_of
from guide.print import Chapter, Document, pdf

logger = logging.getLogger(__name__)

SWEPT_AFTER = 7 * 24 * 3600
SWEPT_EVERY = 900
MOST_KEPT = 2000
MOST_NAME = 80


@dataclass(frozen=True)
class Kept:
    """The PDF of a document; its content is read or made only where it is asked for."""

    document: Document
    digest: str

    @property
    def etag(self) -> str:
        return f'"{self.digest[:40]}"'

    @property
    def path(self) -> Path:
        return _root() / f"{self.digest}.pdf"

    def content(self) -> bytes:
        with suppress(OSError):
            found = self.path.read_bytes()
            os.utime(self.path)
            return found
        made = pdf.written(self.document)
        try:
            _keep(self.path, made)
        except OSError:
            logger.exception("a PDF can't be kept: it is made again at each request")
        return made


def of(document: Document) -> Kept:
    said = json.dumps([asdict(document), settings.SITE_URL, settings.SITE_NAME], ensure_ascii=False, sort_keys=True)
    return Kept(document, hashlib.sha256(_writers() + said.encode("utf-8", "surrogatepass")).hexdigest())


def answer(request: HttpRequest, chapter: Chapter, name: str) -> HttpResponseBase:
    """The PDF of a single chapter under a name one finds again; 304 to who has it already, without reading it."""
    return given(request, single(chapter), name)


def given(request: HttpRequest, document: Document, name: str) -> HttpResponseBase:
    """The same of a document. Nothing private goes through here: what is made is kept in a file."""
    kept = of(document)
    unchanged = get_conditional_response(request, kept.etag)
    if unchanged is not None:
        return _headed(unchanged, kept)
    response = _headed(HttpResponse(kept.content(), content_type="application/pdf"), kept)
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return response


def single(chapter: Chapter) -> Document:
    """A chapter alone: neither cover nor contents."""
    return Document(chapter.title, [chapter], chapter.kicker, dated=chapter.dated, url=chapter.url, cover="")


def name_of(*words: str) -> str:
    """« essaim-fiche-3-le-developpement-social »: plain letters, cut where a word ends."""
    name = slug_of(" ".join(("essaim", *words)))
    return name if len(name) <= MOST_NAME else name[:MOST_NAME].rsplit("-", 1)[0]


def _headed(response: HttpResponseBase, kept: Kept) -> HttpResponseBase:
    response["ETag"] = kept.etag
    # Asked again each time: what was public may no longer be.
    response["Cache-Control"] = "no-cache"
    # The page says the same: it is the one to be found.
    response["Link"] = f'<{kept.document.url}>; rel="canonical"'
    return response


@cache
def _writers() -> bytes:
    """Another way to write is another file."""
    folder = Path(__file__).parent
    texts = [folder / name for name in ("blocks.py", "drawings.py", "pdf.py")]
    found = hashlib.sha256(version("typst").encode())
    for path in [*texts, pdf.TEMPLATE]:
        found.update(path.read_bytes())
    return found.digest()


def _root() -> Path:
    return Path(settings.MADE_ROOT) / "print"


def _keep(path: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    descriptor, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise


def _sweep(root: Path) -> None:
    """What nobody asked for since a week, and the oldest when there are too many; looked for now and then."""
    mark = root / ".swept"
    now = time.time()
    with suppress(OSError):
        if now - mark.stat().st_mtime < SWEPT_EVERY:
            return
    mark.touch()
    ages: list[tuple[float, Path]] = []
    for old in root.iterdir():
        with suppress(OSError):
            ages.append((now - old.stat().st_mtime, old))
    for n, (age, old) in enumerate(sorted(ages)):
        if old != mark and (age > SWEPT_AFTER or n > MOST_KEPT):
            with suppress(OSError):
                old.unlink()
