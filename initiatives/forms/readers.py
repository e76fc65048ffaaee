"""What a reader writes about a sheet, without an account: a report or a correction, and a message to its team."""

from __future__ import annotations

from typing import Any

from django import forms

from guide.fields import Trapped
from initiatives.models import Report

# Where on the page, in its own words; what a version calls the place.
PLACES = {
    "": "Toute la page, ou je ne sais pas",
    "title": "Le titre",
    "summary": "Le résumé",
    "beginning": "Au départ",
    "story": "Ce qui s’est passé",
    "participation": "La place des personnes",
    "obstaclemet": "Ce qui a coincé",
    "effects": "Ce que cela a changé",
    "conditions": "Ce qu’il faut pour commencer",
    "voice": "Une parole citée",
    "picture": "Une image",
    "attachment": "Un document",
    "organisation_name": "L’organisation ou les partenaires",
    "place_note": "Le lieu",
    "period_note": "Les dates",
    "source": "Une source, un lien",
}
KINDS = {
    Report.Kind.PERSONAL: "Je me reconnais, ou une donnée personnelle est visible",
    Report.Kind.CORRECTION: "Quelque chose est inexact",
    Report.Kind.OTHER: "Un autre problème",
}


class ReportForm(Trapped):
    kind = forms.ChoiceField(
        label="De quoi s’agit-il ?", choices=list(KINDS.items()), widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce dont il s’agit."},
    )  # fmt: skip
    field = forms.ChoiceField(label="À quel endroit de la page ?", choices=list(PLACES.items()), required=False)
    text = forms.CharField(
        label="Votre message", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Si vous vous reconnaissez, vous pouvez ne rien écrire : vous n’avez pas à vous justifier. Sinon, "
        "dites ce qu’il faudrait changer.",
    )  # fmt: skip
    email = forms.EmailField(
        label="Votre adresse électronique", required=False, max_length=254,
        help_text="Pour recevoir la réponse, et pour rien d’autre. L’équipe de la fiche ne la voit pas.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wants_text = data.get("kind") in (Report.Kind.CORRECTION, Report.Kind.OTHER)
        if wants_text and "text" in data and not data["text"]:
            self.add_error("text", "Dites en une phrase ce qui ne va pas.")
        return data

    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("kind", "field", "text", "email")}


class InquiryForm(Trapped):
    name = forms.CharField(
        label="Votre nom", max_length=120, help_text="Un prénom et une fonction suffisent.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label="Votre adresse électronique", max_length=254,
        help_text="Elle est donnée à l’équipe pour qu’elle vous réponde, et vous recevez une copie du message.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    text = forms.CharField(
        label="Votre message", min_length=20, max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Dites qui vous êtes, et ce que vous aimeriez savoir. Ne nommez aucune personne accompagnée.",
        error_messages={"min_length": "Quelques mots de plus aideront l’équipe à vous répondre."},
    )  # fmt: skip

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "text")}
