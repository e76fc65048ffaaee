"""What a coordinator writes: requests tied to fields, and refusals with their motive."""

from __future__ import annotations

from typing import Any

from django import forms

from initiatives.difference import FIELDS, label_of
from initiatives.models import Version

MOTIVES = {
    "hors-champ": "Ce n’est pas une action collective de travail social",
    "anonymat": "Des personnes peuvent être reconnues",
    "accord": "Un accord manque (employeur, personnes, collègues)",
    "doublon": "Cette initiative est déjà dans le catalogue",
    "trop-peu": "Le récit ne permet pas de comprendre ce qui s’est passé",
    "promotion": "Le texte fait la promotion d’un produit ou d’un service",
}
ASKABLE = (
    "title", "summary", "state", "organisation_name", "place", "scope", "publics", "themes", "methods", "beginning",
    "story", "contact_mode", "employer_agrees", "people_agree",
)  # fmt: skip


class ChangesForm(forms.Form):
    """A general word and one request a field; at least one thing is asked."""

    text = forms.CharField(
        label="Votre message", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que vous avez aimé, puis ce qu’il reste à faire. La personne vous lit en entier.",
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASKABLE:
            if name in FIELDS:
                self.fields[f"remark_{name}"] = forms.CharField(
                    label=label_of(name), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("text", "").strip() and not self.remarks():
            raise forms.ValidationError("Dites au moins une chose à compléter, en général ou sur un champ.")
        return data

    def remarks(self) -> dict[str, str]:
        """Field of the sheet → what is asked about it."""
        asked = {name.removeprefix("remark_"): text for name, text in self.cleaned_data.items() if name != "text"}
        return {name: text.strip() for name, text in asked.items() if text.strip()}

    def remark_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("remark_")]


class RefusalForm(forms.Form):
    motive = forms.ChoiceField(label="Motif", choices=[("", "Choisir…"), *MOTIVES.items()])
    text = forms.CharField(
        label="Ce qui rendrait la fiche acceptable", max_length=4000, min_length=30,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="La fiche redevient un brouillon : son auteur peut la reprendre et la renvoyer.",
        error_messages={
            "required": "Un refus dit toujours ce qui rendrait la fiche acceptable.",
            "min_length": "Un refus s’explique : quelques phrases aideront la personne à reprendre sa fiche.",
        },
    )  # fmt: skip


class AcceptanceForm(forms.Form):
    text = forms.CharField(
        label="Un mot pour accompagner la publication", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
