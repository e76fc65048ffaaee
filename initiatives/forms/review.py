"""What a coordinator writes on a case: decisions on the version they read, requests, and the grid of ten questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from guide.french import typeset
from initiatives import grid, steps
from initiatives.anonymity import must_go
from initiatives.difference import FIELDS, in_order, label_of
from initiatives.forms.prepared import MOTIVES, PREPARED
from initiatives.models import Case, Version

__all__ = ["MOTIVES"]
ASKABLE = (
    "title", "summary", "state", "organisation_name", "place", "scope", "publics", "themes", "methods", "beginning",
    "story", "contact_mode", "employer_agrees", "people_agree",
)  # fmt: skip
MAX_WORDS = 4000


class Words(forms.CharField):
    """What one person writes to another on a case: every text of the room of review is validated here."""

    def __init__(self, label: str, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_WORDS)
        super().__init__(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        for span in must_go(value):
            raise forms.ValidationError(typeset(f"Ce texte contient {span.kind.name}, « {span.text} ». {span.advice}"))


class OnTheVersionRead(forms.Form):
    """A form of the decision carries the version that was on the page, so that no other is decided of."""

    version = forms.IntegerField(
        required=False, widget=forms.HiddenInput,
        error_messages={"invalid": "Cette page ne dit plus quelle version vous avez lue : rechargez-la."},
    )  # fmt: skip

    def read(self) -> int | None:
        return self.cleaned_data.get("version")


class Prepared(OnTheVersionRead):
    """A text one may begin with a prepared paragraph: a button inserts it, the person edits it."""

    chooser = "prepared"

    def with_paragraph(self, posted: QueryDict) -> QueryDict:
        """What was posted, with the paragraph chosen added to this form's text."""
        paragraph = PREPARED.get(posted.get(self.add_prefix(self.chooser), ""), "")
        typed = posted.get(self.add_prefix("text"), "").strip()
        data = posted.copy()
        if paragraph and paragraph not in typed.replace("\r\n", "\n"):
            data[self.add_prefix("text")] = f"{typed}\n\n{paragraph}".strip()
        return data


