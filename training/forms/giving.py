"""What is given to a cohort: what to read, the question, until when."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils import timezone

from accounts.models import Person
from guide.models import Fiche, Part
from initiatives.models import Initiative
from training import deadlines
from training.forms.fields import ClockField, day_field, one_line, small
from training.models import Assignment, Cohort

MORNING = time(8)
MAX_INITIATIVES = 20


class AssignmentForm(forms.Form):
    """What is given to a cohort; dates and hours are those of the country's clocks."""

    title = forms.CharField(label="Titre", max_length=160)
    fiches = forms.MultipleChoiceField(
        label="Fiches à lire",
        required=False,
        error_messages={"invalid_choice": "Une des fiches cochées n’existe pas."},
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
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = day_field("À rendre le")
    due_time = ClockField(label="Heure de remise", help_text="La minute écrite est comprise.")
    opens_on = day_field("Ouvrir plus tard, le", required=False, help_text="Vide\u00a0: tout de suite.")
    opens_time = ClockField(label="Heure d’ouverture", required=False, help_text="Vide\u00a0: 8 heures.")

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.known = {str(fiche.number): fiche for fiche in Fiche.objects.readable()}
        fiches = self.fields["fiches"]
        assert isinstance(fiches, forms.MultipleChoiceField)
        fiches.choices = [(number, fiche.title) for number, fiche in self.known.items()]
        self.fields["due_time"].initial = time(23, 59)
        for name in ("fiches", "initiatives"):
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
        self.fields["initiatives"].counter = False  # type: ignore[attr-defined]
        for name in ("due_time", "opens_time"):
            small(self.fields[name])

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, Fiche, bool]]]]:
        """The guide's parts, with the id of each fiche's box and whether it is ticked."""
        ticked = {str(value) for value in self["fiches"].value() or []}
        boxes = [
            (f"id_fiches_{index}", fiche, number in ticked) for index, (number, fiche) in enumerate(self.known.items())
        ]
        return [(Part(part).label, list(some)) for part, some in groupby(boxes, key=lambda box: box[1].part)]

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

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Cette date est passée.")
        return self.within_cohort(day)

    def clean_opens_on(self) -> date | None:
        day: date | None = self.cleaned_data["opens_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("Cette date est passée\u00a0: laissez vide pour ouvrir tout de suite.")
        return self.within_cohort(day) if day else None

    def within_cohort(self, day: date) -> date:
        if day > self.cohort.ends_on:
            last = deadlines.day_in_words(self.cohort.ends_on)
            raise forms.ValidationError(f"La promotion sera finie\u00a0: son dernier jour est le {last}.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"fiches", "initiatives"} & set(self.errors) and not (cleaned["fiches"] or cleaned["initiatives"]):
            self.add_error("fiches", "Choisissez au moins une fiche ou une initiative à lire.")
        opens, due = self.instants(cleaned)
        if opens and due and due <= opens:
            self.add_error("due_on", "La date de remise vient après l’ouverture.")
        elif due and due <= timezone.now():
            self.add_error("due_time", "Cette heure est passée.")
        cleaned["opens_at"], cleaned["due_at"] = opens, due
        return cleaned

    def instants(self, cleaned: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
        opens, due = timezone.now(), None
        day, clock = cleaned.get("opens_on"), cleaned.get("opens_time")
        if clock and not day and "opens_on" not in self.errors:
            self.add_error("opens_on", "Choisissez aussi le jour.")
        if day and self.on_clocks("opens_time", day, clock or MORNING):
            opens = max(opens, deadlines.opening(day, clock or MORNING))
        day, clock = cleaned.get("due_on"), cleaned.get("due_time")
        if day and clock and self.on_clocks("due_time", day, clock):
            due = deadlines.closing(day, clock)
        return opens, due

    def on_clocks(self, name: str, day: date, clock: time) -> bool:
        if deadlines.exists(day, clock):
            return True
        self.add_error(name, "Cette heure n’existe pas ce jour-là\u00a0: on passe de 2 heures à 3 heures.")
        return False

    def give(self, by: Person) -> Assignment:
        names = ("title", "instruction", "question", "opens_at", "due_at", "fiches", "initiatives")
        return Assignment.give(self.cohort, by, **{name: self.cleaned_data[name] for name in names})


def slug_in(line: str) -> str:
    """The slug of an initiative's address, whole or partial; empty when there is none."""
    try:
        path = urlsplit(line).path
    except ValueError:
        return ""
    found = re.fullmatch(r"(?:.*/initiatives/|/)?([a-z0-9-]{1,140})/?", path)
    return found[1] if found else ""
