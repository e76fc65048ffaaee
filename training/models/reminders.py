"""What a student is reminded of, and the address at which their own calendar reads it."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from accounts.models import Person
from training.models.assignments import Assignment


def secret_key() -> str:
    return secrets.token_urlsafe(32)


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
