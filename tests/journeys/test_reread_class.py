"""A trainer on a phone, then at a desk with a keyboard: the table, one note after the other, the file, the calendar."""

from __future__ import annotations

import csv
import io
import re

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys import classes

TRAINER, STUDENTS = "formation@essaim.test", ("etudiante@essaim.test", "sociale@essaim.test")
TITLE = "Ce qu’on décide ensemble, et ce qui se décide ailleurs"


@pytest.fixture(scope="module")
def cohort(visits):
    """A cohort of two who have both sent a note; where it is. The last of these stories answers them."""
    with visits() as visitor:
        return classes.that_sent(visitor, "Promotion relue", TITLE, STUDENTS)


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_heads_stay_while_the_table_moves(visitor, cohort, javascript):
    trainer = visitor(TRAINER, wide=False, javascript=javascript)
    trainer.goes(cohort + "table/")
    trainer.looks()
    region = trainer.main.get_by_role("region")
    region.focus()
    for _ in range(6):
        trainer.page.keyboard.press("ArrowRight")
    head = trainer.main.get_by_role("rowheader").first
    expect(head).to_be_in_viewport()
    trainer.main.get_by_role("link", name="à relire").first.click()
    trainer.reads("Au foyer, le groupe décide")


def test_ones_dates_are_read_by_a_calendar_until_the_address_is_changed(visitor, cohort):
    trainer = visitor(TRAINER)
    trainer.goes("/formation/")
    trainer.follows("dans mon agenda")
    trainer.looks()
    trainer.presses("Faire mon adresse")
    trainer.reads("Cette adresse est un secret")
    address = trainer.main.locator("code").inner_text()
    nobody = visitor()
    # The address says the host of letters; this site is served on another port.
    path = "/" + address.split("/", 3)[3]
    read = Calendar.from_ical(nobody.context.request.get(path).body())
    assert any(TITLE.replace("’", "") in str(event["summary"]).replace("’", "") for event in read.walk("VEVENT"))
    trainer.presses("Changer l’adresse")
    expect(trainer.page.locator(".messages")).to_contain_text("L’ancienne ne mène plus à rien")
    assert nobody.context.request.get(path).status == 404


def test_a_class_is_reread_by_keyboard_and_carried_away(visitor, cohort):
    trainer = visitor(TRAINER)
    trainer.goes(cohort + "table/")
    trainer.reads("2 étudiants, 1 devoir", "à relire")
    trainer.main.get_by_role("link", name="2 notes attendent").focus()
    trainer.page.keyboard.press("Enter")
    trainer.reads("Relire la suivante")
    trainer.main.get_by_label("Votre commentaire").focus()
    trainer.page.keyboard.type("Dites aussi qui ne parlait pas.")
    trainer.page.keyboard.press("Tab")
    trainer.page.keyboard.press("Space")  # the first of the three: accepted
    trainer.page.keyboard.press("Tab")
    trainer.page.keyboard.press("Enter")
    expect(trainer.page.locator(".messages")).to_contain_text("Votre réponse est enregistrée")
    trainer.reads("C’est la dernière note à relire")
    trainer.presses("Répondre à")
    expect(trainer.page).to_have_title(re.compile("^Erreur"))
    trainer.looks()
    trainer.ticks("À reprendre")
    trainer.fills("Votre commentaire", "Racontez une séance.")
    trainer.presses("Répondre à")
    trainer.reads("Plus rien à relire")
    trainer.follows("Voir le tableau")
    trainer.reads("accepté", "à reprendre")
    with trainer.page.expect_download() as carried:
        trainer.follows("CSV")
    text = carried.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0][3] == TITLE
    assert {row[3] for row in rows[1:]} == {"accepté", "à reprendre"}
