"""What can be said of many cases: whose they are, and what they wait for."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts import rights
from accounts.models import Person, Role
from accounts.rights import Someone
from initiatives import workflow
from initiatives.workflow import CaseStatus

IN_OUR_HANDS = (CaseStatus.RECEIVED, CaseStatus.CLAIMED)
# « 42 », « 00042 », « n° 42 »
NUMBER = re.compile(r"(?:n°|no|dossier)?\s*0*([0-9]{1,9})", re.IGNORECASE)
MOST_WORDS = 8

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

    def view(self, name: str, person: Person) -> Self:
        """One view of the queue, as a person sees it."""
        return self.filter(views_of(person)[name])

    def counts(self, person: Person) -> dict[str, int]:
        """How many cases each view holds, in one statement."""
        return self.aggregate(**{name: Count("pk", filter=held) for name, held in views_of(person).items()})

    def to_do(self) -> Self:
        return self.filter(status=CaseStatus.RECEIVED)

    def claimed_by(self, person: Person) -> Self:
        return self.filter(status=CaseStatus.CLAIMED, claimed_by=person)

    def waiting_for_author(self) -> Self:
        return self.filter(status=CaseStatus.CHANGES_REQUESTED)

    def waiting_for_third_party(self) -> Self:
        return self.filter(status=CaseStatus.WAITING_THIRD_PARTY)

    def in_our_hands(self) -> Self:
        """Those whose days are counted."""
        return self.filter(status__in=IN_OUR_HANDS)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.in_our_hands().filter(decision_due_at__lt=now or timezone.now())

    def named(self, text: str) -> Self:
        """Those of this number, or whose title has these words (accents and case don't matter)."""
        number = NUMBER.fullmatch(text)
        if number:
            return self.filter(pk=int(number[1]))
        found = self
        for word in text.split()[:MOST_WORDS]:
            found = found.filter(version__title__unaccent__icontains=word)
        return found

    def orphaned(self) -> Self:
        """Claimed by someone whose role no longer covers the territory."""
        roles = Role.objects.current().of_kind("coordinator").filter(person=OuterRef("claimed_by"))
        covering = roles.filter(
            Q(territory=None) | Q(territory=OuterRef("territory")) | Q(territory=OuterRef("territory__region"))
        )
        held = self.filter(status__in=[CaseStatus.CLAIMED, CaseStatus.WAITING_THIRD_PARTY])
        return held.exclude(Exists(covering))

    def lapsed(self, now: datetime | None = None) -> Self:
        return self.filter(status=CaseStatus.CLAIMED, claim_expires_at__lt=now or timezone.now())


def views_of(person: Person) -> dict[str, Q]:
    """The views of the queue, by the name they have in its address."""
    is_open = Q(status__in=workflow.OPEN)
    return {
        "a-traiter": Q(status=CaseStatus.RECEIVED),
        "les-miens": Q(status__in=[CaseStatus.CLAIMED, CaseStatus.WAITING_THIRD_PARTY], claimed_by=person),
        "signalements": is_open & Q(kind__in=workflow.ABOUT_A_PAGE),
        "secondes-lectures": is_open & Q(appealed_at__isnull=False),
        # « Territoire indéterminé »: no territory could be told from the place.
        "sans-territoire": is_open & Q(territory=None),
        "chez-l-auteur": Q(status=CaseStatus.CHANGES_REQUESTED),
        "chez-un-tiers": Q(status=CaseStatus.WAITING_THIRD_PARTY),
        "en-retard": Q(status__in=IN_OUR_HANDS, decision_due_at__lt=timezone.now()),
        "decides": Q(status__in=workflow.DECIDED),
    }
