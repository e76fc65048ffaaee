"""What the site acknowledged, written down when the answer arrives, and what a run found of it afterwards."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    what: str
    key: str
    sha256: str


class Journal:
    """A file of lines, one an acknowledgement; read back to be compared with the database."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._handle = file.open("w", encoding="utf-8")

    def write(self, what: str, key: object, sent: str) -> None:
        line = {"at": time.time(), "what": what, "key": str(key), "sha256": sha(sent)}
        with self._lock:
            self._handle.write(json.dumps(line) + "\n")
            self._handle.flush()

    def read(self, what: str = "") -> list[Line]:
        lines = [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]
        return [Line(one["what"], one["key"], one["sha256"]) for one in lines if what in ("", one["what"])]


@dataclass
class Outcome:
    """What one run found. `broken` are the other promises that were not held, in words.

    A weakened build must be caught by its counts or, where its weakness shows elsewhere, by a promise it is aimed at.
    """

    run: str
    is_weakened: bool
    instants: int
    acknowledged: int = 0
    lost: int = 0
    ghost: int = 0
    torn: int = 0
    figures: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0
    is_hit: bool = False

    @property
    def holds(self) -> bool:
        return not (self.lost or self.ghost or self.torn or self.broken) and self.acknowledged > 0

    @property
    def is_as_expected(self) -> bool:
        return self.is_caught if self.is_weakened else self.holds

    @property
    def is_caught(self) -> bool:
        return bool(self.lost or self.ghost or self.torn or self.is_hit)

    def promise(self, kept: bool, words: str, *, is_aim: bool = False) -> None:
        if not kept:
            self.broken.append(words)
            self.is_hit |= is_aim

    def line(self) -> str:
        counts = f"{self.acknowledged} acquittés, perdus {self.lost}, doubles {self.ghost}, déchirés {self.torn}"
        build = "affaiblie" if self.is_weakened else "telle quelle"
        return f"{self.run} ({build}, {self.instants} instants) : {counts} ; " + " ; ".join(
            [*self.figures, *(f"ROMPU : {one}" for one in self.broken), f"{self.seconds:.0f} s"]
        )
