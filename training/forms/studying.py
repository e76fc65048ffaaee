"""What a student writes: one text, or one for each question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from guide.french import typeset
from training import guided
from training.guided import Answer, Asked
from training.models import MAX_NOTE, Work

TOO_LONG = "Votre note est trop longue\u00a0: elle ne peut pas dépasser %(limit_value)d signes."
TOO_LONG_IN_ALL = "Vos réponses sont trop longues\u00a0: ensemble, elles ne peuvent pas dépasser {} signes."
MOST_GONE = 40


class NoteForm(forms.Form):
    """A note as it stands in a window. Once valid: `text`, the whole, and `answers`, one a question when it is guided.

    What a page opened before the questions changed holds is kept under the question it answered.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, work: Work, data: QueryDict | None = None) -> None:
        questions = work.assignment.guided
        self.is_guided = bool(questions)
        self.asked = guided.asked(questions, work.answers, work.draft) if self.is_guided else []
        if data is not None:
            data = self._whole(data, guided.asked([], work.answers))
        self.posted = QueryDict() if data is None else data
        super().__init__(data, initial={"edition": work.edition, "text": work.draft})
        if not self.is_guided:
            self.fields["text"] = _long("Votre note", 12)
        for each in self.asked:
            self.fields[each.name] = _long(typeset(each.question), 3 if each.is_gone else 6)
            self.fields[each.name].counter = False  # type: ignore[attr-defined]  # the limit is of all of them together
            self.initial[each.name] = each.text
            if each.is_gone:
                self.fields[each.name].help_text = "Ce n’est plus demandé\u00a0: gardez ce texte, ou videz-le."

    def _whole(self, data: QueryDict, written: list[Asked]) -> QueryDict:
        """What was posted, in the fields of today."""
        known = {each.name: each.question for each in [*written, *self.asked]}
        posted = {name: str(data[name]) for name in data if name.startswith(guided.PREFIX)}
        if not self.is_guided:
            if posted and "text" not in data:
                data = data.copy()
                data["text"] = guided.plain(
                    {"question": known.get(name, guided.NO_LONGER_ASKED), "text": text} for name, text in posted.items()
                )
            return data
        if before := str(data.get("text", "")).strip():
            name = guided.field_of(guided.WRITTEN_BEFORE)
            posted[name], known[name] = before, guided.WRITTEN_BEFORE
            data = data.copy()
            data[name] = before
        shown = {each.name for each in self.asked}
        unknown = [name for name, text in posted.items() if name not in shown and text.strip()]
        self.asked += [
            Asked(name, known.get(name, guided.NO_LONGER_ASKED), is_gone=True) for name in unknown[:MOST_GONE]
        ]
        return data

    @property
    def places(self) -> list[forms.BoundField]:
        """The fields one writes in."""
        return [self[name] for name in self.fields if name != "edition"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in self.fields:
            if isinstance(said.get(name), str):
                said[name] = said[name].replace("\r\n", "\n")
        if self.is_guided and sum(len(said.get(each.name, "")) for each in self.asked) > MAX_NOTE:
            raise forms.ValidationError(TOO_LONG_IN_ALL.format(MAX_NOTE))
        return said

    @property
    def answers(self) -> list[Answer]:
        return [
            {"question": each.question, "text": self.cleaned_data[each.name]}
            for each in self.asked
            if not each.is_gone or self.cleaned_data[each.name].strip()
        ]

    @property
    def text(self) -> str:
        return guided.plain(self.answers) if self.is_guided else str(self.cleaned_data["text"])


def _long(label: str, rows: int) -> forms.CharField:
    field = forms.CharField(
        label=label,
        required=False,
        max_length=MAX_NOTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": TOO_LONG},
    )
    field.mark_optional = False  # type: ignore[attr-defined]
    return field
