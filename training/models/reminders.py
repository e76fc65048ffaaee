"""What a student is reminded of, and the address at which their own calendar reads it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
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


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def of(self, person: Person) -> Calendar | None:
        return self.filter(person=person).first()

    def behind(self, key: str) -> Calendar | None:
        """Whose calendar this key opens; None for one that was changed, or that never was."""
        return self.filter(key=key, person__is_active=True, person__erased_at=None).select_related("person").first()


class Calendar(models.Model):
    """The secret address at which a person's calendar reads the dates of their assignments; a new key revokes it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar")
    key = models.CharField(max_length=43, unique=True, default=secret_key)
    made_at = models.DateTimeField(default=timezone.now)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = "agenda"

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("training:calendar_feed", args=[self.key])

    @classmethod
    def open(cls, person: Person) -> Calendar:
        """The person's own, made the first time."""
        return cls.objects.get_or_create(person=person)[0]

    @classmethod
    def renew(cls, person: Person) -> Calendar:
        """Another address; the former one leads nowhere from now on."""
        said = {"key": secret_key(), "made_at": timezone.now()}
        return cls.objects.update_or_create(person=person, defaults=said)[0]

    @classmethod
    def stop(cls, person: Person) -> bool:
        return bool(cls.objects.filter(person=person).delete()[0])
