"""A recueil fixed at a date: without an account, at its own link, read as it was and filtered as it is."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guide.models import Fiche
from initiatives import fate, press, redaction, retention
from initiatives.models import Booklet, Case, Edition, Initiative, Printing
from initiatives.models.booklet import MOST_ITEMS
from initiatives.models.edition import MONTHS_KEPT, months_before
from tests import factories

PAGE, FIX = "/recueil/", "/recueil/fixer/"
SAID = {"title": "Pour la réunion de mars", "foreword": "Trois textes pour commencer.", "cover": "hive", "paper": "a4"}


@pytest.fixture
def soup(ana, max):
    return factories.published(ana, max, title="La soupe du mardi", story=f"Une casserole de cuivre. {factories.STORY}")


@pytest.fixture
def garden(ana, max):
    return factories.published(ana, max, title="Le jardin du jeudi")


def put(browser, *things):
    for thing in things:
        path = f"{PAGE}fiches/{thing}/" if isinstance(thing, int) else f"{thing.get_absolute_url()}recueil/"
        assert browser.post(path).status_code == 302


def fix(browser, **said) -> str:
    """The address of what was fixed."""
    answer = browser.post(FIX, {**SAID, **said})
    assert answer.status_code == 302, answer.text
    return str(answer.url).partition("?")[0]


@pytest.fixture
def fixed(soup):
    """A browser without an account, and the address of a recueil of a sheet and a fiche."""
    browser = Client()
    put(browser, soup, 10)
    return browser, fix(browser)


# Fixing


def test_what_fixed_means_is_said_before(soup):
    browser = Client()
    put(browser, soup, 10)
    assert 'href="/recueil/fixer/"' in browser.get(PAGE).text
    page = browser.get(FIX)
    assert page.status_code == 200
    assert "Ce que veut dire" in page.text
    assert "1 initiative et 1 fiche du guide" in page.text
    assert page.text.count('name="cover"') == 3
    assert page.text.count('<span class="cover-shown') == page.text.count("cover-shown cover-") == 3
    assert "24&nbsp;mois" in page.text
    assert page["Cache-Control"] == "private, no-store"


def test_it_is_read_whole_by_whoever_has_the_link(fixed):
    _, path = fixed
    page = Client().get(path)
    assert page.status_code == 200
    assert "<h1>Pour la réunion de mars</h1>" in page.text
    assert "Trois textes pour commencer." in page.text
    assert "Une casserole de cuivre" in page.text
    fiche = Fiche.objects.get(number=10)
    assert fiche.title in page.text
    assert "Points de vigilance" in page.text
    day = f"{timezone.localdate().day} "
    assert f"Recueil fixé le {day}" in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert path not in Client().get("/sitemap.xml").text


def test_who_fixes_without_an_account_is_told_to_keep_the_link(fixed, soup, stan, as_):
    browser, path = fixed
    assert "Gardez ce lien" in browser.get(f"{path}?fixe=1").text
    assert "Gardez ce lien" not in Client().get(path).text
    until = months_before(timezone.now(), -MONTHS_KEPT).year
    assert re.search(rf"gardé jusqu’au \d+ \w+ {until}", Client().get(path).text)
    put(as_(stan), soup)
    mine = fix(as_(stan))
    assert "Gardez ce lien" not in as_(stan).get(f"{mine}?fixe=1").text


def test_every_id_of_the_page_is_one(soup, garden):
    browser = Client()
    put(browser, soup, garden, 10, 11, 12)
    page = browser.get(fix(browser)).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', page)) - set(ids)
    assert targets == set()
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page.partition("<main")[2])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_it_stays_as_it_was_while_the_sheet_and_the_recueil_change(fixed, soup, garden, ana, max):
    browser, path = fixed
    put(browser, garden)
    version = factories.fill(soup.version_to_edit(ana), title="La soupe du mercredi")
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    page = Client().get(path).text
    assert "La soupe du mardi" in page
    assert "La soupe du mercredi" not in page
    assert "Cette fiche a changé depuis" in page
    assert "Le jardin du jeudi" not in page


def test_a_second_press_makes_one(soup):
    browser = Client()
    put(browser, soup)
    key = re.search(r'name="key" value="([^"]+)"', browser.get(FIX).text)[1]
    first, second = fix(browser, key=key), fix(browser, key=key)
    assert first == second
    assert Edition.objects.count() == 1
    assert fix(browser, key=key, title="Un autre titre") != first
    assert fix(browser, key="forgée") not in (first, "")
    assert Edition.objects.count() == 3


def test_what_was_typed_comes_back(soup):
    browser = Client()
    put(browser, soup)
    answer = browser.post(FIX, {**SAID, "title": "", "foreword": "x" * 3001, "cover": "or", "paper": "a0"})
    assert answer.status_code == 200
    assert "<title>Erreur" in answer.text
    assert "x" * 3001 in answer.text
    assert not Edition.objects.exists()
    assert browser.post(FIX, {**SAID, "title": "a\0b", "foreword": "c\0d"}).status_code == 200
    fix(browser)
    assert "Trois textes pour commencer." in browser.get(FIX).text


def test_an_empty_recueil_has_nothing_to_fix(soup):
    assert Client().get(FIX).url == PAGE
    browser = Client()
    put(browser, soup)
    fate.mask(soup, None)
    answer = browser.post(FIX, SAID)
    assert answer.status_code == 409
    assert "rien à fixer" in answer.text


def test_five_hundred_things_are_too_many(soup, ana, stan, as_):
    browser = Client()
    put(browser, soup)
    mine = Booklet.objects.get()
    sheets = list(Initiative.objects.published().exclude(pk=soup.pk)[:80])
    for n, sheet in enumerate(sheets):
        mine.items.create(initiative=sheet, position=n + 2)
    assert mine.items.count() > MOST_ITEMS
    answer = browser.post(FIX, SAID)
    assert answer.status_code == 409
    assert f"{MOST_ITEMS} fiches au plus" in answer.text
    assert not Edition.objects.exists()
    other = as_(stan)
    answers = [other.post(f"{sheet.get_absolute_url()}recueil/") for sheet in [*sheets, soup][: MOST_ITEMS + 1]]
    assert [answer.status_code for answer in answers].count(302) == MOST_ITEMS
    assert answers[-1].status_code == 409
    assert f"{MOST_ITEMS} fiches au plus" in answers[-1].text


def test_one_place_fixes_so_many_a_day(soup, monkeypatch):
    monkeypatch.setattr("initiatives.models.edition.FIXED_A_DAY", 2)
    browser = Client()
    put(browser, soup)
    fix(browser)
    fix(browser)
    answer = browser.post(FIX, SAID)
    assert answer.status_code == 429
    assert "revenez demain" in answer.text
    assert SAID["foreword"] in answer.text
    sender = Edition.objects.first().sender
    assert len(sender) == 64
    retention.each_day(timezone.localdate() + timedelta(days=8))
    assert not Edition.objects.exclude(sender="").exists()
    assert Edition.objects.count() == 2


HOSTILE = """# Titre
<script>alert(1)</script>
[lien](javascript:alert(1)) ![image](http://ailleurs.test/x.png) [bon](https://exemple.test/)

<img src=x onerror=alert(1)> **gras** `</p><svg onload=alert(1)>`
"""


def test_a_hostile_foreword_is_shown_as_a_text(soup):
    browser = Client()
    put(browser, soup)
    path = fix(browser, foreword=HOSTILE, title='<b>"x"</b>')
    page = browser.get(path).text.partition("<main")[2].partition("</main>")[0]
    assert "&lt;script&gt;" in page
    assert "<strong>gras</strong>" in page
    assert 'href="https://exemple.test/"' in page
    assert "ailleurs.test" not in page
    assert not re.search(r'<script|<img|\son\w+=["\']|href="javascript', page)
    assert "<h1>&lt;b&gt;" in page


# Reading again


@pytest.mark.parametrize("how", ["masked", "withdrawn", "merged"])
def test_what_is_no_longer_public_is_one_line(fixed, soup, garden, nora, how):
    _, path = fixed
    if how == "masked":
        fate.mask(soup, None)
    elif how == "withdrawn":
        fate.withdraw(soup, None, fate.AUTHOR)
    else:
        fate.merge(soup, garden, nora)
    page = Client().get(path).text
    assert "soupe du mardi" not in page
    assert "casserole" not in page
    assert soup.slug not in page
    expected = "Fiche réunie à une autre" if how == "merged" else "Fiche retirée de la consultation"
    assert page.count(expected) >= 2
    assert (garden.get_absolute_url() in page) == (how == "merged")
    assert Fiche.objects.get(number=10).title in page


def test_what_was_corrected_after_a_claim_is_read_corrected(fixed, soup, ana, max, nora):
    """The version fixed still has the words that were taken out: it is shown no more."""
    _, path = fixed
    fate.mask(soup, None)
    case = Case.submit(factories.fill(soup.version_to_edit(ana), story=factories.STORY), ana)
    case.claim(max)
    case.accept(max)
    soup.refresh_from_db()
    assert soup.is_public
    page = Client().get(path).text
    assert "casserole de cuivre" not in page
    assert "La soupe du mardi" in page
    assert "voici sa version d’aujourd’hui" in page


def test_a_redacted_version_shows_what_remains(fixed, soup, dan):
    _, path = fixed
    keys = [text.key for text in redaction.found(soup, "casserole")]
    redaction.redact(soup, dan, "casserole", keys, "La loi le demande.")
    page = Client().get(path).text
    assert "casserole" not in page
    assert "La soupe du mardi" in page
    assert "boîtes" in page or "lettres jamais ouvertes" in page


def test_a_forged_link_leads_nowhere(fixed):
    _, path = fixed
    key = Edition.objects.get().key
    signed = path.split("/")[2]
    booklet_like = signed.split(".")[0]
    for token in (key, f"{key}.", signed[:-1] + "_", booklet_like, "é", "x" * 3000, f"{signed}x"):
        for end in ("", "pdf/", "epub/", "hors-ligne/"):
            page = Client().get(f"/recueils/{token}/{end}")
            assert page.status_code == 404, (token, end)
            assert "Ce lien ne mène à aucun recueil" in page.text
            assert "/initiatives/" in page.text


def test_the_page_asks_few_questions_of_the_database(stan, as_, django_assert_max_num_queries):
    mine = Booklet.start(stan)[0]
    for sheet in Initiative.objects.published()[:30]:
        mine.add(sheet)
    for fiche in Fiche.objects.readable()[:26]:
        mine.add(fiche)
    path = fix(as_(stan))
    browser = as_(stan)
    for page in (path, FIX, PAGE, f"{path}pdf/"):
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200


# Whose it is, and how long


def test_who_has_an_account_finds_them_again_and_may_delete_one(soup, stan, ana, as_):
    put(as_(stan), soup)
    path = fix(as_(stan))
    assert path in as_(stan).get(PAGE).text
    assert path not in as_(ana).get(PAGE).text
    assert stan.name not in Client().get(path).text
    ask = f"{path}supprimer/"
    assert as_(ana).post(ask).status_code == 404
    assert "connexion" in Client().post(ask).url
    assert "ne se défait pas" in as_(stan).get(ask).text
    assert Edition.objects.exists()
    assert as_(stan).post(ask).url == PAGE
    assert not Edition.objects.exists()
    assert Client().get(path).status_code == 404
    assert path not in as_(stan).get(PAGE).text


def test_without_an_account_it_is_kept_for_two_years(fixed, soup, stan, as_):
    put(as_(stan), soup)
    mine = fix(as_(stan))
    before = months_before(timezone.now(), MONTHS_KEPT)
    Edition.objects.update(made_at=before + timedelta(days=1))
    press.forget(timezone.now())
    assert Edition.objects.count() == 2
    Edition.objects.update(made_at=before - timedelta(days=1))
    press.forget(timezone.now())
    assert Client().get(fixed[1]).status_code == 404
    assert Client().get(mine).status_code == 200
    stan.delete()
    press.forget(timezone.now())
    assert not Edition.objects.exists()
    assert not Printing.objects.exclude(edition=None).exists()
