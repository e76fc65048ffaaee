"""« Les étapes et les paroles » and « Pour aller plus loin »: the screens of the capitalisation (product P3)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from guide.french import typeset
from initiatives.forms.fields import NOT_OFFERED, Line, Prose, asked, prose, some_of
from initiatives.forms.rows import ListingForm, Row, RowForm, RowsField, part
from initiatives.models import Initiative, Kinship, Milestone, Version, Voice, WebLink
from initiatives.models.choices import LANGUAGES, MONTHS, Kin, LinkKind

YEARS = "Écrivez une année entre 1900 et 2100."


def chosen(label: str, choices: list[tuple[str, str]], needed: str) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=label, choices=[("", "Choisir…"), *choices], error_messages={"invalid_choice": NOT_OFFERED}
    )
    return part(field, needed=needed, small=True)


class MilestoneForm(RowForm):
    month = part(
        forms.TypedChoiceField(
            label="Mois", coerce=int, empty_value=None, error_messages={"invalid_choice": NOT_OFFERED},
            choices=[("", "Je ne sais plus"), *((str(n), name) for n, name in enumerate(MONTHS, 1))],
        ),
        small=True,
    )  # fmt: skip
    year = part(
        forms.IntegerField(
            label="Année", min_value=1900, max_value=2100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={
                "invalid": "Écrivez l’année en quatre chiffres, par exemple 2023.",
                "min_value": YEARS, "max_value": YEARS,
            },
        ),
        needed="Écrivez l’année, ou retirez la ligne.", small=True,
    )  # fmt: skip
    text = part(
        Line(label="Ce qui s’est passé", max_length=500, widget=forms.Textarea(attrs={"rows": 2})),
        needed="Dites ce qui s’est passé, ou retirez la ligne.",
    )


class VoiceForm(RowForm):
    text = part(
        Prose(label="Ses mots", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})),
        needed="Écrivez ce que dit cette personne, ou retirez la ligne.",
    )
    speaker = part(
        Line(label="Qui parle, sans nom", max_length=120),
        needed="Dites qui parle, sans nom : « une participante », « un père ».",
    )  # fmt: skip
    agreed = part(
        forms.BooleanField(
            label="Cette personne est d’accord pour que ses mots soient publiés.",
            help_text="Vous attendez sa réponse ? Ne cochez pas encore : ses mots ne paraîtront pas.",
        )
    )


class StagesForm(ListingForm):
    milestone = asked(
        RowsField(
            Milestone, MilestoneForm, one="Étape", add="Ajouter une étape",
            label="Les grandes étapes",
            help_text="Un mois et une année, ou l’année seule. Elles se rangent d’elles-mêmes par date.",
        ),
        good="Mars 2024 : première séance, quatre personnes et beaucoup trop de chaises.",
        bad="Le 18 mars 2024 à 20 h 30, chez Mme D. : réunion n° 3.",
    )  # fmt: skip
    voice = asked(
        RowsField(
            Voice, VoiceForm, one="Parole", add="Ajouter une parole",
            label="Ce que disent les personnes",
            help_text="Leurs mots tels quels, avec leur accord, et jamais leur nom.",
        ),
        good="« Avant, je rangeais les lettres dans le four. » Une participante.",
        bad="« Très satisfaite de l’accompagnement. » Mme D., 43 ans.",
    )  # fmt: skip
    variants = prose(
        "Ailleurs, autrement",
        "Ce que vous avez essayé d’abord, ce que d’autres ont changé en s’en inspirant.",
        good="Sans cuisine : à l’hôpital de jour, le groupe se retrouve autour d’une bouilloire.",
        bad="L’action est transposable à tout territoire.",
    )
    ethics = prose(
        "Ce à quoi il faut faire attention",
        "Ce qui pourrait blesser, exposer, écarter quelqu’un. Ce que vous vous interdisez.",
        good="On n’ouvre jamais une lettre à la place de quelqu’un. Ce qui se lit à table ne va pas au dossier.",
        bad="Dans le respect de la déontologie et du secret professionnel.",
    )

    parts = (
        ("Le chemin parcouru", "", ("milestone",)),
        ("Les paroles", "", ("voice",)),
        ("Pour qui voudrait reprendre", "", ("variants", "ethics")),
    )

    class Meta:
        model = Version
        fields = ("variants", "ethics")

    def settled(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: (row["year"], row["month"] or 0)) if name == "milestone" else rows


class WebLinkForm(RowForm):
    kind = chosen("Sorte", LinkKind.choices, "Dites si c’est un film, un son ou une page.")
    title = part(Line(label="Titre", max_length=200), needed="Donnez un titre à ce lien, ou retirez la ligne.")
    url = part(
        forms.CharField(
            label="Adresse", max_length=600, validators=[URLValidator(["http", "https"])],
            widget=forms.URLInput(attrs={"autocomplete": "off"}),
            error_messages={
                "invalid": "Écrivez une adresse entière, comme https://exemple.fr/film.",
                "max_length": "Cette adresse est trop longue : 600 signes au plus.",
                "null_characters_not_allowed": "Écrivez une adresse entière, comme https://exemple.fr/film.",
            },
        ),
        needed="Écrivez l’adresse, ou retirez la ligne.",
    )  # fmt: skip
    transcript = part(
        Prose(
            label="Ce qu’on y voit, ce qu’on y entend", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
            help_text="La transcription, ou un résumé, pour qui ne peut pas voir, entendre ou ouvrir le lien.",
        ),
        needed="Résumez en quelques lignes ce qu’on y voit ou entend.",
    )  # fmt: skip


class KinshipForm(RowForm):
    kind = chosen("Le lien", Kin.choices, "Dites ce qui relie les deux fiches.")
    other = part(
        Line(label="L’autre fiche", max_length=300, help_text="Son adresse sur ce site, ou son titre exact."),
        needed="Écrivez l’adresse ou le titre de l’autre fiche, ou retirez la ligne.",
    )  # fmt: skip

    @classmethod
    def posted(cls, row: Any) -> Row | None:
        """Nothing of a sheet the public no longer reads."""
        other = row.other
        if not other.is_public or other.public_version is None:
            return None
        return {"kind": row.kind, "other": f"{other.public_version.title} ({other.get_absolute_url()})"}

    def clean_other(self) -> Initiative:
        typed: str = self.cleaned_data["other"]
        published = Initiative.objects.readable().select_related("public_version")
        addresses: list[str] = re.findall(r"/initiatives/([-a-z0-9]{1,140})/?", typed)
        if addresses:
            found = list(published.filter(slug=addresses[-1])[:2])
        else:
            found = list(published.filter(public_version__title__iexact=typed)[:2])
        if len(found) > 1:
            raise ValidationError("Plusieurs fiches portent ce titre : écrivez plutôt l’adresse de la vôtre.")
        if not found:
            raise ValidationError("Nous ne trouvons pas cette fiche parmi celles qui sont publiées.")
        return found[0]


class FurtherForm(ListingForm):
    plain_summary = prose(
        "L’essentiel, en mots simples",
        "Des phrases courtes, une idée par phrase, pas de sigle. Ce texte ouvre la fiche.",
        good="Le mardi, nous cuisinons ensemble. Après le repas, on ouvre le courrier. Personne n’est obligé de lire "
        "sa lettre.",
        bad="Un atelier de remobilisation par l’activité culinaire, adossé à l’accès aux droits.",
        max_length=4000,
    )
    plain_with_people = asked(
        forms.BooleanField(
            label="Ce texte a été écrit et relu avec des personnes concernées.",
            help_text="C’est seulement alors qu’on l’appelle FALC, facile à lire et à comprendre.",
        )
    )
    languages = some_of(
        "En quelles langues cela se passe-t-il ?", LANGUAGES.items(),
        "Celles qu’on y parle ou qu’on y signe, avec ou sans interprète.",
        good="Français et arabe : la moitié du groupe traduit pour l’autre.",
        bad="Anglais, parce qu’un collègue pourrait l’apprendre.",
    )  # fmt: skip
    weblink = asked(
        RowsField(
            WebLink, WebLinkForm, one="Lien", add="Ajouter un lien", limit=5,
            label="À voir, à écouter, à lire",
            help_text="Un film, un son, une page déjà en ligne : cinq au plus. Rien n’est copié ici : la fiche "
            "montre le lien, et ce qu’il contient.",
        ),
        good="L’émission de la radio du quartier, ses dix minutes résumées en dix lignes.",
        bad="Un dossier partagé où l’on entre avec un mot de passe.",
    )  # fmt: skip
    kinship = asked(
        RowsField(
            Kinship, KinshipForm, one="Fiche", add="Ajouter une fiche", limit=6,
            label="Les fiches de la même famille",
            help_text="Une initiative publiée ici, dont la vôtre s’inspire ou qu’elle prolonge.",
        ),
        good="Inspirée de : la cuisine partagée de la commune voisine.",
        bad="Proche de : toutes celles du département.",
    )  # fmt: skip

    parts = (
        ("En mots simples", "", ("plain_summary", "plain_with_people", "languages")),
        ("Ailleurs sur la toile", "", ("weblink",)),
        ("La famille", "", ("kinship",)),
    )
    together = (("plain_summary", "plain_with_people"),)

    class Meta:
        model = Version
        fields = ("plain_summary", "plain_with_people", "languages")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("plain_with_people") and not data.get("plain_summary") and "plain_summary" not in self.errors:
            self.add_error("plain_summary", typeset("Écrivez le texte, ou décochez la case qui suit."))
        return data

    def settled(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if name != "kinship":
            return rows
        if any(row["other"].pk == self.instance.initiative_id for row in rows):
            raise ValidationError("Une fiche n’est pas de sa propre famille : retirez la ligne qui la nomme.")
        return list({(row["kind"], row["other"]): row for row in rows}.values())
