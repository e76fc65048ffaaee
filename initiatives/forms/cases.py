"""What is written beside a decision: messages, notes, opinions, another territory, a second reading."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Person, Territory
from accounts.territories import key_of
from initiatives.difference import label_of
from initiatives.forms.review import Words, askable
from initiatives.models import Case, Opinion, Version
from initiatives.workflow import ABOUT_A_PAGE


class MessageForm(forms.Form):
    """One message of the thread, about a field of the sheet if one wants."""

    field = forms.ChoiceField(label="À propos de", required=False)
    text = Words("Votre message", error_messages={"required": "Écrivez votre message."})

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "la fiche en général"), *((name, label_of(name)) for name in askable(version))]


class NoteForm(forms.Form):
    text = Words(
        "Votre note", rows=3, max_length=2000,
        help_text="La coordination seule la lit. Elle reste dans le dossier : n’y mettez rien qui désigne quelqu’un.",
        error_messages={"required": "Écrivez votre note."},
    )  # fmt: skip


class AppealForm(forms.Form):
    text = Words(
        "Ce qui mérite une seconde lecture", min_length=20,
        help_text="Une autre personne de la coordination lira votre fiche telle qu’elle a été envoyée, et ces mots.",
        error_messages={
            "required": "Dites en quelques mots ce qui mérite une seconde lecture.",
            "min_length": "Quelques mots de plus aideront la personne qui vous relira.",
        },
    )  # fmt: skip


class ReversalForm(forms.Form):
    text = Words(
        "Pourquoi cette décision est à reprendre", min_length=20,
        help_text="Les auteurs de la fiche le liront, et la personne qui a décidé aussi.",
        error_messages={
            "required": "Dites pourquoi cette décision est à reprendre.",
            "min_length": "Quelques mots de plus : une décision s’explique.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.kind in ABOUT_A_PAGE:
            self.fields["text"].help_text = "La personne qui a décidé le lira, et le journal le garde."


class QuestionForm(forms.Form):
    expert = forms.ModelChoiceField(
        label="À qui", queryset=Person.objects.none(), empty_label="Choisir…",
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )  # fmt: skip
    question = Words(
        "Votre question", min_length=10, max_length=2000,
        help_text="Ce que vous aimeriez savoir avant de décider. La personne lira la fiche, et elle seule.",
        error_messages={"required": "Dites sur quoi porte l’avis que vous demandez."},
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expert = self.fields["expert"]
        assert isinstance(expert, forms.ModelChoiceField)
        experts: QuerySet[Person] = Opinion.experts_for(case)
        expert.queryset = experts


class OpinionForm(forms.Form):
    advice = forms.ChoiceField(
        label="Votre avis", widget=forms.RadioSelect, choices=Opinion.Advice.choices,
        error_messages={"required": "Choisissez un avis."},
    )  # fmt: skip
    text = Words(
        "Ce qui le motive", rows=6, min_length=20,
        error_messages={
            "required": "Un avis dit toujours ce qui le motive.",
            "min_length": "Quelques mots de plus : un avis dit ce qui le motive.",
        },
    )  # fmt: skip


UNDETERMINED = "Territoire indéterminé"


def reassignable() -> QuerySet[Territory]:
    """Where a case may go: a département or a région."""
    return Territory.objects.filter(level__in=["departement", "region"]).order_by("level", "name")


class ReassignForm(forms.Form):
    """A département or a région, by its name or its code; or nobody's, for the national team."""

    place = forms.CharField(
        label="Nouveau territoire", max_length=80, required=False,
        widget=forms.TextInput(attrs={"list": "territoires"}),
        help_text="Un département ou une région, par son nom ou son numéro : « Somme », « 80 », « Bretagne ».",
    )  # fmt: skip
    nowhere = forms.BooleanField(
        label="Territoire indéterminé : l’équipe nationale s’en charge", required=False,
    )  # fmt: skip
    text = Words(
        "Pourquoi", rows=3, required=False, max_length=2000, help_text="La coordination qui le reçoit le lira.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        typed, nowhere = data.get("place", "").strip(), data.get("nowhere")
        data["territory"] = None
        if typed and nowhere:
            self.add_error("place", "Choisissez un territoire, ou l’équipe nationale : l’un ou l’autre.")
        elif typed:
            self._find(typed)
        elif not nowhere and "place" not in self.errors:
            self.add_error("place", "Dites à quel territoire confier ce dossier.")
        return data

    def _find(self, typed: str) -> None:
        places = list(reassignable())
        name = key_of(typed.rpartition("(")[0] or typed)
        found = [place for place in places if typed.upper() in (place.code, place.label.upper())]
        found = [place for place in found if place.level == "departement"] or found
        found = found or [place for place in places if place.key == name]
        if not found:
            near = [place for place in places if name and place.key.startswith(name)]
            if len(near) == 1:
                found = near
            else:
                others = f" Voulez-vous dire : {', '.join(place.label for place in near[:4])} ?" if near else ""
                self.add_error("place", f"Aucun département ni région ne s’appelle « {typed} ».{others}")
                return
        self.cleaned_data["territory"] = found[0]

    def territory(self) -> Territory | None:
        territory: Territory | None = self.cleaned_data["territory"]
        return territory
