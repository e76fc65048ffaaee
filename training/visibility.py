"""Who sees what of a student's work. The pages ask this table what they may show; so does the page that tells students.

A test reads every page as each person and holds them to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Viewer(TextChoices):
    STUDENT = "student", "Vous"
    TRAINER = "trainer", "Les formatrices et formateurs de votre centre"
    HEAD = "head", "La direction du centre"
    COORDINATION = "coordination", "La coordination, l’administration, les autres"


@dataclass(frozen=True)
class Fact:
    key: str
    label: str
    seen_by: frozenset[Viewer]


ALONE = frozenset({Viewer.STUDENT})
TAUGHT = frozenset({Viewer.STUDENT, Viewer.TRAINER})

FACTS = (
    Fact("name", "Votre nom affiché", TAUGHT),
    Fact("email", "Votre adresse électronique", TAUGHT),
    Fact("groups", "Les sous-groupes où l’on vous a mis", TAUGHT),
    Fact("left", "Le jour où vous quittez la promotion, et si c’est avec votre diplôme", TAUGHT),
    Fact("note", "Chaque note que vous envoyez, dans toutes ses versions", TAUGHT),
    Fact("sent_at", "La date de chaque envoi, et s’il est en retard", TAUGHT),
    Fact(
        "answer",
        "Ce qui vous est répondu\u00a0: commentaires, «\u00a0à reprendre\u00a0», «\u00a0accepté\u00a0»",
        TAUGHT,
    ),
    Fact("draft", "Votre brouillon, avant que vous l’envoyiez", ALONE),
    Fact("saved_at", "Quand vous avez enregistré ce brouillon", ALONE),
    Fact("reading", "Les fiches que vous déclarez avoir lues", ALONE),
    Fact("headcount", "Combien vous êtes dans la promotion", frozenset({Viewer.TRAINER, Viewer.HEAD})),
)

# What one may fear, and that no table of ours holds.
NEVER_RECORDED = (
    "l’ouverture d’un devoir ou d’une fiche",
    "le temps passé sur une page",
    "ce que vous avez tapé puis effacé",
    "l’ordre dans lequel vous lisez",
    "une note chiffrée, un classement, une comparaison",
)


def to(viewer: Viewer) -> frozenset[str]:
    """The keys of what someone sees: templates show a fact only when its key is there."""
    return frozenset(fact.key for fact in FACTS if viewer in fact.seen_by)


def table() -> list[tuple[str, list[tuple[Viewer, bool]]]]:
    """Each fact and, for each viewer, whether they see it."""
    return [(fact.label, [(viewer, viewer in fact.seen_by) for viewer in Viewer]) for fact in FACTS]
