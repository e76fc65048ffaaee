"""What is asked of others around a sheet, and what they answer by a link. Every text is validated here."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Territory
from guide.fields import Trapped
from initiatives.models import Agreement

NO_TAGS = re.compile(r"[\r\n<>]")
WRONG_ADDRESS = "Écrivez une adresse complète, comme prenom.nom@exemple.fr."


class SomeoneForm(forms.Form):
    """A name, as the letter will say it, and the address it goes to."""

    name = forms.CharField(
        label="Son nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez le nom de la personne."},
    )  # fmt: skip
    email = forms.EmailField(
        label="Son adresse électronique", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Écrivez l’adresse où le lien ira.",
            "invalid": WRONG_ADDRESS,
            "null_characters_not_allowed": WRONG_ADDRESS,
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].counter = False  # type: ignore[attr-defined]  # read by the field's template

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if NO_TAGS.search(name):
            raise ValidationError("Un nom s’écrit avec des lettres.")
        return name


class AskForm(SomeoneForm):
    kind = forms.ChoiceField(
        label="À qui demandez-vous un accord ?", widget=forms.RadioSelect,
        choices=[
            (Agreement.Kind.EMPLOYER, "À mon employeur"),
            (Agreement.Kind.PEOPLE, "À une personne qui participe à l’action"),
        ],
        error_messages={
            "required": "Dites à qui vous demandez cet accord.",
            "invalid_choice": "Choisissez une des deux réponses.",
        },
    )  # fmt: skip
    field_order = ("kind", "name", "email")


class HandOverForm(SomeoneForm):
    after = forms.ChoiceField(
        label="Et vous, ensuite ?", widget=forms.RadioSelect, initial="reste",
        choices=[("reste", "Je continue à l’écrire avec cette personne"), ("part", "Je n’écris plus cette fiche")],
        error_messages={
            "required": "Dites si vous continuez à écrire cette fiche.",
            "invalid_choice": "Choisissez une des deux réponses.",
        },
    )  # fmt: skip


class PaperForm(SomeoneForm):
    signed_on = forms.DateField(
        label="Signé le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"], help_text="Par exemple : 12/03/2026.",
        error_messages={"required": "Écrivez la date de la signature.", "invalid": "Écrivez une date, 12/03/2026."},
    )  # fmt: skip
    held = forms.BooleanField(
        label="J’ai lu ce texte avec la personne, et je garde le papier qu’elle a signé.",
        error_messages={"required": "Sans papier signé, demandez l’accord par un lien."},
    )

    def clean_signed_on(self) -> date:
        signed_on: date = self.cleaned_data["signed_on"]
        today = timezone.localdate()
        if not date(today.year - 2, 1, 1) <= signed_on <= today:
            raise ValidationError("Cette date doit être passée, et récente.")
        return signed_on


class WordForm(forms.Form):
    """What one answers by a link, with a few words if one wants."""

    word = forms.CharField(
        label="Un mot, si vous voulez", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="La personne qui vous a écrit le lira, et elle seule.",
    )  # fmt: skip


class ChangesForm(WordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = "Ce qu’il faut changer"
        self.fields["word"].help_text = "Avec vos mots. La personne qui a écrit corrigera, puis vous le renverra."
        self.fields["word"].required = True
        self.fields["word"].error_messages["required"] = "Dites en quelques mots ce qu’il faut changer."


def departements() -> list[tuple[str, str]]:
    known = Territory.objects.filter(level="departement").order_by("code").values_list("code", "name")
    return [("", "Je ne sais pas, ou ailleurs"), *((code, f"{name} ({code})") for code, name in known)]


class CallMeForm(Trapped):
    name = forms.CharField(
        label="Votre nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Un prénom et une fonction suffisent.", error_messages={"required": "Écrivez votre nom."},
    )  # fmt: skip
    phone = forms.CharField(
        label="Votre numéro de téléphone", max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text="Par exemple : 03 21 00 00 00.", error_messages={"required": "Écrivez le numéro à appeler."},
    )  # fmt: skip
    when = forms.CharField(
        label="Quand vous appeler", max_length=200, help_text="Par exemple : le mardi ou le jeudi, après 14 h.",
        error_messages={"required": "Dites quand vous êtes joignable."},
    )  # fmt: skip
    departement = forms.ChoiceField(
        label="Votre département", required=False, choices=departements,
        help_text="La demande va à la coordination de ce territoire, ou à l’équipe nationale s’il n’y en a pas encore.",
        error_messages={"invalid_choice": "Choisissez un département de la liste."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].counter = False  # type: ignore[attr-defined]  # read by the field's template

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_phone(self) -> str:
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        if not re.fullmatch(r"[+(]?[0-9][0-9 .()/-]*", phone) or not 8 <= sum(map(str.isdecimal, phone)) <= 15:
            raise ValidationError("Écrivez un numéro complet, comme 03 21 00 00 00 ou +33 3 21 00 00 00.")
        return phone

    def territory(self) -> Territory | None:
        code = self.cleaned_data["departement"]
        found = Territory.objects.select_related("region").filter(level="departement", code=code)
        return found.first() if code else None
