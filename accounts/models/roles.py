from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models.territories import Territory


class RoleKind(models.TextChoices):
    CONTRIBUTOR = "contributor", "contributeur ou contributrice"
    EXPERT = "expert", "expert ou experte"
    STUDENT = "student", "étudiant ou étudiante"
    TRAINER = "trainer", "formateur ou formatrice"
    CENTRE_HEAD = "centre_head", "responsable de centre"
    COORDINATOR = "coordinator", "coordination"
    GUIDE_EDITOR = "guide_editor", "édition du guide"
    DPO = "dpo", "protection des données"
    ADMINISTRATOR = "administrator", "administration des comptes"


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Role(models.Model):
    """What a person may do, where, and between which days. A coordinator without territory is national."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField("rôle", max_length=16, choices=RoleKind)
    territory = models.ForeignKey(
        "accounts.Territory",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="territoire",
        help_text="Vide : le pays entier.",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="organisation",
        help_text="Le réseau pour lequel une personne coordonne, ou le centre où elle forme.",
    )
    deputy = models.BooleanField("suppléance", default=False)
    from_on = models.DateField("depuis le", default=timezone.localdate)
    until_on = models.DateField("jusqu’au", null=True, blank=True)
    granted_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, related_name="+")

    is_protected: bool  # by a second factor, of `rights.roles_of()`

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        ordering = ["-from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="role_dates_in_order",
                violation_error_message="La fin d’un rôle ne peut pas précéder son début.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["trainer", "centre_head"]) | Q(organisation__isnull=False),
                name="role_of_centre_has_organisation",
                violation_error_message="Indiquez le centre de formation de ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        scope = self.organisation or self.territory or "France"
        return f"{self.get_kind_display()} – {scope}"

    @property
    def scope(self) -> str:
        """« Pas-de-Calais (62), Réseau du travail social », « le pays entier », or nothing for who contributes."""
        parts = [str(part) for part in (self.territory, self.organisation) if part]
        if self.kind == RoleKind.COORDINATOR and not self.territory:
            parts.insert(0, "le pays entier")
        return ", ".join(parts)

    def reach(self, territory: Territory | None) -> int | None:
        """How a coordinator's role covers a territory: 0 itself, 1 by its région, 2 by the whole country; None: not."""
        if self.territory_id is None:
            return 2
        if territory is None:
            return None
        return {territory.region_id: 1, territory.pk: 0}.get(self.territory_id)

    @property
    def is_over(self) -> bool:
        return self.until_on is not None and self.until_on < timezone.localdate()

    @property
    def is_to_come(self) -> bool:
        return self.from_on > timezone.localdate()

    @property
    def is_current(self) -> bool:
        return not (self.is_over or self.is_to_come)
