"""What becomes of a sheet elsewhere: « je m’en inspire », « j’ai essayé », « j’ai adapté »."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from accounts.models import Person
from initiatives.models.sheet import Initiative


class Reuse(models.Model):
    """Someone takes a sheet up. Its stages are dated one after the other; a sheet adapted may become a child sheet.

    Who it is is read by its person alone; the public reads how many, and in which départements when they said so.
    """

    class Stage(models.TextChoices):
        INSPIRED = "inspired", "je m’en inspire"
        TRIED = "tried", "j’ai essayé"
        ADAPTED = "adapted", "j’ai adapté"
        DROPPED = "dropped", "j’y ai renoncé"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reuses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reuses")
    stage = models.CharField("où vous en êtes", max_length=8, choices=Stage, default=Stage.INSPIRED)
    departement = models.ForeignKey(
        "accounts.Territory", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="dans quel département",
    )  # fmt: skip
    note = models.TextField(
        "ce que vous avez changé, ce qui a aidé ou manqué", blank=True, validators=[MaxLengthValidator(1500)]
    )
    child = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="born_of", verbose_name="votre fiche"
    )
    inspired_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    adapted_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField("relance des six mois", null=True, blank=True)

    class Meta:
        verbose_name = "reprise"
        ordering = ["-inspired_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "person"],
                name="reuse_once",
                violation_error_message="Vous avez déjà dit que vous vous inspirez de cette initiative.",
            )
        ]
