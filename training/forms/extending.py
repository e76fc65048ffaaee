"""More time for one student."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.models import Person
from training import deadlines
from training.forms.dates import EVENING
from training.forms.fields import ClockField, day_field, sensible, small
from training.models import Assignment, Extension


class ExtensionForm(forms.Form):
    student = forms.ChoiceField(
        label="Pour",
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Ce devoir n’est pas donné à cette personne.",
        },
    )
    due_on = day_field("Jusqu’au", error_messages={"required": "Choisissez le jour."})
    due_time = ClockField(label="Heure", help_text="La minute écrite est comprise.")
    reason = forms.CharField(
        label="Raison",
        required=False,
        max_length=300,
        help_text="Lue par les formatrices et formateurs du centre seulement. Écrivez-en le moins possible\u00a0: rien "
        "sur la santé ni sur la vie privée.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, assignment: Assignment, extension: Extension | None = None, **kwargs: Any) -> None:
        if extension:
            due = deadlines.last_minute(extension.due_at)
            clock = due.time().replace(second=0, microsecond=0)
            kwargs["initial"] = {"due_on": due.date(), "due_time": clock, "reason": extension.reason}
        super().__init__(*args, **kwargs)
        self.assignment, self.extension = assignment, extension
        self.fields["due_time"].initial = EVENING
        small(self.fields["due_time"])
        if extension:
            del self.fields["student"]
            return
        self.people = {str(person.pk): person for person in assignment.recipients()}
        field = self.fields["student"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisir…"), *((pk, str(person)) for pk, person in self.people.items())]

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean_due_on(self) -> date:
        day = sensible(self.cleaned_data["due_on"])
        if day > self.assignment.cohort.ends_on:
            last = deadlines.day_in_words(self.assignment.cohort.ends_on)
            raise forms.ValidationError(f"La promotion sera finie\u00a0: son dernier jour est le {last}.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, clock = cleaned.get("due_on"), cleaned.get("due_time")
        if day and clock:
            if deadlines.exists(day, clock):
                cleaned["due_at"] = deadlines.closing(day, clock)
            else:
                self.add_error(
                    "due_time", "Cette heure n’existe pas ce jour-là\u00a0: on passe de 2 heures à 3 heures."
                )
        return cleaned

    def grant(self, by: Person) -> Extension:
        said = self.cleaned_data
        student = self.extension.student if self.extension else self.people[said["student"]]
        return Extension.grant(self.assignment, student, by, due_at=said["due_at"], reason=said["reason"])
