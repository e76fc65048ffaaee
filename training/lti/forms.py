"""What a platform, an arrival and a choice ask."""

from __future__ import annotations

from typing import Any

from django import forms
from lti_tool.models import LtiRegistration

from accounts.models import Person
from guide.models import Fiche
from initiatives.models import Initiative
from training.forms import CohortForm, one_line, slug_in
from training.lti import net
from training.lti.courses import Course, cohorts_for
from training.models import Assignment, Centre, Cohort

MOST = 20
BAD_ADDRESS = "Écrivez une adresse entière, qui commence par https://."


class AddressField(forms.CharField):
    """An address of a platform, that we would dare ask."""

    widget = forms.URLInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        if address and not net.is_allowed(address):
            raise forms.ValidationError(BAD_ADDRESS)
        return address


class PlatformForm(forms.Form):
    """A platform registered by hand: what its own page of settings shows."""

    name = forms.CharField(label="Nom", max_length=120, help_text="Par exemple\u00a0: Moodle de l’IRTS.")
    issuer = AddressField(label="Identifiant de la plateforme", help_text="Dans Moodle, l’adresse du site.")
    client_id = forms.CharField(label="Identifiant du client", max_length=255)
    deployment_id = forms.CharField(label="Identifiant de déploiement", max_length=255)
    auth_url = AddressField(label="Adresse de la demande d’authentification")
    token_url = AddressField(label="Adresse du jeton d’accès")
    keyset_url = AddressField(label="Adresse des clés publiques")

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez un nom.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        issuer, client = cleaned.get("issuer"), cleaned.get("client_id")
        if issuer and client and LtiRegistration.objects.filter(issuer=issuer, client_id=client).exists():
            self.add_error("client_id", "Cette plateforme est déjà inscrite avec cet identifiant.")
        return cleaned


class DeploymentForm(forms.Form):
    deployment_id = forms.CharField(label="Identifiant de déploiement", max_length=255)


class NewcomerForm(forms.Form):
    """Who comes for the first time. What the platform says of them is shown, and they complete it."""

    name = forms.CharField(
        label="Nom affiché", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Vos formatrices et formateurs le voient.",
    )  # fmt: skip
    email = forms.EmailField(
        label="Adresse électronique", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Elle sert à vous écrire, et à retrouver votre compte sans passer par le cours.",
    )  # fmt: skip

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez votre nom.")


class TieForm(forms.Form):
    """Which cohort a course is."""

    cohort = forms.ModelChoiceField(
        label="Promotion",
        queryset=Cohort.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Choisissez une promotion.",
            "invalid_choice": "Choisissez une promotion de la liste.",
        },
    )

    def __init__(self, *args: Any, centre: Centre, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = cohorts_for(centre, by)


class NewCohortForm(CohortForm):
    """A cohort of the platform's own centre, whatever is posted."""

    def __init__(self, *args: Any, centre: Centre, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["centre"].disabled = True
        self.fields["centre"].initial = self.initial["centre"] = centre.pk


class PlaceForm(forms.Form):
    """Which assignment an activity opens."""

    assignment = forms.ModelChoiceField(
        label="Devoir",
        queryset=Assignment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez un devoir.", "invalid_choice": "Choisissez un devoir de la liste."},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = cohort.assignments.in_force().order_by("-due_at", "-pk")


class ChoiceForm(forms.Form):
    """What activities of a course will open: assignments for who teaches here, fiches and initiatives for anyone."""

    assignments = forms.MultipleChoiceField(label="Devoirs", required=False, widget=forms.CheckboxSelectMultiple)
    fiches = forms.MultipleChoiceField(label="Fiches du guide", required=False, widget=forms.CheckboxSelectMultiple)
    initiatives = forms.CharField(
        label="Initiatives",
        required=False,
        max_length=4000,
        help_text="Collez l’adresse de chaque page du catalogue, une par ligne.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, course: Course, assignments: list[Assignment], several: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.several = several
        self.known_fiches = {str(fiche.number): fiche for fiche in Fiche.objects.readable()}
        self.known_assignments = {str(each.pk): each for each in assignments}
        for name, known in (("fiches", self.known_fiches), ("assignments", self.known_assignments)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(key, numbered(key, each)) for key, each in known.items()]
            field.error_messages["invalid_choice"] = "Choisissez dans la liste."
        if not assignments:
            del self.fields["assignments"]
        for field in self.fields.values():
            field.mark_optional = False  # type: ignore[attr-defined]

    def clean_initiatives(self) -> list[Initiative]:
        lines = [line.strip() for line in self.cleaned_data["initiatives"].splitlines() if line.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(f"{MOST} initiatives au plus\u00a0: il y en a {len(lines)}.")
        slugs = [slug_in(line) for line in lines]
        published = Initiative.objects.published().filter(slug__in=filter(None, slugs))
        found = {each.slug: each for each in published.select_related("public_version")}
        wrong = [line for line, slug in zip(lines, slugs, strict=True) if slug not in found]
        if wrong:
            raise forms.ValidationError(
                [f"Aucune initiative publiée à cette adresse\u00a0: {line[:100]}" for line in wrong]
            )
        return [found[slug] for slug in dict.fromkeys(slugs)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        count = sum(len(cleaned.get(name, ())) for name in self.fields)
        if not self.errors and not count:
            self.add_error(None, "Choisissez au moins une chose à ouvrir depuis le cours.")
        elif count > 1 and not self.several:
            self.add_error(None, "Votre plateforme n’accepte qu’une chose à la fois\u00a0: n’en gardez qu’une.")
        return cleaned


def numbered(key: str, thing: Fiche | Assignment) -> str:
    return f"{key}. {thing.title}" if isinstance(thing, Fiche) else thing.title
