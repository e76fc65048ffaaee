"""Letters about accounts and roles: one function a letter. allauth's own come from `accounts.adapter`."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import post, rhythms, rights
from accounts.models import Letter, Person, Role


def sign_in_link(person: Person, address: str, path: str) -> None:
    """To the address that asked, which may be another one of the account."""
    to = person if address == person.email else address
    post.write(
        to, "accounts/sign_in_link", key=secrets.token_hex(8), name=person.name, link_url=settings.SITE_URL + path
    )


def no_account(address: str) -> None:
    post.write(address, "accounts/no_account", key=secrets.token_hex(8))


def role_granted(role: Role) -> None:
    post.write(
        role.person,
        "accounts/role_granted",
        key=f"role-{role.pk}",
        role=role,
        second_factor=_second_factor_asked(role),
        account_url=_account_url(),
    )


def role_ended(role: Role) -> None:
    post.write(role.person, "accounts/role_ended", key=f"role-{role.pk}", role=role, account_url=_account_url())


def weekly_digest(person: Person, monday: date, **what: Any) -> Letter | None:
    return post.write(person, "accounts/weekly_digest", key=f"{monday:%G-W%V}", scope=rhythms.WEEK, **what)


def _second_factor_asked(role: Role) -> bool:
    guarded = settings.SECOND_FACTOR_REQUIRED and role.kind in rights.GUARDED_KINDS
    return guarded and not rights.has_second_factor(role.person)


def _account_url() -> str:
    return settings.SITE_URL + reverse("accounts:account")
