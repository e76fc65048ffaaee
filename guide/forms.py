"""What readers answer about a fiche, and what editors write in it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer

from guide.fields import Line, Prose, Trapped
from guide.french import sections, slug_of
from guide.models import Feedback, FicheVersion
from guide.rendering import SECTION_TITLES

MOST_SIGNS = 12_000
MOST_SOURCES = 60
MOST_BARS = 21
EMPTY_ROWS = 3


class FeedbackForm(Trapped):
    served = forms.ChoiceField(
        label="Cette fiche vous a-t-elle servi ?", widget=forms.RadioSelect,
        choices=Feedback.Served.choices,
        error_messages={"required": "Choisissez une des réponses.", "invalid_choice": "Choisissez une des réponses."},
    )  # fmt: skip
    purpose = Prose(
        label="À quoi, ou ce qui a manqué", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une phrase suffit. Ne nommez personne.",
    )  # fmt: skip


ASKED = {
    "Pourquoi": "La scène, ce qui est en jeu, ce que cela change. Deux ou trois paragraphes.",
    "Repères": "Ce qu’il faut savoir : définitions, dates, droit, auteurs. Chaque fait cite sa source.",
    "Comment faire": "Une liste numérotée : un nom court en gras, puis ce que l’on fait, dit ou écrit.",
    "Points de vigilance": "Quatre à six points, en liste.",
    "Outils": "Ce que l’on peut prendre demain : une grille, un ordre du jour, une phrase pour ouvrir.",
    "Questions pour les étudiants": "Trois à cinq, numérotées ; la dernière demande d’agir sur le lieu de stage.",
    "Pour aller plus loin": "Des lectures, en liste.",
}


class FicheForm(forms.Form):
    """A fiche as one writes it, section by section. What is missing doesn't stop one from keeping a draft."""

    title = Line(label="Titre", max_length=120, required=False)
    summary = Prose(
        label="En bref", max_length=900, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="80 mots au plus, sans mise en forme : ce que l’on tirera de la fiche.",
    )  # fmt: skip
    change_note = Line(
        label="Ce qui a changé", max_length=300, required=False,
        help_text="Une phrase, que les lecteurs verront avec la date. Il la faut pour publier.",
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: FicheVersion | None = None, **kwargs: Any) -> None:
        if version:
            kwargs.setdefault("initial", _initial(version))
        super().__init__(*args, **kwargs)
        for number, title in enumerate(SECTION_TITLES):
            self.fields[f"section_{number}"] = Prose(
                label=title, required=False, max_length=MOST_SIGNS, help_text=ASKED[title],
                widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
            )  # fmt: skip
        for field in self.fields.values():
            field.mark_optional = field.counter = False  # type: ignore[attr-defined]  # read by the field's template

    @property
    def written(self) -> list[forms.BoundField]:
        return [self[f"section_{number}"] for number in range(len(SECTION_TITLES))]

    def clean(self) -> None:
        for number in range(len(SECTION_TITLES)):
            text = self.cleaned_data.get(f"section_{number}", "")
            if re.search(r"^ {0,3}#{1,2}\s", text, re.MULTILINE):
                said = "Les titres de section sont déjà là : pour un sous-titre, commencez la ligne par « ### »."
                self.add_error(f"section_{number}", said)
            if any(line.count("|") > MOST_BARS for line in text.splitlines()):
                self.add_error(f"section_{number}", "Un tableau de plus de vingt colonnes ne se lit plus.")

    def body(self) -> str:
        texts = ((title, self.cleaned_data[f"section_{number}"]) for number, title in enumerate(SECTION_TITLES))
        return "\n\n".join(f"## {title}\n\n{text}".strip() for title, text in texts)


def _initial(version: FicheVersion) -> dict[str, str]:
    texts = {section.title: section.markdown for section in sections(version.body)}
    return {
        "title": version.title,
        "summary": version.summary,
        "change_note": version.change_note if version.status == FicheVersion.Status.DRAFT else "",
        "seen": version.mark if version.status == FicheVersion.Status.DRAFT else "",
        **{f"section_{number}": texts.get(title, "") for number, title in enumerate(SECTION_TITLES)},
    }


class SourceForm(forms.Form):
    """One line of the list of sources; emptied, it leaves the list."""

    title = Line(label="Source", max_length=300, required=False)
    id = Line(label="Nom court", max_length=40, required=False)
    url = forms.URLField(
        label="Adresse", max_length=500, required=False,
        error_messages={"invalid": "Écrivez une adresse complète, qui commence par https://."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.mark_optional = field.counter = False  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if url and not url.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("Écrivez une adresse complète, qui commence par https://.")
        return url

    def clean(self) -> None:
        title, name = self.cleaned_data.get("title", ""), self.cleaned_data.get("id", "")
        if name and not re.fullmatch(r"[\w.-]+", name):
            self.add_error("id", "Des lettres, des chiffres et des tirets, sans espace.")
        elif title and not name:
            self.cleaned_data["id"] = slug_of(title)[:40].strip("-") or "source"
        elif not title and (name or self.cleaned_data.get("url")):
            self.add_error("title", "Dites ce qu’est cette source, ou videz la ligne.")


class SourcesFormSet(forms.BaseFormSet[SourceForm]):
    def clean(self) -> None:
        names = [form.cleaned_data["id"] for form in self.forms if form.cleaned_data.get("title") and not form.errors]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise forms.ValidationError(f"Deux sources s’appellent « {twice[0]} » : changez l’un des noms courts.")

    def said(self) -> list[dict[str, str]]:
        rows = (form.cleaned_data for form in self.forms)
        return [{key: row[key] for key in ("id", "title", "url") if row.get(key)} for row in rows if row.get("title")]


class SourcesForm(SourcesFormSet):
    form = SourceForm
    extra, min_num, max_num, absolute_max = EMPTY_ROWS, 0, MOST_SOURCES, MOST_SOURCES + EMPTY_ROWS
    can_order = can_delete = can_delete_extra = validate_max = validate_min = edit_only = False
    renderer = get_default_renderer()
