"""Who sees what of a student's work. The pages ask this table what they may show; so does the page that tells students.

A test opens every address of training as each person, and reads every letter and all that a platform is told: what is
found there is this table, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Viewer(TextChoices):
    STUDENT = "student", "Vous"
    TRAINER = "trainer", "Les formatrices et formateurs de votre centre"
    HEAD = "head", "La direction du centre"
    PLATFORM = "platform", "La plateforme de vos cours (Moodle…)"
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
    Fact("extension", "Le délai accordé à vous seul", TAUGHT),
    Fact("reason", "Pourquoi ce délai, quand c’est noté", frozenset({Viewer.TRAINER})),
    Fact("note", "Chaque note que vous envoyez, dans toutes ses versions", TAUGHT),
    Fact("sent_at", "La date de chaque envoi, et s’il est en retard", TAUGHT),
    Fact("verdict", "Qu’un travail est accepté", TAUGHT | {Viewer.PLATFORM}),
    Fact("answer", "Ce qui vous est répondu, commentaires et grille", TAUGHT),
    Fact("attestation", "Votre attestation et son numéro", TAUGHT),
    Fact("offer", "La note que vous proposez au catalogue, et la réponse", TAUGHT),
    Fact(
        "sheet",
        "La fiche faite d’une note, signée de vous, une fois que vous l’envoyez en relecture",
        frozenset({Viewer.STUDENT, Viewer.COORDINATION}),
    ),
    Fact("draft", "Votre brouillon, avant que vous l’envoyiez", ALONE),
    Fact("saved_at", "Quand vous avez enregistré ce brouillon", ALONE),
    Fact("reading", "Les fiches que vous déclarez avoir lues", ALONE),
    Fact("reminder", "Les rappels qui vous sont écrits avant une date", ALONE),
    Fact("calendar", "L’adresse secrète de votre agenda", ALONE),
    Fact("headcount", "Combien vous êtes dans la promotion", frozenset({Viewer.TRAINER, Viewer.HEAD})),
    Fact(
        "figures",
        "Combien ont envoyé ou réussi, à partir de cinq personnes",
        frozenset({Viewer.HEAD, Viewer.COORDINATION}),
    ),
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
