"""Weigh: from a lever to a proposal to what supports it; and a number of the matrix is the length of a list."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_from_a_lever_to_what_supports_it(visitor):
    someone = visitor()
    someone.goes("/leviers/")
    someone.looks()
    someone.main.locator("a[href='/leviers/3/']").first.click()
    someone.has_title("Pouvoir d’agir")
    someone.looks()
    someone.main.locator("a[href^='/leviers/propositions/']").first.click()
    expect(someone.page).to_have_url(re.compile(r"/leviers/propositions/\d+/$"))
    someone.looks()
    someone.page.go_back()
    someone.main.locator("#initiatives ~ .rows a[href^='/initiatives/']").first.click()
    expect(someone.page).to_have_url(re.compile("/initiatives/[a-z0-9-]+/$"))
    someone.looks()


def test_each_number_of_the_matrix_is_a_list_of_that_length(visitor):
    someone = visitor()
    someone.goes("/leviers/couverture/")
    someone.looks()
    cells = someone.main.locator("table.matrix td a[href^='/initiatives/']")
    known = cells.count()
    assert known > 6
    chosen = {
        cells.nth(place).get_attribute("href"): int(re.match(r"\d+", cells.nth(place).inner_text())[0])
        for place in (0, known // 3, known // 2, known - 1)
    }
    for address, count in chosen.items():
        someone.goes(address)
        expect(someone.page.locator("#count")).to_have_text(re.compile(rf"^{count} "))


def test_where_nothing_is_known_it_says_known(visitor):
    someone = visitor()
    someone.goes("/leviers/couverture/")
    empty = someone.main.locator("td[data-level='0']").first
    expect(empty).to_contain_text("aucune initiative connue")
    someone.main.get_by_label("Région").select_option(label="Hauts-de-France")
    someone.presses("Afficher")
    someone.reads("Hauts-de-France", "62 Pas-de-Calais")
