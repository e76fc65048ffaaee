from __future__ import annotations

from django import forms

from initiatives.models import Booklet


class TitleForm(forms.ModelForm[Booklet]):
    class Meta:
        model = Booklet
        fields = ("title",)
        labels = {"title": "Titre du recueil"}
        help_texts = {"title": "Il se lit en haut de la page que vous partagez. N’y mettez le nom de personne."}

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())
