"""Teaching with the guide: centres, cohorts, assignments, and the private work of each student."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import Organisation, Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from guide.models import FicheVersion

MAX_NOTE = 20_000
# No vowels nor look-alikes: a code read aloud in a classroom is typed right.
CODE_SIGNS = "BCDFGHJKMNPQRTVWXZ346789"


def join_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(8))


class Centre(models.Model):
    """A training centre (EFTS), opened by the national team; it extends an organisation."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="centre")
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = "centre de formation"

    def __str__(self) -> str:
        return self.organisation.name


def centres_of(someone: Someone, *kinds: str) -> list[int]:
    """Ids of the centres where a person holds one of these roles now."""
    return [role.organisation_id for role in rights.roles_of(someone, *kinds) if role.organisation_id]


class CohortQuerySet(models.QuerySet["Cohort"]):
    def taught_by(self, someone: Someone) -> Self:
        return self.filter(centre__in=centres_of(someone, RoleKind.TRAINER))

    def joined_by(self, someone: Someone) -> Self:
        if not isinstance(someone, Person):
            return self.none()
        return self.filter(enrolments__student=someone, enrolments__left_at=None)


class Cohort(models.Model):
    """The students of one year of a centre."""

    class Curriculum(models.TextChoices):
        Y2018 = "2018", "référentiel de 2018"
        Y2026 = "2026", "référentiel de 2026"

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField("nom de la promotion", max_length=120)
    curriculum = models.CharField("référentiel", max_length=4, choices=Curriculum, default=Curriculum.Y2026)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    join_code = models.CharField("code d’inscription", max_length=8, unique=True, default=join_code)
    join_open = models.BooleanField("inscriptions ouvertes", default=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "promotion"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cohort_dates_in_order",
                violation_error_message="La fin de la promotion vient après son début.",
            ),
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="cohort_name_once",
                violation_error_message="Une promotion de ce centre porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:cohort", args=[self.pk])

    def enrol(self, student: Person) -> Enrolment:
        """Join, or come back; twice is once."""
        with transaction.atomic():
            enrolment, _ = Enrolment.objects.update_or_create(cohort=self, student=student, defaults={"left_at": None})
        return enrolment


class Enrolment(models.Model):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "inscription"
        constraints = [models.UniqueConstraint(fields=["cohort", "student"], name="enrolment_once")]


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


class Assignment(models.Model):
    """Fiches (and initiatives) to read by a cohort, with a question and dates. Fiche versions are frozen when given."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    title = models.CharField("titre", max_length=160)
    instruction = models.TextField("consigne", blank=True, validators=[MaxLengthValidator(4000)])
    question = models.TextField("question", validators=[MaxLengthValidator(2000)])
    opens_at = models.DateTimeField("ouverture")
    due_at = models.DateTimeField("à rendre le")
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
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:assignment", args=[self.pk])

    @property
    def is_late(self) -> bool:
        return timezone.now() >= self.due_at

    def work_of(self, student: Person) -> Work:
        work, _ = Work.objects.get_or_create(assignment=self, student=student)
        return work


class AssignedFiche(models.Model):
    """A fiche to read, in the version it had when it was given."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="fiches")
    version = models.ForeignKey(FicheVersion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="assigned_fiche_once")]


class WorkQuerySet(models.QuerySet["Work"]):
    def of(self, someone: Someone) -> Self:
        return self.filter(student=someone) if isinstance(someone, Person) else self.none()

    def readable_by_trainer(self, someone: Someone) -> Self:
        return self.filter(assignment__cohort__centre__in=centres_of(someone, RoleKind.TRAINER))


class Work(models.Model):
    """What one student does with one assignment. The draft is the student's alone; others read only sent notes."""

    class Status(models.TextChoices):
        BEGUN = "begun", "en cours"
        SENT = "sent", "envoyé"
        TO_REDO = "to_redo", "à reprendre"
        ACCEPTED = "accepted", "accepté"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="works")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="works")
    status = models.CharField(max_length=10, choices=Status, default=Status.BEGUN)
    draft = models.TextField("note", blank=True, validators=[MaxLengthValidator(MAX_NOTE)])
    edition = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        constraints = [models.UniqueConstraint(fields=["assignment", "student"], name="work_once")]

    def send(self) -> SentNote:
        """Freeze the draft as a new sent note. An identical second sending gives the same note."""
        with transaction.atomic():
            work = Work.objects.select_for_update(of=("self",)).get(pk=self.pk)
            last = work.notes.order_by("-number").first()
            if last and last.text == work.draft and work.status == Work.Status.SENT:
                return last
            note = SentNote.objects.create(work=work, number=last.number + 1 if last else 1, text=work.draft)
            Work.objects.filter(pk=work.pk).update(status=Work.Status.SENT)
        self.status = Work.Status.SENT
        return note


class SentNote(models.Model):
    """A note as it was sent: every version is kept."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="notes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "note envoyée"
        ordering = ["work", "number"]
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="sent_note_once")]


class Comment(models.Model):
    """What a trainer answers to a sent note."""

    note = models.ForeignKey(SentNote, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(validators=[MaxLengthValidator(4000)])
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "commentaire"
        ordering = ["at", "pk"]


class Reading(models.Model):
    """« Lu »: declared by the student, never observed."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="readings")
    fiche = models.ForeignKey(AssignedFiche, on_delete=models.CASCADE, related_name="readings")
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "lecture déclarée"
        constraints = [models.UniqueConstraint(fields=["work", "fiche"], name="reading_once")]


def school_year(day: date) -> str:
    """« 2026-2027 » for a day of that school year, which begins in September."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"
