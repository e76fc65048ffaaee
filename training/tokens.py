"""Links that letters carry: they say what they are for, are signed, and ask for no table of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.core import signing
from django.db import connection
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from training.models import Centre, Invitation, centres_of, confirmed_people

NAMING = timedelta(hours=72)


def of_invitation(invitation: Invitation) -> str:
    return signing.dumps([invitation.pk, invitation.email], salt="training.invitation")


def invitation_behind(token: str) -> Invitation | None:
    """The invitation a link refuses; None when it is wrong, or when there is nothing left to refuse."""
    try:
        pk, email = signing.loads(token, salt="training.invitation")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Invitation.objects.filter(pk=pk, email=email).select_related("cohort__centre__organisation").first()


@dataclass(frozen=True)
class Naming:
    """A head names as trainer someone who has no account yet."""

    centre: Centre
    email: str
    by: Person


def of_naming(centre: Centre, email: str, by: Person) -> str:
    with connection.cursor() as cursor:  # the clock of the journal it is read against
        cursor.execute("SELECT floor(extract(epoch FROM now()))::bigint")
        (asked_at,) = cursor.fetchone()
    return signing.dumps([centre.pk, email, by.pk, asked_at], salt="training.naming")


def naming_behind(token: str) -> Naming | None:
    """What a link gives: for 72 hours, once, and as long as who named still heads the centre."""
    try:
        centre_pk, email, by_pk, asked_at = signing.loads(token, salt="training.naming", max_age=NAMING)
        asked = datetime.fromtimestamp(asked_at, timezone.get_current_timezone())
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None
    centre = Centre.objects.filter(pk=centre_pk).select_related("organisation").first()
    by = Person.objects.filter(pk=by_pk, is_active=True, erased_at=None).first()
    if centre is None or by is None or centre.pk not in centres_of(by, RoleKind.CENTRE_HEAD):
        return None
    holder = confirmed_people([email]).get(email)
    # The journal of roles, not the roles: one ended on its first day leaves no row.
    events = apps.get_model("accounts", "RoleEvent")
    used = events._default_manager.filter(
        person=holder, organisation=centre.pk, kind=RoleKind.TRAINER, pgh_label="insert", pgh_created_at__gte=asked
    )  # fmt: skip
    return None if holder and used.exists() else Naming(centre, email, by)
