"""What the four screens of the Instantané ask (product P3)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from guide.french import typeset
from guide.models import Method
from initiatives.forms.fields import NOT_OFFERED, Line, Prose, ScreenForm, asked
from initiatives.models import Public, Theme, Version
from initiatives.models.choices import (
    ANONYMITY_TICKS,
    MAX_SUMMARY,
    MAX_TEXT,
    MIN_STORY,
    MIN_SUMMARY,
    MONTHS,
    ContactMode,
    Licence,
    State,
)
from initiatives.reading import words_of

MAX_THEMES = 3


MAX_TAGS, MAX_TAG = 8, 40


class WhatForm(ScreenForm):
    title = asked(
        Line(
            label="Le titre", max_length=120,
            help_text="Dites ce qui se passe, pas le nom du dispositif. On doit comprendre à l’autre bout du pays.",
        ),
        good="La cuisine partagée qui ouvre les boîtes aux lettres",
        bad="Projet ACI parentalité, axe 3, phase 2",
        needed=True,
    )  # fmt: skip
    summary = asked(
        Prose(
            label="En quelques phrases", max_length=MAX_SUMMARY, widget=forms.Textarea(attrs={"rows": 5}),
            help_text="Qui fait quoi, avec qui, à quel rythme, et ce que cela change. Le catalogue montre ce texte.",
        ),
        good="Chaque mardi, douze habitantes et deux assistantes sociales cuisinent ensemble, puis ouvrent le courrier "
        "resté fermé. On vient pour la soupe, on repart avec un dossier rempli et des voisines.",
        bad="Action innovante et transversale visant à favoriser le pouvoir d’agir des publics.",
        needed=True, min_length=MIN_SUMMARY,
    )  # fmt: skip
    state = asked(
        forms.ChoiceField(
            label="Où en est l’action ?", widget=forms.RadioSelect, error_messages={"invalid_choice": NOT_OFFERED},
            choices=[choice for choice in State.choices if choice[0] != State.UNKNOWN],
        ),
        good="En cours, même si le groupe fait une pause l’été.",
        bad="Terminée, parce que le financement s’arrête alors que le groupe continue.",
        needed=True,
    )  # fmt: skip
    start_month = asked(
        forms.TypedChoiceField(
            label="Mois de début", coerce=int, empty_value=None, error_messages={"invalid_choice": NOT_OFFERED},
            choices=[("", "Je ne sais plus"), *enumerate(MONTHS, 1)],
        ),
        small=True,
    )  # fmt: skip
    start_year = asked(
        forms.IntegerField(
            label="Année de début", min_value=1900, max_value=2100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            help_text="La première rencontre, pas la première réunion de projet. Par exemple : 2023.",
            error_messages={
                "invalid": "Écrivez l’année en quatre chiffres, par exemple 2023.",
                "min_value": "Écrivez une année entre 1900 et 2100.",
                "max_value": "Écrivez une année entre 1900 et 2100.",
            },
        ),
        small=True,
    )  # fmt: skip
    end_year = asked(
        forms.IntegerField(
            label="Année de fin", min_value=1900, max_value=2100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            help_text="Seulement si l’action est terminée.",
            error_messages={
                "invalid": "Écrivez l’année en quatre chiffres, par exemple 2025.",
                "min_value": "Écrivez une année entre 1900 et 2100.",
                "max_value": "Écrivez une année entre 1900 et 2100.",
            },
        ),
        small=True,
    )  # fmt: skip

    together = (("state", "start_month", "start_year", "end_year"),)

    class Meta:
        model = Version
        fields = ("title", "summary", "state", "start_month", "start_year", "end_year")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start_year"), data.get("end_year")
        if start and end and end < start:
            self.add_error("end_year", f"L’action a commencé en {start} : elle ne peut pas finir en {end}.")
        if data.get("start_month") and not start and "start_year" not in self.errors:
            self.add_error("start_year", typeset("Vous avez choisi un mois : écrivez aussi l’année."))
        return data


class StoryForm(ScreenForm):
    publics = asked(
        forms.ModelMultipleChoiceField(
            Public.objects.all(), label="Avec qui ?", to_field_name="code", widget=forms.CheckboxSelectMultiple,
            help_text="Les personnes qui viennent vraiment.",
            error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
        ),
        good="Locataires et familles, pour une cuisine au pied d’une tour.",
        bad="Tout cocher : la fiche ne se retrouve plus.",
        needed=True,
    )  # fmt: skip
    themes = asked(
        forms.ModelMultipleChoiceField(
            Theme.objects.all(), label="Sur quoi ?", to_field_name="code", widget=forms.CheckboxSelectMultiple,
            help_text="Un à trois thèmes.",
            error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
        ),
        good="Alimentation et isolement : la raison pour laquelle on vient.",
        bad="Le thème d’un appel à projets, si personne n’en parle dans le groupe.",
        needed=True,
    )  # fmt: skip
    methods = asked(
        forms.ModelMultipleChoiceField(
            Method.objects.all(), label="De quelle manière ?", to_field_name="slug",
            widget=forms.CheckboxSelectMultiple,
            help_text=format_html(
                "Au moins une méthode. En cas de doute, prenez la plus proche : la coordination vous aidera. "
                '<a href="{}" target="_blank">Ce que recouvre chaque méthode (nouvel onglet)</a>',
                "/guide/methodes/",
            ),
            error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
        ),
        good="Travail social de groupe, pour les mêmes personnes qui se retrouvent chaque semaine.",
        bad="Cinq méthodes à la fois, pour ne rien oublier.",
        needed=True,
    )  # fmt: skip
    words = asked(
        Line(
            label="Vos mots à vous", max_length=MAX_TAGS * (MAX_TAG + 2),
            help_text=f"Séparés par des virgules, {MAX_TAGS} au plus. Ils aident à vous retrouver.",
        ),
        good="soupe, courrier, café des parents", bad="#innovation #projet #agilité", counter=False,
    )  # fmt: skip
    beginning = asked(
        Prose(
            label="Au départ…", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
            help_text="Ce que vous avez vu ou entendu, ce qui ne marchait plus. Qui a eu l’idée ?",
        ),
        good="Sur le palier, des lettres jamais ouvertes. Trois voisines nous ont dit : seules, on n’ose pas. "
        "Et la cuisine du centre social était vide le mardi.",
        bad="Dans le cadre du contrat de ville, un diagnostic partagé a fait émerger un besoin de mobilisation.",
        needed=True,
        counter=False,
    )  # fmt: skip
    story = asked(
        Prose(
            label="Ce qui s’est passé", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 14}),
            help_text="Racontez dans l’ordre : la première fois, qui est venu, ce qui a coincé, ce que le groupe a "
            "décidé. Sans nom ni détail qui fasse reconnaître quelqu’un.",
        ),
        good="La première fois, elles étaient quatre. La troisième, une participante a lu sa lettre de la CAF à voix "
        "haute. Depuis, le groupe choisit son ordre du jour. En mai, la cuisine a fermé pour travaux : nous avons "
        "failli arrêter.",
        bad="Mme Durand, 43 ans, rue des Lilas, a pu régler sa dette grâce à l’atelier du 18 mars à 20 h 30.",
        needed=True, min_length=MIN_STORY,
    )  # fmt: skip

    class Meta:
        model = Version
        fields = ("beginning", "story")

    field_order = ("beginning", "story", "publics", "themes", "methods", "words")
    together = (("methods", "words"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_blank:
            filed = words_of(self.instance)
            self.initial.update(filed, words=", ".join(filed["tags"]))

    def clean_themes(self) -> Any:
        themes = self.cleaned_data["themes"]
        if len(themes) > MAX_THEMES:
            raise ValidationError(
                typeset(f"Vous avez coché {len(themes)} thèmes : gardez les trois qui comptent le plus.")
            )
        return themes

    def clean_words(self) -> list[str]:
        once = {word.casefold(): word for word in map(str.strip, re.split("[,;]", self.cleaned_data["words"])) if word}
        if len(once) > MAX_TAGS:
            raise ValidationError(typeset(f"Vous avez écrit {len(once)} mots : gardez-en {MAX_TAGS} au plus."))
        long = next((word for word in once.values() if len(word) > MAX_TAG), "")
        if long:
            raise ValidationError(
                typeset(
                    f"« {long[:MAX_TAG]}… » est trop long : {MAX_TAG} signes au plus, et une virgule entre les mots."
                )
            )
        return list(once.values())

    def save(self, commit: bool = True) -> Version:
        version = super().save(commit)
        for name in ("publics", "themes", "methods"):
            getattr(version, name).set(self.cleaned_data[name])
        version.tags.set(self.cleaned_data["words"])
        return version


class RightsForm(ScreenForm):
    contact_mode = asked(
        forms.ChoiceField(
            label="Comment peut-on vous joindre ?", widget=forms.RadioSelect, choices=ContactMode.choices,
            help_text="Des collègues voudront vous poser une question, ou venir voir.",
            error_messages={"invalid_choice": NOT_OFFERED},
        ),
        good="Par un message relayé : vous choisissez à qui répondre.",
        bad="Une adresse personnelle visible de tous.",
        needed=True,
    )  # fmt: skip
    contact_address = asked(
        forms.EmailField(
            label="L’adresse à montrer", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            help_text="Seulement si vous avez choisi une adresse visible. Elle ne paraît que sur la page de la fiche.",
            error_messages={
                "invalid": "Écrivez une adresse complète, comme accueil@centre-social.fr.",
                "max_length": "Cette adresse est trop longue pour en être une.",
                "null_characters_not_allowed": "Écrivez une adresse complète, comme accueil@centre-social.fr.",
            },
        ),
        good="accueil@centre-social.fr, une adresse d’équipe", bad="L’adresse d’une collègue qui n’est pas au courant",
    )  # fmt: skip
    licence = asked(
        forms.ChoiceField(
            label="Comment peut-on reprendre votre texte ?", widget=forms.RadioSelect, choices=Licence.choices,
            help_text="Les deux licences permettent de copier et d’adapter, en citant votre équipe. Gardez la première "
            "si vous n’avez pas d’avis.",
            error_messages={"invalid_choice": NOT_OFFERED},
        ),
        needed=True,
    )  # fmt: skip
    employer_agrees = asked(
        forms.BooleanField(
            label="Mon employeur est d’accord pour que cette initiative soit publiée.",
            help_text="Un accord de vive voix de votre responsable suffit. Vous agissez sans employeur : cochez.",
        ),
        needed=True,
    )
    people_agree = asked(
        forms.BooleanField(
            label="Les personnes concernées savent que nous racontons, et sont d’accord.",
            help_text="Lisez-leur le texte si vous le pouvez : elles le corrigent souvent, et il y gagne.",
        ),
        needed=True,
    )
    anonymity = asked(
        forms.MultipleChoiceField(
            label="Relisez votre texte, et cochez ce que vous avez vérifié", widget=forms.CheckboxSelectMultiple,
            choices=list(ANONYMITY_TICKS.items()),
            help_text="Les six points sont nécessaires pour envoyer. Une fiche publiée peut être lue par un voisin.",
            error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
        ),
        good="« Une participante », « au printemps », « dans le quartier ».",
        bad="« Mme D., qui a trois enfants et travaille à la mairie ».",
        needed=True,
    )  # fmt: skip

    together = (
        ("contact_mode", "contact_address"),
        ("licence", "employer_agrees", "people_agree", "anonymity"),
    )

    class Meta:
        model = Version
        fields = ("contact_mode", "contact_address", "licence", "employer_agrees", "people_agree", "anonymity")

    def clean_contact_mode(self) -> str:
        return self.cleaned_data["contact_mode"] or ContactMode.RELAYED

    def clean_licence(self) -> str:
        return self.cleaned_data["licence"] or Licence.CC_BY
