"""What is given to a cohort: what to read, the question, for whom, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django import forms

from accounts.models import Person
from guide.models import Fiche, Part
from initiatives.models import Initiative
from training.forms.dates import DatedForm
from training.forms.fields import one_line
from training.models import Assignment, Cohort, Competence, Group

MAX_INITIATIVES = 20
MAX_LINES = 12
MOST_BOXES = 300
EVERYONE, SOME = "all", "some"


@dataclass(frozen=True)
class Box:
    """A box to tick, as the page shows it."""

    id: str
    value: str
    label: str
    ticked: bool


@dataclass(frozen=True)
class FicheBox:
    """A fiche, and its sections under it."""

    fiche: Fiche
    box: Box
    sections: list[Box]

    @property
    def is_cut(self) -> bool:
        return any(section.ticked for section in self.sections)


class AssignmentForm(DatedForm):
    """What is given to a cohort; dates and hours are those of the country's clocks.

    `model`: an assignment whose words are taken up, without its dates nor those it was for.
    """

    field_order = ("title", "fiches", "sections", "question", "due_on", "due_time")  # as the page shows them

    title = forms.CharField(label="Titre", max_length=160, error_messages={"required": "Écrivez un titre."})
    fiches = forms.MultipleChoiceField(
        label="Fiches à lire",
        required=False,
        error_messages={"invalid_choice": "Une des fiches cochées n’existe pas."},
    )
    sections = forms.MultipleChoiceField(
        label="Parties à lire",
        required=False,
        error_messages={"invalid_choice": "Une des parties cochées n’existe plus dans sa fiche."},
    )
    initiatives = forms.CharField(
        label="Initiatives à lire",
        required=False,
        max_length=4000,
        help_text="Collez l’adresse de chaque page du catalogue, une par ligne.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    instruction = forms.CharField(
        label="Consigne",
        required=False,
        max_length=4000,
        help_text="Ce qu’il y a à faire, en combien de temps, sous quelle forme.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.CharField(
        label="Question",
        max_length=2000,
        help_text="Celle à laquelle la note répond. Rappelez qu’aucune personne ne doit pouvoir être reconnue.",
        error_messages={"required": "Écrivez la question à laquelle la note répondra."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    guided = forms.CharField(
        label="Questions guidées",
        required=False,
        max_length=4000,
        help_text="Une par ligne\u00a0: chacune aura sa propre case de réponse. Vide\u00a0: une seule note, libre.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    audience = forms.ChoiceField(
        label="À qui le donner",
        required=False,
        choices=[(EVERYONE, "Toute la promotion"), (SOME, "Seulement les sous-groupes et les personnes cochés")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez pour qui."},
    )
    groups = forms.MultipleChoiceField(
        label="Sous-groupes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Un des sous-groupes cochés n’est pas de cette promotion."},
    )
    students = forms.MultipleChoiceField(
        label="Personnes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Une des personnes cochées n’est pas dans cette promotion."},
    )
    competences = forms.MultipleChoiceField(
        label="Compétences travaillées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Une des compétences cochées n’est pas proposée à cette promotion."},
    )
    grid = forms.CharField(
        label="Grille de lecture",
        required=False,
        max_length=1600,
        help_text="Un critère par ligne. Vous direz pour chacun «\u00a0oui\u00a0», «\u00a0en partie\u00a0» ou "
        "«\u00a0pas encore\u00a0»\u00a0: pas de chiffre.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, cohort: Cohort, model: Assignment | None = None, **kwargs: Any) -> None:
        source = self.source(model)
        kwargs["initial"] = {**(words_of(source) if source else {}), **kwargs.get("initial", {})}
        super().__init__(*args, cohort=cohort, **kwargs)
        self.model = model
        self.known = {str(fiche.number): fiche for fiche in Fiche.objects.readable()}
        self.versions = {number: fiche.current for number, fiche in self.known.items() if fiche.current}
        self.offer("fiches", [(number, fiche.title) for number, fiche in self.known.items()])
        self.known_groups = {str(group.pk): group for group in cohort.groups.all()}
        self.known_students = {str(person.pk): person for person in self.people()}
        self.known_competences = {str(each.pk): each for each in self.may_train_for(source)}
        self.offer("groups", self.known_groups.items())
        self.offer("students", self.known_students.items())
        self.offer("competences", [(pk, named(each)) for pk, each in self.known_competences.items()])
        self.fields["audience"].initial = EVERYONE
        for name in ("fiches", "sections", "initiatives", "instruction", "guided", "groups", "students", "grid",
                     "audience", "competences"):  # fmt: skip
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
        for name in ("initiatives", "guided", "grid"):
            self.fields[name].counter = False  # type: ignore[attr-defined]
        self.offer_sections(source)

    def source(self, model: Assignment | None) -> Assignment | None:
        """What the form begins with."""
        return model

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(value, str(label)) for value, label in choices]

    def offer_sections(self, source: Assignment | None) -> None:
        self.offer(
            "sections",
            [
                (f"{number}:{section['id']}", section["title"])
                for number, version in self.versions.items()
                for section in version.sections
            ],
        )

    def people(self) -> list[Person]:
        """Those one may tick by name; of a crowd, nobody: groups are for that."""
        students = self.cohort.current_students()
        self.is_crowd = len(students) > MOST_BOXES
        self.headcount = len(students)
        return [] if self.is_crowd else students

    def may_train_for(self, source: Assignment | None) -> list[Competence]:
        return list(Competence.objects.offered_to(self.cohort))

    # --- As the page shows it -------------------------------------------------------------------------------------

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The guide's parts, with the boxes of their fiches and how many are ticked."""
        ticked = {str(value) for value in self["fiches"].value() or []}
        cut = {str(value) for value in self["sections"].value() or []}
        boxes = [self.box(index, number, ticked, cut) for index, number in enumerate(self.known)]
        rows = []
        for part, some in groupby(boxes, key=lambda each: each.fiche.part):
            listed = list(some)
            rows.append({"label": Part(part).label, "boxes": listed, "ticked": sum(each.box.ticked for each in listed)})
        return rows

    def box(self, index: int, number: str, ticked: set[str], cut: set[str]) -> FicheBox:
        version = self.versions[number]
        sections = [
            Box(f"id_sections_{number}_{position}", value, section["title"], value in cut)
            for position, section in enumerate(version.sections)
            for value in [f"{number}:{section['id']}"]
        ]
        return FicheBox(
            self.known[number], Box(f"id_fiches_{index}", number, version.title, number in ticked), sections
        )  # fmt: skip

    def is_told(self, *names: str) -> bool:
        """Whether something is written in one of these, or wrong: what is folded is then open."""
        return any(self[name].errors or self[name].value() for name in names)

    @property
    def for_some(self) -> bool:
        return self["audience"].value() == SOME or self.is_told("groups", "students") or bool(self["audience"].errors)

    @property
    def has_reading(self) -> bool:
        return self.is_told("initiatives")

    @property
    def has_instruction(self) -> bool:
        return self.is_told("instruction")

    @property
    def has_guided(self) -> bool:
        return self.is_told("guided")

    @property
    def has_dates(self) -> bool:
        named = ("opens_on", "opens_time", "closes_on", "closes_time")
        return any(self.is_told(name) for name in named if name in self.fields)

    @property
    def has_marks(self) -> bool:
        return self.is_told("competences", "grid")

    # --- What is right --------------------------------------------------------------------------------------------

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"], "Écrivez un titre.")

    def clean_fiches(self) -> list[Fiche]:
        return [self.known[number] for number in self.cleaned_data["fiches"]]

    def clean_initiatives(self) -> list[Initiative]:
        lines = [line.strip() for line in self.cleaned_data["initiatives"].splitlines() if line.strip()]
        if len(lines) > MAX_INITIATIVES:
            raise forms.ValidationError(f"{MAX_INITIATIVES} initiatives au plus\u00a0: il y en a {len(lines)}.")
        slugs = [slug_in(line) for line in lines]
        found = {each.slug: each for each in Initiative.objects.published().filter(slug__in=filter(None, slugs))}
        wrong = [line for line, slug in zip(lines, slugs, strict=True) if slug not in found]
        if wrong:
            raise forms.ValidationError(
                [f"Aucune initiative publiée à cette adresse\u00a0: {line[:100]}" for line in wrong]
            )
        return [found[slug] for slug in dict.fromkeys(slugs)]

    def clean_guided(self) -> list[str]:
        return lines_of(self.cleaned_data["guided"], "questions guidées", 300)

    def clean_grid(self) -> list[str]:
        return lines_of(self.cleaned_data["grid"], "critères", 120)

    def clean_groups(self) -> list[Group]:
        return [self.known_groups[pk] for pk in self.cleaned_data["groups"]]

    def clean_students(self) -> list[Person]:
        return [self.known_students[pk] for pk in self.cleaned_data["students"]]

    def clean_competences(self) -> list[Competence]:
        return [self.known_competences[pk] for pk in self.cleaned_data["competences"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"fiches", "initiatives"} & set(self.errors) and not (cleaned["fiches"] or cleaned["initiatives"]):
            self.add_error("fiches", "Choisissez au moins une fiche ou une initiative à lire.")
        self.clean_audience_chosen(cleaned)
        cleaned["sections"] = self.chosen_sections(cleaned)
        self.clean_instants(cleaned)
        return cleaned

    def clean_audience_chosen(self, cleaned: dict[str, Any]) -> None:
        """Boxes ticked under « toute la promotion », or none under the other: said, never guessed."""
        if {"audience", "groups", "students"} & set(self.errors):
            return
        some = cleaned["groups"] or cleaned["students"]
        cleaned["for_all"] = cleaned["audience"] != SOME
        if cleaned["for_all"] and some:
            self.add_error(
                "audience", "Des cases sont cochées\u00a0: choisissez «\u00a0seulement\u00a0», ou décochez-les."
            )
        elif not cleaned["for_all"] and not some:
            self.add_error("audience", "Cochez au moins un sous-groupe ou une personne.")

    def chosen_sections(self, cleaned: dict[str, Any]) -> dict[int, list[str]]:
        """By fiche, the ids of the sections to read; all of them, or none, is the whole fiche."""
        cut: dict[int, list[str]] = {}
        for value in cleaned.get("sections", ()):
            number, _, section = value.partition(":")
            cut.setdefault(int(number), []).append(section)
        numbers = {fiche.number for fiche in cleaned.get("fiches", ())}
        return {
            number: ids
            for number, ids in cut.items()
            if number in numbers and len(ids) < len(self.versions[str(number)].sections)
        }

    def said(self) -> dict[str, Any]:
        names = (
            "title", "instruction", "question", "guided", "grid", "opens_at", "due_at", "closes_at", "for_all",
            "fiches", "sections", "initiatives", "competences", "groups", "students",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}

    def give(self, by: Person) -> Assignment:
        return Assignment.give(self.cohort, by, cloned_from=self.model, **self.said())


def words_of(assignment: Assignment) -> dict[str, Any]:
    """What an assignment asks, as the form asks it; neither its dates nor those it is for."""
    links = assignment.links
    given = list(assignment.fiches.all())
    initiatives = Initiative.objects.filter(pk__in=links["initiatives"]).order_by("pk") if links["initiatives"] else []
    return {
        "title": assignment.title,
        "fiches": [str(each.version.fiche_id) for each in given],
        "sections": [f"{each.version.fiche_id}:{section}" for each in given for section in each.sections],
        "initiatives": "\n".join(initiative.get_absolute_url() for initiative in initiatives),
        "instruction": assignment.instruction,
        "question": assignment.question,
        "guided": "\n".join(assignment.guided),
        "grid": "\n".join(assignment.grid),
        "competences": [str(pk) for pk in links["competences"]],
    }


def named(competence: Competence) -> str:
    """With whose it is: a national reference text's, or the centre's own."""
    whose = "liste du centre" if competence.centre_id else competence.get_curriculum_display()
    return f"{competence} ({whose})"


def lines_of(text: str, what: str, most: int) -> list[str]:
    """What is written one a line, each once."""
    lines = list(
        dict.fromkeys(one_line(line, "Une des lignes est vide.") for line in text.splitlines() if line.strip())
    )
    if len(lines) > MAX_LINES:
        raise forms.ValidationError(f"{MAX_LINES} {what} au plus\u00a0: il y en a {len(lines)}.")
    for line in lines:
        if len(line) > most:
            raise forms.ValidationError(f"{most} signes au plus par ligne\u00a0: «\u00a0{line[:60]}…\u00a0»")
    return lines


def slug_in(line: str) -> str:
    """The slug of an initiative's address, whole or partial; empty when there is none."""
    try:
        path = urlsplit(line).path
    except ValueError:
        return ""
    found = re.fullmatch(r"(?:.*/initiatives/|/)?([a-z0-9-]{1,140})/?", path)
    return found[1] if found else ""
