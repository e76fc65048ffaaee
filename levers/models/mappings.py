"""What a version supports, with its sentence of proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models

from initiatives.models import Initiative, Version, VersionRow
from levers.models.frameworks import DAGBERT, Lever, Proposal


class MappingQuerySet(models.QuerySet["Mapping"]):
    def settled(self) -> Self:
        return self.filter(status=Mapping.Status.VALIDATED)

    def supporting(self) -> Self:
        """Settled mappings that count as support: a counter-example doesn't."""
        return self.settled().exclude(strength=Mapping.Strength.COUNTER_EXAMPLE)

    def public(self) -> Self:
        """Of versions the public reads now, in the catalogue."""
        return self.filter(version__public_of__in=Initiative.objects.published())


class Mapping(VersionRow):
    """« This initiative supports this proposal », with its sentence of proof."""

    class Origin(models.TextChoices):
        AUTHOR = "author", "proposé par l’équipe"
        COORDINATOR = "coordinator", "ajouté à la relecture"
        EDITORIAL = "editorial", "lecture éditoriale d’une source publique"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "proposé"
        VALIDATED = "validated", "retenu"
        REJECTED = "rejected", "écarté"

    class Strength(models.TextChoices):
        DIRECT = "direct", "direct"
        INDIRECT = "indirect", "indirect"
        COUNTER_EXAMPLE = "counter_example", "contre-exemple"

    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, related_name="mappings")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="mappings")
    sentence = models.TextField("phrase de preuve", validators=[MaxLengthValidator(400)])
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.AUTHOR)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    strength = models.CharField(max_length=16, choices=Strength, default=Strength.DIRECT)

    objects = MappingQuerySet.as_manager()

    class Meta(VersionRow.Meta):
        verbose_name = "appui"
        verbose_name_plural = "appuis"
        ordering = ["lever__number", "proposal", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "lever", "proposal"],
                name="mapping_once",
                nulls_distinct=False,
                violation_error_message="Cet appui est déjà indiqué.",
            )
        ]


def lever_terms(version: Version) -> Iterable[str]:
    """Facet words of the levers and proposals a version supports (Dagbert's levers by their number)."""
    for mapping in Mapping.objects.supporting().filter(version=version).select_related("lever"):
        if mapping.lever.framework_id == DAGBERT:
            yield f"levier:{mapping.lever.number}"
        if mapping.proposal_id:
            yield f"proposition:{mapping.proposal_id}"
