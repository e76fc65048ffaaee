"""What the person who protects data asks: a sheet, a word, the texts to empty, and why."""

from __future__ import annotations

from typing import Any

from django import forms

from initiatives.forms.decisions import OtherSheetForm
from initiatives.redaction import LEAST, Text, plain


class SheetForm(OtherSheetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiche"].label = "Adresse d’une fiche"


class WordForm(forms.Form):
    mot = forms.CharField(
        label="Le mot ou le nom à faire disparaître", min_length=LEAST, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Il est cherché dans toutes les versions de cette fiche et dans son journal, sans tenir compte des "
        "accents ni des majuscules. Il n’est gardé nulle part.",
        error_messages={"min_length": f"Cherchez un mot d’au moins {LEAST} signes."},
    )  # fmt: skip


class ChoiceForm(WordForm):
    """Texts among those that hold the word. The word goes on from page to page without being kept."""

    textes = forms.MultipleChoiceField(
        label="Textes à vider", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un texte.",
                        "invalid_choice": "Un de ces textes n’a plus ce mot : choisissez de nouveau."},
    )  # fmt: skip

    def __init__(self, *args: Any, texts: list[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mot"].widget = forms.HiddenInput()
        field = self.fields["textes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(text.key, text.where) for text in texts]


class RedactForm(ChoiceForm):
    why = forms.CharField(
        label="Pourquoi", min_length=10, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Le journal le garde, avec votre nom et les endroits vidés. N’y écrivez pas le mot.",
        error_messages={"min_length": "Quelques mots de plus : une décision s’explique."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["textes"].widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("mot") and plain(data["mot"].strip()) in plain(data.get("why", "")):
            self.add_error("why", "N’écrivez pas ici le mot que vous faites disparaître : le journal garde ce texte.")
        return data
