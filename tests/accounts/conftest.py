from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from accounts.models import Letter
from tests import factories

SECRET = "JBSWY3DPEHPK3PXP"  # the one factories.role gives


@pytest.fixture
def last_letter(db):
    """The last letter put in the outbox for someone."""

    def letter(address: str) -> Letter:
        return Letter.objects.filter(to=address).latest("pk")

    return letter


@pytest.fixture
def link_in():
    """The path of the first address of this site written in a letter."""

    def link(letter: Letter, part: str = "/compte/") -> str:
        found = next(url for url in re.findall(r"https?://\S+", letter.body) if part in url)
        split = urlsplit(found)
        return split.path + (f"?{split.query}" if split.query else "")

    return link


@pytest.fixture
def code_now():
    """What the phone shows."""

    def code(secret: str = SECRET) -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    return code


@pytest.fixture
def counting(settings):
    """Rate limits count for real."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}}
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sign_in(client):
    """Sign in with the password, in the ordinary browser of the story."""

    def sign_in(person, password=factories.PASSWORD, **more):
        return client.post("/compte/connexion/", {"login": person.email, "password": password, **more})

    return sign_in
