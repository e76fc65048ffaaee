"""How one asks to be told what is new in a search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from guide.fields import Trapped
from initiatives.models import Alert

CHOOSE = {"required": "Choisissez une des réponses.", "invalid_choice": "Choisissez une des réponses."}


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="À quel rythme ?", widget=forms.RadioSelect, initial=Alert.Rhythm.WEEKLY, error_messages=CHOOSE,
        choices=[(value, capfirst(label)) for value, label in Alert.Rhythm.choices],
        help_text="S’il n’y a rien de nouveau, rien n’est envoyé.",
    )  # fmt: skip


class AlertForm(Trapped, RhythmForm):
    """The address is asked of who has no account with a confirmed one."""

    email = forms.EmailField(
        label="Votre adresse électronique", max_length=254,
        help_text="Une lettre vous demande de confirmer. L’adresse ne sert qu’à cette alerte.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    field_order = ("email", "rhythm")

    def __init__(self, data: Any = None, *, asks_address: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not asks_address:
            del self.fields["email"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
