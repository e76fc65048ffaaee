"""Tell and moderate without a mouse: from the home page to the public page by Tab, arrows, Space, Enter and typing.

Each person opens the site once, on its home page; whatever comes next is reached by the keyboard, in as few pages as a
mouse would ask, and one sees at each stop where one is. The run prints what it asked of them (`pytest -s`).
"""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests import factories
from tests.journeys.test_find import SEEN
from tests.journeys.visitor import PASSWORD, Visitor

AUTHOR, COORDINATOR = "sociale@essaim.test", "coordination62@essaim.test"
TITLE = "La cuisine des voisines, racontée au clavier"
BEGINNING = "Des lettres jamais ouvertes, et une cuisine vide le mardi."
SCREENS = ["L’essentiel", "Qui et où", "L’histoire", "Contact et accords"]
QUESTIONS = 12  # product P3
FURTHEST = 250  # stops on one page

# The name of what holds the focus: « Question: answer » in a group of choices.
NAME = """() => {
  const one = document.activeElement;
  const words = (each) => (each?.innerText ?? each?.textContent ?? "").replace(/[\\s\\u00a0]+/g, " ").trim();
  const named = one.getAttribute("aria-labelledby");
  const own = named ? named.split(" ").map((id) => words(document.getElementById(id))).join(" ")
    : one.getAttribute("aria-label") || words(one.labels?.[0] ?? one) || one.title;
  const choice = one.matches("[type=radio], [type=checkbox]") ? one.closest("fieldset") : null;
  return choice ? `${words(choice.querySelector("legend"))}: ${own}` : own;
}"""
ON_THE_PAGE = "() => document.activeElement !== document.body && !document.activeElement.matches('main')"


