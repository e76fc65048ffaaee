"""What a centre, a cohort and the one who joins it are asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, Territory
from accounts.siret import clean_siret
from training.forms.fields import day_field, one_line, sensible, small
from training.models import Centre, Cohort


def departements() -> list[tuple[str, str]]:
    known = Territory.objects.departements().order_by("code")
    return [("", "Non précisé (métropole)"), *((each.code, each.label) for each in known)]


class PlaceForm(forms.Form):
    """Where a centre stands."""

    departement = forms.ChoiceField(
        label="Département",
        required=False,
        choices=departements,
        help_text="Il dit quels jours sont fériés\u00a0: l’Alsace, la Moselle et l’outre-mer en ont d’autres.",
        error_messages={"invalid_choice": "Choisissez un département de la liste."},
    )

    @property
    def place(self) -> Territory | None:
        return Territory.objects.departements().filter(code=self.cleaned_data["departement"]).first()


class CentreForm(PlaceForm):
    field_order = ("name", "siret", "departement")
    name = forms.CharField(label="Nom du centre", max_length=200, help_text="Le nom entier de l’établissement.")
    siret = forms.CharField(
        label="SIRET",
        max_length=30,
        required=False,
        help_text="Quatorze chiffres. Il évite d’ouvrir deux fois le même centre.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        small(self.fields["siret"])

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez le nom du centre.")

    def clean_siret(self) -> str:
        return clean_siret(self.cleaned_data["siret"])

    def open(self, by: Person) -> Centre:
        """What is known already of where its organisation stands is not undone by leaving this empty."""
        with transaction.atomic():
            centre = Centre.open(self.cleaned_data["name"], self.cleaned_data["siret"], by)
            if self.place:
                centre.stand_in(self.place)
        return centre


def is_forgotten_soon(ends_on: date) -> bool:
    """Whether what is in a cohort of this end goes within a month, which is when those who wrote there are told."""
    return Cohort(ends_on=ends_on).kept_until < timezone.localdate() + timedelta(days=30)


class CohortForm(forms.ModelForm[Cohort]):
    starts_on = day_field("Début")
    ends_on = day_field("Fin", help_text="Les travaux des étudiants sont gardés jusqu’à un an après cette date.")

    class Meta:
        model = Cohort
        fields = ["centre", "name", "curriculum", "starts_on", "ends_on"]
        labels = {"centre": "Centre de formation"}
        help_texts = {"name": "Par exemple\u00a0: ASS 2026-2029, première année."}
        widgets = {"curriculum": forms.RadioSelect}

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        centres = Centre.objects.where_teaches(by).select_related("organisation").order_by("organisation__name")
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = centres
        if self.instance.pk:
            field.queryset = centres.filter(pk=self.instance.centre_id)
            field.disabled = True
        elif len(centres) == 1:
            # Taken from the role, whatever is posted.
            field.disabled, field.initial = True, centres[0].pk
        field.empty_label = "Choisir…"
        field.error_messages["invalid_choice"] = "Choisissez un centre où vous formez."

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez le nom de la promotion.")

    def clean_starts_on(self) -> date:
        return sensible(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date:
        return sensible(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", "La fin de la promotion vient après son début.")
        elif first and last and last > first + timedelta(days=3660):
            self.add_error("ends_on", "Une promotion dure dix ans au plus\u00a0: vérifiez l’année.")
        elif last and self.instance.pk and "ends_on" in self.changed_data and is_forgotten_soon(last):
            self.add_error(
                "ends_on",
                "À cette date, tout ce qui est dans la promotion serait effacé aussitôt\u00a0: vérifiez l’année.",
            )
        return cleaned

    def save(self, commit: bool = True) -> Cohort:
        if self.instance.pk is None:
            self.instance.created_by = self.by
        return super().save(commit)


class JoinForm(forms.Form):
    code = forms.CharField(
        label="Code de la promotion",
        max_length=40,
        help_text="Huit signes, donnés par votre formatrice ou votre formateur.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        small(self.fields["code"])
