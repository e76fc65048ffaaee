"""How a person wants the letters of each topic, and the link at the foot of a letter that stops them."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from accounts import rights
from accounts.models import Letter, LetterPreference, Person
from accounts.models.letters import Rhythm, Topic
from accounts.models.roles import RoleKind

# Once a year has no week: these letters come, or don't.
OFFERED = {Topic.FRESHNESS: (Rhythm.EACH, Rhythm.NEVER)}
WEEK = "week"  # what the link at the foot of the weekly digest stops: all that comes by the week

_signer = Signer(salt="accounts.rhythms.stop", sep=".")


def offered(topic: str) -> tuple[Rhythm, ...]:
    return OFFERED.get(Topic(topic), tuple(Rhythm))


def rhythms_of(person: Person) -> dict[str, str]:
    """topic → rhythm, every topic said."""
    chosen = dict(person.letter_preferences.values_list("topic", "rhythm"))
    return {topic: chosen.get(topic, Rhythm.EACH) for topic in Topic}


def rhythm_of(person: Person, topic: str) -> str:
    chosen = person.letter_preferences.filter(topic=topic).values_list("rhythm", flat=True).first()
    return chosen or Rhythm.EACH


def wants(person: Person, topic: str) -> bool:
    return rhythm_of(person, topic) != Rhythm.NEVER


def topics_of(person: Person) -> list[Topic]:
    """Those that can concern a person, by what they write and coordinate; and those they chose something about."""
    found = set(person.letter_preferences.values_list("topic", flat=True))
    coordinates = rights.has_role(person, RoleKind.COORDINATOR)
    if coordinates:
        found |= {Topic.CASES, Topic.REMINDERS, Topic.THREAD}
    if person.authorships.exists():
        found |= {Topic.REMINDERS, Topic.THREAD, Topic.CONTACT, Topic.FRESHNESS, Topic.REUSE}
    if Topic.REMINDERS not in found and person.enrolments.filter(left_at=None).exists():
        found.add(Topic.REMINDERS)
    if Topic.REUSE not in found and person.reuses.exists():
        found.add(Topic.REUSE)
    return [topic for topic in Topic if topic in found]


def choose(person: Person, topic: str, rhythm: str) -> None:
    """What was held for the week leaves at once, or not at all, as the new choice says."""
    with transaction.atomic():
        LetterPreference.objects.update_or_create(person=person, topic=topic, defaults={"rhythm": rhythm})
        held = Letter.objects.filter(person=person, topic=topic, held=True)
        if rhythm == Rhythm.NEVER:
            held.delete()
        elif rhythm == Rhythm.EACH:
            held.update(held=False)


# The link that stops, which needs no account: it is in the letter, and says whose and what it stops


def stop_url(person: Person, topic: str) -> str:
    token = _signer.sign(f"{person.pk}-{topic}")
    return settings.SITE_URL + reverse("accounts:stop_letters", args=[token])


def behind(token: str) -> tuple[Person, list[Topic]] | None:
    """Whose letters a link stops, and of which topics; None when nothing of ours made it. It doesn't expire."""
    try:
        pk, _, scope = _signer.unsign(token).partition("-")
        person = Person.objects.filter(pk=int(pk), is_active=True, erased_at=None).first()
        if person is None:
            return None
        if scope == WEEK:
            return person, [topic for topic, rhythm in _said(person).items() if rhythm == Rhythm.WEEKLY]
        return person, [Topic(scope)]
    except (BadSignature, ValueError):
        return None


def _said(person: Person) -> dict[Topic, str]:
    return {Topic(topic): rhythm for topic, rhythm in rhythms_of(person).items()}


def stop(person: Person, topics: list[Topic]) -> None:
    with transaction.atomic():
        for topic in topics:
            choose(person, topic, Rhythm.NEVER)
