"""What a person writes in a form: texts cleaned once, and a line that only machines fill."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

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


class Trapped(forms.Form):
    """A field people don't see: only a machine that fills everything answers it."""

    site_web = forms.CharField(
        label="Laissez cette ligne vide", required=False, max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_site_web(self) -> str:
        if self.cleaned_data["site_web"]:
            raise forms.ValidationError("Laissez cette ligne vide : elle arrête les robots.")
        return ""
