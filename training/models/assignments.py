"""What is given to read: fiches in the version of that day, initiatives, a question and dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from guide.models import Fiche, FicheVersion
from initiatives.models import Initiative
from training import deadlines
from training.deadlines import Dates
from training.models.centres import Cohort, Competence, Enrolment, Group, centres_of

if TYPE_CHECKING:
    from training.models.works import Work


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def given_by(self, someone: Someone) -> Self:
        """Of the cohorts a trainer teaches: what is another centre's is not found."""
        return self.filter(cohort__centre__in=centres_of(someone, RoleKind.TRAINER))

    def given_to(self, someone: Someone) -> Self:
        """Open assignments addressed to a student, in the cohorts they are in. What they have begun stays theirs."""
        if not isinstance(someone, Person):
            return self.none()
        own = Enrolment.objects.current().filter(student=someone, cohort=OuterRef("cohort"))
        in_group = own.filter(groups__assignments=OuterRef("pk"))
        named = Assignment.students.through.objects.filter(assignment=OuterRef("pk"), person=someone)
        begun = apps.get_model("training", "Work").objects.filter(assignment=OuterRef("pk"), student=someone)
        return self.filter(
            Q(for_all=True) | Exists(in_group) | Exists(named) | Exists(begun),
            Exists(own),
            opens_at__lte=timezone.now(),
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

    def with_recipients(self) -> Self:
        """What `is_addressed_to` reads of each."""
        return self.prefetch_related("groups", "students")


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
        """Without a query when both come with their groups (`with_recipients()`, `prefetch_related("groups")`)."""
        if self.for_all:
            return True
        if enrolment.student_id in {person.pk for person in self.students.all()}:
            return True
        return not {group.pk for group in self.groups.all()}.isdisjoint(group.pk for group in enrolment.groups.all())

    def recipients(self) -> list[Person]:
        """The students it is addressed to now, by name."""
        enrolments = self.cohort.enrolments.current().select_related("student").prefetch_related("groups")
        named = {enrolment.student_id for enrolment in enrolments if self.is_addressed_to(enrolment)}
        return [student for student in self.cohort.current_students() if student.pk in named]

    @classmethod
    def give(
        cls,
        cohort: Cohort,
        by: Person,
        *,
        fiches: Iterable[Fiche],
        initiatives: Iterable[Initiative] = (),
        **said: Any,
    ) -> Assignment:
        """Give this to a cohort, with the fiches as they read today. The same one given twice in a minute is one."""
        with transaction.atomic():
            Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
            asked = {name: value for name, value in said.items() if name != "opens_at"}
            twin = cls.objects.filter(
                cohort=cohort, created_by=by, created_at__gte=timezone.now() - timedelta(minutes=1), **asked
            )  # fmt: skip
            if given := twin.first():
                return given
            assignment = cls.objects.create(cohort=cohort, created_by=by, **said)
            AssignedFiche.objects.bulk_create(
                AssignedFiche(assignment=assignment, version=fiche.current, position=position)
                for position, fiche in enumerate(fiches)
                if fiche.current
            )
            assignment.initiatives.set(initiatives)
        return assignment

    def work_of(self, student: Person) -> Work:
        """The student's work, kept as soon as something is written or declared."""
        work, _ = self.works.get_or_create(student=student)
        return work

    def known_work_of(self, student: Person) -> Work:
        """The same to be read: nothing is recorded of a page being opened."""
        return self.works.filter(student=student).first() or self.works.model(assignment=self, student=student)


class AssignedFiche(models.Model):
    """A fiche to read, in the version it had when it was given."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="fiches")
    version = models.ForeignKey(FicheVersion, on_delete=models.PROTECT, related_name="+")
    sections = models.JSONField(default=list, blank=True, help_text="ids of the sections to read; empty: all of it")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "fiche donnée"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="assigned_fiche_once")]
