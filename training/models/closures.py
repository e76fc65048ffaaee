"""When a centre is closed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from training.models.centres import Centre


class Closure(models.Model):
    """Days on which a centre is closed, besides week-ends and public holidays: no date of an assignment falls there."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="closures")
    name = models.CharField("nom", max_length=80)
    first_on = models.DateField("du")
    last_on = models.DateField("au")

    class Meta:
        verbose_name = "fermeture d’un centre"
        verbose_name_plural = "fermetures d’un centre"
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="closure_dates_in_order",
                violation_error_message="La fin d’une fermeture ne peut pas précéder son début.",
            )
        ]

    def __str__(self) -> str:
        return self.name