class ChangesForm(Prepared):
    """A general word and one request a field; at least one thing is asked."""

    prepared = forms.ChoiceField(
        label="Un paragraphe préparé", choices=[("", "Choisir…"), *MOTIVES.items()], required=False
    )
    text = Words(
        "Votre message", required=False,
        help_text="Ce que vous avez aimé, puis ce qu’il reste à faire. La personne vous lit en entier.",
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in askable(version):
            self.fields[f"remark_{name}"] = Words(label_of(name), rows=2, required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("text", "").strip() and not self.remarks():
            raise forms.ValidationError("Dites au moins une chose à compléter, en général ou sur un champ.")
        return data

    def remarks(self) -> dict[str, str]:
        """Field of the sheet → what is asked about it."""
        asked = {
            name.removeprefix("remark_"): text for name, text in self.cleaned_data.items() if name.startswith("remark_")
        }
        return {name: text.strip() for name, text in asked.items() if text.strip()}

    def remark_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("remark_")]

    def has_remarks(self) -> bool:
        return any(
            self.data.get(self.add_prefix(name), "").strip() for name in self.fields if name.startswith("remark_")
        )


def askable(version: Version) -> list[str]:
    """The fields one may ask about: those of the Instantané, then all that this version says."""
    said = [
        name
        for name in in_order(version.snapshot)
        if version.snapshot[name] and name not in ASKABLE and _is_asked(name)
    ]
    return [*(name for name in ASKABLE if name in FIELDS), *said]


def _is_asked(name: str) -> bool:
    return any(name in step.fields for step in steps.all_steps())


class RefusalForm(Prepared):
    chooser = "motive"
    motive = forms.ChoiceField(
        label="Motif", choices=[("", "Choisir…"), *MOTIVES.items()], error_messages={"required": "Choisissez un motif."}
    )
    text = Words(
        "Ce qui rendrait la fiche acceptable", rows=5, min_length=30,
        help_text="La fiche redevient un brouillon : son auteur peut la reprendre et la renvoyer, ou demander une fois "
        "une seconde lecture.",
        error_messages={
            "required": "Un refus dit toujours ce qui rendrait la fiche acceptable.",
            "min_length": "Un refus s’explique : quelques phrases aideront la personne à reprendre sa fiche.",
        },
    )  # fmt: skip


class AcceptanceForm(OnTheVersionRead):
    text = Words("Un mot pour accompagner la publication", rows=3, required=False, max_length=2000)


class RedirectionForm(OnTheVersionRead):
    where = forms.CharField(
        label="Où la proposer", max_length=300,
        help_text="Un autre catalogue, un réseau, une revue : un nom que la personne peut chercher, ou une adresse.",
        error_messages={"required": "Dites où cette fiche trouverait ses lecteurs."},
    )  # fmt: skip
    text = Words(
        "Pourquoi là plutôt qu’ici", min_length=30,
        error_messages={
            "required": "Expliquez en quelques phrases pourquoi cette fiche n’a pas sa place ici.",
            "min_length": "Quelques mots de plus : la personne a pris le temps de raconter.",
        },
    )  # fmt: skip


class ThirdPartyForm(OnTheVersionRead):
    who = forms.CharField(
        label="De qui attendez-vous une réponse", max_length=120,
        help_text="Une fonction plutôt qu’un nom : « la direction du CCAS ». L’auteur de la fiche le lira.",
        error_messages={"required": "Dites de qui vous attendez une réponse."},
    )  # fmt: skip
    text = Words(
        "Votre question", min_length=10,
        error_messages={"required": "Écrivez la question que vous posez."},
    )  # fmt: skip
    email = forms.EmailField(
        label="Son adresse électronique",
        required=False,
        max_length=254,
        help_text="Pour lui écrire maintenant. Elle ne paraît nulle part ; laissez vide si vous l’appelez.",
    )
    share_address = forms.BooleanField(
        label="Donner mon adresse dans cette lettre, pour la réponse", required=False,
        help_text="Sinon, cette personne ne peut pas vous répondre par écrit : appelez-la.",
    )  # fmt: skip


class ResumeForm(forms.Form):
    text = Words("Ce que vous avez appris", rows=3, required=False, max_length=2000, help_text="Pour la coordination.")


class GridForm(forms.Form):
    """Ten questions, each with an answer and a note; `seen` says on which answers the page was opened."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case, **kwargs: Any) -> None:
        said = case.grid.get("answers", {})
        self.stored = digest(case.grid)
        super().__init__(data, prefix="grid", initial={"seen": self.stored}, **kwargs)
        choices = [("", "Sans réponse"), *grid.ANSWERS.items()]
        for question in grid.QUESTIONS:
            row = said.get(question.slug, {})
            self.fields[f"answer_{question.slug}"] = forms.ChoiceField(
                label=question.text, help_text=question.help, choices=choices, required=False,
                initial=row.get("answer", ""),
            )  # fmt: skip
            self.fields[f"answer_{question.slug}"].mark_optional = False  # type: ignore[attr-defined]
            note = Words(
                f"Note : {question.name}", rows=1, required=False, max_length=grid.MAX_NOTE, initial=row.get("note", "")
            )
            note.counter = note.mark_optional = False  # type: ignore[attr-defined]
            self.fields[f"note_{question.slug}"] = note

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"answer_{question.slug}"], self[f"note_{question.slug}"]) for question in grid.QUESTIONS]

    def answers(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        rows = {
            question.slug: {"answer": data[f"answer_{question.slug}"], "note": data[f"note_{question.slug}"]}
            for question in grid.QUESTIONS
        }
        return {slug: row for slug, row in rows.items() if row["answer"] or row["note"]}

    def said(self) -> bool:
        """Whether the form answers something else than what is kept already."""
        return bool(set(self.changed_data) - {"seen"})

    def is_over_another(self) -> bool:
        """Another window saved other answers since this page was opened."""
        seen = self.cleaned_data.get("seen")
        return bool(seen) and seen != self.stored


def digest(stored: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:24]


class Desk:
    """All the forms one decides with, in one page and one POST: what is typed in the others is never lost.

    `acting` is the form that was sent: it alone says what is wrong.
    """

    MAKERS: dict[str, Callable[[Case], dict[str, Any]]] = {
        "accept": lambda case: {}, "changes": lambda case: {"version": case.version}, "refuse": lambda case: {},
        "redirect": lambda case: {}, "third": lambda case: {},
    }  # fmt: skip
    FORMS: dict[str, type[forms.Form]] = {
        "accept": AcceptanceForm, "changes": ChangesForm, "refuse": RefusalForm, "redirect": RedirectionForm,
        "third": ThirdPartyForm,
    }  # fmt: skip

    def __init__(self, case: Case, data: Any = None, acting: str = "") -> None:
        self.acting = acting
        self.forms: dict[str, Any] = {"grid": GridForm(data if data and "grid-seen" in data else None, case=case)}
        for name, form in self.FORMS.items():
            initial = {"version": case.version_id}
            self.forms[name] = form(data or None, prefix=name, initial=initial, **self.MAKERS[name](case))
        for name, made in self.forms.items():
            made.is_typed = name == acting or any(text for _, text in words_of(made))
            if name not in (acting, "grid") and made.is_bound:
                quiet(made)

    def __getitem__(self, name: str) -> Any:
        return self.forms[name]

    def words(self, besides: str = "") -> list[tuple[str, str]]:
        """(label, text) of what was typed: to be copied, where the case is no longer in one's hands."""
        return [said for name, form in self.forms.items() if name != besides for said in words_of(form)]


def words_of(form: forms.Form) -> list[tuple[str, str]]:
    """(label, text) of each text typed in a form."""
    if not form.is_bound:
        return []
    texts = (bound for bound in form if isinstance(bound.field, forms.CharField) and not bound.is_hidden)
    return [(str(bound.label), bound.value()) for bound in texts if (bound.value() or "").strip()]


def quiet(form: Any) -> None:
    """What isn't sent yet isn't wrong: it is shown as it was left."""
    form._errors = ErrorDict()
