"""Teach: a cohort, a link, a fiche to read, a note that is the student's own until it is sent."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import expect

TRAINER, STUDENT = "formation@essaim.test", "etudiante@essaim.test"
NOTE = "Au foyer, le groupe décide du repas du jeudi : je n’avais rien à proposer, seulement à laisser faire."


def test_from_an_empty_cohort_to_an_accepted_note(visitor):
    trainer = visitor(TRAINER)
    trainer.goes("/formation/")
    trainer.looks()
    trainer.follows("Ouvrir une promotion")
    trainer.looks()
    trainer.presses("Ouvrir la promotion")
    expect(trainer.page).to_have_title(re.compile("^Erreur"))
    trainer.looks()
    trainer.main.locator("[name=name]").fill("Éducation spécialisée, deuxième année")
    trainer.main.locator("[name=starts_on]").fill(str(date.today() - timedelta(days=60)))
    trainer.main.locator("[name=ends_on]").fill(str(date.today() + timedelta(days=600)))
    trainer.presses("Ouvrir la promotion")
    trainer.has_title("Éducation spécialisée")
    trainer.looks()
    cohort = trainer.page.url
    link = trainer.main.locator("a[href*='/formation/rejoindre/']").inner_text()

    # Somebody without an account is told what will be seen; the student joins.
    nobody = visitor(wide=False)
    nobody.goes(link)
    nobody.reads("Ce que verront vos formatrices et formateurs", "Il faut un compte")
    student = visitor(STUDENT, wide=False)
    student.goes(link)
    student.looks()
    student.presses("Rejoindre cette promotion")
    expect(student.page.locator(".messages")).to_contain_text("Vous êtes dans la promotion")
    student.looks()

    trainer.goes(cohort)
    trainer.reads("Inès")
    trainer.follows("Donner un devoir")
    trainer.looks()
    trainer.fills("Titre", "Lire, puis regarder autour de soi")
    trainer.main.locator("details.chosen:has([name=fiches][value='10']) > summary").click()
    trainer.main.locator("[name=fiches][value='10']").check()
    trainer.main.locator("[name=question]").fill("Où avez-vous vu un groupe décider ?")
    trainer.main.locator("[name=due_on]").fill(str(date.today() + timedelta(days=15)))
    trainer.presses("Donner ce devoir")
    trainer.reads("Inès", "Où avez-vous vu un groupe décider")
    table = trainer.page.url

    student.letter(STUDENT, "Lire, puis regarder autour de soi")
    student.goes("/formation/")
    student.looks()
    student.follows("Lire, puis regarder autour de soi")
    student.looks()
    work = student.page.url
    student.main.locator("a[href*='/fiches/']").first.click()
    student.looks()
    student.presses("J’ai lu cette fiche")
    student.reads("1 fiche lue sur 1")
    student.main.locator("[name=text]").fill(NOTE)
    student.main.get_by_role("button", name="Enregistrer").click()
    student.reads("Votre note")
    # Nothing of it is seen before it is sent.
    trainer.goes(table)
    expect(trainer.main.get_by_role("link", name="Inès")).to_have_count(0)
    student.goes(work)
    expect(student.main.locator("[name=text]")).to_have_value(NOTE)
    student.main.locator("button[value=send]").click()
    student.reads("Relire, puis envoyer", NOTE)
    student.presses("Envoyer cette note")
    student.reads("Ce que vous avez envoyé")

    trainer.goes(table)
    trainer.follows("Inès")
    trainer.reads(NOTE)
    trainer.main.locator("[name=text]").fill(
        "Vous dites ce que vous avez laissé faire : c’est là que le groupe commence."
    )
    trainer.main.locator("[name=verdict][value=accepted]").check()
    trainer.presses("Répondre à")
    trainer.reads("c’est là que le groupe commence")
    student.goes(work)
    student.reads("c’est là que le groupe commence")
    trainer.goes(cohort + "table/")
    trainer.looks()


def test_what_a_trainer_sees_is_said_to_all(visitor):
    someone = visitor()
    for path in ("/formation/", "/formation/rejoindre/", "/formation/ce-que-voit-mon-formateur/"):
        someone.goes(path)
        someone.looks()
    someone.goes("/formation/rejoindre/")
    someone.main.get_by_label("Code de la promotion").fill("BCDFGHJK")
    someone.main.locator("form[method=post] button").click()
    someone.reads("Aucune promotion n’a ce code")


def test_the_national_team_opens_centres(visitor):
    national = visitor("coordination@essaim.test")
    national.goes("/formation/centres/")
    national.looks()
