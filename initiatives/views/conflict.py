"""Two windows on one draft: the second is told, both texts are shown, and the person chooses."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from initiatives.forms.rows import RowsField
from initiatives.models import Initiative, TypedText
from initiatives.standing import standing
from initiatives.steps import Step
from initiatives.views.own import followed, own_sheet, working_version, writer

# What a screen posts that isn't an answer.
CONTROLS = {
    "csrfmiddlewaretoken", "edition", "seen", "go", "forget", "opened", "window", "count", "carried", "left",
}  # fmt: skip


CHOICE = "garder-"


def overwriting(
    request: HttpRequest, sheet: int, here: Step, data: QueryDict, *, carried: str, typed: TypedText | None = None
) -> HttpResponse:
    """Two texts for one screen: both are shown, field by field, and the person chooses.

    `typed` is one that was typed earlier and never sent; else `data` was just sent. `carried` names its window.
    """
    version = working_version(request.user, sheet)
    if version is None:
        return closed(request, own_sheet(request.user, sheet), here)
    stored = here.form(version, None)
    form = here.form(copy(version), data)
    form.is_valid()
    differing = [name for name in form.fields if name in form.changed_data]
    answers = [(name, value) for name, values in data.lists() if name not in CONTROLS for value in values]
    return render(
        request,
        "initiatives/conflict.html",
        {
            "version": version,
            "sheet": version.initiative,
            "step": here,
            "differences": [difference(form[name], stored[name]) for name in differing],
            "answers": [(name, value) for name, value in answers if not name.startswith(CHOICE)],
            "edition": version.edition,
            "seen": imprint(stored),
            "go": data.get("go", ""),
            "typed": typed,
            "carried": carried,
        },
        status=200 if typed else 409,
    )


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    mine: str
    other: str


def difference(mine: forms.BoundField, other: forms.BoundField) -> Difference:
    return Difference(mine.name, str(mine.label), said(mine.field, mine.data), said(other.field, other.initial))


def said(field: forms.Field, value: Any) -> str:
    """An answer in the words of its screen."""
    if isinstance(field, RowsField):
        return field.said(value)
    if isinstance(field, forms.BooleanField):
        return "oui" if field.to_python(value) else "non"
    if isinstance(field, forms.ChoiceField):
        choices = cast("Iterable[tuple[Any, Any]]", field.choices)
        codes = codes_of(field, value)
        return ", ".join(str(label) for code, label in choices if code != "" and str(code) in codes)
    return "" if value is None else str(value)


def codes_of(field: forms.Field, value: Any) -> list[str]:
    """An answer as the browser sends it: a tick left empty isn't sent."""
    answers = value if isinstance(value, (list, tuple)) else [value]
    codes = [field.prepare_value(each) for each in answers]
    return ["on" if code is True else str(code) for code in codes if code is not None and code is not False]


def settled(posted: QueryDict, stored: forms.BaseForm) -> QueryDict:
    """What was posted, where the person chose the other text in a conflict: the stored answer in place of theirs."""
    data = posted.copy()
    for name in stored.fields:
        if posted.get(CHOICE + name) == "autre":
            bound = stored[name]
            if isinstance(bound.field, RowsField):
                bound.field.post(data, bound.html_name, bound.initial)
                continue
            data.setlist(bound.html_name, codes_of(bound.field, bound.initial))
            if name == "place":
                data.pop("place_code", None)
    return data


def imprint(form: forms.BaseForm) -> str:
    """A short mark of what a screen says before anything is typed in it; a question it doesn't answer leaves none."""
    answers = ((name, codes_of(field, form.get_initial_for_field(field, name))) for name, field in form.fields.items())
    values = {name: codes for name, codes in answers if any(codes)}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:24]


def whole(text: str | None) -> int:
    """The edition a form carries; one that never was when it isn't a number."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 999_999_999


def closed(request: HttpRequest, initiative: Initiative, here: Step) -> HttpResponse:
    """Nothing is being written: in review, or sent from another window. What was just typed is shown, to be copied."""
    case = followed(initiative.cases.all()).first()
    typed: list[tuple[str, str]] = []
    last = initiative.versions.order_by("-number")[0]
    left = TypedText.objects.of(last, writer(request)).texts().filter(step=here.slug).first()
    posted = request.POST if request.method == "POST" else left.posted() if left else None
    if posted is not None:
        form = here.form(last, posted)
        typed = [(str(bound.label), said(bound.field, bound.data)) for bound in form]
    context = {
        "sheet": initiative,
        "case": case,
        "standing": standing(initiative, None, case),
        "typed": [(label, text) for label, text in typed if text.strip()],
    }
    return render(request, "initiatives/closed.html", context, status=409 if request.method == "POST" else 200)
