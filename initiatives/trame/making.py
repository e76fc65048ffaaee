"""The two files, made once for each wording of the questions, then read from the disk."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.utils import formats, timezone

from initiatives.trame import odt, pdf
from initiatives.trame.outline import Outline
from initiatives.trame.questions import outline

logger = logging.getLogger(__name__)

KINDS = ("odt", "pdf")
# The words of the database are read again after this many seconds; what isn't served is swept after a day.
FRESH, SWEPT_AFTER = 300, 24 * 3600
MAKERS = (pdf.TEMPLATE, Path(pdf.__file__), Path(odt.__file__))

_making = threading.Lock()
_known: dict[str, tuple[str, float]] = {}


@dataclass(frozen=True)
class Made:
    content: bytes
    made_at: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


def made(kind: str) -> Made:
    """The trame as « odt » or « pdf »: reading a file, but for the first time."""
    folder, said = _folder()
    path = folder / f"trame.{kind}"
    try:
        return Made(path.read_bytes(), datetime.fromtimestamp(int(path.stat().st_mtime), UTC))
    except OSError:
        content = _make(folder, said)[kind]
    return Made(content, timezone.now().replace(microsecond=0))


def weights() -> dict[str, str]:
    """« odt » → « 15 ko »; nothing when the trame can't be made, which its own page says."""
    folder, said = _folder()
    try:
        if not folder.is_dir():
            return {kind: _weight(len(content)) for kind, content in _make(folder, said).items()}
        return {kind: _weight((folder / f"trame.{kind}").stat().st_size) for kind in KINDS}
    except (RuntimeError, OSError):
        logger.exception("the trame can't be made")
        return {}


def forget() -> None:
    """Read the wording again at the next request."""
    _known.clear()


def _weight(size: int) -> str:
    return f"{max(1, round(size / 1000))}\u00a0ko"


def _root() -> Path:
    return Path(settings.MADE_ROOT) / "trame"


def _folder() -> tuple[Path, Outline | None]:
    """Where the files of the present wording are, and this wording when it was just read."""
    key, until = _known.get("key", ("", 0.0))
    said = None
    if time.monotonic() >= until:
        said = outline()
        key = _key(said)
        _known["key"] = key, time.monotonic() + FRESH
    return _root() / key, said


def _key(said: Outline) -> str:
    """Another wording, or another way to write it, is another file."""
    parts = [said.digest.encode(), version("typst").encode(), *(maker.read_bytes() for maker in MAKERS)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def _make(folder: Path, said: Outline | None) -> dict[str, bytes]:
    """Both files, with the same words, number and day; a folder appears whole or not at all."""
    with _making:
        try:
            return {kind: (folder / f"trame.{kind}").read_bytes() for kind in KINDS}
        except OSError:
            pass
        said, today = said or outline(), timezone.localdate()
        number, day = said.digest[:8], formats.date_format(today, "j F Y")
        files = {"odt": odt.written(said, number, day, today), "pdf": pdf.written(said, number, day)}
        _known["key"] = key, _ = _key(said), time.monotonic() + FRESH
        try:
            _keep(folder.with_name(key), files)
        except OSError:
            logger.exception("the trame can't be kept: it is made again at each request")
        return files


def _keep(folder: Path, files: dict[str, bytes]) -> None:
    root = folder.parent
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root, folder)
    draft = Path(tempfile.mkdtemp(prefix=".", dir=root))
    for kind, content in files.items():
        with open(draft / f"trame.{kind}", "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    try:
        draft.rename(folder)
    except OSError:
        # Another process made it meanwhile, from the same words.
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.is_dir():
            raise


def _sweep(root: Path, kept: Path) -> None:
    """What an older wording left, or a process that was killed."""
    for old in root.iterdir():
        if old != kept and time.time() - old.stat().st_mtime > SWEPT_AFTER:
            shutil.rmtree(old, ignore_errors=True)
