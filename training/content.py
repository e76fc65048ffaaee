"""Competences of the national reference texts, from a file that holds only those whose text and source we have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from accounts.content import read_toml, synchronise
from guide.content import typeset_all
from training.models import Competence

COMPETENCES = Path(__file__).parent / "content" / "competences.toml"


def after_migrate(**kwargs: Any) -> None:
    synchronise("competences", [COMPETENCES], load_competences)


def load_competences() -> None:
    """The file's, in its order. One that left it is no longer offered, and stays on the assignments that name it."""
    rows = typeset_all(read_toml(COMPETENCES))["competence"]
    kept = set()
    for position, row in enumerate(rows):
        if not row.get("source"):
            raise ValueError(f"{COMPETENCES.name}: {row['code']} has no source")
        competence, _ = Competence.objects.update_or_create(
            centre=None,
            curriculum=row["curriculum"],
            code=row["code"],
            defaults={
                "label": row["label"],
                "position": position,
                "valid_from": row["valid_from"],
                "valid_until": row.get("valid_until"),
                "source": row["source"],
            },
        )
        kept.add(competence.pk)
    for gone in Competence.objects.national().exclude(pk__in=kept):
        gone.withdraw()
