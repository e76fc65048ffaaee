"""Signing in by a link received by mail: valid a quarter of an hour, and once."""

from __future__ import annotations

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import url_str_to_user_pk, user_pk_to_url_str
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.http import base36_to_int

from accounts.models import Person

LIFE = 15 * 60


class LinkTokens(PasswordResetTokenGenerator):
    """Changes with each sign-in and each new password or address, so a used link is a dead link."""

    key_salt = "accounts.links"

    def check_token(self, user: Person | None, token: str | None) -> bool:
        if user is None or not token or not super().check_token(user, token):
            return False
        made_at = base36_to_int(token.split("-")[0])
        return self._num_seconds(self._now()) - made_at <= LIFE

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        # Django drops the microseconds of the last sign-in: two within a second would leave the link alive.
        return f"{super()._make_hash_value(user, timestamp)}{user.last_login}"


tokens = LinkTokens()


def person_at(address: str) -> Person | None:
    """Whose account this address opens: active, and never by a look-alike spelling."""
    found = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    return found[0] if found else None


def uid_of(person: Person) -> str:
    return str(user_pk_to_url_str(person))


def person_behind(uid: str, token: str) -> Person | None:
    """Who a link signs in; None when it is wrong, too old or already used."""
    try:
        person = Person.objects.filter(pk=url_str_to_user_pk(uid), is_active=True, erased_at=None).first()
    except (ValueError, ValidationError, OverflowError):
        return None
    return person if person and tokens.check_token(person, token) else None
