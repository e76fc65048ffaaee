"""Who may do what: a person's current roles, asked once a request, and the scopes they open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, Person, Role, Territory
from accounts.models.roles import RoleKind
from accounts.statements import Statement, columns, made

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
        held = (_role(someone, row) for row in _held([someone.pk]))
        someone.__dict__["_current_roles"] = [role for role in held if role.is_current]
    roles_now: list[Role] = someone.__dict__["_current_roles"]
    return [role for role in roles_now if not kinds or role.kind in kinds]


@Statement
def _held(people: Sequence[int]) -> QuerySet[Role, Any]:
    """Roles they hold, held or will hold, and whether a second factor protects them: what each request asks first."""
    from allauth.mfa.models import Authenticator

    wanted = [*columns(Role), *columns(Territory, "territory"), *columns(Organisation, "organisation")]
    protected = Exists(Authenticator.objects.filter(user=OuterRef("person")))
    roles: QuerySet[Role, Any] = Role.objects.filter(person__in=people).values(*wanted, protected=protected)
    return roles


def _role(person: Person, row: Mapping[str, Any]) -> Role:
    role = made(Role, row)
    assert role is not None
    role.person = person
    role.territory = made(Territory, row, "territory")
    role.organisation = made(Organisation, row, "organisation")
    role.is_protected = row["protected"]
    return role


def has_role(someone: Someone, *kinds: str) -> bool:
    return bool(roles_of(someone, *kinds))


def is_national_coordinator(someone: Someone) -> bool:
    return any(role.territory_id is None for role in roles_of(someone, RoleKind.COORDINATOR))


def edits_guide(someone: Someone) -> bool:
    """Keeps what the guide and the search say for the whole country."""
    return has_role(someone, RoleKind.GUIDE_EDITOR) or is_national_coordinator(someone)


def coordinated_territories(someone: Someone) -> list[Territory]:
    """Territories a person coordinates; empty for others and for national coordinators, who have them all."""
    return [role.territory for role in roles_of(someone, RoleKind.COORDINATOR) if role.territory]


def lacks_second_factor(someone: Someone) -> bool:
    """Holds a role that asks for a second factor, and hasn't set one up."""
    return any(not role.is_protected for role in roles_of(someone, *GUARDED_KINDS))


def has_second_factor(someone: Someone) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(someone))


# Who gives and ends roles

GRANTED_BY_COORDINATION = (
    RoleKind.CONTRIBUTOR,
    RoleKind.EXPERT,
    RoleKind.TRAINER,
    RoleKind.CENTRE_HEAD,
    RoleKind.COORDINATOR,
    RoleKind.GUIDE_EDITOR,
)


def grantable_kinds(someone: Someone) -> list[RoleKind]:
    """The roles a person may give and end: all for administrators, those of content for the national team."""
    if has_role(someone, RoleKind.ADMINISTRATOR):
        return list(RoleKind)
    return list(GRANTED_BY_COORDINATION) if is_national_coordinator(someone) else []


def manageable_roles(someone: Someone) -> QuerySet[Role]:
    """Roles, past ones included, that a person may see on the roles' page."""
    return Role.objects.of_kind(*grantable_kinds(someone))


def endable_roles(someone: Someone) -> QuerySet[Role]:
    """Those not over yet; nobody ends their own administrator role, which could leave the house without one."""
    roles = manageable_roles(someone).filter(Q(until_on=None) | Q(until_on__gte=timezone.localdate()))
    if isinstance(someone, Person):
        roles = roles.exclude(person=someone, kind=RoleKind.ADMINISTRATOR)
    return roles


type RoleListener = Callable[[Role], object]


class RoleListeners:
    """Rooms to the right register what follows when a role ends: a coordinator's claimed cases go back to the queue."""

    def __init__(self) -> None:
        self._listeners: list[RoleListener] = []

    def register(self, listener: RoleListener) -> None:
        if listener not in self._listeners:
            self._listeners.append(listener)

    def tell(self, role: Role) -> None:
        for listener in self._listeners:
            listener(role)


on_role_ended = RoleListeners()


def end_role(role: Role, last_day: date) -> None:
    """End a role on this day, then tell those who registered, in one transaction.

    A role that would not have lasted a day is deleted: its events keep that it was given and taken back.
    Listeners get `role.person` read anew: this role no longer counts in their rights. One that ends tonight is not
    told: its person may still act today.
    """
    with transaction.atomic():
        if last_day < role.from_on:
            Role.objects.filter(pk=role.pk).delete()
        else:
            Role.objects.filter(pk=role.pk).update(until_on=last_day)
            role.until_on = last_day
        role.person = Person.objects.get(pk=role.person_id)
        if last_day < timezone.localdate():
            on_role_ended.tell(role)
