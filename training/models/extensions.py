"""More time for one student."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import Person
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
