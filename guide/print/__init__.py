"""What is read on paper or without network: one document, written as PDF, as EPUB or as pages.

A `Document` is data: nothing in it is a path or an address to fetch. Writers read it and nothing else, so that neither
can open a file of the machine or reach the network on behalf of a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

type Block = dict[str, Any]
"""One node of a text: {"t": its kind, "k": its children…}; `guide.print.blocks` makes and documents them."""


@dataclass(frozen=True)
class Chapter:
    """One fiche, sheet or method of a document, or a text of its own (foreword, glossary)."""

    title: str
    blocks: list[Block]
    kicker: str = ""
    """What it is, above its title: « Fiche 3 du guide »."""
    dated: str = ""
    """Its version or date, as one cites it."""
    url: str = ""
    """Where it is read on the site, absolute: printed in full and as a QR code. Empty, it has no page of its own."""
    levers: tuple[int, ...] = ()
    """The levers of the ring, for a sheet."""
    part: str = ""
    """The part of the document it stands in; the first of a part is preceded by its title."""


@dataclass(frozen=True)
class Document:
    title: str
    chapters: list[Chapter]
    subtitle: str = ""
    foreword: list[Block] = field(default_factory=list)
    dated: str = ""
    url: str = ""
    cover: str = "hive"
    """« hive », « band » or « plain »; empty, there is neither cover nor contents: a single sheet."""
    paper: str = "a4"
    identifier: str = ""
    """A stable URN for the EPUB."""
