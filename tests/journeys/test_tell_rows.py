"""Lists of rows with a script, by keyboard: nothing leaves the page before one saves, and a removal can be undone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

AUTHOR = "sociale@essaim.test"


def test_rows_come_and_go_without_leaving_the_page(visitor):
    author = visitor(AUTHOR)
    author.goes("/initiatives/proposer/")
    author.presses("Commencer")
    author.has_title("L’essentiel")
    place = re.sub("quoi/.*", "", author.page.url)
    author.page.goto(f"{place}moyens/")
    author.looks()
    page, main = author.page, author.main
    page.on("framenavigated", lambda frame: left.append(frame.url))
    left: list[str] = []
    row = main.locator("[data-rows=timeshare] [data-row]")
    main.locator("[name=timeshare-0-role]").fill("assistante sociale")
    main.locator("[name=timeshare-0-hours_a_month]").fill("6,5")
    add = main.get_by_role("button", name="Ajouter une fonction")
    add.focus()
    page.keyboard.press("Enter")
    expect(main.locator("[name=timeshare-1-role]")).to_be_focused()
    page.keyboard.type("CESF")
    # Where every list is full, what is asked for is the row that waits.
    add.click()
    expect(row).to_have_count(3)
    add.click()
    expect(row).to_have_count(3)
    expect(main.locator("[name=timeshare-2-role]")).to_be_focused()
    # Removed by the keyboard, then put back: its words were never lost.
    main.get_by_role("button", name="Retirer : fonction 1").focus()
    page.keyboard.press("Enter")
    expect(main.get_by_role("button", name="La remettre")).to_be_focused()
    expect(main.locator("[name=timeshare-0-role]")).to_be_hidden()
    expect(main.get_by_role("button", name="Retirer : fonction 1")).to_be_visible()
    page.keyboard.press("Enter")
    expect(main.locator("[name=timeshare-0-role]")).to_have_value("assistante sociale")
    assert left == []
    # Enter in a line saves; it never presses the button of a row.
    main.locator("[name=timeshare-1-hours_a_month]").fill("3")
    page.keyboard.press("Enter")
    author.has_title("Ce que cela change")
    page.goto(f"{place}moyens/")
    expect(main.locator("[name=timeshare-0-role]")).to_have_value("assistante sociale")
    expect(main.locator("[name=timeshare-1-role]")).to_have_value("CESF")
    expect(row).to_have_count(3)
    main.get_by_role("button", name="Retirer : fonction 1").click()
    main.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(main.locator("[name=timeshare-0-role]")).to_have_value("CESF")
    author.looks()


def test_rows_without_a_script(visitor):
    author = visitor(AUTHOR, javascript=False)
    author.goes("/initiatives/proposer/")
    author.presses("Commencer")
    author.has_title("L’essentiel")
    place = re.sub("quoi/.*", "", author.page.url)
    author.page.goto(f"{place}maniere/")
    main = author.main
    main.locator("[name=partner-0-name]").fill("La bibliothèque")
    author.presses("Ajouter un partenaire")
    assert author.page.url.endswith("#id_partner-1-name")
    expect(main.locator("[name=partner-1-name]")).to_be_focused()
    main.locator("[name=partner-1-name]").fill("Le bailleur")
    main.get_by_role("button", name="Retirer : partenaire 1").click()
    expect(main.locator("[name=partner-0-name]")).to_have_value("Le bailleur")
