"""More time for one student."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Person
from initiatives.workflow import Refused
from training import deadlines
from training.models.assignments import Assignment


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

    @property
    def due_in_words(self) -> str:
        return deadlines.in_words(deadlines.last_minute(self.due_at))

    @property
    def due_far(self) -> str:
        return deadlines.how_far(deadlines.last_minute(self.due_at).date())

    @classmethod
    def grant(
        cls, assignment: Assignment, student: Person, by: Person, *, due_at: datetime, reason: str = ""
    ) -> Extension:
        """Give this student until then, or another date than the one they were given before."""
        if by.pk == student.pk:
            raise Refused(
                "On ne s’accorde pas un délai à soi-même\u00a0: demandez-le à une autre personne de votre centre."
            )
        with transaction.atomic():
            held = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
            enrolment = held.cohort.enrolments.current().filter(student=student).first()
            if enrolment is None or not held.is_addressed_to(enrolment):
                raise Refused("Ce devoir n’est pas donné à cette personne.")
            if due_at <= held.due_at:
                raise Refused(f"Un délai va plus loin que la date commune, {held.due_in_words}.")
            if due_at <= timezone.now():
                raise Refused("Cette date est passée.")
            if held.works.filter(student=student, status="accepted").exists():
                raise Refused("Le travail de cette personne est déjà accepté.")
            said = {"due_at": due_at, "reason": reason, "given_by": by, "given_at": timezone.now()}
            return cls.objects.update_or_create(assignment=held, student=student, defaults=said)[0]

    def withdraw(self) -> bool:
        """The common date is theirs again; a note already sent is not made late by it. False when done already."""
        return bool(Extension.objects.filter(pk=self.pk).delete()[0])
