"""An expert's opinion on a case: it helps to decide, it decides nothing."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from accounts import rights
from accounts.models import Person
from accounts.rights import Someone
from initiatives import workflow
from initiatives.models.review import Case


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def asked_of(self, someone: Someone) -> Self:
        """Asked of a person who is still an expert, about cases still open: nothing else is theirs to read."""
        if not isinstance(someone, Person) or not rights.has_role(someone, "expert"):
            return self.none()
        return self.filter(expert=someone, case__status__in=workflow.OPEN)


class Opinion(models.Model):
    class Advice(models.TextChoices):
        FOR = "for", "favorable"
        WITH_RESERVES = "reserves", "favorable, avec des réserves"
        AGAINST = "against", "défavorable"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    expert = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opinions")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    question = models.TextField("question")
    answered_at = models.DateTimeField("rendu le", null=True, blank=True)
    advice = models.CharField("avis", max_length=10, choices=Advice, blank=True)
    text = models.TextField("ce qui le motive", blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis d’expert"
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "expert"], name="one_opinion_an_expert")]
