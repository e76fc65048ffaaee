"""The fiches of an assignment, each in the version it had when it was given."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from guide.models import Fiche, FicheVersion
from initiatives.workflow import Refused, SavedElsewhere
from training.models.assignments import Assignment


class AssignedFiche(models.Model):
    """A fiche to read, in the version it had when it was given."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="fiches")
    version = models.ForeignKey(FicheVersion, on_delete=models.PROTECT, related_name="+")
    sections = models.JSONField(default=list, blank=True, help_text="ids of the sections to read; empty: all of it")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "fiche donnée"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="assigned_fiche_once")]

    @property
    def fiche(self) -> Fiche:
        return self.version.fiche

    @property
    def sections_read(self) -> list[dict[str, Any]]:
        """The sections to read, in the order of the text: those chosen, or all of them."""
        return [each for each in self.version.sections if not self.sections or each["id"] in self.sections]

    def take_newer(self, seen: int) -> bool:
        """Give the version of the guide that was looked at (`seen`) instead; False when it is given already.

        Chosen sections that it no longer has are no longer asked for.
        """
        with transaction.atomic():
            held = self.assignment.hold()
            if held.has_notes:
                raise Refused("Une note est déjà envoyée : la version donnée reste.")
            given = held.fiches.select_related("version__fiche__current").get(pk=self.pk)
            newer = given.version.fiche.current
            if newer is None or newer.pk == given.version_id:
                return False
            if newer.pk != seen:
                raise SavedElsewhere
            known = {each["id"] for each in newer.sections}
            kept = [each for each in given.sections if each in known]
            AssignedFiche.objects.filter(pk=self.pk).update(version=newer, sections=kept)
        return True
