"""Fixing a recueil, and making an argumentaire of it: what is asked before it gets its own link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from initiatives.case_for import MOST_INTRODUCTION
from initiatives.models import Edition, Initiative
from initiatives.models.edition import MOST_FOREWORD, MOST_IN_A_CASE, new_key

_signer = Signer(salt="initiatives.edition.form", sep=".")
NO_NAME = "N’y mettez le nom de personne."


class EditionForm(forms.ModelForm[Edition]):
    """`key` is of one showing of the form: a second press of its button makes nothing more."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    class Meta:
        model = Edition
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={**(initial or {}), "key": _signer.sign(new_key())})

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])

    def clean_key(self) -> str:
        """The one we gave; another is another showing of the form."""
        try:
            return _signer.unsign(self.cleaned_data["key"])
        except BadSignature:
            return new_key()


class FixForm(EditionForm):
    foreword = forms.CharField(
        label="Avant-propos",
        required=False,
        max_length=MOST_FOREWORD,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Pour dire à qui s’adresse ce recueil et pourquoi ces fiches. Une ligne vide fait un "
        f"paragraphe\u00a0; **gras** et listes en Markdown, si vous en avez l’habitude. {NO_NAME}",
    )
    paper = forms.ChoiceField(
        label="Format du papier",
        choices=Edition.Paper.choices,
        widget=forms.RadioSelect,
        initial=Edition.Paper.A4,
    )
    cover = forms.ChoiceField(
        label="Couverture", choices=Edition.Cover.choices, widget=forms.RadioSelect, initial=Edition.Cover.HIVE
    )

    class Meta(EditionForm.Meta):
        fields = ("title", "foreword", "cover", "paper")
        labels = {"title": "Titre du recueil"}
        help_texts = {"title": f"Il se lit sur la couverture. {NO_NAME}"}


class CaseForm(EditionForm):
    addressee = forms.CharField(
        label="À l’attention de",
        required=False,
        max_length=120,
        help_text="Une fonction, une instance\u00a0: «\u00a0la direction de l’action sociale\u00a0», "
        "«\u00a0le conseil municipal\u00a0».",
    )
    foreword = forms.CharField(
        label="Introduction",
        required=False,
        max_length=MOST_INTRODUCTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que vous demandez, en quelques phrases. Elle est présentée comme la vôtre\u00a0; tout le reste "
        f"vient des fiches. {NO_NAME}",
    )

    class Meta(EditionForm.Meta):
        fields = ("addressee", "title", "foreword")
        labels = {"title": "Titre de l’argumentaire"}

    def __init__(
        self, data: QueryDict | None = None, *, sheets: Sequence[Initiative], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.sheets = {str(sheet.pk): sheet for sheet in sheets}
        titles = [
            (key, sheet.public_version.title if sheet.public_version else "") for key, sheet in self.sheets.items()
        ]
        self.fields["sheets"] = forms.MultipleChoiceField(
            label="Les initiatives qui le portent",
            choices=titles,
            widget=forms.CheckboxSelectMultiple,
            initial=[key for key, _ in titles[:MOST_IN_A_CASE]],
            error_messages={"required": "Cochez au moins une initiative."},
            help_text=f"De une à {MOST_IN_A_CASE}\u00a0: l’argumentaire tient en deux pages.",
        )
        self.order_fields(["addressee", "title", "sheets", "foreword", "key"])

    def clean_addressee(self) -> str:
        return one_line(self.cleaned_data["addressee"])

    def clean_sheets(self) -> list[Initiative]:
        chosen: list[str] = self.cleaned_data["sheets"]
        if len(chosen) > MOST_IN_A_CASE:
            raise forms.ValidationError(f"Gardez {MOST_IN_A_CASE} initiatives au plus.")
        return [sheet for key, sheet in self.sheets.items() if key in chosen]


def one_line(text: str) -> str:
    return " ".join(str(text).split())
