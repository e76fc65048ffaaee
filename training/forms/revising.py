"""An assignment said otherwise once it is given; and what a form begins with when it takes one up."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Person
from guide.models import FicheVersion
from training import deadlines
from training.forms.giving import EVERYONE, SOME, AssignmentForm
from training.models import Assignment, Competence, Revision


class RevisionForm(AssignmentForm):
    """The same for one that is given. Open, it doesn't open again; answered, its question and its fiches stay."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    frozen = ("question", "guided", "fiches", "sections")

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        self.assignment = assignment
        super().__init__(*args, cohort=assignment.cohort, initial=dates_of(assignment), **kwargs)
        self.is_answered = assignment.has_notes
        if assignment.is_open:
            del self.fields["opens_on"], self.fields["opens_time"]
        if self.is_answered:
            for name in self.frozen:
                self.fields[name].disabled = True

    def source(self, model: Assignment | None) -> Assignment | None:
        return self.assignment

    def people(self) -> list[Person]:
        """Those named already stay offered, in a crowd too; who left is no longer in the list."""
        people = super().people()
        return people or [each for each in self.cohort.current_students() if each in self.assignment.students.all()]

    def may_train_for(self, source: Assignment | None) -> list[Competence]:
        """Those it names stay, offered or not any more."""
        return list(dict.fromkeys([*super().may_train_for(source), *self.assignment.competences.all()]))

    def offer_sections(self, source: Assignment | None) -> None:
        """Of the version given, for fiches that were."""
        given: dict[str, FicheVersion] = {
            str(each.version.fiche_id): each.version for each in self.assignment.fiches.all()
        }
        self.versions |= {number: version for number, version in given.items() if number in self.known}
        super().offer_sections(source)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        was = deadlines.last_minute(self.assignment.due_at).date()
        return day if day == was else super().clean_due_on()

    def must_come(self, due: datetime) -> bool:
        return due != self.assignment.due_at

    def opening(self, cleaned: dict[str, Any]) -> datetime | None:
        left = not {"opens_on", "opens_time"} & set(self.changed_data)
        return self.assignment.opens_at if self.assignment.is_open or left else super().opening(cleaned)

    def instant(self, name: str, cleaned: dict[str, Any]) -> datetime | None:
        """A date left as it was shown is the one it was, to the second."""
        was: datetime | None = getattr(self.assignment, f"{name}_at")
        if was and not {f"{name}_on", f"{name}_time"} & set(self.changed_data):
            return was
        return super().instant(name, cleaned)

    def revise(self) -> Revision:
        return self.assignment.revise(seen=self.cleaned_data["seen"], **self.said())


def minute_of(moment: datetime) -> time:
    """As the form shows it."""
    return moment.time().replace(second=0, microsecond=0)


def dates_of(assignment: Assignment) -> dict[str, Any]:
    """Until when, for whom, and the mark of what was read."""
    due = deadlines.last_minute(assignment.due_at)
    dates: dict[str, Any] = {"due_on": due.date(), "due_time": minute_of(due)}
    if assignment.closes_at:
        closes = deadlines.last_minute(assignment.closes_at)
        dates |= {"closes_on": closes.date(), "closes_time": minute_of(closes)}
    if not assignment.is_open:
        opens = timezone.localtime(assignment.opens_at)
        dates |= {"opens_on": opens.date(), "opens_time": minute_of(opens)}
    groups, students = ([str(pk) for pk in assignment.links[name]] for name in ("groups", "students"))
    audience = EVERYONE if assignment.for_all else SOME
    return {**dates, "audience": audience, "groups": groups, "students": students, "seen": assignment.mark}