class Typist:
    """Someone with a keyboard and nothing else; what they did is counted."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.keys = {"Tab": 0, "arrows": 0, "Space and Enter": 0}
        self.signs = self.answers = self.questions = 0
        self.pages: list[str] = []
        self.screens: list[str] = []
        self.page.on("framenavigated", lambda frame: frame == self.page.main_frame and self._arrives(frame.url))
        visitor.goes("/")

    def _arrives(self, url: str) -> None:
        """An act brings back to its own page: that is no detour."""
        path = urlsplit(url).path
        if self.pages[-1:] != [path]:
            self.pages.append(path)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        kind = "Tab" if key == "Tab" else "arrows" if key.startswith("Arrow") else "Space and Enter"
        self.keys[kind] += 1

    def skip(self) -> None:
        """The first stop of every page leads to what the page is for. After a form sent from there, one is there."""
        if self.page.url.endswith("#contenu"):
            return
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        self.press("Enter")
        expect(self.page.locator("#contenu")).to_be_focused()

    def reach(self, label: str) -> None:
        """Tab as far as what is called `label`, seeing at each stop where one is."""
        passed = []
        for _ in range(FURTHEST):
            self.press("Tab")
            name = self.page.evaluate(NAME)
            assert self.page.evaluate(SEEN), f"one doesn't see the focus on « {name} », {self.page.url}"
            if label in name:
                return
            passed.append(name)
            assert self.page.evaluate(ON_THE_PAGE) or len(passed) == 1, f"« {label} » isn't among {passed}"
        raise AssertionError(f"« {label} » isn't among {passed}")

    def opens(self, label: str) -> None:
        """Press what is called `label`, and be on another page (or the same one, made again)."""
        self.reach(label)
        with self.page.expect_navigation():
            self.press("Enter")

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.signs += len(text)
        self.answers += 1

    def writes(self, label: str, text: str) -> None:
        self.reach(label)
        self.types(text)

    def ticks(self, *labels: str) -> None:
        for label in labels:
            self.reach(label)
            self.press("Space")
            assert self.page.evaluate("() => document.activeElement.checked"), label
            self.answers += 1

    def chooses(self, question: str, answer: str) -> None:
        """One stop for the whole group; the arrows go from one answer to the next."""
        self.reach(question)
        self.press("Space")
        passed: list[str] = []
        while (name := self.page.evaluate(NAME)) != f"{question}: {answer}":
            assert name not in passed, f"« {answer} » isn't among {passed}"
            passed.append(name)
            self.press("ArrowDown")
        assert self.page.evaluate("() => document.activeElement.checked"), answer
        self.answers += 1

    def signs_in(self, email: str) -> None:
        self.opens("Se connecter")
        self.skip()
        self.reach("Adresse électronique")
        self.page.keyboard.type(email)
        self.reach("Mot de passe")
        self.page.keyboard.type(PASSWORD)
        self.opens("Me connecter")

    def begins_screen(self, title: str) -> None:
        self.visitor.has_title(title)
        asked = self.page.locator("main .question-number").all_inner_texts()
        assert asked == [f"Question {self.questions + each} sur {QUESTIONS}" for each in range(1, len(asked) + 1)]
        self.questions += len(asked)
        self.screens.append(title)
        self.skip()


def test_from_the_home_page_to_the_public_page_without_a_mouse(visitor):
    began = time.monotonic()
    ana = Typist(visitor())
    ana.signs_in(AUTHOR)
    ana.opens("Partager une initiative")
    ana.skip()
    ana.opens("Commencer")
    before = dict(ana.keys)

    ana.begins_screen(SCREENS[0])
    ana.writes("Le titre", TITLE)
    ana.writes("En quelques phrases", factories.SUMMARY)
    ana.chooses("Où en est l’action ?", "en cours")
    ana.writes("Année de début", "2023")
    ana.opens("Enregistrer et continuer")

    ana.begins_screen(SCREENS[1])
    ana.writes("Qui porte l’action ?", "Centre social du Bassin")
    ana.writes("La commune principale", "Lens")
    expect(ana.page.get_by_role("group", name="Laquelle")).to_be_visible()
    ana.chooses("Laquelle ?", "Lens (62) 62300")
    ana.chooses("Jusqu’où va l’action ?", "un quartier")
    ana.opens("Enregistrer et continuer")

    ana.begins_screen(SCREENS[2])
    ana.writes("Au départ", BEGINNING)
    ana.writes("Ce qui s’est passé", factories.STORY)
    ana.ticks("Avec qui ?: Familles", "Sur quoi ?: Alimentation", "De quelle manière ?: Travail social de groupe")
    ana.opens("Enregistrer et continuer")

    ana.begins_screen(SCREENS[3])
    ana.ticks("Mon employeur est d’accord", "Les personnes concernées savent")
    ana.ticks(*[": "] * 6)
    ana.opens("Enregistrer et continuer")

    ana.visitor.has_title("Relisez, puis envoyez")
    ana.skip()
    ana.opens("Envoyer")
    expect(ana.visitor.main).to_contain_text("Votre reçu")
    told = {kind: count - before[kind] for kind, count in ana.keys.items()}

    max_ = Typist(visitor())
    max_.signs_in(COORDINATOR)
    max_.visitor.has_title("À relire")
    max_.skip()
    max_.opens(TITLE)
    max_.visitor.has_title(TITLE)
    max_.skip()
    max_.opens("Prendre ce dossier")
    max_.skip()
    expect(max_.visitor.main).to_contain_text("une cuisine vide le mardi")
    max_.reach("Aller à la décision")
    max_.press("Enter")
    max_.opens("Publier cette fiche")
    expect(max_.visitor.main).to_contain_text("publi")
    max_.skip()
    max_.opens("Voir la page publique")
    max_.visitor.has_title(TITLE)

    anyone = visitor()
    anyone.goes(urlsplit(max_.page.url).path)
    anyone.has_title(TITLE)
    expect(anyone.main).to_contain_text("une cuisine vide le mardi")

    print(
        f"\n{ana.questions} questions on {len(ana.screens)} screens, {ana.answers} answers, {ana.signs} signs typed, "
        f"{sum(told.values())} other keys {told} from « Commencer » to the receipt, "
        f"{len(ana.pages)} pages {ana.pages}.\nModeration: {sum(max_.keys.values())} keys "
        f"{max_.keys}, sign-in included, {len(max_.pages)} pages {max_.pages}.\n"
        f"{time.monotonic() - began:.0f} seconds for a script; nobody was timed."
    )
    assert (ana.questions, ana.screens) == (QUESTIONS, SCREENS)
    for someone in (ana, max_):
        assert len(someone.pages) == len(set(someone.pages)), f"a detour: {someone.pages}"
    assert [re.sub(r"\d+", "n", page) for page in ana.pages[-6:]] == [
        *(f"/initiatives/brouillons/n/{step}/" for step in ("quoi", "ou", "recit", "droits", "relire")),
        "/initiatives/suivi/n/",
    ]
