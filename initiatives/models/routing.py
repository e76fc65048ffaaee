"""Who answers for a version: its territory, the people who coordinate there, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import Organisation, Person, Role, Territory
from initiatives import workflow
from initiatives.models.version import Version


def due_dates(received_at: datetime) -> dict[str, Any]:
    return {
        "first_sign_due_at": received_at + timedelta(days=workflow.FIRST_SIGN_DAYS),
        "decision_due_at": received_at + timedelta(days=workflow.DECISION_DAYS),
    }


def routed_to(version: Version) -> Territory | None:
    """The territory whose coordinators answer: the département of the place, else its région, else undetermined."""
    place = version.place
    return (place.departement or place.region) if place else None


def writing(version: Version) -> Q:
    """Of persons: those who write this sheet."""
    return Q(authorships__initiative=version.initiative_id)


def employed_by(version: Version) -> Q:
    """Of persons: those of the organisation that carries the action, by its SIRET; nobody where it has none."""
    siret = version.organisation_siret
    if not siret:
        return Q(pk__in=[])
    with_a_role = Role.objects.current().filter(organisation__siret=siret).values("person")
    return Q(organisation__siret=siret) | Q(pk__in=with_a_role)


def network_for(territory: Territory | None, version: Version) -> tuple[list[Person], Organisation | None]:
    """Who will answer about a version on a territory, and the network's name: the national team where there is nobody

    else. Those who wrote it, or are of the same organisation, don't answer.
    """
    free = Person.objects.filter(is_active=True).exclude(writing(version)).exclude(employed_by(version))
    roles = Role.objects.current().of_kind("coordinator").filter(person__in=free)
    here = Q(territory=None) | Q(
        territory__in=[place for place in (territory, territory and territory.region) if place]
    )
    found = list(roles.filter(here).select_related("person", "organisation"))
    local = [role for role in found if role.territory_id]
    answering = local or found
    return list(dict.fromkeys(role.person for role in answering)), organisation_of(answering, territory)


def organisation_of(roles: Iterable[Role], territory: Territory | None) -> Organisation | None:
    """The network for which these coordinators answer on a territory: the nearest to it."""
    covering = [(reach, role) for role in roles if role.organisation and (reach := role.reach(territory)) is not None]
    return min(covering, key=lambda found: found[0])[1].organisation if covering else None
