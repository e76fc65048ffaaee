"""« Ce travail a été accepté »: a number that anyone can check, and that shows nothing of the note."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from initiatives.workflow import Refused
from training import numbers
from training.models.centres import centres_of
from training.models.works import Comment, Work

NO_NAME = "Écrivez d’abord votre nom dans votre compte\u00a0: une attestation le porte."


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def of(self, someone: Someone) -> Self:
        return self.filter(student=someone) if isinstance(someone, Person) else self.none()

    def valid(self) -> Self:
        return self.filter(revoked_at=None)

    def revocable_by(self, someone: Someone) -> Self:
        """Those of one's own, and those of works that the centres where one teaches have accepted."""
        if not isinstance(someone, Person):
            return self.none()
        taught = Q(work__assignment__cohort__centre__in=centres_of(someone, RoleKind.TRAINER))
        return self.valid().filter(Q(student=someone) | taught)

    def numbered(self, typed: str) -> Self:
        """The one of this number as people type it: small letters, spaces and dashes are forgiven."""
        number = numbers.read(typed)
        return self.filter(number=number) if number else self.none()

    def over(self, on: date) -> Self:
        """Made too long ago to be checked any more."""
        return self.filter(made_at__date__lt=on - Attestation.KEPT)

    def revoke(self) -> int:
        """From now on their numbers say « annulée », and their works may be given another one; how many there were."""
        return self.valid().update(revoked_at=timezone.now(), work=None)


class Attestation(models.Model):
    """What was accepted, as it was said that day: it outlives the note, and a revoked number stays told as such."""

    KEPT = timedelta(days=5 * 365 + 1)

    number = models.CharField("numéro", max_length=16, unique=True)
    work = models.OneToOneField(Work, on_delete=models.SET_NULL, null=True, related_name="attestation")
    student = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="attestations")
    student_name = models.CharField("nom", max_length=120)
    centre_name = models.CharField("centre", max_length=200)
    cohort_name = models.CharField("promotion", max_length=120)
    title = models.CharField("devoir", max_length=160)
    accepted_on = models.DateField("accepté le")
    made_at = models.DateTimeField("établie le", default=timezone.now)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.spoken

    def get_absolute_url(self) -> str:
        return reverse("attestation", args=[self.spoken])

    @property
    def spoken(self) -> str:
        return numbers.spoken(self.number)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    @property
    def made_on(self) -> date:
        return timezone.localdate(self.made_at)

    @property
    def checkable_until(self) -> date:
        return self.made_on + self.KEPT

    @classmethod
    def make(cls, work: Work) -> Attestation:
        """The attestation of an accepted work, asked by its student; asked twice, it is the same one."""
        with transaction.atomic():
            held = Work.objects.select_for_update(of=("self",)).select_related(
                "student", "assignment__cohort__centre__organisation"
            )  # fmt: skip
            work = held.defer("draft", "answers").get(pk=work.pk)
            known = cls.objects.valid().filter(work=work).first()
            if known:
                return known
            if not work.is_accepted:
                raise Refused("Une attestation se demande quand le travail est accepté.")
            if not work.student.name.strip():
                raise Refused(NO_NAME)
            cohort = work.assignment.cohort
            return cls.objects.create(
                number=numbers.drawn(),
                work=work,
                student=work.student,
                student_name=work.student.name.strip(),
                centre_name=str(cohort.centre),
                cohort_name=cohort.name,
                title=work.assignment.title,
                accepted_on=accepted_on(work),
            )

    def revoke(self) -> bool:
        """False when it was done already."""
        return bool(Attestation.objects.filter(pk=self.pk).revoke())


def accepted_on(work: Work) -> date:
    """The day a work was last accepted."""
    said = Comment.objects.filter(note__work=work, verdict=Comment.Verdict.ACCEPTED).order_by("-at")
    return timezone.localdate(said.values_list("at", flat=True)[0])
