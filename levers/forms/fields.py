"""Texts an editor or a coordinator writes: composed accents, plain line ends, no sign that hides or turns the text."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

from guide.french import typeset

HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
NOT_OFFERED = "Choisissez parmi les réponses proposées."


class Text(forms.CharField):
    default_error_messages = {
        "max_length": "Ce texte compte %(show_value)d signes : gardez-en %(limit_value)d au plus.",
    }

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")
        return HIDDEN.sub("", text).strip()


class Line(Text):
    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class Day(forms.DateField):
    """A day, as browsers send it or as it is typed: 31/12/2026."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d/%m/%Y"]
    default_error_messages = {"invalid": "Écrivez une date comme 31/12/2026."}


def asked[F: forms.Field](field: F, **marks: Any) -> F:
    """What the field's template reads on it: examples, a counter or none, whether « facultatif » is said."""
    for name, value in marks.items():
        setattr(field, name, value)
    return field


def refused(text: str) -> forms.ValidationError:
    return forms.ValidationError(typeset(text))
