"""A recueil given to read by a link: as it stands, without a name, until its link is stopped or changed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from initiatives import fate
from initiatives.models import Booklet
from tests import factories

PAGE = "/recueil/"


@pytest.fixture
def soup(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def shared(soup, stan, as_):
    """Stan's browser, and the path of the link he gives."""
    browser = as_(stan)
    browser.post(f"{soup.get_absolute_url()}recueil/")
    browser.post(f"{PAGE}fiches/10/")
    browser.post(PAGE, {"geste": "partager:"})
    return browser, link(browser)


def link(browser: Client) -> str:
    found = re.search(r'href="(/recueils/[^"]+/)"', browser.get(PAGE).text)
    return found[1] if found else ""


def test_nobody_reads_it_before_it_is_shared(soup, stan, as_):
    as_(stan).post(f"{soup.get_absolute_url()}recueil/")
    assert not link(as_(stan))
    assert Client().get("/recueils/1/").status_code == 404


def test_who_has_the_link_reads_it_as_it_stands(shared, soup, stan, ana, max):
    browser, path = shared
    page = Client().get(path)
    assert page.status_code == 200
    assert "La soupe du mardi" in page.text
    assert "1 initiative et 1 fiche du guide" in page.text
    garden = factories.published(ana, max, title="Le jardin du jeudi")
    browser.post(f"{garden.get_absolute_url()}recueil/")
    browser.post(PAGE, {"geste": "renommer:", "title": "Pour mars"})
    page = Client().get(path)
    assert "Le jardin du jeudi" in page.text
    assert "<h1>Pour mars</h1>" in page.text


def test_it_says_neither_who_made_it_nor_lets_it_be_changed(shared, stan):
    _, path = shared
    page = Client().get(path)
    assert stan.email not in page.text
    assert "Stan" not in page.text
    assert "<button" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert not page.cookies
    assert Client().post(path, {"geste": "effacer:"}).status_code == 200
    assert Booklet.objects.get().items.count() == 2


def test_it_is_kept_by_no_cache_and_found_by_no_engine(shared):
    _, path = shared
    page = Client().get(path)
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert path not in Client().get("/sitemap.xml").text


def test_it_is_filtered_again_at_each_reading(shared, soup):
    _, path = shared
    fate.mask(soup, None)
    page = Client().get(path)
    assert "Fiche retirée de la consultation" in page.text
    assert "La soupe du mardi" not in page.text
    assert soup.slug not in page.text
    fate.unmask(soup, None)
    assert "La soupe du mardi" in Client().get(path).text


def test_a_link_stops_and_a_new_one_is_another(shared):
    browser, path = shared
    browser.post(PAGE, {"geste": "arreter:"})
    gone = Client().get(path)
    assert gone.status_code == 404
    assert "Ce lien ne mène à aucun recueil" in gone.text
    assert "soupe" not in gone.text
    browser.post(PAGE, {"geste": "partager:"})
    again = link(browser)
    assert again not in ("", path)
    assert Client().get(path).status_code == 404
    browser.post(PAGE, {"geste": "partager:"})
    assert link(browser) != again
    assert Client().get(again).status_code == 404


def test_a_link_is_made_by_the_house_alone(shared):
    _, path = shared
    key = Booklet.objects.get().share_key
    assert key
    for token in (key, f"{key}.", f".{path.split('.')[-1]}", path.split("/")[2][:-1] + "_", "é", "x" * 3000):
        assert Client().get(f"/recueils/{token.strip('/')}/").status_code == 404


def test_an_account_that_goes_takes_its_link(soup, as_):
    person = factories.person("Zoé")
    as_(person).post(f"{soup.get_absolute_url()}recueil/")
    as_(person).post(PAGE, {"geste": "partager:"})
    path = link(as_(person))
    person.delete()
    assert Client().get(path).status_code == 404
