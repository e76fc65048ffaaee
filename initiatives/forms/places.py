"""Where an action takes place, and who carries it: a commune typed by name or postal code is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse_lazy

from accounts.models import OrganisationKind, Territory
from accounts.siret import clean_siret
from accounts.territories import key_of
from guide.french import typeset
from initiatives.forms.fields import NOT_OFFERED, Line, ScreenForm, asked
from initiatives.models import Version
from initiatives.models.choices import (
    Scope,
)

MAX_PLACES = 20


@dataclass(frozen=True)
class Places:
    """The communes a text may mean, the likeliest first; `exact` are those that bear just this name or postal code."""

    found: list[Territory]
    exact: list[Territory]
    more: bool = False


def places_like(text: str) -> Places:
    """« Lens », « lens (62) », « 62300 », « 62300 Lens », or the first letters of a name."""
    typed = " ".join(text.replace("\x00", "").split())[:120]
    postal = re.fullmatch(r"([0-9]{5})\b ?(.*)", typed)
    labelled = re.fullmatch(r"(.+?) ?\(([0-9AB]{2,3})\)", typed)
    name = postal[2] if postal else labelled[1] if labelled else typed
    key = key_of(name)
    if not key and not postal:
        return Places([], [])
    communes = Territory.objects.communes().named_like(postal[1] if postal else name)
    if postal:
        communes = communes.filter(key__startswith=key)
    if labelled:
        communes = communes.filter(code__startswith=labelled[2])
    ranked = communes.annotate(is_exact=Q(key=key)).order_by(
        F("is_exact").desc(), F("population").desc(nulls_last=True), "name", "code"
    )
    found = list(ranked[: MAX_PLACES + 1])
    exact = [place for place in found if place.key == key] if key else found
    return Places(found[:MAX_PLACES], exact, more=len(found) > MAX_PLACES)


class WhereForm(ScreenForm):
    organisation_name = asked(
        Line(
            label="Qui porte l’action ?", max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
            help_text="Un service, une association, un collectif d’habitants : le nom que les gens emploient.",
        ),
        good="Le centre social du Bassin, avec le CCAS",
        bad="DGA Solidarités, DTSO, pôle TSP",
        needed=True, counter=False,
    )  # fmt: skip
    organisation_kind = asked(
        forms.ModelChoiceField(
            OrganisationKind.objects.all(), label="Quelle sorte d’organisation ?", empty_label="Je ne sais pas",
            error_messages={"invalid_choice": NOT_OFFERED},
        ),
    )  # fmt: skip
    organisation_siret = asked(
        forms.CharField(
            label="Son SIRET", max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            help_text="Un collectif d’habitants n’en a pas : laissez vide.",
            error_messages={
                "max_length": "Un SIRET compte 14 chiffres.",
                "null_characters_not_allowed": "Un SIRET ne compte que des chiffres.",
            },
        ),
        good="130 025 265 00013, avec ou sans espaces", bad="130 025 265 : c’est le SIREN, il manque cinq chiffres",
    )  # fmt: skip
    place = asked(
        Line(
            label="La commune principale", max_length=120,
            help_text="Son nom ou son code postal. Entre plusieurs communes, celle où l’on se retrouve le plus.",
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "hx-get": reverse_lazy("initiatives:places"),
                    "hx-trigger": "input changed delay:250ms",
                    "hx-target": "#communes",
                    "hx-sync": "this:replace",
                }
            ),
        ),
        good="Lens, ou 62300", bad="Le bassin minier, la cité 12", needed=True, counter=False,
    )  # fmt: skip
    scope = asked(
        forms.ChoiceField(
            label="Jusqu’où va l’action ?", widget=forms.RadioSelect, choices=Scope.choices,
            error_messages={"invalid_choice": NOT_OFFERED},
        ),
        good="Un quartier, pour un jardin au pied des immeubles.",
        bad="Un département, parce que l’employeur est le Département.",
        needed=True,
    )  # fmt: skip

    together = (
        ("organisation_name", "organisation_kind", "organisation_siret"),
        ("place", "scope"),
    )

    class Meta:
        model = Version
        fields = ("organisation_name", "organisation_kind", "organisation_siret", "place", "scope")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_place = self.instance.place
        self.initial["place"] = self.known_place.label if self.known_place else ""
        self.places = Places([], [])
        self.chosen_code = self.data.get("place_code", "")

    def clean_organisation_siret(self) -> str:
        return clean_siret(self.cleaned_data["organisation_siret"])

    def clean_place(self) -> Territory | None:
        """The commune that was typed; when several may be meant, the one chosen in the list shown."""
        typed = self.cleaned_data["place"]
        if not typed:
            return None
        if self.known_place and typed == self.known_place.label and not self.chosen_code:
            return self.known_place
        self.places = places_like(typed)
        chosen = [place for place in self.places.found if place.code == self.chosen_code] or self.places.exact
        if len(chosen) == 1:
            return chosen[0]
        if not self.places.found:
            raise ValidationError(
                typeset("Nous ne connaissons pas cette commune. Écrivez son nom en entier, ou son code postal.")
            )
        if self.places.exact:
            raise ValidationError("Plusieurs communes portent ce nom ou ce code. Choisissez la vôtre sous ce champ.")
        raise ValidationError("Choisissez votre commune sous ce champ, ou écrivez son nom en entier.")
