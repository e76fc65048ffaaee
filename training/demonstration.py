"""A class already at work, for the demonstration: four classmates who sign in nowhere, a first assignment behind them.

All of it is done with the models' own verbs, then moved into the past.
"""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from accounts.models import Person
from guide.models import Fiche
from training import deadlines
from training.models import Assignment, Cohort, Comment, SentNote, Work

CLASSMATES = {"amina": "Amina", "bastien": "Bastien", "chloe": "Chloé", "djibril": "Djibril"}
AGO = timedelta(days=24)

ACCEPTED_NOTE = (
    "Au centre social, le groupe du jeudi choisit lui-même ce qu’il cuisine. La première fois, j’ai voulu aider à "
    "décider : personne n’a parlé. La fois suivante je me suis tue, et trois personnes qui ne disaient rien ont "
    "proposé un repas.\n\nJe croyais que préparer, c’était prévoir le menu. C’était plutôt prévoir les places : "
    "qui tient la caisse, qui accueille, qui sait où sont les clés."
)
NOTES = {
    "etudiante@essaim.test": (
        ACCEPTED_NOTE,
        "accepted",
        "Vous partez d’un silence et vous dites ce qu’il vous a appris.",
    ),
    "amina@essaim.test": (
        "Dans mon stage, un groupe de parents prépare la fête du quartier. La professionnelle pose une question par "
        "réunion, pas plus, et note les réponses devant tous.",
        "accepted",
        "Une question par réunion : gardez cette phrase, elle vaut une consigne.",
    ),
    "bastien@essaim.test": (
        "Le groupe fonctionne bien et les gens sont contents.",
        "to_redo",
        "Racontez une séance : qui était là, qui a proposé quoi, ce que vous avez fait de vos mains.",
    ),
    "chloe@essaim.test": (
        "À la permanence, deux personnes qui attendaient se sont expliqué leurs courriers. J’ai pensé à leur demander "
        "de le faire avec d’autres le mois suivant. Elles ont dit oui avant moi.",
        "",
        "",
    ),
}


def fill(cohort: Cohort, trainer: Person) -> None:
    """Two half classes and a first assignment, given a month ago: accepted, to redo, to reread, and one never sent."""
    unusable = make_password(None)
    for name, shown in CLASSMATES.items():
        email = f"{name}@essaim.test"
        cohort.enrol(Person.objects.get_or_create(email=email, defaults={"name": shown, "password": unusable})[0])
    students = {student.email: student for student in cohort.current_students()}
    for name, half in (("TD 1", list(students.values())[::2]), ("TD 2", list(students.values())[1::2])):
        cohort.groups.create(name=name).enrolments.set(cohort.enrolments.filter(student__in=half))
    day = timezone.localdate() + timedelta(days=14)
    given = Assignment.give(
        cohort,
        trainer,
        fiches=Fiche.objects.filter(number__in=(1, 4)),
        title="Ce qu’un groupe sait faire sans nous",
        instruction="Une page, à partir d’un moment que vous avez vu. Aucun nom, aucun lieu que l’on reconnaisse.",
        question="Racontez un moment où un groupe s’est passé de vous. Qu’aviez-vous préparé, sans le savoir ?",
        opens_at=timezone.now() - timedelta(days=1),
        due_at=deadlines.closing(day, time(23, 59)),
    )
    for email, (text, verdict, answer) in NOTES.items():
        work = given.work_of(students[email])
        work.save_draft(text, work.edition)
        note = work.send()
        if verdict:
            work.answer(note, trainer, text=answer, verdict=verdict)
    into_the_past(given)


def into_the_past(given: Assignment) -> None:
    """What was just done, as if it had been three weeks ago."""
    Work.objects.filter(assignment=given).update(saved_at=F("saved_at") - AGO)
    SentNote.objects.filter(work__assignment=given).update(sent_at=F("sent_at") - AGO)
    Comment.objects.filter(note__work__assignment=given).update(at=F("at") - AGO)
    Assignment.objects.filter(pk=given.pk).update(
        opens_at=F("opens_at") - AGO, due_at=F("due_at") - AGO, created_at=F("created_at") - AGO
    )
