"""What can be said of many cases: whose they are, and what they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import rights
from accounts.models import Person, Role
from accounts.rights import Someone
from initiatives import workflow
from initiatives.workflow import CaseStatus

if TYPE_CHECKING:
    from initiatives.models.review import Case  # noqa: F401  # the queryset's own rows


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(status__in=workflow.OPEN)

    def moderable_by(self, someone: Someone) -> Self:
        """Cases of the territories a person coordinates; national coordinators have all, the undetermined included."""
        if rights.is_national_coordinator(someone):
            return self
        territories = rights.coordinated_territories(someone)
        if not territories:
            return self.none()
        return self.filter(Q(territory__in=territories) | Q(territory__region__in=territories))

    def to_do(self) -> Self:
        return self.filter(status=CaseStatus.RECEIVED)

    def claimed_by(self, person: Person) -> Self:
        return self.filter(status=CaseStatus.CLAIMED, claimed_by=person)

    def decided(self) -> Self:
        return self.filter(status__in=workflow.DECIDED)

    def unassigned(self) -> Self:
        """« Territoire indéterminé »: no territory could be told from the place."""
        return self.open().filter(territory=None)

    def waiting_for_author(self) -> Self:
        return self.filter(status=CaseStatus.CHANGES_REQUESTED)

    def waiting_for_third_party(self) -> Self:
        return self.filter(status=CaseStatus.WAITING_THIRD_PARTY)

    def overdue(self) -> Self:
        return self.filter(status__in=[CaseStatus.RECEIVED, CaseStatus.CLAIMED], decision_due_at__lt=timezone.now())

    def orphaned(self) -> Self:
        """Claimed by someone whose role no longer covers the territory."""
        roles = Role.objects.current().of_kind("coordinator").filter(person=OuterRef("claimed_by"))
        covering = roles.filter(
            Q(territory=None) | Q(territory=OuterRef("territory")) | Q(territory=OuterRef("territory__region"))
        )
        return self.filter(status=CaseStatus.CLAIMED).exclude(Exists(covering))

    def lapsed(self) -> Self:
        return self.filter(status=CaseStatus.CLAIMED, claim_expires_at__lt=timezone.now())
