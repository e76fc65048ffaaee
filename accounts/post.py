"""Writing to a person: a letter is a row put in the outbox by the transaction of what it tells.

Its template, `templates/<app>/emails/<name>.txt`, gives the subject on its first line and the body below.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import rhythms
from accounts.models import Letter, Person
from accounts.models.letters import Rhythm, Topic

DIGEST = "accounts/weekly_digest:"
KEPT = timedelta(days=365)


def write(
    to: Person | str, template: str, *, key: str, topic: str = "", scope: str = "", **context: Any
) -> Letter | None:
    """Put a letter in the outbox; None when it was already written (`key`) or the person isn't to be written to.

    Of a topic, a person may ask to receive it by the week, or never; a letter of no topic is essential, and goes.
    `scope` is what the link at its foot stops, where that isn't its topic.
    """
    person = to if isinstance(to, Person) else None
    if person and (not person.is_active or person.erased_at):
        return None
    rhythm = rhythms.rhythm_of(person, topic) if person and topic else Rhythm.EACH
    if rhythm == Rhythm.NEVER:
        return None
    words = worded(to, template, key, context)
    scope = scope or topic
    if person and scope and rhythm == Rhythm.EACH:
        words["body"] += foot(person, scope)
    return put(**words, topic=topic if person else "", held=rhythm == Rhythm.WEEKLY)


def write_all(to: Iterable[tuple[Person | str, Mapping[str, Any]]], template: str, *, key: str) -> int:
    """The same essential letter to many, each with its own context, in one INSERT; how many weren't written yet."""
    asked = [
        worded(person, template, key, context)
        for person, context in to
        if not isinstance(person, Person) or (person.is_active and not person.erased_at)
    ]
    known = set(Letter.objects.filter(key__in=[words["key"] for words in asked]).values_list("key", flat=True))
    new = [Letter(key=words["key"], **sealed(**words)) for words in asked if words["key"] not in known]
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def worded(to: Person | str, template: str, key: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Who it goes to, its subject and its body."""
    person = to if isinstance(to, Person) else None
    address = person.email if person else str(to)
    subject, _, body = render(template, {"person": person, **context}).partition("\n")
    return {
        "key": f"{template}:{key}:{address}"[:200],
        "to": address,
        "person": person,
        "subject": subject,
        "body": body.strip() + "\n",
    }


def foot(person: Person, scope: str) -> str:
    """How not to receive such letters any more, in one click and without signing in."""
    what = "ce résumé" if scope == rhythms.WEEK else f"ces lettres (« {Topic(scope).label} »)"
    choose = settings.SITE_URL + reverse("accounts:letters")
    return f"\n-- \nNe plus recevoir {what} : {rhythms.stop_url(person, scope)}\nChoisir mes lettres : {choose}\n"


def stop_url_of(letter: Letter) -> str:
    """The link that stops letters like this one, which mail programs show as a button; none on essential letters."""
    stopper = _stoppers.get(letter.key.partition(":")[0])
    if stopper:
        return stopper(letter)
    if letter.person is None:
        return ""
    scope = rhythms.WEEK if letter.key.startswith(DIGEST) else letter.topic
    return rhythms.stop_url(letter.person, scope) if scope else ""


type Stopper = Callable[[Letter], str]
_stoppers: dict[str, Stopper] = {}


def register_stopper(template: str, stopper: Stopper) -> None:
    """Letters that have a link of their own to stop them, with or without an account: its whole address, or nothing."""
    _stoppers[template] = stopper


def render(template: str, context: Mapping[str, Any]) -> str:
    app, name = template.split("/", 1)
    return render_to_string(
        f"{app}/emails/{name}.txt", {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    ).strip()


def put(
    *, key: str, to: str, person: Person | None, subject: str, body: str, topic: str = "", held: bool = False
) -> Letter | None:
    letter, created = Letter.objects.get_or_create(
        key=key, defaults={**sealed(to=to, person=person, subject=subject, body=body), "topic": topic, "held": held}
    )
    return letter if created else None


def sealed(*, to: str, person: Person | None, subject: str, body: str, key: str = "") -> dict[str, Any]:
    """The columns of a letter but its key, with the Message-ID it keeps however often it is sent."""
    host = urlsplit(settings.SITE_URL).hostname or "essaim"
    return {
        "to": to,
        "person": person,
        "subject": " ".join(subject.split())[:200],
        "body": body,
        "message_id": f"<{secrets.token_hex(16)}@{host}>",
    }


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


def forget(on: date) -> int:
    """Letters kept for more than a year are gone; how many there were."""
    midnight = timezone.make_aware(datetime.combine(on, time()))
    return Letter.objects.filter(written_at__lt=midnight - KEPT).delete()[0]
