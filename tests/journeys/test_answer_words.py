"""Answer a note, and lose nothing: a killed browser, no network, two tabs, an ended session; sent, nothing is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import classes
from tests.journeys.test_note_words import KEPT_HERE, in_our_hands, joins, note, status

TRAINER, STUDENT = "formation@essaim.test", "etudiante@essaim.test"
TITLE = "Un groupe qui décide, phrase après phrase"


@pytest.fixture(scope="module")
def waiting(visits):
    """A note that waits; where it is answered. The last of these stories answers it."""
    with visits() as visitor:
        place = classes.that_sent(visitor, "Promotion répondue", TITLE, [STUDENT])
        trainer = visitor(TRAINER)
        trainer.goes(place + "table/")
        trainer.main.get_by_role("link", name="une note attend").click()
        trainer.reads(classes.NOTE)
        return trainer.page.url


@pytest.fixture
def answering(visitor, waiting):
    """A trainer before it, at a computer where nothing was typed yet."""
    trainer = visitor(TRAINER)
    trainer.work = waiting
    trainer.goes(waiting)
    return trainer


def sends(trainer) -> None:
    trainer.ticks("À reprendre")
    trainer.presses("Répondre à")
    expect(trainer.page.locator(".messages")).to_contain_text("Votre réponse est enregistrée")


def test_two_tabs_and_the_second_is_told(answering):
    trainer, one = answering, answering.page
    two = trainer.context.new_page()
    two.goto(trainer.work)
    note(one).fill("Dans le premier onglet")
    expect(status(one)).to_contain_text("Gardé à")
    note(two).fill("Dans le second onglet")
    expect(two.locator("#elsewhere")).to_contain_text("dans une autre fenêtre")
    two.close(run_before_unload=False)
    one.close(run_before_unload=False)
    trainer.page = trainer.context.new_page()
    trainer.goes(trainer.work)
    expect(status(trainer.page)).to_contain_text("Gardé à")  # the page isn't shown anew any more
    trainer.reads("Voici ce que vous écriviez", "dans une autre fenêtre")
    both = trainer.main.inner_html()
    assert "Dans le premier onglet" in both
    assert "Dans le second onglet" in both


def test_a_shared_computer_keeps_nothing(answering):
    trainer, page = answering, answering.page
    page.get_by_label("Cet ordinateur est partagé").check()
    note(page).fill("Ailleurs que chez moi")
    expect(status(page)).to_contain_text("Gardé à")
    assert page.evaluate(KEPT_HERE) == 0
    trainer.goes(trainer.work)
    expect(note(page)).to_have_value("Ailleurs que chez moi")
    expect(status(page)).to_contain_text("Gardé à")
    assert page.evaluate(KEPT_HERE) == 0


def test_signing_out_asks_first(answering):
    page = answering.page
    note(page).fill("Pas encore envoyé")
    expect(status(page)).to_contain_text("Gardé à")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".account summary, .account button").first.click()
    page.get_by_role("button", name="Me déconnecter").click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(note(page)).to_have_value("Pas encore envoyé")


def test_a_killed_browser_an_ended_session_then_it_is_sent_and_kept_nowhere(answering, visitor):
    trainer, page = answering, answering.page
    in_our_hands(page)
    note(page).press_sequentially("Qui ne parlait")
    page.clock.run_for(1000)
    expect(status(page)).to_contain_text("Gardé à")
    # Until it is sent, this browser keeps it too: the session may end.
    assert page.evaluate(KEPT_HERE) == 1
    trainer.context.set_offline(True)
    note(page).press_sequentially(" pas ?")
    trainer.ticks("À reprendre")
    page.clock.run_for(6000)
    expect(status(page)).to_contain_text("Hors ligne : votre texte est gardé dans ce navigateur.")
    left = trainer.context.storage_state()
    left["cookies"] = [cookie for cookie in left["cookies"] if "session" not in cookie["name"]]
    trainer.context.close()

    # Killed, and the session with it: what this browser kept is offered again once its writer has signed in.
    again = visitor(TRAINER, storage=left)
    again.goes(trainer.work)
    expect(again.main).to_contain_text("Voici ce que vous écriviez")
    expect(note(again.page)).to_have_value("Qui ne parlait pas ?")
    expect(again.main.get_by_label("À reprendre")).to_be_checked()
    again.looks()
    # Nobody else has read a word of it.
    student = visitor(STUDENT)
    student.goes("/formation/")
    student.follows(TITLE)
    expect(student.main).not_to_contain_text("Qui ne parlait")

    # The session ends while one types, and the page is closed: it is still there.
    again.context.clear_cookies(name="sessionid")
    note(again.page).fill("Qui ne parlait pas, et pourquoi ?")
    expect(status(again.page)).to_contain_text("Votre session est terminée : votre texte est gardé")
    with again.context.expect_page() as opened:
        again.page.get_by_role("link", name="Me reconnecter").click()
    other = opened.value
    other.get_by_label("Adresse électronique").fill(TRAINER)
    other.get_by_label("Mot de passe", exact=True).fill("essaim-demo")
    other.get_by_role("main").get_by_role("button", name="Me connecter").click()
    expect(note(other)).to_have_value("Qui ne parlait pas, et pourquoi ?")
    again.page.close()
    again.page = other
    sends(again)
    expect(note(other)).to_have_value("")
    joins(other)
    again.goes(trainer.work)
    expect(again.main).not_to_contain_text("Voici ce que vous écriviez")
    assert other.evaluate(KEPT_HERE) == 0
