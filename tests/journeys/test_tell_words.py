"""Tell, and lose nothing: a killed browser, no network, two tabs, a session that ends, a computer that is shared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

AUTHOR = "sociale@essaim.test"
WORDS = "Le mardi, on cuisine ensemble et on ouvre le courrier. " * 300  # 3 000 words
KEPT_HERE = "Object.keys(localStorage).length"


@pytest.fixture
def telling(visitor):
    """Someone on the first screen of a new sheet, whose time is in our hands."""

    def begins(**options):
        author = visitor(AUTHOR, **options)
        author.goes("/initiatives/proposer/")
        author.presses("Commencer")
        author.has_title("L’essentiel")
        author.screen = author.page.url
        author.sent = []
        author.context.on("request", lambda each: author.sent.append(each) if "/frappe/" in each.url else None)
        return author

    return begins


def in_our_hands(page: Page) -> None:
    """Time passes when we say; the page is opened again so that its clock is ours."""
    page.clock.install()
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)


def title(page: Page):
    return page.get_by_role("main").locator("[name=title]")


def status(page: Page):
    return page.locator("#saving")


def types(page: Page, text: str, then: int = 0) -> None:
    title(page).press_sequentially(text)
    page.clock.run_for(then)


def test_a_killed_browser_loses_a_second_at_most(telling, visitor):
    author = telling()
    page = author.page
    in_our_hands(page)
    types(page, "La soupe", 1000)
    expect(status(page)).to_contain_text("Gardé à")
    types(page, " du mardi", 2000)
    assert len(author.sent) == 1, "the second sending isn't due yet"
    left = author.context.storage_state()
    author.context.close()

    again = visitor(storage=left)
    again.goes(author.screen)
    expect(title(again.page)).to_have_value("La soupe du mardi")
    again.reads("Voici ce que vous écriviez à", "ce n’était pas encore enregistré")
    assert again.page.evaluate(KEPT_HERE) == 0
    # Saved, it is no longer waiting anywhere; the page before, taken from the history, has it too.
    again.presses("Enregistrer et continuer")
    again.has_title("Qui et où")
    again.page.go_back()
    expect(title(again.page)).to_have_value("La soupe du mardi")
    expect(again.main).not_to_contain_text("Voici ce que vous écriviez")
    title(again.page).fill("La soupe du mercredi")
    again.presses("Enregistrer et continuer")
    again.has_title("Qui et où")
    again.goes(author.screen)
    expect(title(again.page)).to_have_value("La soupe du mercredi")

    # Gone back to what is saved, after a confirmation.
    title(again.page).fill("La soupe du jeudi")
    with again.page.expect_response(re.compile("/frappe/$")):
        expect(status(again.page)).to_contain_text("Gardé à")
    again.goes(author.screen)
    again.page.get_by_text("Revenir au texte enregistré").click()
    again.presses("Effacer ce texte")
    expect(title(again.page)).to_have_value("La soupe du mercredi")


def test_three_thousand_words_without_network_and_the_browser_killed(telling, visitor):
    author = telling()
    author.goes(author.screen.replace("/quoi/", "/recit/"))
    page, story = author.page, author.main.locator("[name=story]")
    in_our_hands(page)
    author.context.set_offline(True)
    for part in range(10):
        story.fill(WORDS[: len(WORDS) * (part + 1) // 10])
        page.clock.run_for(60_000)
    expect(status(page)).to_contain_text("Hors ligne : votre texte est gardé dans ce navigateur.")
    author.presses("Enregistrer")
    expect(story).to_have_value(WORDS)
    assert author.sent == []
    left = author.context.storage_state()
    author.context.close()

    again = visitor(storage=left)
    again.goes(author.screen.replace("/quoi/", "/recit/"))
    expect(again.main.locator("[name=story]")).to_have_value(WORDS)
    expect(again.main).to_contain_text("Voici ce que vous écriviez")
    assert again.page.evaluate(KEPT_HERE) == 0


def test_the_network_comes_back(telling):
    author = telling()
    page = author.page
    in_our_hands(page)
    author.context.set_offline(True)
    types(page, "Sans réseau", 2000)
    assert page.evaluate(KEPT_HERE) == 1
    author.context.set_offline(False)
    expect(status(page)).to_contain_text("Gardé à")
    assert (page.evaluate(KEPT_HERE), len(author.sent)) == (0, 1)


def test_one_request_every_five_seconds_while_one_types(telling):
    author = telling()
    page = author.page
    in_our_hands(page)
    for second in range(40):
        types(page, "ab" if second % 7 else "é", 500)
        page.clock.run_for(500)
    expect(status(page)).to_contain_text("Gardé à")
    assert 4 <= len(author.sent) <= 9  # one at the first second, then one each five seconds
    page.clock.run_for(60_000)
    asked = len(author.sent)
    page.clock.run_for(60_000)
    assert len(author.sent) == asked, "who doesn't type asks for nothing"


def test_two_tabs_hear_of_each_other(telling):
    author = telling()
    one, two = author.page, author.context.new_page()
    two.goto(author.screen)
    title(one).fill("Dans le premier onglet")
    expect(status(one)).to_contain_text("Gardé à")
    title(two).fill("Dans le second onglet")
    expect(two.locator("#elsewhere")).to_contain_text("aussi ouvert dans une autre fenêtre")
    author.presses("Enregistrer et continuer")
    author.has_title("Qui et où")
    two.get_by_role("button", name="Enregistrer et continuer").click()
    expect(two.get_by_role("heading", level=1)).to_have_text("Deux textes pour le même écran")
    expect(two.get_by_role("main")).to_contain_text("Dans le premier onglet")
    expect(two.get_by_role("main")).to_contain_text("Dans le second onglet")
    two.get_by_role("button", name="Enregistrer ces choix").click()
    two.goto(author.screen)
    expect(title(two)).to_have_value("Dans le second onglet")
    expect(two.get_by_role("main")).not_to_contain_text("Voici ce que vous écriviez")


def test_a_session_that_ends_is_taken_up_in_another_tab(telling):
    author = telling()
    page = author.page
    author.context.clear_cookies(name="sessionid")
    title(page).fill("Écrit sans session")
    expect(status(page)).to_contain_text("Votre session est terminée : votre texte est gardé dans ce navigateur.")
    with author.context.expect_page() as opened:
        page.get_by_role("link", name="Me reconnecter").click()
    other = opened.value
    other.get_by_label("Adresse électronique").fill(AUTHOR)
    other.get_by_label("Mot de passe", exact=True).fill("essaim-demo")
    other.get_by_role("main").get_by_role("button", name="Me connecter").click()
    expect(title(other)).to_have_value("Écrit sans session")
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Gardé à")
    author.presses("Enregistrer et continuer")
    author.has_title("Qui et où")
    author.goes(author.screen)
    expect(title(page)).to_have_value("Écrit sans session")
    assert page.evaluate(KEPT_HERE) == 0


def test_signing_out_leaves_nothing(telling):
    author = telling()
    page = author.page
    page.route("**/frappe/", lambda each: each.fulfill(status=413, json={"says": "Trop long."}))
    title(page).fill("Ce que le site n’a pas")
    expect(status(page)).to_contain_text("Trop long.")
    assert page.evaluate(KEPT_HERE) == 1
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    page.wait_for_function("localStorage.length + sessionStorage.length === 0")  # the browser empties them in its time


def test_a_shared_computer_keeps_nothing(telling, visitor):
    author = telling()
    page = author.page
    page.get_by_label("Cet ordinateur est partagé").check()
    in_our_hands(page)
    author.context.set_offline(True)
    types(page, "Ailleurs que chez moi", 10_000)
    expect(status(page)).to_contain_text("Hors ligne : votre texte n’est que dans cette page, ne la fermez pas.")
    assert page.evaluate(KEPT_HERE) == 0
    author.context.set_offline(False)
    expect(status(page)).to_contain_text("Gardé à")
    # Said of the computer: whoever signs in next finds it ticked.
    left = author.context.storage_state()
    left["cookies"] = [cookie for cookie in left["cookies"] if cookie["name"] == "shared_computer"]
    someone = visitor(storage=left)
    someone.goes("/compte/connexion/")
    expect(someone.main.get_by_label("Cet ordinateur est partagé")).to_be_checked()
