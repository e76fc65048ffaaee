"""Repeated rows inside a screen: partners, hours by role, obstacles, steps, words of people.

A kind of row is one question of the screen's form, and its answer is a list: what changed, what is wrong, what two
windows say differently is read as for any other question. Posted names are flat (`voice-0-text`) and never hold a key
of the database: rows that changed are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from initiatives import steps
from initiatives.forms.fields import ScreenForm, asked
from initiatives.models import Version, VersionRow

# What the buttons of a list say in `go`, besides « next » and « stay ».
ADD, REMOVE = "add:", "remove:"
# More rows than any list may hold are read, so that who wrote too many gets them all back; the rest is forged.
MOST_READ = 60

type Row = dict[str, str]
"""A row as it is posted: name of the question → text; a tick is « on » or nothing."""


class RowForm(forms.Form):
    """The questions of one row. Its required questions are asked only where the row isn't left empty."""

    use_required_attribute = False

    @classmethod
    def posted(cls, row: Any) -> Row | None:
        """A stored row as it would be posted; None where it may not be shown."""
        return {name: as_posted(getattr(row, name)) for name in cls.base_fields}


def as_posted(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case Decimal():
            text = f"{value:f}"
            return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
        case _:
            return str(value)


class RowsWidget(forms.Widget):
    """Reads a list of rows; `_rows.html` shows it."""

    use_fieldset = True

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = tuple(names)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """The rows in their order, without those left empty and the one whose « Retirer » was pressed."""
        found: dict[int, Row] = {}
        for key in data:
            part = key.removeprefix(f"{name}-") if key.startswith(f"{name}-") else ""
            place, _, asked_for = part.partition("-")
            if re.fullmatch("[0-9]{1,6}", place) and asked_for in self.names:
                found.setdefault(int(place), {})[asked_for] = str(data.get(key) or "")
        pressed = str(data.get("go") or "")
        if pressed.startswith(f"{REMOVE}{name}-"):
            gone = pressed.removeprefix(f"{REMOVE}{name}-")
            found.pop(int(gone) if re.fullmatch("[0-9]{1,6}", gone) else -1, None)
        rows = [{each: found[place].get(each, "") for each in self.names} for place in sorted(found)]
        return [row for row in rows if any(text.strip() for text in row.values())][:MOST_READ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""


class RowsField(forms.Field):
    """A list of rows of one model. `one` is the word for a row, `add` what its button says; `good` and `bad` are shown

    once, above the list.
    """

    widget: RowsWidget

    def __init__(self, model: type[VersionRow], form: type[RowForm], *, one: str, add: str, limit: int = 20,
                 **options: Any) -> None:  # fmt: skip
        self.model, self.row_form, self.one, self.add, self.limit = model, form, one, add, limit
        # Name of a question → its choices, where the database knows them: read once a screen, not once a row.
        self.offers: dict[str, list[tuple[str, str]]] = {}
        super().__init__(required=False, widget=RowsWidget(form.base_fields), **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundRows:
        return BoundRows(form, self, field_name)

    def of(self, version: Version) -> list[Row]:
        """What a version says."""
        stored = getattr(version, f"{self.model._meta.model_name}_rows").all()
        return [row for row in map(self.row_form.posted, stored) if row is not None]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.plain(initial or []) != self.plain(data or [])

    def plain(self, rows: list[Row]) -> list[tuple[Any, ...]]:
        """What rows mean, whatever the way they are typed."""

        def meant(field: forms.Field, text: str) -> Any:
            try:
                return field.to_python(text)
            except ValidationError:
                return text

        questions = self.row_form.base_fields
        return [tuple(meant(field, row.get(name, "")) for name, field in questions.items()) for row in rows]

    def said(self, rows: Any) -> str:
        """The rows in the words of the screen, one a line."""
        return "\n".join(" – ".join(filter(None, map(self._said, row.items()))) for row in rows or [])

    def _said(self, answer: tuple[str, str]) -> str:
        field, text = self.row_form.base_fields[answer[0]], answer[1]
        if isinstance(field, forms.BooleanField):
            return str(field.label) if text else ""
        if isinstance(field, forms.ChoiceField):
            offered = self.offers.get(answer[0]) or choices_of(field)
            return next((str(label) for code, label in offered if code == text and code), text)
        return text

    def post(self, data: QueryDict, name: str, rows: list[Row]) -> None:
        """Put these rows in what is posted, in place of those it holds."""
        for key in [key for key in data if key.startswith(f"{name}-")]:
            del data[key]
        if str(data.get("go") or "").startswith(f"{REMOVE}{name}-"):
            data["go"] = "stay"
        for place, row in enumerate(rows):
            for question, text in row.items():
                data[f"{name}-{place}-{question}"] = text

    def write(self, version: Version, rows: list[dict[str, Any]]) -> None:
        """These rows and no other, in this order."""
        self.model._default_manager.filter(version=version).delete()
        self.model._default_manager.bulk_create(
            self.model(version=version, position=place, **row) for place, row in enumerate(rows)
        )


def choices_of(field: forms.ChoiceField) -> list[tuple[str, Any]]:
    return [(str(code), label) for code, label in field.choices]  # type: ignore[misc, union-attr]


class BoundRows(forms.BoundField):
    """A list as a screen shows it: `rows`, then a spare one while there is room, and `pattern` for one more."""

    field: RowsField

    @cached_property
    def forms(self) -> list[RowForm]:
        return [self._form(place, row) for place, row in enumerate(self.value() or [])]

    def _form(self, place: int | str, row: Row | None = None) -> RowForm:
        prefix = f"{self.html_name}-{place}"
        if row is not None and self.form.is_bound:
            form = self.field.row_form({f"{prefix}-{name}": text for name, text in row.items()}, prefix=prefix)
        else:
            form = self.field.row_form(initial=row or {}, prefix=prefix)
        for name, choices in self.field.offers.items():
            cast(forms.ChoiceField, form.fields[name]).choices = choices
        return form

    @property
    def rows(self) -> list[RowForm]:
        return [*self.forms, self._form(len(self.forms))] if len(self.forms) < self.field.limit else self.forms

    @property
    def pattern(self) -> RowForm:
        return self._form("__n__")

    refused = ""
    """What is wrong with the list as a whole."""

    @property
    def problems(self) -> list[dict[str, str]]:
        """What is wrong, each with the question to go to: read by the summary of errors."""
        if not self.form.is_bound:
            return []
        found = [{"text": self.refused, "target": f"{self.auto_id}_add", "label": str(self.label)}] * bool(self.refused)
        for place, form in enumerate(self.forms, 1):
            for bound in form:
                label = f"{self.field.one} {place}, {bound.label}"
                found += [{"text": str(text), "target": bound.auto_id, "label": label} for text in bound.errors]
        return found


class ListingForm(ScreenForm):
    """A screen with lists. `parts` cuts it: a title, a sentence, the names of the questions."""

    parts: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.lists():
            self.initial[name] = [] if self.is_blank else field.of(self.instance)

    def lists(self) -> list[tuple[str, RowsField]]:
        return [(name, field) for name, field in self.fields.items() if isinstance(field, RowsField)]

    @classmethod
    def shown(cls) -> list[str]:
        return [name for _, _, names in cls.parts for name in names]

    def list_named(self, name: str) -> BoundRows:
        bound = self[name]
        assert isinstance(bound, BoundRows)
        return bound

    def parted(self) -> list[tuple[str, str, list[tuple[int | None, forms.BoundField]]]]:
        """The questions by part, as the page shows them, each with its number where it begins one."""
        begun: set[int] = set()
        numbers = steps.numbers()

        def numbered(name: str) -> tuple[int | None, forms.BoundField]:
            number = numbers.get(name)
            first = number not in begun
            begun.update([number] if number else [])
            return (number if first else None), self[name]

        return [
            (title, lede, [numbered(name) for name in names if name in self.fields])
            for title, lede, names in self.parts
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, field in self.lists():
            bound = self.list_named(name)
            if not bound.problems:
                try:
                    data[name] = self.settled(name, [form.cleaned_data for form in bound.forms])
                except ValidationError as refusal:
                    bound.refused = " ".join(refusal.messages)
            if len(bound.forms) > field.limit:
                bound.refused = f"Vous en avez écrit {len(bound.forms)} : gardez-en {field.limit} au plus."
            if bound.problems:
                self.add_error(name, [f"{each['label']} : {each['text']}" for each in bound.problems])
        return data

    def settled(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of a list as they are written: a screen may put them in order, or refuse them."""
        return rows

    def save(self, commit: bool = True) -> Version:
        version = super().save(commit)
        for name, field in self.lists():
            if name in self.changed_data:
                field.write(version, self.cleaned_data[name])
        return version


def place_of(form: forms.BaseForm, go: str | None) -> str:
    """Where to come back after « Ajouter » or « Retirer »: the id of a control; nothing for any other button."""
    name, _, place = (go or "").removeprefix(ADD).removeprefix(REMOVE).partition("-")
    bound = form[name] if name in form.fields else None
    if not isinstance(bound, BoundRows) or not (go or "").startswith((ADD, REMOVE)):
        return ""
    if go == f"{ADD}{name}":
        return next(iter(bound.rows[-1])).auto_id if len(bound.rows) > len(bound.forms) else f"{bound.auto_id}_add"
    known = re.fullmatch("[0-9]{1,6}", place) and int(place) < len(bound.forms)
    return f"{bound.auto_id}-{int(place)}-remove" if known else f"{bound.auto_id}_add"


def part[F: forms.Field](field: F, *, needed: str = "", **marks: Any) -> F:
    """A question of a row; `needed` is what is said where it is left empty in a row that isn't."""
    asked(field, **{"counter": False, **marks})
    field.required = bool(needed)
    field.mark_optional = not needed  # type: ignore[attr-defined]
    if needed:
        field.error_messages = {**field.error_messages, "required": needed}
    return field
