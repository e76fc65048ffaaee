"""Around the writing of a sheet: what is typed and not saved yet, and the sheets that look like it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Person
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version


class TypedTextQuerySet(models.QuerySet["TypedText"]):
    def of(self, version: Version, person: Person) -> Self:
        return self.filter(version=version, person=person)


class TypedText(models.Model):
    """One screen as it stands in one window, sent while typing. Only its writer reads it; saving the screen ends it.

    `window` is drawn by the browser for each tab, so that two of them never write over one another; `data` is the form
    as posted, `seen` the imprint of what the screen said when it was opened.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="typed")
    step = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    window = models.CharField(max_length=32)
    data = models.JSONField(default=dict)
    seen = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    objects = TypedTextQuerySet.as_manager()

    class Meta:
        verbose_name = "frappe gardée"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "step", "person", "window"], name="typed_once_a_window")
        ]


class Likeness(models.Model):
    """What the authors answered about a sheet that looks like theirs, so as not to ask again."""

    class Answer(models.TextChoices):
        SAME = "same", "c’est la même"
        SEQUEL = "sequel", "la nôtre en est la suite"
        DIFFERENT = "different", "ce n’est pas la même"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField("réponse", max_length=10, choices=Answer)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ressemblance"
        constraints = [models.UniqueConstraint(fields=["initiative", "other"], name="likeness_answered_once")]
