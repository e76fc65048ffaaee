"""What a coordinator has to do at the start of a week, for the digest of those who want one."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from accounts import rhythms, rights
from accounts.digest import Line
from accounts.models import Person
from accounts.models.letters import Rhythm, Topic
from accounts.models.roles import RoleKind
from initiatives.models import Case, Initiative

# View of the queue → its words, for one and for several.
VIEWS = {
    "a-traiter": ("dossier à prendre", "dossiers à prendre"),
    "les-miens": ("dossier entre vos mains", "dossiers entre vos mains"),
    "signalements": ("signalement à traiter", "signalements à traiter"),
    "en-retard": ("dossier en retard", "dossiers en retard"),
}
TO_REFRESH = ("fiche publiée à actualiser", "fiches publiées à actualiser")


def queue(person: Person) -> list[Line]:
    if not rights.has_role(person, RoleKind.COORDINATOR) or not _by_week(person):
        return []
    counts = Case.objects.moderable_by(person).counts(person)
    lines = [_line(counts[view], words, view) for view, words in VIEWS.items()]
    lines.append(_line(Initiative.objects.moderable_by(person).to_refresh().count(), TO_REFRESH, "a-actualiser"))
    return [line for line in lines if line]


def _by_week(person: Person) -> bool:
    return Rhythm.WEEKLY in (rhythms.rhythm_of(person, Topic.CASES), rhythms.rhythm_of(person, Topic.REMINDERS))


def _line(number: int, words: tuple[str, str], view: str) -> Line | None:
    if not number:
        return None
    url = f"{settings.SITE_URL}{reverse('initiatives:queue')}?vue={view}"
    return Line(f"{number} {words[number > 1]}", url)
