"""The trame as a tagged PDF: typst composes, the words come to it as data."""

from __future__ import annotations

import json
from pathlib import Path

from guide.print import pdf
from initiatives.trame.outline import Outline

TEMPLATE = Path(__file__).with_name("trame.typ")


def written(outline: Outline, version: str, day: str) -> bytes:
    """PDF/UA-1, which typst refuses to write when the structure is wrong; the same wherever it is made."""
    said = {"outline": json.dumps(outline.plain(), ensure_ascii=False), "version": version, "day": day}
    return pdf.composed(TEMPLATE, **said)
