"""Who answers for a version: its territory, the people who coordinate there, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organisation, Person, Role, Territory
from initiatives import workflow
from initiatives.models.journal import Move
from initiatives.models.version import Version
from initiatives.workflow import IN_TRAINING, Verb

WROTE = "Vous avez écrit cette fiche : une autre personne de la coordination décidera."
EMPLOYED = "Cette fiche vient de votre organisation : une autre personne de la coordination décidera."
DECIDED = "Vous avez déjà décidé de ce dossier : une autre personne de la coordination le relit."


def due_dates(received_at: datetime) -> dict[str, Any]:
    return {
        "first_sign_due_at": received_at + timedelta(days=workflow.FIRST_SIGN_DAYS),
        "decision_due_at": received_at + timedelta(days=workflow.DECISION_DAYS),
    }


def claim_due_dates(received_at: datetime) -> dict[str, Any]:
    """Where somebody may be recognised on a page the public reads."""
    due = received_at + timedelta(hours=workflow.CLAIM_HOURS)
    return {"first_sign_due_at": due, "decision_due_at": due}


def routed_to(version: Version) -> Territory | None:
    """The territory whose coordinators answer: the département of the place, else its région, else undetermined."""
    place = version.place
    return (place.departement or place.region) if place else None


def writing(version: Version) -> Q:
    """Of persons: those who write this sheet, those who wrote it and left, those who agreed to it for their centre."""
    tied = Q(verb=Verb.LEAVE) | Q(verb=Verb.AGREE, motive=IN_TRAINING)
    moves = Move.objects.filter(tied, initiative=version.initiative_id, by__isnull=False)
    return Q(authorships__initiative=version.initiative_id) | Q(pk__in=moves.values("by"))


def employed_by(version: Version) -> Q:
    """Of persons: those of the organisation that carries the action, by its SIRET; nobody where it has none."""
    siret = version.organisation_siret
    if not siret:
        return Q(pk__in=[])
    with_a_role = Role.objects.current().filter(organisation__siret=siret).values("person")
    return Q(organisation__siret=siret) | Q(pk__in=with_a_role)


def network_for(
    territory: Territory | None, version: Version, besides: Iterable[int] | QuerySet[Any, Any] = ()
) -> tuple[list[Person], Organisation | None]:
    """Who will answer about a version on a territory, and the network's name: the national team where there is nobody

    else. Those who wrote it, or are of the same organisation, or stand `besides`, don't answer; deputies do where
    they are alone.
    """
    found = _free_coordinators(territory, version, besides)
    local = [role for role in found if role.territory_id]
    answering = [role for role in local if not role.deputy] or local or found
    return list(dict.fromkeys(role.person for role in answering)), organisation_of(answering, territory)


def deputies_for(territory: Territory | None, version: Version) -> list[Person]:
    """Who stands in for the coordinators of a territory."""
    found = _free_coordinators(territory, version)
    return list(dict.fromkeys(role.person for role in found if role.deputy and role.territory_id))


def national_for(version: Version) -> list[Person]:
    return list(dict.fromkeys(role.person for role in _free_coordinators(None, version)))


def _free_coordinators(
    territory: Territory | None, version: Version, besides: Iterable[int] | QuerySet[Any, Any] = ()
) -> list[Role]:
    """Current roles that cover a territory, of people who may decide about this version."""
    free = Person.objects.filter(is_active=True).exclude(writing(version)).exclude(employed_by(version))
    return _coordinating(territory, person__in=free.exclude(pk__in=besides))


def _coordinating(territory: Territory | None, **who: Any) -> list[Role]:
    """Current roles that cover a territory."""
    here = Q(territory=None) | Q(
        territory__in=[place for place in (territory, territory and territory.region) if place]
    )
    roles = Role.objects.current().of_kind("coordinator").filter(here, person__is_active=True, **who)
    return list(roles.select_related("person", "organisation"))


def coordinators_of(territory: Territory | None) -> list[Person]:
    """Who coordinates a territory, no sheet being in question: the national team where there is nobody else."""
    roles = _coordinating(territory)
    local = [role for role in roles if role.territory_id]
    answering = [role for role in local if not role.deputy] or local or roles
    return list(dict.fromkeys(role.person for role in answering))


def organisation_of(roles: Iterable[Role], territory: Territory | None) -> Organisation | None:
    """The network for which these coordinators answer on a territory: the nearest to it."""
    covering = [(reach, role) for role in roles if role.organisation and (reach := role.reach(territory)) is not None]
    return min(covering, key=lambda found: found[0])[1].organisation if covering else None
