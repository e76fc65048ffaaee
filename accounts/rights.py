"""Who may do what: a person's current roles, asked once a request, and the scopes they open."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import Person, Role, Territory
from accounts.models.roles import RoleKind

type Someone = Person | AnonymousUser

GUARDED_KINDS = {
    RoleKind.COORDINATOR,
    RoleKind.TRAINER,
    RoleKind.CENTRE_HEAD,
    RoleKind.DPO,
    RoleKind.ADMINISTRATOR,
}


def roles_of(someone: Someone, *kinds: str) -> list[Role]:
    """Current roles, of these kinds when some are given; kept on the person for the time of a request."""
    if not isinstance(someone, Person) or not someone.is_active:
        return []
    if "_current_roles" not in someone.__dict__:
        roles = someone.roles.current().select_related("territory", "organisation")
        someone.__dict__["_current_roles"] = list(roles)
    roles_now: list[Role] = someone.__dict__["_current_roles"]
    return [role for role in roles_now if not kinds or role.kind in kinds]


def has_role(someone: Someone, *kinds: str) -> bool:
    return bool(roles_of(someone, *kinds))


def is_national_coordinator(someone: Someone) -> bool:
    return any(role.territory_id is None for role in roles_of(someone, RoleKind.COORDINATOR))


def coordinated_territories(someone: Someone) -> list[Territory]:
    """Territories a person coordinates; empty for others and for national coordinators, who have them all."""
    return [role.territory for role in roles_of(someone, RoleKind.COORDINATOR) if role.territory]


def lacks_second_factor(someone: Someone) -> bool:
    if not has_role(someone, *GUARDED_KINDS):
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(someone)
