"""What a search field may mean, as one types: by keyboard, by mouse, and without any script."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

OPTIONS = "#suggestions [role=option]"


def test_suggestions_are_reached_by_keyboard(visitor):
    someone = visitor()
    page = someone.page
    asked = counted(page)
    someone.goes("/recherche/")
    page.locator("#q").focus()
    field = page.get_by_role("combobox", name="Chercher une initiative, une fiche")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("par")
    expect(page.locator(OPTIONS).first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert len(asked) == 1, "one request a pause"
    many = page.locator(OPTIONS).count()
    expect(page.locator("#live")).to_have_text(f"{many} suggestions")
    someone.looks()

    # The arrows go round: the field, each option, and the field again. The focus stays where one types.
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(page.locator("#suggestion-0")).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", f"suggestion-{many - 1}")

    # Escape closes and keeps what was typed; one letter asks nothing.
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(field).to_have_value("par")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("p")
    page.wait_for_timeout(450)
    assert len(asked) == 1

    # Enter on nothing searches; on an option, it goes there.
    field.fill("")
    field.press_sequentially("theatre", delay=20)
    expect(page.locator(OPTIONS).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?q=theatre"))
    page.locator("#q").focus()
    field.fill("")
    with page.expect_response(re.compile("q=theatre-f$")):  # and no answer to its beginning
        field.press_sequentially("theatre-f", delay=20)
    expect(page.locator(OPTIONS).first).to_contain_text("Théâtre-forum")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/guide/methodes/theatre-forum/"))


def test_a_place_is_chosen_in_the_catalogue_with_the_mouse(visitor):
    someone = visitor(wide=False)
    page = someone.page
    someone.goes("/initiatives/")
    page.locator("#q").focus()
    field = page.get_by_role("combobox", name="Chercher une initiative")
    with page.expect_response(re.compile("q=pas-de-c$")):
        field.press_sequentially("pas-de-c", delay=20)
    option = page.get_by_role("option", name="Pas-de-Calais (62)")
    option.hover()
    page.mouse.down()
    page.wait_for_timeout(300)  # a slow press: the list is still there when it becomes a click
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"/initiatives/\?departement=62"))
    someone.looks()
    page.go_back()
    expect(page.locator("#suggestions")).to_be_hidden()


def test_leaving_the_field_closes_it_and_a_slow_answer_is_forgotten(visitor):
    someone = visitor()
    page = someone.page
    someone.goes("/")
    page.route("**/recherche/suggestions/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.locator("#q").focus()
    field = page.get_by_role("combobox", name="Chercher une initiative")
    field.press_sequentially("par", delay=20)
    page.keyboard.press("Tab")
    page.wait_for_timeout(900)
    expect(page.locator("#suggestions")).to_be_hidden()


def test_without_scripts_the_field_simply_searches(visitor):
    someone = visitor(javascript=False)
    page = someone.page
    someone.goes("/recherche/")
    field = page.get_by_label("Chercher une initiative, une fiche")
    assert field.get_attribute("role") is None
    field.fill("groupe")
    someone.presses("Chercher")
    expect(page).to_have_url(re.compile(r"/recherche/\?q=groupe"))
    for label in ("Initiatives", "Fiches du guide", "Méthodes", "Glossaire"):
        expect(page.get_by_role("heading", name=label, level=2)).to_be_visible()
    page.locator("section:has(#fiches) h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/guide/fiches/\d+/"))


def counted(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggestions/" in request.url else None)
    return asked
