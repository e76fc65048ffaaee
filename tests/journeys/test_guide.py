"""Reading the guide, and writing it, in a browser: words defined in place, methods chosen without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

OPEN = ".definition:popover-open"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_word_is_defined_in_place_by_keyboard(visitor, javascript):
    reader = visitor(javascript=javascript)
    reader.goes("/guide/fiches/10/")
    reader.reads("En bref.")
    word = reader.page.locator("button.term").first
    word.focus()
    reader.page.keyboard.press("Enter")
    shown = reader.page.locator(OPEN)
    expect(shown).to_be_visible()
    expect(shown).to_contain_text("Lire au glossaire")
    expect(word).to_be_focused()
    box, place = shown.bounding_box(), word.bounding_box()
    assert abs(box["y"] - place["y"]) < 500, "it opens beside its word"
    reader.page.keyboard.press("Tab")
    expect(shown.get_by_role("link")).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(word).to_be_focused()


def test_a_word_is_defined_in_place_by_touch(visitor):
    reader = visitor(wide=False)
    reader.goes("/guide/fiches/10/")
    words = reader.page.locator("button.term")
    words.nth(0).click()
    expect(reader.page.locator(OPEN)).to_have_count(1)
    box = reader.page.locator(OPEN).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    words.nth(1).click()
    expect(reader.page.locator(OPEN)).to_have_count(1)
    reader.page.mouse.click(5, 5)
    expect(reader.page.locator(OPEN)).to_have_count(0)


def test_a_method_is_chosen_without_a_script(visitor):
    reader = visitor(javascript=False, wide=False)
    reader.goes("/guide/")
    reader.follows("Choisir une méthode")
    reader.ticks(
        "Plusieurs personnes vivent une difficulté proche", "Que des personnes se soutiennent", "Un petit groupe"
    )
    reader.presses("Voir les méthodes")
    expect(reader.main).to_contain_text("Travail social de groupe")
    assert "depart=difficulte" in reader.page.url
    reader.follows("Les comparer côte à côte")
    reader.has_title("Comparer des méthodes")
    expect(reader.page.get_by_role("columnheader")).to_have_count(2)


def test_its_pages_are_read_by_all(visitor):
    reader = visitor()
    for path in (
        "/guide/", "/guide/fiches/5/", "/guide/fiches/12/", "/guide/fiches/21/", "/guide/methodes/",
        "/guide/methodes/theatre-forum/", "/guide/methodes/comparer/",
        "/guide/methodes/comparer/?methode=dpa-pc&methode=mediation-sociale&methode=theatre-forum",
        "/guide/choisir/", "/guide/choisir/?depart=difficulte&but=soutien",
        "/guide/choisir/?depart=voisinage&cadre=decide",
        "/guide/glossaire/", "/guide/glossaire/?statut=discute", "/guide/fiches/5/avis/", "/guide/hors-ligne/",
    ):  # fmt: skip
        reader.goes(path)
        reader.looks()


def test_a_fiche_is_written_on_line_and_its_readers_answer(visitor):
    reader, editor = visitor(wide=False), visitor("coordination@essaim.test")
    reader.goes("/guide/fiches/26/")
    reader.follows("Le dire en une minute")
    reader.ticks("En partie")
    reader.fills("À quoi", "Il manque un exemple de bilan.")
    reader.presses("Envoyer")
    reader.reads("Merci.")

    editor.goes("/guide/edition/")
    editor.reads("Écrire le guide")
    editor.follows("Ce que les lecteurs répondent")
    editor.reads("Il manque un exemple de bilan.")
    editor.presses("Marquer comme lue")
    editor.goes("/guide/edition/fiches/26/")
    editor.looks()
    before = editor.main.get_by_label("Pourquoi", exact=True).input_value()
    editor.fills("Pourquoi", f"Une équipe relit son année.\n\n{before}")
    editor.presses("Enregistrer et voir l’aperçu")
    editor.reads("À corriger avant de publier")
    editor.follows("Dites en une phrase ce qui a changé")
    expect(editor.main.get_by_label("Ce qui a changé")).to_be_in_viewport()
    editor.fills("Ce qui a changé", "Un exemple de bilan.")
    editor.presses("Enregistrer et voir l’aperçu")
    editor.reads("Une équipe relit son année.")
    editor.presses("Publier cette version")
    editor.reads("Un exemple de bilan.")
    reader.goes("/guide/fiches/26/")
    reader.reads("Une équipe relit son année.")
