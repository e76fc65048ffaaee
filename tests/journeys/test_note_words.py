"""Write a note, and lose nothing: a killed browser, no network, two tabs, a session that ends, no script at all."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

STUDENT, GIVEN = "etudiante@essaim.test", "Découvrir le travail social de groupe"
KEPT_HERE = "Object.keys(localStorage).length"


@pytest.fixture
def studying(visitor):
    """A student before her note, empty again."""

    def begins(**options):
        student = visitor(STUDENT, **options)
        student.goes("/formation/")
        student.follows(GIVEN)
        student.work = student.page.url
        note(student.page).fill("")
        saves(student)
        return student

    return begins


def note(page: Page):
    return page.get_by_role("main").locator("[name=text]")


def status(page: Page):
    return page.locator("#saving")


def saves(student) -> None:
    student.main.get_by_role("button", name="Enregistrer").click()
    expect(student.page.locator(".messages")).to_contain_text("enregistrée")


def joins(page: Page) -> None:
    """What this browser kept joins the draft, and the page is shown again with it."""
    for _ in range(60):
        with suppress(Error):  # between two pages
            if page.evaluate(KEPT_HERE) == 0:
                return
        page.wait_for_timeout(100)


def in_our_hands(page: Page) -> None:
    """Time passes when we say; the page is opened again so that its clock is ours."""
    page.clock.install()
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)


def test_what_is_typed_is_in_the_draft_and_a_killed_browser_loses_a_second(studying, visitor):
    student = studying()
    page = student.page
    in_our_hands(page)
    note(page).press_sequentially("Le groupe")
    page.clock.run_for(1000)
    expect(status(page)).to_contain_text("Gardé à")
    note(page).press_sequentially(" décide")
    page.clock.run_for(2000)
    left = student.context.storage_state()
    student.context.close()

    again = visitor(storage=left)
    again.goes(student.work)
    expect(note(again.page)).to_have_value("Le groupe décide")
    joins(again.page)
    again.goes(student.work)
    expect(note(again.page)).to_have_value("Le groupe décide")
    again.looks()
    assert again.page.evaluate(KEPT_HERE) == 0
    expect(again.main).not_to_contain_text("Deux textes")


def test_three_pages_without_network(studying, visitor):
    student = studying()
    page = student.page
    in_our_hands(page)
    student.context.set_offline(True)
    words = "Le mardi, on cuisine ensemble et on ouvre le courrier. " * 150
    note(page).fill(words)
    page.clock.run_for(60_000)
    expect(status(page)).to_contain_text("Hors ligne : votre texte est gardé dans ce navigateur.")
    student.main.get_by_role("button", name="Enregistrer").click()
    expect(note(page)).to_have_value(words)
    left = student.context.storage_state()
    student.context.close()

    again = visitor(storage=left)
    again.goes(student.work)
    expect(note(again.page)).to_have_value(words)
    joins(again.page)
    again.goes(student.work)
    expect(note(again.page)).to_have_value(words)
    assert again.page.evaluate(KEPT_HERE) == 0


def test_the_network_comes_back(studying):
    student = studying()
    page = student.page
    in_our_hands(page)
    student.context.set_offline(True)
    note(page).press_sequentially("Sans réseau")
    page.clock.run_for(2000)
    assert page.evaluate(KEPT_HERE) == 1
    student.context.set_offline(False)
    expect(status(page)).to_contain_text("Gardé à")
    assert page.evaluate(KEPT_HERE) == 0


def test_two_tabs_never_write_over_one_another(studying):
    student = studying()
    one, two = student.page, student.context.new_page()
    two.goto(student.work)
    note(one).fill("Dans le premier onglet")
    expect(status(one)).to_contain_text("Gardé à")
    note(two).fill("Dans le second onglet")
    expect(status(two)).to_contain_text("enregistrée dans une autre fenêtre")
    # The second tab dies without a button pressed: its words are shown beside the others, and stay until one chooses.
    two.close(run_before_unload=False)
    for _ in range(2):
        student.goes(student.work)
        student.has_title("Deux textes pour votre note")
        student.reads("Dans le premier onglet", "Dans le second onglet")
    student.main.locator("[name=text]").fill("Les deux, réunis")
    student.presses("Garder ce texte-ci")
    expect(note(one)).to_have_value("Les deux, réunis")
    student.goes(student.work)
    expect(note(one)).to_have_value("Les deux, réunis")
    assert one.evaluate(KEPT_HERE) == 0


def test_one_goes_on_typing_after_saving_and_going_back(studying):
    student = studying()
    note(student.page).fill("Une phrase.")
    expect(status(student.page)).to_contain_text("Gardé à")
    saves(student)
    note(student.page).fill("Une phrase. Puis une autre.")
    student.main.locator("button[value=send]").click()
    student.has_title("Relire, puis envoyer")
    student.page.go_back()
    expect(note(student.page)).to_have_value("Une phrase. Puis une autre.")
    note(student.page).fill("Une phrase. Puis une autre. Et la fin.")
    student.main.locator("button[value=send]").click()
    student.has_title("Relire, puis envoyer")
    student.reads("Et la fin.")


def test_a_session_that_ends_is_taken_up_in_another_tab(studying):
    student = studying()
    page = student.page
    student.context.clear_cookies(name="sessionid")
    note(page).fill("Écrit sans session")
    expect(status(page)).to_contain_text("Votre session est terminée : votre texte est gardé dans ce navigateur.")
    with student.context.expect_page() as opened:
        page.get_by_role("link", name="Me reconnecter").click()
    other = opened.value
    other.get_by_label("Adresse électronique").fill(STUDENT)
    other.get_by_label("Mot de passe", exact=True).fill("essaim-demo")
    other.get_by_role("main").get_by_role("button", name="Me connecter").click()
    expect(note(other)).to_have_value("Écrit sans session")
    other.close()
    note(page).fill("Écrit sans session, fini après")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Gardé à")
    student.goes(student.work)
    expect(note(page)).to_have_value("Écrit sans session, fini après")
    expect(student.main).not_to_contain_text("Voici ce que vous écriviez")
    assert page.evaluate(KEPT_HERE) == 0


def test_a_shared_computer_keeps_nothing(studying):
    student = studying()
    page = student.page
    page.get_by_label("Cet ordinateur est partagé").check()
    in_our_hands(page)
    student.context.set_offline(True)
    note(page).press_sequentially("Ailleurs que chez moi")
    page.clock.run_for(10_000)
    expect(status(page)).to_contain_text("votre texte n’est que dans cette page")
    assert page.evaluate(KEPT_HERE) == 0
    student.context.set_offline(False)
    expect(status(page)).to_contain_text("Gardé à")


def test_without_script(studying):
    student = studying(javascript=False)
    expect(student.page.locator("#saving")).to_be_hidden()
    note(student.page).fill("Sans script, par un bouton.")
    student.main.locator("button[value=send]").click()
    student.reads("Relire, puis envoyer", "Sans script, par un bouton.")
    # The session ends, the note is sent all the same: it comes back.
    student.goes(student.work)
    student.context.clear_cookies(name="sessionid")
    note(student.page).fill("Ce que j’écrivais")
    student.main.get_by_role("button", name="Enregistrer").click()
    student.main.get_by_label("Adresse électronique").fill(STUDENT)
    student.main.get_by_label("Mot de passe", exact=True).fill("essaim-demo")
    student.presses("Me connecter")
    student.reads("Voici ce que vous écriviez")
    expect(note(student.page)).to_have_value("Ce que j’écrivais")
    student.main.get_by_role("button", name="Enregistrer").first.click()
    student.goes(student.work)
    expect(note(student.page)).to_have_value("Ce que j’écrivais")


def test_by_keyboard_alone(studying):
    student = studying(wide=False)
    page = student.page
    note(page).focus()
    page.keyboard.type("Au clavier seulement.")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "send":
            break
    page.keyboard.press("Enter")
    student.has_title("Relire, puis envoyer")
    student.reads("Au clavier seulement.")


def test_the_assignment_and_the_dossier_are_carried_away(studying):
    student = studying()
    note(student.page).fill("Pour mon dossier.")
    saves(student)
    for name, ending in (("PDF", ".pdf"), ("EPUB", ".epub")):
        address = student.main.get_by_role("link", name=f"{name} du devoir").get_attribute("href")
        answer = student.page.request.get(student.site + address)
        assert answer.ok
        assert re.search(rf"{ending}\b", answer.headers["content-disposition"])
    student.goes("/formation/")
    student.follows("mes notes de la promotion Première année")
    student.reads("Mes notes", "Pour mon dossier.")
    with student.page.expect_download() as given:
        student.follows("Mon dossier (ODT)")
    assert given.value.suggested_filename.endswith(".odt")
