"""The argumentaire: two pages from one to five sheets, where every word is on a sheet, under its number."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.test import Client

from accounts.models import OrganisationKind
from initiatives import case_for, fate, press
from initiatives.case_for import excerpt
from initiatives.case_for import pdf as case_pdf
from initiatives.models import Case, Edition, ObstacleMet, Printing, Public, TimeShare
from levers.models import Mapping, Proposal
from tests import factories
from tests.initiatives.test_fix_booklet import put

NEW = "/recueil/argumentaire/"
SAID = {"title": "Donner du temps au collectif", "addressee": "La direction", "foreword": "Deux heures par semaine."}


def told(ana, max, n: int = 1, long: bool = False):
    """A sheet that says all an argumentaire takes; `long`, as much as a sheet may say."""
    more = " ".join(f"Ensuite, la phrase {k} de la fiche {n} continue le récit sans rien ajouter." for k in range(60))
    tail = f" {more}" if long else ""
    version = factories.complete_draft(ana, title=f"La soupe du mardi numéro {n}" + " et ses longues suites" * 3 * long)
    factories.tell_story(version)
    factories.fill(
        version,
        effects_people=f"À {n}, huit sur douze ouvrent leur courrier seules.{tail}",
        effects_professionals=f"À {n}, nous recevons à deux.{tail}",
        effects_territory=f"À {n}, le bailleur a réécrit ses lettres.{tail}",
        effects=f"À {n}, le mardi est devenu un rendez-vous.{tail}",
        time_granted_by=f"La responsable du service {n}" + " et de tous ses secteurs réunis" * 8 * long,
        organisation_kind=OrganisationKind.objects.first(),
        publics=list(Public.objects.all()[: 12 if long else 1]),
    )
    ObstacleMet.objects.filter(version=version).delete()
    for k in range(6 if long else 1):
        text, lifted = f"À {n}, pas de salle libre.{tail}", f"À {n}, un prêt de la mairie.{tail}"
        ObstacleMet.objects.create(version=version, obstacle_id=k + 1, text=text, lifted=lifted)
    for k in range(9 if long else 0):
        role = f"intervenante de la structure partenaire {k}"
        TimeShare.objects.create(version=version, role=role, hours_a_month=Decimal("3.5"), position=k + 2)
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    case.initiative.refresh_from_db()
    for k, proposal in enumerate(Proposal.objects.order_by("number")[: 8 if long else 1]):
        Mapping.objects.create(
            version=case.initiative.public_version,
            lever=proposal.lever,
            proposal=proposal,
            position=k,
            status=Mapping.Status.VALIDATED,
            sentence=f"À {n}, douze habitantes gèrent seules la caisse." + f" {more}"[: 330 * long],
        )
    return case.initiative


@pytest.fixture
def soup(ana, max):
    return told(ana, max)


def compose(browser: Client, *sheets, **said) -> str:
    put(browser, *sheets)
    answer = browser.post(NEW, {**SAID, "sheets": [str(sheet.pk) for sheet in sheets], **said})
    assert answer.status_code == 302, answer.text
    return str(answer.url).partition("?")[0]


def paper(path: str) -> bytes:
    Client().post(f"{path}pdf/")
    while printing := Printing.objects.take():
        press.make(printing)
    answer = Client().get(f"{path}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def said_by(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u200b", ""))


def test_it_is_composed_from_the_recueil(soup):
    browser = Client()
    assert browser.get(NEW).url == "/recueil/"
    put(browser, soup, 10)
    assert NEW in browser.get("/recueil/").text
    page = browser.get(NEW).text
    assert "La soupe du mardi numéro 1" in page
    assert "non renseigné" in page
    assert page.count('type="checkbox"') == 1


def test_what_it_says_and_where_it_has_it_from(soup):
    path = compose(Client(), soup)
    assert Edition.objects.get().kind == "case_for"
    page = Client().get(path)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    text = re.sub(r"<[^>]+>|\s+", " ", page.text.partition("<main")[2]).replace("&nbsp;", " ").replace("\xa0", " ")
    text = re.sub(r" +", " ", text)
    for words in (
        "à l’attention de La direction", "Deux heures par semaine.", "De la personne qui a composé",
        "14,5 h en tout : assistante sociale 8 h, CESF 6,5 h", "La responsable du service 1", "de 10 à 24 personnes",
        "Centre social du Bassin", "Lens", "huit sur douze ouvrent leur courrier seules.",
        "(déclaré)", "Proposition 1,", "douze habitantes gèrent seules la caisse.",
        "pas de salle libre.", "Levé : À 1, un prêt de la mairie.", "[1]", soup.get_absolute_url(),
    ):  # fmt: skip
        assert words in text, words
    for end in ("epub/", "hors-ligne/"):
        assert Client().get(path + end).status_code == 404


def test_what_no_sheet_says_is_said_to_be_unknown(ana, max):
    bare = factories.published(ana, max, title="Une fiche qui dit peu")
    path = compose(Client(), bare)
    page = Client().get(path).text
    assert page.count("non renseigné") >= 5
    assert "Effets non renseignés" in page
    assert "Propositions non renseignées" in page
    assert "Freins non renseignés" in page
    text = said_by(paper(path))
    assert text.count("non renseigné") >= 5


def test_five_long_sheets_hold_in_two_tagged_pages(ana, max):
    sheets = [told(ana, max, n, long=True) for n in range(1, 6)]
    path = compose(
        Client(), *sheets, title="Un titre aussi long que le formulaire le permet, " * 2,
        addressee="Mesdames et Messieurs les membres du conseil départemental et de sa commission des solidarités",
        foreword="Nous demandons deux heures par semaine pour chaque équipe. " * 10,
    )  # fmt: skip
    content = paper(path)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == 2
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).lower().startswith("fr")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        kinds = list(kinds_of(root.StructTreeRoot))
        assert {"/Table", "/TH", "/TD", "/L", "/LI"} <= set(kinds)
        heads = [found for found in things_of(root.StructTreeRoot) if str(found.get("/S")) == "/TH"]
        assert all("Scope" in str(head.get("/A")) for head in heads)
        assert "/EmbeddedFiles" not in root.get("/Names", {})
    text = said_by(content)
    for n in range(1, 6):
        assert f"[{n}]" in text
        assert f"numéro {n}" in text


def kinds_of(node):
    return (str(found.get("/S")) for found in things_of(node))


def things_of(node):
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Dictionary):
            yield found
            children = found.get("/K")
            waiting += list(children) if isinstance(children, pikepdf.Array) else [children]


def test_every_sentence_is_on_the_sheet_it_names(ana, max):
    """At every length the paper may ask for: the words of a claim are those of its sheet, in their order."""
    sheets = [told(ana, max, n, long=True) for n in range(1, 4)]
    compose(Client(), *sheets)
    case = case_for.of(Edition.objects.get())
    pages = {n: plain(Client().get(sheet.get_absolute_url()).text) for n, sheet in enumerate(sheets, 1)}
    checked = 0
    for _, *lengths in case_pdf.LAYOUTS:
        short = case.shortened(*lengths)
        for claim in (*short.changes, *short.supports, *short.obstacles):
            for text in (claim.text, claim.then, claim.proof):
                if text:
                    checked += 1
                    assert plain(text.removesuffix(" […]")) in pages[claim.source], text
        for row in (*short.costs, *short.actors):
            names = ("granted", "budget", "participants") if hasattr(row, "granted") else ("who", "where", "publics")
            for name in names:
                text = re.sub(r" \([^)]*\)$", "", getattr(row, name).removesuffix(" […]"))
                for part in text.split(", ") if name == "publics" else [text]:
                    checked += 1
                    assert plain(part) in pages[row.source], part
    assert checked > 200


def plain(text: str) -> str:
    text = re.sub(r"<[^>]+>", " ", text)
    for sign, other in (("&nbsp;", " "), ("\xa0", " "), ("&#x27;", "'"), ("’", "'"), ("&amp;", "&")):
        text = text.replace(sign, other)
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("most", [50, 75, 100, 420])
def test_an_excerpt_is_the_beginning_of_its_text(most):
    text = "Une phrase courte. Une autre, plus longue, qui dit ce qu’il a fallu pour tenir ! « Et une citation. » " * 6
    found = excerpt(text, most)
    assert len(found) <= most
    assert plain(text).startswith(plain(found.removesuffix(" […]")))
    assert excerpt("Court.", most) == "Court."
    assert len(excerpt("x" * 1000, most)) <= most


HOSTILE = ('#import "x" $a$ `b` <c> [d] *e*', "مرحبا 你好 🐝 \u202e", "= Titre\n/* */ #{1}")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_words(ana, max, hostile):
    sheet = told(ana, max)
    path = compose(Client(), sheet, title=hostile.replace("\n", " "), foreword=hostile)
    assert "<script" not in Client().get(path).text.partition("<main")[2]
    content = paper(path)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= 2


def test_from_one_to_five(soup, ana, max):
    others = [factories.published(ana, max, title=f"Le jardin {n}") for n in range(5)]
    browser = Client()
    put(browser, soup, *others)
    all_six = [str(sheet.pk) for sheet in [soup, *others]]
    answer = browser.post(NEW, {**SAID, "sheets": all_six})
    assert answer.status_code == 200
    assert "5 initiatives au plus" in answer.text
    assert "Cochez au moins une initiative" in browser.post(NEW, SAID).text
    assert browser.post(NEW, {**SAID, "sheets": ["999999999"]}).status_code == 200
    assert not Edition.objects.exists()


def test_a_sheet_hidden_since_is_no_longer_an_argument(soup, ana, max):
    other = told(ana, max, 2)
    path = compose(Client(), soup, other)
    assert "numéro 1" in said_by(paper(path))
    fate.mask(soup, None)
    page = Client().get(path).text
    assert "Une fiche a été retirée" in page
    assert "numéro 1" not in page
    assert "numéro 2" in page
    assert Client().get(f"{path}pdf/")["Content-Type"].startswith("text/html")
    text = said_by(paper(path))
    assert "numéro 1" not in text
    assert "Une fiche a été retirée" in text


def test_the_pages_ask_few_questions_of_the_database(ana, max, stan, as_, django_assert_max_num_queries):
    sheets = [told(ana, max, n) for n in range(1, 6)]
    browser = as_(stan)
    path = compose(browser, *sheets)
    for page in (path, NEW):
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200
