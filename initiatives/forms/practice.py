"""« Comment on s’y prend » and « Le temps et les moyens »: the first two screens of the récit (product P3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from initiatives.forms.fields import Line, asked, line, one_of, prose, some_of
from initiatives.forms.rows import ListingForm, RowForm, RowsField, part
from initiatives.models import Partner, TimeShare, Version
from initiatives.models.choices import BUDGETS, HOSTING, PARTICIPANTS, Participation

PLACES = (
    (Participation.INFORMED.value, "Informées : on leur dit ce qui va se faire"),
    (Participation.CONSULTED.value, "Consultées : on leur demande leur avis"),
    (Participation.ASSOCIATED.value, "Associées : elles préparent et font avec nous"),
    (Participation.DECIDING.value, "Elles codécident : rien d’important ne se décide sans elles"),
    (Participation.LEADING.value, "Elles pilotent : elles mènent, nous venons en appui"),
)


class PartnerForm(RowForm):
    name = part(Line(label="Qui ?", max_length=200), needed="Nommez ce partenaire, ou retirez la ligne.")
    role = part(Line(label="Ce qu’il apporte", max_length=300))


class PracticeForm(ListingForm):
    objectives = prose(
        "Qu’est-ce que vous cherchiez ?",
        "Une à trois phrases, avec les mots du groupe plutôt que ceux du dossier de subvention.",
        good="Que chacune ose ouvrir son courrier, et sache à qui demander.",
        bad="Favoriser l’autonomisation et l’inclusion des publics vulnérables.",
    )
    participation_degree = one_of(
        "Quelle place ont les personnes ?", PLACES,
        "La place d’aujourd’hui, pas celle que vous visez. Aucune réponse n’est meilleure qu’une autre.",
        good="Associées : elles font le menu et tiennent la caisse, l’équipe choisit encore les dates.",
        bad="Elles pilotent, parce qu’une habitante a coprésidé une réunion.",
    )  # fmt: skip
    participation = prose(
        "Comment y prennent-elles part, et pourquoi cette place ?",
        "Ce qu’elles font vraiment, ce qui les retient, ce qui a changé avec le temps.",
        good="Au début, nous décidions de tout. Depuis mars, deux participantes préparent la séance. Les autres "
        "préfèrent venir sans s’engager.",
        bad="Les bénéficiaires sont au cœur du dispositif.",
    )
    decisions = prose(
        "Qui a décidé quoi ?",
        "Le jour, le lieu, l’argent, ce dont on parle, qui peut venir.",
        good="Le groupe a choisi le jour et les sujets. La cheffe de service a fixé le budget. Les horaires de la "
        "salle, personne : ils étaient déjà là.",
        bad="Les décisions sont prises de façon collégiale.",
    )
    trades = line(
        "Quels métiers s’y engagent ?",
        "Ceux de votre équipe et ceux d’ailleurs, bénévoles compris.",
        good="Une assistante sociale, une CESF, un animateur, une bibliothécaire",
        bad="Une équipe pluridisciplinaire",
    )
    partner = asked(
        RowsField(
            Partner, PartnerForm, one="Partenaire", add="Ajouter un partenaire",
            label="Avec quels partenaires ?",
            help_text="Ceux sans qui l’action serait différente, et ce que chacun apporte.",
        ),
        good="La bibliothèque de quartier : prête la salle, et vient lire avec les enfants.",
        bad="Tous les signataires de la convention, dans l’ordre du protocole.",
    )  # fmt: skip
    participants_band = one_of(
        "Combien de personnes participent ?", PARTICIPANTS.items(),
        "Celles qui sont venues pour de bon, sur une année.",
        good="De 10 à 24 : douze habituées, cinq de passage.",
        bad="100 ou davantage, parce qu’il y a eu cent affiches.",
    )  # fmt: skip

    parts = (
        ("Ce que vous cherchiez", "", ("objectives",)),
        ("La place des personnes", "", ("participation_degree", "participation", "decisions")),
        ("Avec qui vous le faites", "", ("participants_band", "trades", "partner")),
    )

    class Meta:
        model = Version
        fields = (
            "objectives", "participation_degree", "participation", "decisions", "trades", "participants_band",
        )  # fmt: skip


class Hours(forms.DecimalField):
    """« 6,5 », « 6.5 », « 6 h »."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs take it for whole
        text = str(value or "").replace(",", ".").replace("\u00a0", " ").strip().lower()
        return super().to_python(text.removesuffix("heures").removesuffix("heure").removesuffix("h").strip())


WRONG_HOURS = "Écrivez un nombre d’heures par mois, comme 6 ou 6,5."


class TimeShareForm(RowForm):
    role = part(
        Line(label="La fonction", max_length=120),
        needed="Dites de quelle fonction il s’agit, ou retirez la ligne.",
    )  # fmt: skip
    hours_a_month = part(
        Hours(
            label="Heures par mois", max_digits=5, decimal_places=1, min_value=Decimal("0.1"),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), WRONG_HOURS
            ),
        ),
        needed="Écrivez les heures par mois, même à peu près.", small=True,
    )  # fmt: skip


class MeansForm(ListingForm):
    timeshare = asked(
        RowsField(
            TimeShare, TimeShareForm, one="Fonction", add="Ajouter une fonction",
            label="Combien d’heures par mois, pour chaque fonction ?",
            help_text="Préparation, réunions et comptes rendus compris. Une estimation honnête vaut mieux qu’un blanc.",
        ),
        good="Assistante sociale : 8 heures, soit deux séances et ce qui va autour.",
        bad="Assistante sociale : 3 heures, la séance seule.",
    )  # fmt: skip
    time_granted_by = line(
        "Qui a accordé ce temps ?",
        "Une personne, une instance, un texte. Si personne ne l’a accordé, dites-le : cela aussi sert à vos collègues.",
        good="La responsable du service ; c’est écrit dans nos fiches de poste depuis un an",
        bad="L’institution",
    )
    means = prose(
        "De quoi d’autre avez-vous besoin ?",
        "Un lieu, du matériel, un véhicule, une garde d’enfants.",
        good="Une cuisine le mardi matin, un minibus deux fois par an, quelqu’un pour les petits.",
        bad="Des moyens matériels et humains adaptés.",
    )
    budget_band = one_of(
        "Quel budget, par an ?", BUDGETS.items(), "Sans compter les salaires.",
        good="De 500 à 2 000 € : les courses, deux sorties, un peu de matériel.",
        bad="Le budget de tout le service.",
    )  # fmt: skip
    funding = line(
        "Qui paie ?",
        "Les sommes ne sont pas demandées, seulement qui les donne.",
        good="La CAF pour les sorties, le CCAS pour les courses, une tombola du groupe",
        bad="Cofinancements divers",
    )
    hosting = some_of(
        "Peut-on venir vous voir ?", HOSTING.items(),
        "Ce que vous cochez paraît sur la fiche, et l’on vous cherche aussi par là.",
        good="Un collègue, si le groupe est d’accord et qu’on prévient.",
        bad="Tout, alors que le groupe préfère rester entre soi.",
    )  # fmt: skip

    parts = (
        ("Le temps", "", ("timeshare", "time_granted_by")),
        ("L’argent et le reste", "", ("means", "budget_band", "funding")),
        ("Ouvrir la porte", "", ("hosting",)),
    )

    class Meta:
        model = Version
        fields = ("time_granted_by", "means", "budget_band", "funding", "hosting")
