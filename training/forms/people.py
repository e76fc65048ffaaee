"""Who trains in a centre, who studies in a cohort: what is asked to bring them, by an address or by a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from accounts.models import Person
from training import imports
from training.forms.fields import day_field, one_line, sensible
from training.models import (
    MAX_GROUPS,
    Centre,
    Closure,
    Cohort,
    Competence,
    Expected,
    Group,
    confirmed_people,
    group_key,
)

MAX_ADDRESS = 254


class AddressForm(forms.Form):
    """An address; `person` is whose account has confirmed it, or nobody's."""

    email = forms.EmailField(
        label="Adresse électronique",
        validators=[MaxLengthValidator(MAX_ADDRESS)],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    person: Person | None = None

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        self.person = confirmed_people([email]).get(email)
        return email


class TrainerForm(AddressForm):
    def __init__(self, *args: Any, centre: Centre, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre, self.by = centre, by
        self.fields["email"].help_text = (
            "Celle de la formatrice ou du formateur. Avec un compte, son rôle commence aujourd’hui\u00a0; sans compte, "
            "une lettre l’invite à en créer un."
        )

    def clean_email(self) -> str:
        email = super().clean_email()
        if self.person and self.person == self.by:
            raise forms.ValidationError("On ne se donne pas un rôle à soi-même\u00a0: demandez à l’équipe nationale.")
        if self.person and self.centre.trainer_roles().filter(person=self.person).exists():
            raise forms.ValidationError("Cette personne forme déjà dans votre centre.")
        return email


class EndTrainerForm(forms.Form):
    last_on = day_field(
        "Dernier jour", help_text="Ce jour compris. Pour que le rôle finisse tout de suite, choisissez hier."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_on"].initial = timezone.localdate

    def clean_last_on(self) -> date:
        day: date = self.cleaned_data["last_on"]
        if day < timezone.localdate() - timedelta(days=1):
            raise forms.ValidationError("Un rôle ne finit pas dans le passé\u00a0: hier au plus tôt.")
        return sensible(day)


class ClosureForm(forms.ModelForm[Closure]):
    first_on = day_field("Premier jour fermé")
    last_on = day_field("Dernier jour fermé")

    class Meta:
        model = Closure
        fields = ["name", "first_on", "last_on"]
        labels = {"name": "Nom de la fermeture"}
        help_texts = {"name": "Par exemple\u00a0: vacances de fin d’année."}

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.centre = centre

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Nommez cette fermeture.")

    def clean_first_on(self) -> date:
        return sensible(self.cleaned_data["first_on"])

    def clean_last_on(self) -> date:
        return sensible(self.cleaned_data["last_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Le dernier jour ne peut pas précéder le premier.")
        elif first and last and last > first + timedelta(days=366):
            self.add_error("last_on", "Une fermeture dure un an au plus\u00a0: vérifiez l’année.")
        elif (
            first
            and last
            and self.instance.centre.closures.filter(name=cleaned.get("name"), first_on=first, last_on=last).exists()
        ):
            self.add_error("name", "Cette fermeture est déjà notée.")
        return cleaned


class CompetenceForm(forms.ModelForm[Competence]):
    class Meta:
        model = Competence
        fields = ["curriculum", "code", "label"]
        labels = {"curriculum": "Pour les promotions", "code": "Code", "label": "Compétence"}
        help_texts = {
            "code": "Celui de votre centre, court\u00a0: C1, TSC-2…",
            "label": "Avec vos mots. Elle est montrée comme celle de votre centre, pas comme un texte officiel.",
        }

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.centre = centre
        self.fields["curriculum"] = forms.ChoiceField(
            label="Pour les promotions",
            choices=[("", "de tous les référentiels"), *((c.value, f"du {c.label}") for c in Cohort.Curriculum)],
            required=False,
        )
        self.fields["curriculum"].mark_optional = False  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return one_line(self.cleaned_data["code"], "Écrivez un code.")

    def clean_label(self) -> str:
        return one_line(self.cleaned_data["label"], "Écrivez la compétence.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        twin = Competence.objects.filter(
            centre=self.instance.centre, curriculum=cleaned.get("curriculum", ""), code__iexact=cleaned.get("code", "")
        )
        if twin.exclude(pk=self.instance.pk).exists():
            self.add_error("code", "Une compétence de votre centre porte déjà ce code.")
        return cleaned


class GroupForm(forms.ModelForm[Group]):
    class Meta:
        model = Group
        fields = ["name"]
        labels = {"name": "Nom du sous-groupe"}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.cohort = self.cohort = cohort
        self.fields["name"].help_text = "Par exemple\u00a0: TD 1, site de Lille."

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"], "Écrivez le nom du sous-groupe.")
        if set(",;|") & set(name):
            raise forms.ValidationError(
                "Sans virgule, point-virgule ni barre\u00a0: dans un fichier, ils séparent deux groupes."
            )
        others = self.cohort.groups.exclude(pk=self.instance.pk)
        if any(group_key(other.name) == group_key(name) for other in others):
            raise forms.ValidationError("Un sous-groupe de cette promotion porte déjà ce nom.")
        if self.instance.pk is None and len(others) >= MAX_GROUPS:
            raise forms.ValidationError(f"Une promotion a {MAX_GROUPS} sous-groupes au plus.")
        return name


class StudentForm(AddressForm):
    name = forms.CharField(label="Prénom et nom", max_length=120, required=False)
    groups = forms.MultipleChoiceField(
        label="Sous-groupes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Un des sous-groupes cochés n’existe plus."},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.fields["name"].help_text = "Il sert à la lettre d’invitation. Un compte garde le nom qu’il affiche."
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(group.name, group.name) for group in cohort.groups.all()]
        if not field.choices:
            del self.fields["groups"]

    def clean_email(self) -> str:
        email = super().clean_email()
        if self.person and self.cohort.centre.trainer_roles().filter(person=self.person).exists():
            raise forms.ValidationError("Cette personne forme dans votre centre.")
        if self.person and self.cohort.enrolments.current().filter(student=self.person).exists():
            raise forms.ValidationError("Cette personne est déjà dans la promotion.")
        if self.cohort.invitations.filter(email=email).exists():
            raise forms.ValidationError("Cette adresse est déjà invitée.")
        return email

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name.startswith(imports.FORMULA):
            raise forms.ValidationError("Un nom ne commence pas par un signe\u00a0: est-ce une formule\u00a0?")
        return name

    @property
    def expected(self) -> Expected:
        said = self.cleaned_data
        return Expected(said["email"], said["name"], tuple(said.get("groups", ())))


class StudentFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier des étudiants",
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        help_text="Un tableau enregistré au format CSV, 2\u00a0000 lignes au plus.",
        error_messages={
            "required": "Choisissez un fichier.",
            "max_length": "Le nom de ce fichier est trop long\u00a0: renommez-le.",
        },
    )
