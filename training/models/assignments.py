"""What is given to read: fiches in the version of that day, initiatives, a question and dates."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from guide.models import Fiche, FicheVersion
from initiatives.models import Initiative
from training import deadlines
from training.models.centres import Cohort, Competence, Group, centres_of

if TYPE_CHECKING:
    from training.models.works import Work


def secret_key() -> str:
    return secrets.token_urlsafe(32)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def given_by(self, someone: Someone) -> Self:
        """Of the cohorts a trainer teaches: what is another centre's is not found."""
        return self.filter(cohort__centre__in=centres_of(someone, RoleKind.TRAINER))

    def given_to(self, someone: Someone) -> Self:
        """Open assignments of the cohorts a student is in."""
        if not isinstance(someone, Person):
            return self.none()
        return self.filter(
            cohort__enrolments__student=someone, cohort__enrolments__left_at=None, opens_at__lte=timezone.now()
        )

    def readable_by(self, someone: Someone) -> Self:
        """By those it is given to, and by the trainers of its centre."""
        return self.filter(
            Q(cohort__in=Cohort.objects.joined_by(someone).values("pk"), opens_at__lte=timezone.now())
            | Q(cohort__centre__in=centres_of(someone, RoleKind.TRAINER))
        )

    def with_places(self) -> Self:
        return self.select_related("cohort__centre__organisation")


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
    groups = models.ManyToManyField(Group, related_name="assignments", blank=True, verbose_name="sous-groupes")
    students = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="étudiants")
    """With `groups`, those it is given to; both empty, the whole cohort."""
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
    def is_late(self) -> bool:
        return timezone.now() >= self.due_at

    @property
    def opens_in_words(self) -> str:
        return deadlines.in_words(self.opens_at)

    @property
    def due_in_words(self) -> str:
        return deadlines.in_words(deadlines.last_minute(self.due_at))

    @property
    def due_far(self) -> str:
        return deadlines.how_far(deadlines.last_minute(self.due_at).date())

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


class Extension(models.Model):
    """More time for one student; why stays between them and the trainers of the centre."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField("à rendre avant")
    reason = models.CharField("raison", max_length=300, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "délai accordé"
        verbose_name_plural = "délais accordés"
        constraints = [models.UniqueConstraint(fields=["assignment", "student"], name="extension_once")]


class Reminder(models.Model):
    """« À rendre dans 7 jours », « demain »: written once a student, a date and an assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="reminders")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "rappel d’un devoir"
        verbose_name_plural = "rappels d’un devoir"
        constraints = [
            models.UniqueConstraint(fields=["assignment", "student", "days", "due_at"], name="reminder_once")
        ]


class Calendar(models.Model):
    """The secret address at which a person's calendar reads the dates of their assignments; a new key revokes it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar")
    key = models.CharField(max_length=43, unique=True, default=secret_key)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "agenda"
