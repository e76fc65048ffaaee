"""The argumentaire on paper: a tagged PDF of two pages at most. Its words come to typst as data, and nothing else."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdf
import typst
from django.conf import settings

from guide.print import blocks
from initiatives.case_for import CaseFor, by_effect

TEMPLATE = Path(__file__).with_name("page.typ")
MOST_PAGES = 2
# (size of letters, then as CaseFor.shortened), tried in this order until all holds.
LAYOUTS = (
    (10.6, 420, 4, 3), (9.8, 420, 4, 3), (9.1, 420, 4, 3), (9.1, 300, 3, 2), (9.1, 220, 3, 2), (9.1, 170, 2, 2),
    (9.1, 130, 2, 1), (9.1, 100, 1, 1), (9.1, 75, 1, 1), (8.8, 50, 1, 1),
)  # fmt: skip
MISSING = "□"
_NOT_LATIN = re.compile("[^\x20-\x7e\xa0-\xff\u0152\u0153\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2192\n]")


class TooLong(Exception):
    """It doesn't hold in two pages: a title or an introduction is longer than its form allows."""


def written(case: CaseFor) -> bytes:
    """PDF/UA-1, with as much of the sheets as two pages hold."""
    for size, *lengths in LAYOUTS:
        content = _drawn(_told(case.shortened(*lengths)) | {"size": size})
        if len(pypdf.PdfReader(io.BytesIO(content)).pages) <= MOST_PAGES:
            return content
    raise TooLong


def _told(case: CaseFor) -> dict[str, Any]:
    said = asdict(case)
    said["groups"] = [
        {"label": label, "claims": [asdict(claim) for claim in claims]} for label, claims in by_effect(case)
    ]
    said["unsaid"] = {kind: list(numbers) for kind, numbers in case.unsaid}
    said["site"] = settings.SITE_NAME
    return said


def _drawn(said: dict[str, Any]) -> bytes:
    """Signs that no font of ours draws, which PDF/UA forbids, are shown as a square."""
    try:
        return _composed(_each(said, blocks.said))
    except typst.TypstError:
        return _composed(_each(said, lambda text: _NOT_LATIN.sub(MISSING, blocks.said(text))))


def _each(said: Any, clean: Callable[[str], str]) -> Any:
    """Every text of it; the longest words can be cut."""
    if isinstance(said, str):
        return re.sub(r"\S{30,}", lambda hit: re.sub(r"(.{20})", "\\1\u200b", hit[0]), clean(said))
    if isinstance(said, dict):
        return {key: value if key == "url" else _each(value, clean) for key, value in said.items()}
    return [_each(value, clean) for value in said] if isinstance(said, list | tuple) else said


def _composed(said: Any) -> bytes:
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        font_paths=[settings.BASE_DIR / "static" / "fonts" / "print"],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"case": json.dumps(said, ensure_ascii=False)},
    )
