"""What a student writes."""

from __future__ import annotations

from typing import Any

from django import forms

from training.models import MAX_NOTE


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Votre note",
        required=False,
        max_length=MAX_NOTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "max_length": "Votre note est trop longue\u00a0: elle ne peut pas dépasser %(limit_value)d signes."
        },
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].mark_optional = False  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")
