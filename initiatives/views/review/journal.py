"""The journal of a case, as its page tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from initiatives import difference, grid, thread
from initiatives.forms.review import MOTIVES
from initiatives.models import Case, Remark
from initiatives.workflow import Verb

# What authors and experts never read.
INTERNAL = (Verb.NOTE, Verb.ASK_OPINION, Verb.OPINION, Verb.ATTEMPT)
TRIED = {verb.value: verb.label for verb in Verb}


def moves_of(case: Case, *, whole: bool) -> list[Any]:
    """The journal of a case; `whole` with what is the coordination's alone. Each line says what its grid answers."""
    remarks = Remark.objects.filter(move=OuterRef("pk")).order_by("pk")
    said = ArraySubquery(remarks.values(row=JSONObject(field="field", text="text")))
    moves: Iterable[Any] = case.moves.select_related("by").annotate(remarks_said=said).order_by("pk")
    kept = [move for move in moves if whole or move.verb not in INTERNAL]
    for move in kept:
        move.remarks_read = [{**row, "field_label": difference.label_of(row["field"])} for row in move.remarks_said]
        move.answered = grid.answered(move.grid) if whole else []
        move.motive_words = MOTIVES.get(move.motive, "")
        move.tried = TRIED.get(move.motive, "")
        move.is_by_author = move.motive == thread.AUTHOR
    return kept
