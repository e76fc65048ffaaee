"""« Ce que cela change »: what moved, what got stuck, what one would do otherwise (product P3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guide.french import typeset
from guide.models import Fiche
from initiatives.forms.fields import NOT_OFFERED, Prose, asked, one_of, prose
from initiatives.forms.rows import ListingForm, Row, RowForm, RowsField, part
from initiatives.models import Obstacle, ObstacleMet, Version
from initiatives.models.choices import Proof

MAX_CONDITIONS = 3
PROOFS = (
    (Proof.DECLARED.value, "Déclaré : c’est notre impression"),
    (Proof.OBSERVED.value, "Observé par l’équipe : nous l’avons noté au fil des séances"),
    (Proof.VOICED.value, "Parole des personnes : elles l’ont dit ou écrit"),
    (Proof.REPORT.value, "Bilan écrit : un document en rend compte"),
    (Proof.EVALUATION.value, "Évaluation externe : quelqu’un d’autre l’a étudié"),
)


class ObstacleForm(RowForm):
    obstacle = part(
        forms.ChoiceField(label="De quelle famille ?", error_messages={"invalid_choice": NOT_OFFERED}),
        needed="Choisissez la famille la plus proche.",
    )
    text = part(
        Prose(label="Ce qui a coincé", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})),
        needed="Dites en quelques mots ce qui a coincé, ou retirez la ligne.",
    )
    lifted = part(
        Prose(
            label="Comment vous vous en êtes sortis", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Si ce n’est pas levé, laissez vide.",
        ),
    )  # fmt: skip

    @classmethod
    def posted(cls, row: Any) -> Row | None:
        return {"obstacle": str(row.obstacle_id), "text": row.text, "lifted": row.lifted}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        family = data.pop("obstacle", "")
        return {**data, "obstacle_id": int(family)} if family else data


class FichesField(forms.ModelMultipleChoiceField[Fiche]):
    def label_from_instance(self, obj: Fiche) -> str:
        return typeset(f"Fiche {obj.number} · {obj.title}")


class EffectsForm(ListingForm):
    effects = prose(
        "Ce que cela a changé, en général",
        "Ce texte vient de la source : gardez-le, corrigez-le, ou répartissez-le dans les trois cases suivantes.",
        good="Trois familles se rendent service sans passer par nous.",
        bad="L’impact est très positif.",
    )
    effects_people = prose(
        "Pour les personnes",
        "Ce qu’elles font maintenant, ce qu’elles en disent, ce qui n’a pas bougé.",
        good="Huit sur douze ouvrent leur courrier seules. Deux ne viennent plus, nous ne savons pas pourquoi.",
        bad="Une nette amélioration de l’estime de soi des bénéficiaires.",
    )
    effects_professionals = prose(
        "Pour les professionnels",
        "Dans vos journées, entre collègues, avec votre hiérarchie.",
        good="Nous recevons à deux des situations portées seules jusque-là. Le premier trimestre a été plus lourd, pas "
        "plus léger.",
        bad="Une montée en compétences de l’équipe.",
    )
    effects_territory = prose(
        "Pour l’institution et le territoire",
        "Une règle changée, un service rapproché, un voisin qui s’y met.",
        good="Le bailleur a réécrit ses lettres de relance après en avoir lu trois avec le groupe.",
        bad="Un rayonnement sur tout le territoire.",
    )
    proof = one_of(
        "D’où le savez-vous ?", PROOFS,
        "Toutes les réponses se valent : elles disent seulement jusqu’où l’on peut s’y appuyer.",
        good="Observé par l’équipe : nous tenons un cahier après chaque séance.",
        bad="Évaluation externe, parce qu’une élue est venue nous voir.",
    )  # fmt: skip
    obstaclemet = asked(
        RowsField(
            ObstacleMet, ObstacleForm, one="Frein", add="Ajouter un frein",
            label="Qu’est-ce qui a coincé ?",
            help_text="Un frein à la fois, même petit. C’est ce que vos collègues liront en premier.",
        ),
        good="La direction craignait qu’on parle de situations devant d’autres. Nous l’avons invitée à une séance.",
        bad="Manque de moyens.",
    )  # fmt: skip
    if_again = prose(
        "Si c’était à refaire",
        "Ce que vous feriez plus tôt, plus petit, autrement, ou pas du tout.",
        good="Commencer à six, avec une salle à nous, et l’accord écrit de la direction avant la première affiche.",
        bad="Nous referions exactement pareil.",
    )
    conditions = prose(
        "Ce qu’il faut avant de commencer",
        "Une à trois conditions sans lesquelles rien ne démarre, une par ligne.",
        good="Deux collègues, jamais une seule. Une cuisine libre le matin. Une direction qui accepte six mois sans "
        "chiffres.",
        bad="De la motivation et de la bienveillance.",
    )
    fiches = asked(
        FichesField(
            Fiche.objects.readable(), label="Quelles fiches du guide vous ont servi ?",
            widget=forms.CheckboxSelectMultiple, help_text="Celles que vous avez ouvertes, avant ou pendant.",
            error_messages={
                "invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED, "invalid_pk_value": NOT_OFFERED,
            },
        ),
        good="Une ou deux, relues avant la première séance.",
        bad="Toutes celles dont le titre vous ressemble.",
    )  # fmt: skip

    parts = (
        ("Ce qui a bougé", "", ("effects", "effects_people", "effects_professionals", "effects_territory", "proof")),
        ("Ce qui a coincé", "", ("obstaclemet",)),
        ("Pour qui voudrait commencer", "", ("if_again", "conditions", "fiches")),
    )
    together = (("effects", "effects_people"),)

    class Meta:
        model = Version
        fields = (
            "effects", "effects_people", "effects_professionals", "effects_territory", "proof", "if_again",
            "conditions", "fiches",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.effects:
            del self.fields["effects"]
        met = self.fields["obstaclemet"]
        assert isinstance(met, RowsField)
        families = [(str(family.pk), family.label) for family in Obstacle.objects.all()]
        met.offers = {"obstacle": [("", "Choisir…"), *families]}

    def clean_conditions(self) -> str:
        text: str = self.cleaned_data["conditions"]
        written = [line for line in text.split("\n") if line.strip()]
        if len(written) > MAX_CONDITIONS and text != self.instance.conditions:
            raise ValidationError(
                typeset(f"Vous en avez écrit {len(written)} : gardez les trois sans lesquelles rien ne démarre.")
            )
        return text
