"""Fiches edited on line written back as files of `guide/content/fiches/`, which read the same when they come back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guide.models import Fiche, FicheVersion


def toml_text(value: str) -> str:
    """A basic string of TOML, accents left as they are."""
    signs = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
    return '"' + "".join(
        signs.get(sign) or (f"\\u{ord(sign):04X}" if ord(sign) < 32 or ord(sign) == 127 else sign) for sign in value
    ) + '"'  # fmt: skip


def written(about: Mapping[str, Any], body: str) -> str:
    """A fiche as a file of `guide/content/fiches/` holds it: the front matter, then the text."""
    lines = [f"{key} = {_toml(about[key])}" for key in FRONT if key in about]
    for source in about.get("sources", []):
        lines += [
            "",
            "[[sources]]",
            *(f"{key} = {_toml(source[key])}" for key in ("id", "title", "url") if source.get(key)),
        ]
    return "\n".join(["+++", *lines, "+++", "", body.strip(), ""])


FRONT = (
    "number", "slug", "part", "title", "title_status", "subject", "summary", "methods", "see_also", "version",
    "updated_on", "change_note",
)  # fmt: skip


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return str(value)


def file_of(fiche: Fiche, version: FicheVersion) -> str:
    """A version of a fiche as its file."""
    about = {
        "number": fiche.number,
        "slug": fiche.slug,
        "part": fiche.part,
        "title": version.title,
        "title_status": version.title_status,
        "subject": version.subject,
        "summary": version.summary,
        "methods": [method.slug for method in fiche.methods.all()],
        "see_also": [other.number for other in fiche.see_also.all()],
        "version": version.number,
        "updated_on": version.updated_on,
        "change_note": version.change_note,
        "sources": version.sources,
    }
    return written(about, version.body)


def export(to: Path) -> list[Path]:
    """Write there the fiches whose current text was edited on line; where they went."""
    edited = Fiche.objects.readable().filter(current__origin=FicheVersion.Origin.EDITOR)
    done = []
    for fiche in edited.prefetch_related("methods", "see_also"):
        assert fiche.current
        path = to / f"{fiche.number:02}-{fiche.slug}.md"
        path.write_text(file_of(fiche, fiche.current), encoding="utf-8")
        done.append(path)
    return done
