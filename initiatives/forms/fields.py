"""What a person writes: texts cleaned once, questions with their examples, and a screen that saves only its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F
from django.utils.safestring import SafeString

from guide.fields import Line as Line
from guide.fields import Prose as Prose
from guide.fields import Written as Written
from guide.french import typeset
from initiatives.models import Version
from initiatives.models.choices import MAX_TEXT

NOT_OFFERED = "Choisissez parmi les réponses proposées."


def asked[F: forms.Field](field: F, *, good: str = "", bad: str = "", needed: bool = False, **marks: Any) -> F:
    """A question with its examples. `needed`: must be answered before sending, though a draft may do without."""
    field.required = False
    if field.label:
        field.label = typeset(str(field.label))
    # Markup made with format_html stays markup.
    if not isinstance(field.help_text, SafeString):
        field.help_text = typeset(str(field.help_text))
    marks = {"good": typeset(good), "bad": typeset(bad), "mark_optional": not needed, **marks}
    for name, value in marks.items():
        setattr(field, name, value)
    return field


class ScreenForm(forms.ModelForm[Version]):
    """Writes the fields of its own screen and no other. `together`: the fields that bear one number."""

    together: tuple[tuple[str, ...], ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nobody tells anything here yet: the questions alone, for the trame."""
        return self.instance._state.adding

    @classmethod
    def shown(cls) -> list[str]:
        """Its fields in the order of the screen."""
        return list(dict.fromkeys([*(cls.field_order or ()), *cls.base_fields]))

    @classmethod
    def questions(cls) -> tuple[tuple[str, ...], ...]:
        groups = {names[0]: names for names in cls.together}
        following = {name for names in cls.together for name in names[1:]}
        return tuple(groups.get(name, (name,)) for name in cls.shown() if name not in following)

    def save(self, commit: bool = True) -> Version:
        columns = {field.name for field in Version._meta.concrete_fields}
        self.instance.save(update_fields=[name for name in self._meta.fields or () if name in columns])
        super()._save_m2m()  # type: ignore[misc]  # Django's documented half of a save, unknown to the stubs
        return self.instance


def prose(label: str, help_text: str, *, good: str, bad: str, rows: int = 4, max_length: int = MAX_TEXT) -> Prose:
    """A long answer that may be left empty."""
    widget = forms.Textarea(attrs={"rows": rows})
    field = Prose(label=label, help_text=help_text, max_length=max_length, widget=widget)
    return asked(field, good=good, bad=bad, counter=max_length < MAX_TEXT)


def line(label: str, help_text: str = "", *, good: str, bad: str, max_length: int = 300) -> Line:
    """A short answer that may be left empty."""
    field = Line(label=label, help_text=help_text, max_length=max_length)
    return asked(field, good=good, bad=bad, counter=False)


def one_of(label: str, choices: Iterable[tuple[str, str]], help_text: str = "", *, good: str, bad: str
           ) -> forms.ChoiceField:  # fmt: skip
    """One answer among several, or none."""
    field = forms.ChoiceField(
        label=label, help_text=help_text, widget=forms.RadioSelect, choices=[*choices, ("", "Pas de réponse")],
        error_messages={"invalid_choice": NOT_OFFERED},
    )  # fmt: skip
    return asked(field, good=good, bad=bad)


def some_of(label: str, choices: Iterable[tuple[str, str]], help_text: str = "", *, good: str, bad: str
            ) -> forms.MultipleChoiceField:  # fmt: skip
    """As many answers as are true."""
    field = forms.MultipleChoiceField(
        label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple, choices=list(choices),
        error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
    )  # fmt: skip
    return asked(field, good=good, bad=bad)
