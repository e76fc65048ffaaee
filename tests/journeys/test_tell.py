"""Tell and moderate: from four screens to the public page, and what an edit leaves alone until it is accepted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import factories

AUTHOR, COORDINATOR = "sociale@essaim.test", "coordination62@essaim.test"


def begins(author, title: str, *, looks: bool = False) -> None:
    """From « Partager » to the end of the four screens, which the first of these stories looks at."""
    looked = author.looks if looks else lambda: None
    author.goes("/initiatives/proposer/")
    looked()
    author.presses("Commencer")
    author.has_title("L’essentiel")
    looked()
    author.fills("Titre", title)
    author.main.locator("[name=summary]").fill(factories.SUMMARY)
    author.main.locator("[name=state][value=ongoing]").check()
    author.main.locator("[name=start_year]").fill("2023")
    goes_on(author)
    looked()
    author.main.locator("[name=organisation_name]").fill("Centre social du Bassin")
    # What makes no sense is said beside the field, and nothing typed is lost.
    author.main.locator("[name=organisation_siret]").fill("12345678901234")
    author.main.locator("[name=place]").fill("Lens")
    author.main.locator("[name=scope][value=quartier]").check()
    goes_on(author)
    expect(author.page).to_have_title(re.compile("^Erreur"))
    expect(author.main.locator("[name=organisation_name]")).to_have_value("Centre social du Bassin")
    looked()
    author.main.locator("[name=organisation_siret]").fill("")
    if not author.main.locator("[name=place_code]:checked").count():
        author.main.get_by_label("Lens", exact=False).first.check()
    goes_on(author)
    author.main.locator("[name=beginning]").fill("Des lettres jamais ouvertes, et une cuisine vide le mardi.")
    author.main.locator("[name=story]").fill(factories.STORY)
    for name, code in (("publics", "familles"), ("themes", "alimentation"), ("methods", "travail-social-de-groupe")):
        author.main.locator(f"[name={name}][value={code}]").check()
    looked()
    goes_on(author)
    for box in author.main.locator("[name=anonymity], [name=employer_agrees], [name=people_agree]").all():
        box.check()
    looked()
    goes_on(author)
    author.has_title("Relisez, puis envoyez")


def goes_on(author) -> None:
    before = author.page.title()
    author.presses("Enregistrer et continuer")
    expect(author.page).not_to_have_title(before)
    author.page.wait_for_load_state()  # its title is there before its boxes


def finds_case(coordinator, title: str, view: str = "a-traiter") -> None:
    coordinator.goes(f"/initiatives/moderation/?vue={view}")
    coordinator.looks()
    coordinator.follows(title)
    coordinator.has_title(title)


@pytest.mark.parametrize("javascript", [True, False], ids=["", "without-javascript"])
def test_from_the_first_word_to_the_public_page(visitor, javascript):
    title = f"La soupe du mardi {'avec' if javascript else 'sans'} machines"
    author = visitor(AUTHOR, javascript=javascript)
    begins(author, title, looks=True)
    author.looks()
    author.presses("Envoyer")
    author.reads("Votre reçu", "Pas-de-Calais (62)", "Réseau du travail social collectif du Pas-de-Calais")
    receipt = author.page.url
    number = author.main.locator(".tell-receipt .number").inner_text()
    author.goes("/initiatives/mes-initiatives/")
    author.reads(title, number)
    author.letter(AUTHOR, title)
    author.reads(number)

    coordinator = visitor(COORDINATOR, javascript=javascript)
    finds_case(coordinator, title)
    coordinator.looks()
    coordinator.presses("Prendre ce dossier")
    coordinator.reads("Ce dossier est à vous")
    ask = coordinator.main.locator("form.decision")
    ask.locator("[name=changes-text]").fill("On voit bien la cuisine. Il manque le commencement.")
    ask.get_by_text("Une demande sur un champ précis").click()
    ask.locator("[name=changes-remark_beginning]").fill("Qui a eu l’idée ?")
    coordinator.presses("Envoyer la demande")
    coordinator.reads("à compléter")

    author.letter(AUTHOR, title)
    author.goes(receipt)
    author.reads("Il manque le commencement", "Qui a eu l’idée")
    author.main.locator("form, a").filter(has_text="Modifier").first.locator("xpath=self::a | .//button").click()
    author.main.locator("[name=beginning]").fill("Une habitante a eu l’idée, et une cuisine était vide le mardi.")
    goes_on(author)
    author.goes(receipt.replace("/suivi/", "/brouillons/") + "relire/")
    author.looks()
    author.presses("Envoyer")
    author.reads("Votre reçu")

    finds_case(coordinator, title)
    coordinator.reads("Ce qui change")
    difference = coordinator.main.locator(".difference")
    expect(difference.locator("ins").first).to_be_visible()
    expect(difference).to_contain_text("habitante")
    coordinator.presses("Prendre ce dossier")
    coordinator.presses("Publier cette fiche")
    coordinator.reads("publi")

    public = visitor(javascript=javascript)
    public.goes(f"/initiatives/?q={title}")
    public.follows(title)
    public.has_title(title)
    public.reads("Une habitante a eu l’idée", "Lens")
    page = public.page.url
    author.letter(AUTHOR, title)

    # An edit: the public page is as it was until the edit is accepted.
    author.goes(page)
    author.follows("Modifier")
    author.looks()
    author.presses("Commencer la modification")
    author.fills("Titre", f"{title}, trois ans après")
    goes_on(author)
    author.goes(receipt.replace("/suivi/", "/brouillons/") + "relire/")
    author.presses("Envoyer")
    author.reads("Votre reçu")
    public.goes(page)
    expect(public.main.get_by_role("heading", level=1)).to_have_text(title)
    finds_case(coordinator, title)
    coordinator.presses("Prendre ce dossier")
    expect(coordinator.main.locator(".difference ins")).to_contain_text("trois ans après")
    public.goes(page)
    expect(public.main.get_by_role("heading", level=1)).to_have_text(title)
    coordinator.presses("Publier cette version")
    expect(coordinator.main.get_by_role("status").or_(coordinator.page.locator(".messages"))).to_contain_text("publiée")
    public.goes(page)
    expect(public.main.get_by_role("heading", level=1)).to_contain_text("trois ans après")
    if javascript:
        looks_around(author, coordinator, public, visitor("dpo@essaim.test"), page, receipt)


def looks_around(author, coordinator, public, protection, page: str, receipt: str) -> None:
    """The pages around a published sheet, as they are when one arrives and when one sends them empty."""
    number = receipt.rstrip("/").rpartition("/")[2]
    case = coordinator.page.url
    tend = f"/initiatives/moderation/fiches/{number}/"
    data = f"/initiatives/moderation/donnees/{number}/"
    for someone, path, button in (
        (public, f"{page}signaler/", "Envoyer"),
        (public, f"{page}ecrire/", "Envoyer"),
        (public, "/accord/nulle-part/", ""),
        (author, f"{receipt}ensemble/", ""),
        (author, f"{receipt}retirer/", ""),
        (author, "/initiatives/proposer/par-telephone/", "Demander un appel"),
        (coordinator, tend, ""),
        (coordinator, f"{tend}reunir/", ""),
        (coordinator, f"{case}rouvrir/", "Reprendre la décision"),
        (coordinator, "/initiatives/moderation/pour-quelquun/", "Commencer la fiche"),
        (protection, "/initiatives/moderation/donnees/", ""),
        (protection, data, ""),
        (protection, f"{data}vider/", ""),
    ):
        someone.goes(path)
        someone.looks()
        if button:
            someone.presses(button)
            expect(someone.page).to_have_title(re.compile("^Erreur"))
            someone.looks()


def test_the_screens_one_may_go_on_with(visitor):
    author = visitor(AUTHOR)
    begins(author, "La soupe du jeudi, racontée jusqu’au bout")
    draft = author.page.url.replace("relire/", "")
    for step in ("effets", "leviers", "images", "suites"):
        author.goes(f"{draft}{step}/")
        author.looks()
    # What cannot be read as it should; then someone who could be recognised.
    author.goes(f"{draft}moyens/")
    for box in author.main.locator("input[inputmode]:visible").all():
        box.fill("une poignée")
    author.presses("Continuer")
    expect(author.page).to_have_title(re.compile("^Erreur"))
    author.looks()
    author.goes(f"{draft}recit/")
    author.main.locator("[name=story]").fill(f"Mme Durand, 43 ans, a appelé le 06 12 34 56 78. {factories.STORY}")
    goes_on(author)
    author.goes(f"{draft}relire/")
    author.reads("06 12 34 56 78")


def test_a_refusal_says_what_would_do(visitor):
    title = "Une fiche qui ne dit presque rien"
    author, coordinator = visitor("collegue@essaim.test"), visitor(COORDINATOR)
    begins(author, title)
    author.presses("Envoyer")
    expect(author.page).to_have_url(re.compile("/suivi/"))
    receipt = author.page.url
    finds_case(coordinator, title)
    coordinator.presses("Prendre ce dossier")
    coordinator.main.get_by_text("Refuser, en disant ce qui rendrait").click()
    coordinator.presses("Refuser cette fiche")
    expect(coordinator.page).to_have_title(re.compile("^Erreur"))
    coordinator.looks()
    coordinator.main.locator("[name=refuse-motive]").select_option("trop-peu")
    coordinator.main.locator("[name=refuse-text]").fill("Racontez une séance du début à la fin, sans nommer personne.")
    coordinator.presses("Refuser cette fiche")
    coordinator.reads("refusé")
    author.goes(receipt)
    author.reads("Racontez une séance du début à la fin")


def test_two_coordinators_one_case(visitor):
    title = "Au marché à plusieurs, puis en cuisine"
    first, second = visitor(COORDINATOR), visitor("coordination@essaim.test")
    finds_case(first, title)
    finds_case(second, title)
    first.presses("Prendre ce dossier")
    first.reads("Ce dossier est à vous")
    second.presses("Prendre ce dossier")
    second.reads("Ce dossier a changé entre-temps", "Maud")


def test_what_is_ours_alone(visitor):
    """The other pages of one's account."""
    author = visitor(AUTHOR)
    for path in ("/compte/", "/compte/profil/", "/compte/adresses/", "/compte/sessions/", "/compte/second-facteur/",
                 "/compte/mot-de-passe/changer/", "/compte/deconnexion/"):  # fmt: skip
        author.goes(path)
        author.looks()
    admin = visitor("admin@essaim.test")
    for path in ("/compte/roles/", "/compte/roles/ajouter/"):
        admin.goes(path)
        admin.looks()
