"""Assignments of one cohort given again to another: which of them, on which days, to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Person
from guide.models import Fiche
from initiatives.models import Initiative
from training import deadlines
from training.forms.dates import DatedForm
from training.models import Assignment, Cohort, Competence, Group, group_key
from training.shifting import Moved, OpenDays, Shifted, shifted

EVERYONE, GROUPS = "all", "groups"
MOST = 60
MOST_WEEKS = 520


class SourceForm(forms.Form):
    """Which cohort's assignments, and how many weeks later: the address says it."""

    de = forms.ChoiceField(label="Promotion dont on reprend les devoirs")
    semaines = forms.IntegerField(
        label="Décalage en semaines",
        required=False,
        min_value=-MOST_WEEKS,
        max_value=MOST_WEEKS,
        help_text="Vide\u00a0: l’écart entre les débuts des deux promotions.",
    )

    def __init__(self, *args: Any, sources: Sequence[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(cohort.pk): cohort for cohort in sources}
        field = self.fields["de"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, str(cohort)) for pk, cohort in self.known.items()]
        self.fields["semaines"].mark_optional = False  # type: ignore[attr-defined]
        self.fields["semaines"].small = True  # type: ignore[attr-defined]


@dataclass(frozen=True)
class There:
    """What the new cohort has, read once for all its rows."""

    cohort: Cohort
    fiches: Mapping[int, Fiche]
    initiatives: Mapping[int, Initiative]
    competences: Mapping[int, Competence]
    groups: Mapping[str, Group]
    old_groups: Mapping[int, str]
    days: OpenDays


def there(cohort: Cohort, source: Cohort, assignments: Sequence[Assignment]) -> There:
    wanted = {pk for each in assignments for pk in each.links["initiatives"]}
    groups = list(Group.objects.filter(cohort__in=(cohort.pk, source.pk)))
    return There(
        cohort=cohort,
        fiches={fiche.number: fiche for fiche in Fiche.objects.readable()},
        initiatives={each.pk: each for each in Initiative.objects.published().filter(pk__in=wanted)} if wanted else {},
        competences={each.pk: each for each in Competence.objects.offered_to(cohort)},
        groups={group_key(group.name): group for group in groups if group.cohort_id == cohort.pk},
        old_groups={group.pk: group.name for group in groups if group.cohort_id == source.pk},
        days=OpenDays.of(cohort.centre),
    )


