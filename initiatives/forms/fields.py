"""What a person writes: texts cleaned once, questions with their examples, and a screen that saves only its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F
from django.utils.safestring import SafeString

from guide.french import typeset
from initiatives.models import Version
from initiatives.models.choices import MAX_TEXT

NOT_OFFERED = "Choisissez parmi les réponses proposées."


# Signs that turn the text around or hide in it; joiners stay, emoji need them.
HIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


class Written(forms.CharField):
    """What a person writes: composed accents, plain line ends, no hidden sign; invisible signs alone are nothing."""

    default_error_messages = {
        "max_length": "Ce texte compte %(show_value)d signes : gardez-en %(limit_value)d au plus.",
        "null_characters_not_allowed": "Ce texte contient un signe illisible : effacez-le, ou recopiez le texte.",
    }

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        text = HIDDEN.sub("", re.sub("[\u2028\u2029]", "\n", text)).strip()
        return text if any(unicodedata.category(sign)[0] not in "CZ" or sign == "\x00" for sign in text) else ""


class Prose(Written):
    """A text of several lines."""

    widget = forms.Textarea


class Line(Written):
    """A text of one line."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


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
