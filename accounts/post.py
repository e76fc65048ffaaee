"""Writing to a person: a letter is a row put in the outbox by the transaction of what it tells.

Its template, `templates/<app>/emails/<name>.txt`, gives the subject on its first line and the body below.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import Letter, Person


def write(to: Person | str, template: str, *, key: str, **context: Any) -> Letter | None:
    """Put a letter in the outbox; None when it was already written (`key`) or the person can't be written to."""
    person = to if isinstance(to, Person) else None
    if person and (not person.is_active or person.erased_at):
        return None
    address = person.email if person else str(to)
    text = render(template, {"person": person, **context})
    subject, _, body = text.partition("\n")
    return put(
        key=f"{template}:{key}:{address}"[:200], to=address, person=person, subject=subject, body=body.strip() + "\n"
    )


def render(template: str, context: Mapping[str, Any]) -> str:
    app, name = template.split("/", 1)
    return render_to_string(
        f"{app}/emails/{name}.txt", {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    ).strip()


def put(*, key: str, to: str, person: Person | None, subject: str, body: str) -> Letter | None:
    host = urlsplit(settings.SITE_URL).hostname or "essaim"
    letter, created = Letter.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "person": person,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "message_id": f"<{secrets.token_hex(16)}@{host}>",
        },
    )
    return letter if created else None


type Teller = Callable[[], int]
_tellers: list[Teller] = []


def register_teller(teller: Teller) -> None:
    """Apps whose journal makes letters register what turns the lines not yet told into letters.

    A teller returns how many lines it told; the sender calls each of them before sending.
    """
    if teller not in _tellers:
        _tellers.append(teller)


def tell() -> int:
    return sum(teller() for teller in _tellers)
