"""What the trame says, in words that are neither a screen's nor a printer's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

# A hand writes about fifty signs on a line of a page.
SIGNS_A_LINE = 50


@dataclass(frozen=True)
class Group:
    """Choices under one word; without it when there is only one group."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A question of a row: written in, ticked when its label says all, or chosen among a few."""

    label: str
    lines: int = 1
    choices: tuple[str, ...] = ()
    is_tick: bool = False
    is_small: bool = False


@dataclass(frozen=True)
class Ask:
    """One thing asked: `lines` to write, `groups` to tick in, a `tick` alone, or `columns` of a list of `rows`."""

    label: str
    help: str = ""
    good: str = ""
    bad: str = ""
    limit: str = ""
    is_optional: bool = False
    lines: int = 0
    is_small: bool = False
    is_tick: bool = False
    takes_one: bool = False
    groups: tuple[Group, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Question:
    """What bears one number on the screens: the first thing asked, and those that go with it."""

    number: int
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Part:
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Screen:
    title: str
    lede: str
    is_skippable: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Path:
    """The screens of one depth."""

    title: str
    lede: str
    screens: tuple[Screen, ...]


@dataclass(frozen=True)
class Block:
    """A frame to fill; the last line is tall where one signs."""

    title: str
    text: str
    lines: tuple[str, ...]
    is_signed: bool = False


@dataclass(frozen=True)
class Outline:
    title: str
    lede: str
    before: tuple[tuple[str, tuple[str, ...]], ...]
    """What to know before writing: titles, and their sentences."""
    paths: tuple[Path, ...]
    after: tuple[str, ...]
    """What happens next, in order."""
    blocks: tuple[Block, ...]
    """At the end: where to reach the author, the signature, what the coordination writes."""

    @property
    def questions(self) -> list[Question]:
        return [
            question
            for path in self.paths
            for screen in path.screens
            for part in screen.parts
            for question in part.questions
        ]

    @property
    def labels(self) -> list[str]:
        """All that is asked, in order."""
        return [ask.label for question in self.questions for ask in question.asks]

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.plain(), ensure_ascii=False).encode()).hexdigest()
