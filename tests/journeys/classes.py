"""A class at work: opened by its trainer, joined by its students, given something to read, answered by each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from playwright.sync_api import expect

TRAINER = "formation@essaim.test"
NOTE = "Au foyer, le groupe décide du repas du jeudi."


def that_sent(visitor, name: str, title: str, students: Iterable[str]) -> str:
    """Where a cohort of this name is, whose students have all sent a note."""
    trainer = visitor(TRAINER)
    trainer.goes("/formation/promotions/nouvelle/")
    trainer.main.locator("[name=name]").fill(name)
    trainer.main.locator("[name=starts_on]").fill(str(date.today() - timedelta(days=60)))
    trainer.main.locator("[name=ends_on]").fill(str(date.today() + timedelta(days=600)))
    trainer.presses("Ouvrir la promotion")
    trainer.has_title(name)
    place = trainer.page.url
    link = trainer.main.locator("a[href*='/formation/rejoindre/']").inner_text()
    those = [visitor(email) for email in students]
    for student in those:
        student.goes(link)
        student.presses("Rejoindre cette promotion")
    trainer.goes(place + "devoirs/nouveau/")
    trainer.fills("Titre", title)
    trainer.main.locator("details.chosen:has([name=fiches][value='10']) > summary").click()
    trainer.main.locator("[name=fiches][value='10']").check()
    trainer.main.locator("[name=question]").fill("Où avez-vous vu un groupe décider ?")
    trainer.main.locator("[name=due_on]").fill(str(date.today() + timedelta(days=15)))
    trainer.presses("Donner ce devoir")
    expect(trainer.page).not_to_have_url(re.compile("/nouveau/"))
    for student in those:
        student.goes("/formation/")
        student.follows(title)
        student.main.locator("[name=text]").fill(NOTE)
        student.main.locator("button[value=send]").click()
        student.presses("Envoyer cette note")
        student.reads("Ce que vous avez envoyé")
    return place
