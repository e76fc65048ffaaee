"""What is given to read: fiches in the version of that day, initiatives, a question and dates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from guide.models import Fiche, FicheVersion
from initiatives.models import Initiative
from initiatives.workflow import Refused, SavedElsewhere
from training import deadlines
from training.deadlines import Dates
from training.models.centres import Centre, Cohort, Competence, Enrolment, Group, centres_of, last_end_forgotten

if TYPE_CHECKING:
    from training.models.fiches import AssignedFiche
    from training.models.works import Work

SAID = ("title", "instruction", "question", "guided", "grid", "opens_at", "due_at", "closes_at", "for_all")
MANY = ("initiatives", "competences", "groups", "students")
FROZEN = frozenset({"question", "guided", "fiches"})
"""What a note answers: once one is sent, it no longer changes."""


@dataclass(frozen=True)
class Revision:
    """What an edit changed: names of fields, the dates before it, who it is asked of that wasn't, and the reverse."""

    changed: set[str]
    dates: Dates
    newcomers: list[Person]
    gone: list[Person]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def given_by(self, someone: Someone) -> Self:
        """Of the cohorts a trainer teaches: what is another centre's is not found."""
        return self.filter(cohort__centre__in=centres_of(someone, RoleKind.TRAINER))

    def given_to(self, someone: Someone) -> Self:
        """Open assignments addressed to a student, in the cohorts they are in, until a year after these end.

        What they have begun stays theirs; `is_asked` says whether it is still asked of them.
        """
        if not isinstance(someone, Person):
            return self.none()
        own = Enrolment.objects.current().filter(student=someone, cohort=OuterRef("cohort"))
        in_group = own.filter(groups__assignments=OuterRef("pk"))
        named = Assignment.students.through.objects.filter(assignment=OuterRef("pk"), person=someone)
        begun = apps.get_model("training", "Work").objects.filter(assignment=OuterRef("pk"), student=someone)
        asked = Q(for_all=True) | Exists(in_group) | Exists(named)
        return self.annotate(is_asked=ExpressionWrapper(asked, models.BooleanField())).filter(
            Q(is_asked=True) | Exists(begun),
            Exists(own),
            opens_at__lte=timezone.now(),
            cohort__ends_on__gt=last_end_forgotten(timezone.localdate()),
        )

    def readable_by(self, someone: Someone) -> Self:
        """By those it is given to, and by the trainers of its centre."""
        return self.filter(
            Q(pk__in=Assignment.objects.given_to(someone).values("pk"))
            | Q(cohort__centre__in=centres_of(someone, RoleKind.TRAINER))
        )

    def with_places(self) -> Self:
        return self.select_related("cohort__centre__organisation")

    def with_dates_of(self, student: Person) -> Self:
        """`extended_to`: until when this student has, where they were given more time."""
        extensions = apps.get_model("training", "Extension").objects
        own = extensions.filter(assignment=OuterRef("pk"), student=student)
        return self.annotate(extended_to=Subquery(own.values("due_at")[:1]))

    def shared_in(self, centre: Centre) -> Self:
        """What its trainers keep as models for one another."""
        return self.filter(cohort__centre=centre).exclude(shared_at=None).order_by("title", "pk")

    def opened_between(self, after: tuple[datetime, int], until: datetime) -> Self:
        """In the order they opened, after that instant and that id; those given at once weren't waited for."""
        opens_at, pk = after
        later = Q(opens_at__gt=opens_at) | Q(opens_at=opens_at, pk__gt=pk)
        return self.filter(later, opens_at__lte=until, created_at__lt=F("opens_at")).order_by("opens_at", "pk")

    def in_force(self) -> Self:
        """All but those taken back before any note was sent: nobody is asked for them, nobody answered."""
        sent = apps.get_model("training", "Work").objects.filter(assignment=OuterRef("pk")).exclude(status="begun")
        some = [
            Exists(each.objects.filter(assignment=OuterRef("pk")))
            for each in (Assignment.groups.through, Assignment.students.through)
        ]
        return self.filter(Q(for_all=True) | some[0] | some[1] | Exists(sent))

    def taken_up_by(self, cohort: Cohort) -> Self:
        """`is_taken_up`: whether this cohort was given a clone of it."""
        return self.annotate(is_taken_up=Exists(cohort.assignments.filter(cloned_from=OuterRef("pk"))))

    def with_links(self) -> Self:
        """`links` without a query: ids of what it is made of."""
        ids = {
            f"{name}_ids": ArraySubquery(through.objects.filter(assignment=OuterRef("pk")).values(column))
            for name, through, column in (
                ("initiatives", Assignment.initiatives.through, "initiative_id"),
                ("competences", Assignment.competences.through, "competence_id"),
            )
        }
        return self.with_recipient_ids().with_fiches().annotate(**ids)

    def with_recipients(self) -> Self:
        """What `is_addressed_to` reads of each."""
        return self.prefetch_related("groups", "students")

    def with_fiches(self) -> Self:
        """What there is to read, in order, with what the guide says of each today."""
        given = apps.get_model("training", "AssignedFiche").objects.select_related("version__fiche__current")
        return self.prefetch_related(Prefetch("fiches", queryset=given))

    def with_recipient_ids(self) -> Self:
        """The same in the very query, when nobody's name is to be shown."""
        groups = Assignment.groups.through.objects.filter(assignment=OuterRef("pk")).values("group_id")
        students = Assignment.students.through.objects.filter(assignment=OuterRef("pk")).values("person_id")
        return self.annotate(groups_ids=ArraySubquery(groups), students_ids=ArraySubquery(students))


