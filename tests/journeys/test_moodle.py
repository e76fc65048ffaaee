"""A course of another site opens an assignment here: registered, tied, chosen, written, and told back as done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import FrameLocator, expect

from tests.journeys.moodle import Moodle, click
from tests.journeys.visitor import Visitor

TRAINER, NATIONAL = "formation@essaim.test", "coordination@essaim.test"
NOTE = "Au foyer, le groupe décide du repas du jeudi : je n’avais rien à proposer, seulement à laisser faire."


@pytest.fixture
def moodle(site) -> Iterator[Moodle]:
    requests.get(f"{site}/readyz", timeout=60)  # the first page of a server that has just started is slow
    platform = Moodle(site, host="localhost")
    yield platform
    platform.close()


def frame_of(someone: Visitor) -> FrameLocator:
    return someone.page.frame_locator("iframe")


def opens_a_window(someone: Visitor) -> None:
    """The button of the frame; what follows is in the window it opens."""
    with someone.context.expect_page() as opened:
        frame_of(someone).get_by_role("link", name="Ouvrir dans un nouvel onglet").click()
    someone.page = opened.value
    someone.page.wait_for_load_state()


def allows(someone: Visitor, moodle: Moodle) -> Visitor:
    """Going to the other site is what this story is about."""
    someone.context.remove_listener("request", someone._goes_out)
    return someone


def test_from_a_registered_platform_to_a_work_told_done(visitor, site, moodle):
    # The national team makes a link; Moodle's administrator opens it in a frame of Moodle.
    national = visitor(NATIONAL)
    national.goes("/lti/")
    national.looks()
    national.presses("Faire un lien d’inscription")
    national.reads("Il sert une fois")
    link = national.main.locator("code").inner_text()
    admin = allows(visitor(), moodle)
    admin.page.goto(f"{moodle.url}/admin?link={link}")
    frame_of(admin).get_by_role("button", name="Inscrire cette plateforme").click()
    expect(admin.page.locator("#said")).to_have_text(f"{site} org.imsglobal.lti.close")
    national.goes("/lti/")
    national.follows("localhost")
    national.looks()

    # The trainer clicks in the course: the frame opens a window, which asks one thing at a time.
    trainer = allows(visitor(TRAINER), moodle)
    trainer.page.goto(click(moodle, "7", "Instructor", name="La formatrice"))
    opens_a_window(trainer)
    trainer.reads("Relier votre compte")
    trainer.presses("C’est moi, relier ce compte")
    trainer.reads("Lier ce cours à une promotion")
    trainer.main.locator("[name=cohort]").first.check()
    trainer.presses("Lier à cette promotion")
    trainer.reads("Choisir le devoir de cette activité")
    trainer.main.locator("[name=assignment]").first.check()
    trainer.presses("Ouvrir ce devoir")
    expect(trainer.page).to_have_url(re.compile("/formation/devoirs/[0-9]+/table/"))
    number = trainer.page.url.split("/")[-3]

    # Choosing stays in the frame, and comes back by itself.
    trainer.page.goto(click(moodle, "7", "Instructor", choosing="1"))
    choice = frame_of(trainer)
    choice.locator("[name=assignments]").first.check()
    choice.locator("[name=fiches][value='10']").check()
    choice.get_by_role("button", name="Ajouter au cours").click()
    expect(choice.get_by_text("2 activités de plus")).to_be_visible()
    assert [next(iter(each["custom"])) for each in moodle.chosen] == ["essaim_devoir", "essaim_fiche"]

    # A student who has no account here.
    student = allows(visitor(), moodle)
    zoe = {"name": "Zoé Petit", "email": "zoe.petit@exemple.test", "devoir": number}
    student.page.goto(click(moodle, "42", "Learner", **zoe))
    opens_a_window(student)
    student.reads("Première visite")
    student.presses("Ouvrir mon compte")
    expect(student.page).to_have_url(re.compile(f"/formation/devoirs/{number}/$"))
    student.main.locator("[name=text]").fill(NOTE)
    student.main.locator("button[value=send]").click()
    student.presses("Envoyer cette note")
    student.page.goto(click(moodle, "42", "Learner", **zoe))
    opens_a_window(student)
    expect(student.page).to_have_url(re.compile(f"/formation/devoirs/{number}/$"))

    # It is accepted, and the course is told so, by the letters' process.
    trainer.goes(f"/formation/devoirs/{number}/table/")
    trainer.follows("Zoé Petit")
    trainer.main.locator("[name=verdict][value=accepted]").check()
    # « et rester ici » where another story's note waits after this one.
    trainer.main.get_by_role("button", name=re.compile("Répondre (à Zoé Petit|et rester ici)")).click()
    assert moodle.told.wait(60)
    assert [(score["userId"], score["scoreGiven"]) for _, score in moodle.scores] == [("42", 1)]

    # Who is in the course, and not here.
    moodle.members = [
        {"user_id": "42", "roles": ["Learner"], "name": "Zoé Petit"},
        {"user_id": "43", "roles": ["Learner"], "name": "Yves Absent"},
    ]
    trainer.goes(f"/formation/devoirs/{number}/table/")
    trainer.page.locator("a[href*='/formation/promotions/']").first.click()
    trainer.follows("Le cours")
    trainer.looks()
    trainer.follows("Demander la liste")
    trainer.reads("Yves Absent")
    expect(trainer.main).not_to_contain_text("Zoé Petit")

    # Untying is asked first, and can be left.
    trainer.follows("Ne plus lier ce cours")
    expect(trainer.page).to_have_url(re.compile("delier=1"))
    trainer.reads("les résultats n’y seront plus rendus")
    trainer.follows("Le garder lié")
    expect(trainer.main).not_to_contain_text("les résultats n’y seront plus rendus")