class CloneRow(DatedForm):
    """One assignment: its dates as they fall there, which one may still change."""

    take = forms.BooleanField(required=False)
    audience = forms.ChoiceField(
        label="À qui le donner",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez pour qui.", "invalid_choice": "Choisissez pour qui."},
    )

    def __init__(self, data: Any, *, source: Assignment, weeks: int, there: There) -> None:
        self.source, self.there = source, there
        self.plan: Shifted = shifted(source, weeks, there.days)
        self.groups, self.groups_gone = self.matched_groups()
        super().__init__(data, cohort=there.cohort, prefix=str(source.pk), initial=self.begun())
        self.is_taken = data is not None and bool(data.get(self.add_prefix("take")))
        self.fields["take"].label = source.title
        audiences = [(EVERYONE, "toute la promotion")]
        if self.groups:
            audiences.insert(0, (GROUPS, ", ".join(group.name for group in self.groups)))
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = audiences
        self.fields["opens_on"].label = "S’ouvre le"
        if source.for_all:
            del self.fields["audience"]
        if source.closes_at is None:
            del self.fields["closes_on"], self.fields["closes_time"]

    def begun(self) -> dict[str, Any]:
        plan = self.plan
        dates: dict[str, Any] = {"due_on": plan.due.day, "due_time": plan.due_time}
        if not self.opens_at_once:
            dates |= {"opens_on": plan.opens.day, "opens_time": plan.opens_time}
        if plan.closes:
            dates |= {"closes_on": plan.closes.day, "closes_time": plan.closes_time}
        audience = GROUPS if self.groups and not self.groups_gone else ""
        return {**dates, "audience": audience, "take": not (self.is_done or self.out_of_reach)}

    @staticmethod
    def now() -> tuple[date, time]:
        local = timezone.localtime()
        return local.date(), local.time()

    @property
    def opens_at_once(self) -> bool:
        """Weeks later, it would have opened already."""
        return (self.plan.opens.day, self.plan.opens_time) <= self.now()

    # --- As the page shows it -------------------------------------------------------------------------------------

    @property
    def is_done(self) -> bool:
        return self.source.is_taken_up

    @property
    def out_of_reach(self) -> str:
        """Why it can't be given on those days."""
        if self.plan.due.day > self.there.cohort.ends_on:
            return "La date de remise tomberait après la fin de la promotion."
        if (self.plan.due.day, self.plan.due_time) < self.now():
            return "La date de remise serait déjà passée."
        return ""

    @property
    def is_open(self) -> bool:
        """Whether its dates are to be seen at once."""
        return bool(self.out_of_reach) or (self.is_taken and bool(self.errors))

    @property
    def moved(self) -> list[tuple[str, Moved, str]]:
        """Each date: what it is, where it falls with why, and in words."""
        plan = self.plan
        rows: list[tuple[str, Moved, time]] = [
            ("S’ouvre", plan.opens, plan.opens_time),
            ("À rendre", plan.due, plan.due_time),
        ]
        if plan.closes and plan.closes_time:
            rows.append(("Ferme", plan.closes, plan.closes_time))
        said = [(label, moved, day_and_hour(moved.day, clock)) for label, moved, clock in rows]
        if self.opens_at_once:
            label, moved, words = said[0]
            said[0] = (label, Moved(moved.day, moved.day), f"tout de suite ({words} est passé)")
        return said

    @property
    def lost(self) -> list[str]:
        """What doesn't follow, said before."""
        links, said = self.source.links, []
        gone = len(links["initiatives"]) - len(self.initiatives)
        if gone:
            said.append(f"{gone} initiative{'s ne sont' if gone > 1 else ' n’est'} plus dans le catalogue.")
        gone = len(links["competences"]) - len(self.competences)
        if gone:
            what = f"{gone} compétences ne sont pas proposées" if gone > 1 else "Une compétence n’est pas proposée"
            said.append(f"{what} à cette promotion.")
        if self.groups_gone:
            names = ", ".join(self.groups_gone)
            said.append(f"Sous-groupes que cette promotion n’a pas\u00a0: {names}.")
        if links["students"]:
            said.append("Il était donné à des personnes par leur nom\u00a0: elles ne sont pas reprises.")
        for given in self.source.fiches.all():
            fiche = self.there.fiches.get(given.version.fiche_id)
            if fiche is None or fiche.current is None:
                said.append(f"La fiche {given.version.fiche_id} n’est plus dans le guide.")
            elif fiche.current.pk != given.version_id:
                versions = f"version {fiche.current.number} (vous aviez donné la {given.version.number})"
                said.append(f"Fiche {fiche.number}\u00a0: {versions}.")
                if len(self.sections.get(fiche.number, ())) < len(given.sections):
                    said.append(f"Fiche {fiche.number}\u00a0: des parties choisies n’y sont plus.")
        return said

    # --- What is given --------------------------------------------------------------------------------------------

    def matched_groups(self) -> tuple[list[Group], list[str]]:
        """Groups of the same name there; names that aren't there."""
        found, gone = [], []
        for pk in self.source.links["groups"]:
            name = self.there.old_groups.get(pk, "")
            group = self.there.groups.get(group_key(name))
            if group:
                found.append(group)
            else:
                gone.append(name)
        return found, gone

    @property
    def initiatives(self) -> list[Initiative]:
        known = self.there.initiatives
        return [known[pk] for pk in self.source.links["initiatives"] if pk in known]

    @property
    def competences(self) -> list[Competence]:
        known = self.there.competences
        return [known[pk] for pk in self.source.links["competences"] if pk in known]

    @property
    def fiches(self) -> list[Fiche]:
        known = self.there.fiches
        numbers = [given.version.fiche_id for given in self.source.fiches.all()]
        return [known[number] for number in numbers if number in known]

    @property
    def sections(self) -> dict[int, list[str]]:
        """Those chosen that today's version still has."""
        kept = {}
        for given in self.source.fiches.all():
            fiche = self.there.fiches.get(given.version.fiche_id)
            if fiche and fiche.current:
                known = {each["id"] for each in fiche.current.sections}
                kept[fiche.number] = [each for each in given.sections if each in known]
        return kept

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.clean_instants(cleaned)
        if not self.fiches and not self.initiatives:
            self.add_error("due_on", "Il ne reste rien à lire dans ce devoir\u00a0: ne le reprenez pas.")
        return cleaned

    def give(self, by: Person) -> Assignment:
        said, source = self.cleaned_data, self.source
        for_all = said.get("audience", EVERYONE) == EVERYONE
        return Assignment.give(
            self.there.cohort,
            by,
            fiches=self.fiches,
            sections=self.sections,
            initiatives=self.initiatives,
            competences=self.competences,
            groups=() if for_all else self.groups,
            for_all=for_all,
            opens_at=said["opens_at"],
            due_at=said["due_at"],
            closes_at=said["closes_at"],
            cloned_from=source,
            **{name: getattr(source, name) for name in ("title", "instruction", "question", "guided", "grid")},
        )


def day_and_hour(day: date, clock: time) -> str:
    return deadlines.in_words(deadlines.opening(day, clock))
