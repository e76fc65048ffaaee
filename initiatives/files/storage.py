"""A folder of this machine: a file is there whole, or isn't there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

UNFINISHED = ".part"


class Folder(FileSystemStorage):
    """MEDIA_ROOT. Names are ours and never taken: writing one again puts the same bytes in its place."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        """Beside its place, down to the disk, then in its place at once: a process killed leaves nothing torn."""
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f"{place.name}.{secrets.token_hex(8)}{UNFINISHED}")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, place)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)
        return name

    def forget_folder(self, name: str) -> None:
        """The files of a folder, unfinished ones included, then the folder; what is no longer there is no trouble."""
        place = Path(self.path(name))
        with suppress(FileNotFoundError):
            for each in list(place.iterdir()):
                each.unlink(missing_ok=True)
            place.rmdir()

    def folders(self, name: str) -> Iterator[tuple[str, float]]:
        """Each folder below `name` with the last instant something changed in it (a Unix time)."""
        with suppress(FileNotFoundError), os.scandir(self.path(name)) as found:
            for each in found:
                if each.is_dir(follow_symlinks=False):
                    yield each.name, each.stat(follow_symlinks=False).st_mtime

    def answers(self) -> bool:
        """Whether files can be written now. Raises OSError when they can't."""
        root = Path(self.location)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = root / f"readyz.{secrets.token_hex(8)}{UNFINISHED}"
        try:
            probe.write_bytes(b"ok")
            return probe.read_bytes() == b"ok"
        finally:
            probe.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems don't sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