def ids_of(thing: models.Model, name: str) -> set[int]:
    """Of what it is linked to, as annotated, else as read."""
    known = getattr(thing, f"{name}_ids", None)
    return {each.pk for each in getattr(thing, name).all()} if known is None else set(known)


class Assignment(models.Model):
    """Fiches (and initiatives) to read by a cohort, with a question and dates. Fiche versions are frozen when given."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    title = models.CharField("titre", max_length=160)
    instruction = models.TextField("consigne", blank=True, validators=[MaxLengthValidator(4000)])
    question = models.TextField("question", validators=[MaxLengthValidator(2000)])
    opens_at = models.DateTimeField("ouverture")
    due_at = models.DateTimeField("à rendre avant", help_text="the first instant at which one is late")
    closes_at = models.DateTimeField(
        "fermeture", null=True, blank=True, help_text="from then on nothing can be sent any more; empty: never"
    )
    guided = models.JSONField("questions guidées", default=list, blank=True, help_text="[a question, …]; empty: free")
    grid = models.JSONField("grille", default=list, blank=True, help_text="[a criterion, …]; empty: none")
    competences = models.ManyToManyField(Competence, related_name="assignments", blank=True, verbose_name="compétences")
    for_all = models.BooleanField("à toute la promotion", default=True)
    groups = models.ManyToManyField(Group, related_name="assignments", blank=True, verbose_name="sous-groupes")
    students = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="étudiants")
    """With `groups`, those it is given to when it isn't for all. A group that is removed never makes it everyone's."""
    shared_at = models.DateTimeField("partagé comme modèle le", null=True, blank=True)
    cloned_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="clones")
    initiatives = models.ManyToManyField("initiatives.Initiative", verbose_name="initiatives à lire", blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    is_taken_up: bool  # of `taken_up_by()`
    is_asked = True  # of `given_to()`

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "devoir"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opens_at")),
                name="assignment_dates_in_order",
                violation_error_message="La date de remise vient après l’ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gte=F("due_at")),
                name="assignment_closes_after_due",
                violation_error_message="La fermeture ne peut pas précéder la date de remise.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:assignment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return timezone.now() >= self.opens_at

    @property
    def opens_in_words(self) -> str:
        return deadlines.in_words(self.opens_at)

    @property
    def opens_briefly(self) -> str:
        return deadlines.brief(self.opens_at)

    @property
    def due_briefly(self) -> str:
        return deadlines.brief(deadlines.last_minute(self.due_at))

    @property
    def dates(self) -> Dates:
        """For the whole class; for the student of `with_dates_of()`, theirs."""
        return Dates(self.due_at, self.closes_at).extended_to(getattr(self, "extended_to", None))

    @property
    def is_late(self) -> bool:
        return self.dates.is_late

    @property
    def due_in_words(self) -> str:
        return self.dates.due_in_words

    @property
    def due_far(self) -> str:
        return self.dates.due_far

    def dates_of(self, student: Person) -> Dates:
        extension = self.extensions.filter(student=student).first()
        return Dates(self.due_at, self.closes_at).extended_to(extension.due_at if extension else None)

    def is_addressed_to(self, enrolment: Enrolment) -> bool:
        """Without a query when both come with their groups, or ids (`with_recipient_ids()`, `with_group_ids()`)."""
        if self.for_all or enrolment.student_id in ids_of(self, "students"):
            return True
        return not ids_of(self, "groups").isdisjoint(ids_of(enrolment, "groups"))

    def recipients(self) -> list[Person]:
        """The students it is addressed to now, by name."""
        enrolments = self.cohort.enrolments.current().select_related("student").prefetch_related("groups")
        named = {enrolment.student_id for enrolment in enrolments if self.is_addressed_to(enrolment)}
        return [student for student in self.cohort.current_students() if student.pk in named]

    @property
    def is_withdrawn(self) -> bool:
        """Asked of nobody any more; who has begun keeps what they wrote. Read of « with_recipients() », no query."""
        return not (self.for_all or ids_of(self, "groups") or ids_of(self, "students"))

    @property
    def has_notes(self) -> bool:
        """Whether a note was sent: what it answers no longer changes."""
        return self.works.exclude(status="begun").exists()

    @property
    def newer_fiches(self) -> list[AssignedFiche]:
        """Those of which the guide has a newer version than the one given."""
        given = [each for each in self.fiches.all() if each.version.fiche.current_id not in (None, each.version_id)]
        prefetch_related_objects(given, "version__fiche__current")
        return given

    @classmethod
    def give(
        cls,
        cohort: Cohort,
        by: Person,
        *,
        fiches: Iterable[Fiche],
        initiatives: Iterable[Initiative] = (),
        sections: Mapping[int, Sequence[str]] | None = None,
        competences: Iterable[Competence] = (),
        groups: Iterable[Group] = (),
        students: Iterable[Person] = (),
        **said: Any,
    ) -> Assignment:
        """Give this to a cohort, with the fiches as they read today. The same one given twice in a minute is one.

        `sections`: by fiche, the ids of those to read; a fiche that isn't named is read whole.
        """
        many = {"initiatives": initiatives, "competences": competences, "groups": groups, "students": students}
        chosen = {fiche.number: fiche.current for fiche in fiches if fiche.current}
        asked = _links(chosen, sections, many)
        with transaction.atomic():
            if Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk).is_over:
                raise Refused("Cette promotion est terminée : on ne lui donne plus de devoir.")
            same = {name: value for name, value in said.items() if name != "opens_at"}
            since = timezone.now() - timedelta(minutes=1)
            for twin in cls.objects.filter(cohort=cohort, created_by=by, created_at__gte=since, **same):
                if twin.links == asked:
                    return twin
            assignment = cls.objects.create(cohort=cohort, created_by=by, **said)
            assignment._read(chosen, sections)
            for name, some in asked.items():
                if name != "fiches":
                    getattr(assignment, name).set(some)
        return assignment

    @property
    def links(self) -> dict[str, Any]:
        """What it is made of besides its own words: fiches with their sections, and ids."""
        known = self if hasattr(self, "initiatives_ids") else Assignment.objects.with_links().get(pk=self.pk)
        return {
            "fiches": {given.version.fiche_id: sorted(given.sections) for given in known.fiches.all()},
            **{name: sorted(getattr(known, f"{name}_ids")) for name in MANY},
        }

    @property
    def mark(self) -> str:
        """All it says, in a few signs: sent back by a form, they tell that nobody wrote meanwhile."""
        whole = [self.links, *(getattr(self, name) for name in SAID)]
        return hashlib.sha256(json.dumps(whole, default=str, sort_keys=True).encode()).hexdigest()[:24]

    def revise(
        self,
        *,
        seen: str,
        fiches: Iterable[Fiche],
        sections: Mapping[int, Sequence[str]] | None = None,
        initiatives: Iterable[Initiative] = (),
        competences: Iterable[Competence] = (),
        groups: Iterable[Group] = (),
        students: Iterable[Person] = (),
        **said: Any,
    ) -> Revision:
        """Say it otherwise, unless somebody did since `seen` (SavedElsewhere); fiches that stay keep their version."""
        many = {"initiatives": initiatives, "competences": competences, "groups": groups, "students": students}
        chosen = {fiche.number: fiche.current for fiche in fiches if fiche.current}
        asked = _links(chosen, sections, many)
        with transaction.atomic():
            held = self.hold()
            if held.mark != seen:
                raise SavedElsewhere
            before, links = {name: getattr(held, name) for name in said}, held.links
            changed = {name for name, value in said.items() if before[name] != value}
            changed |= {name for name in asked if links[name] != asked[name]}
            if changed & FROZEN and held.has_notes:
                raise Refused("Une note est déjà envoyée : la question et les fiches à lire ne changent plus.")
            told = {person.pk: person for person in held.recipients()}
            Assignment.objects.filter(pk=self.pk).update(**said)
            held._read(chosen, sections)
            for name in changed & set(many):
                getattr(held, name).set(asked[name])
            now = Assignment.objects.get(pk=self.pk)
            asked_now = {person.pk: person for person in now.recipients()}
            newcomers = [person for pk, person in asked_now.items() if pk not in told]
            gone = [person for pk, person in told.items() if pk not in asked_now]
        return Revision(changed, held.dates, newcomers, gone)

    def hold(self) -> Assignment:
        """The same, that until the transaction ends nobody else changes, begins or sends."""
        rows = Assignment.objects.with_links().select_for_update(of=("self",)).select_related("cohort")
        held = rows.get(pk=self.pk)
        list(self.works.select_for_update(of=("self",)).values_list("pk"))
        return held

    def _read(self, chosen: Mapping[int, FicheVersion], sections: Mapping[int, Sequence[str]] | None) -> None:
        """Fiches to read, in the order of the guide; those that were there already stay in their version."""
        known = {given.version.fiche_id: given for given in self.fiches.select_related("version")}
        for number, given in known.items():
            if number not in chosen:
                given.delete()
        for position, (number, version) in enumerate(chosen.items()):
            wanted = {"position": position, "sections": list((sections or {}).get(number, ()))}
            if number in known:
                self.fiches.filter(pk=known[number].pk).update(**wanted)
            else:
                self.fiches.create(version=version, **wanted)

    def withdraw(self) -> list[Person]:
        """Ask it of nobody any more; whom it was asked of. Nothing anyone wrote is lost, nor shown to have begun."""
        with transaction.atomic():
            held = self.hold()
            told = held.recipients()
            Assignment.objects.filter(pk=self.pk).update(for_all=False, shared_at=None)
            held.groups.clear()
            held.students.clear()
        return told

    def share(self, shared: bool = True) -> None:
        """Keep it as a model for the trainers of the centre, or no longer."""
        Assignment.objects.filter(pk=self.pk).update(shared_at=timezone.now() if shared else None)

    def work_of(self, student: Person) -> Work:
        """The student's work, kept as soon as something is written or declared."""
        work, _ = self.works.get_or_create(student=student)
        return work

    def known_work_of(self, student: Person) -> Work:
        """The same to be read: nothing is recorded of a page being opened."""
        return self.works.filter(student=student).first() or self.works.model(assignment=self, student=student)


def _links(
    chosen: Iterable[int], sections: Mapping[int, Sequence[str]] | None, many: Mapping[str, Iterable[Any]]
) -> dict[str, Any]:
    read = {number: sorted((sections or {}).get(number, ())) for number in chosen}
    return {"fiches": read, **{name: sorted(each.pk for each in some) for name, some in many.items()}}
