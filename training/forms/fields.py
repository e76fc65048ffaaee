"""What several forms of this app ask the same way: a name on one line, a day, an hour."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms

FIRST_YEAR, LAST_YEAR = 2000, 2100


def one_line(text: str, sentence: str) -> str:
    """A name on one line; one made of signs that can't be seen is refused with this sentence."""
    line = " ".join(text.split())
    if not any(sign.isprintable() and not sign.isspace() for sign in line):
        raise forms.ValidationError(sentence)
    return line


def small(field: forms.Field) -> None:
    field.small = True  # type: ignore[attr-defined]


class ClockField(forms.TimeField):
    """« 23:59 », and as one writes it: « 23 h 59 », « 8h »."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {"invalid": "Écrivez une heure, par exemple 23:59."}

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = re.sub(r"\s*h\s*", ":", value.strip().lower())
            value = f"{value}00" if value.endswith(":") else value
        clock = super().to_python(value)
        return clock.replace(second=0, microsecond=0) if clock else None


def day_field(label: str, **options: Any) -> forms.DateField:
    field = forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)
    small(field)
    return field


def sensible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError("Vérifiez l’année.")
    return day
