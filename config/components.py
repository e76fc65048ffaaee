"""The component page: every element of the interface in every state, with made-up data. Served in DEBUG only."""

import re

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Made up for the drawing: no real count.
COUNTS = {
    "62": 12,
    "59": 9,
    "80": 1,
    "60": 4,
    "76": 3,
    "93": 7,
    "75": 5,
    "35": 6,
    "29": 2,
    "44": 4,
    "33": 8,
    "31": 5,
    "13": 6,
    "69": 7,
    "38": 3,
    "17": 2,
    "23": 1,
    "24": 2,
    "26": 2,
    "67": 3,
    "54": 4,
    "974": 5,
    "972": 2,
    "971": 1,
    "2B": 1,
    "64": 2,
    "34": 4,
    "06": 1,
    "21": 2,
    "45": 3,
    "37": 1,
    "53": 2,
    "61": 1,
    "14": 2,
    "50": 1,
    "91": 5,
    "94": 3,
    "95": 4,
    "77": 1,
}
LEVERS = [
    {
        "number": 3,
        "short": "Pouvoir d’agir",
        "title": "Pouvoir d’agir",
        "proof": "Les parents écrivent l’ordre du jour.",
    },
    {"number": 6, "short": "Coopérer", "title": "Coopérer", "proof": "La CAF et l’association partagent le pilotage."},
]
INITIATIVES = [
    {
        "title": "La cuisine partagée qui ouvre les boîtes aux lettres",
        "eyebrow": "Lens (62) · depuis 2023",
        "summary": "Tous les mardis, douze allocataires et deux assistantes sociales cuisinent puis dépouillent "
        "ensemble le courrier administratif resté fermé.",
        "levers": [3, 5, 6],
        "chips": ["Travail social de groupe", "3 leviers"],
    },
    {
        "title": "Paroles de palier : un film pour le quartier",
        "eyebrow": "La Rochelle (17) · depuis 2021",
        "summary": "Des habitants d’un quartier prioritaire tournent de courts métrages qui montrent leur quartier "
        "autrement que par ses difficultés.",
        "levers": [1, 3],
        "chips": ["Éducation populaire", "2 leviers"],
    },
    {
        "title": "Un conseil de vie sociale qui sort des murs",
        "eyebrow": "Saint-Denis (974) · depuis 2024",
        "summary": "Les résidents d’un foyer invitent les voisins et les élus à siéger avec eux chaque trimestre.",
        "levers": [3, 4, 6],
        "chips": ["Développement social local"],
    },
    {
        "title": "Anticonstitutionnellement-intergénérationnellement : un titre beaucoup trop long qui doit pourtant "
        "tenir dans sa carte sans jamais déborder",
        "eyebrow": "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson (51) · date inconnue",
        "summary": "Une fiche dont presque rien n’est renseigné.",
        "levers": [],
        "chips": [],
    },
]
FACETS = [
    (
        "Méthode",
        "methode",
        [
            ("Travail social de groupe", 14, True),
            ("Développement social", 11, False),
            ("Éducation populaire", 8, False),
            ("Médiation sociale", 5, False),
        ],
    ),
    ("Levier", "levier", [("3 · Pouvoir d’agir", 19, True), ("6 · Coopérer", 15, False), ("5 · Former", 6, False)]),
    ("Ce qui a coincé", "frein", [("Organisation institutionnelle", 7, False), ("Logique de gestion", 5, False)]),
    ("On peut vous accueillir", "accueil", [("Un collègue", 6, False), ("Un stagiaire", 4, False)]),
]
ICONS = re.findall(r'id="([\w-]+)"', (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text(encoding="utf-8"))
FICHES = [
    (1, "Pourquoi agir collectivement ?"),
    (10, "Le travail social de groupe"),
    (26, "Évaluer avec les personnes"),
]


class ComponentForm(forms.Form):
    title = forms.CharField(
        label="Titre", max_length=120, help_text="Ce que vous faites, comme vous le diriez à un collègue."
    )
    summary = forms.CharField(
        label="Résumé",
        widget=forms.Textarea,
        min_length=150,
        max_length=400,
        help_text="Qui fait quoi, avec qui, pour quoi. De 150 à 400 signes.",
    )
    state = forms.ChoiceField(
        label="Où en est l’action ?",
        widget=forms.RadioSelect,
        choices=[
            ("running", "Elle a lieu en ce moment"),
            ("ended", "Elle est terminée"),
            ("planned", "Elle va commencer"),
        ],
    )
    publics = forms.MultipleChoiceField(
        label="Avec qui ?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Plusieurs réponses possibles.",
        choices=[
            ("families", "Familles"),
            ("seniors", "Personnes âgées"),
            ("young", "Jeunes"),
            ("all", "Tous publics"),
        ],
    )
    started_on = forms.DateField(label="Premier jour", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    scope = forms.ChoiceField(
        label="Portée", choices=[("", "Choisir…"), ("quartier", "Quartier"), ("commune", "Commune")]
    )
    email = forms.EmailField(label="Adresse électronique", help_text="Elle ne sera pas montrée.")
    document = forms.FileField(label="Un document", required=False)
    agreed = forms.BooleanField(
        label="Les personnes citées ont donné leur accord", help_text="Aucun nom ne doit permettre de les reconnaître."
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def _explained(form: ComponentForm) -> ComponentForm:
    form.fields["title"].good = "La cuisine partagée qui ouvre les boîtes aux lettres"  # type: ignore[attr-defined]
    form.fields["title"].bad = "Projet REAAP 2024 – axe 2"  # type: ignore[attr-defined]
    form.fields["started_on"].small = True  # type: ignore[attr-defined]
    return form


def components(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Votre brouillon est enregistré.")
    typed = {"title": "x" * 130, "summary": "Trop court.", "email": "pas une adresse", "publics": ["?"]}
    wrong = ComponentForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    wrong.is_valid()
    wrong.add_error(None, "La fiche a été modifiée dans un autre onglet.")
    return render(
        request,
        "components.html",
        {
            "shown": request.GET.get("page", ""),
            "counts": COUNTS,
            "levers": LEVERS,
            "initiatives": INITIATIVES,
            "facets": FACETS,
            "fiches": FICHES,
            "form": _explained(ComponentForm()),
            "wrong": _explained(wrong),
            "pages": Paginator(range(190), 10).page(9),
            "numbers": range(1, 7),
            "depths": ["instantane", "recit", "capitalisation"],
            "icons": ICONS,
        },
    )
