"""The home page, the search of the whole site, and what machines ask of it."""

import gzip
import re
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

from django.db import DatabaseError

from config import views
from initiatives.models import Initiative
from tests import factories


def test_home_says_real_numbers(as_, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = as_(None).get("/")
    assert f"{Initiative.objects.published().count()} initiatives de terrain" in answer.text
    assert len(re.findall(r'class="card"', answer.text)) == 6
    assert answer.text.count("lever-mark") == 6
    assert "/initiatives/?departement=62" in answer.text
    assert len(gzip.compress(answer.content)) <= 40_000


def test_home_presets_lead_somewhere(as_, db):
    presets = re.findall(r'class="chip" href="(/initiatives/\?[^"]+)"', as_(None).get("/").text)
    assert len(presets) >= 5
    for preset in map(unescape, presets):
        assert "0 initiative<" not in as_(None).get(preset).text


def test_home_shows_what_was_just_verified_two_a_departement(as_, ana, max):
    for n in range(3):
        factories.published(ana, max, title=f"Fraîche {n}")
    text = as_(None).get("/").text
    assert "Publiées récemment" in text
    assert text.count(">Fraîche") == 2


def test_home_of_an_empty_catalogue(as_, db):
    factories.empty_catalogue()
    text = as_(None).get("/").text
    assert "Le catalogue attend sa première initiative" in text
    assert "initiatives de terrain" not in text


def test_sitemap_holds_addresses_that_answer(as_, db, settings):
    settings.SITE_URL = "https://essaim.example"
    tree = ElementTree.fromstring(as_(None).get("/sitemap.xml").content)  # noqa: S314 - our own
    places = [node.text for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(places) == len(set(places))
    assert all(place.startswith("https://essaim.example/") for place in places)
    assert sum("/initiatives/" in place for place in places) == Initiative.objects.published().count() + 1
    for place in places[:3] + places[-3:]:
        assert as_(None).get(place.removeprefix("https://essaim.example")).status_code == 200


def test_robots_stay_out_of_private_rooms(as_, db):
    text = as_(None).get("/robots.txt").text
    for path in ("/compte/", "/formation/", "/initiatives/moderation/", "/initiatives/brouillons/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: " in text


def test_security_txt_expires_within_a_year(as_, db):
    text = as_(None).get("/.well-known/security.txt").text
    expires = datetime.fromisoformat(re.search(r"Expires: (\S+)", text)[1])
    assert 0 < (expires - datetime.now(UTC)).days < 365


def test_healthz_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_readyz(client, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert client.get("/readyz").json() == {"database": True, "migrations": True, "storage": True}
    assert not list(tmp_path.iterdir())


def test_readyz_says_which_but_not_why(client, db, settings, tmp_path, monkeypatch):
    def broken():
        raise DatabaseError("password authentication failed for user app")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(views.READINESS, "migrations", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrations": False, "storage": True}
