"""The guide kept on a device: what the worker is told to keep is public, and changes when the texts do."""

import gzip
import json
import re

from django.conf import settings

from guide.models import Fiche, FicheVersion, Method


def kept(browser):
    answer = browser.get("/guide/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] in ("no-cache", "private, no-store")
    return json.loads(re.match(r"const KEPT = (.*);\n", answer.text)[1])


def test_all_that_it_keeps_is_read_by_anyone_and_nothing_else_is(as_):
    browser = as_(None)
    told = kept(browser)
    assert len(told["pages"]) == 26 + Method.objects.count() + 7
    for page in told["pages"]:
        assert page.startswith("/guide/")
        assert not re.search("edition|avis|synonymes|pdf", page)
        answer = browser.get(page)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.text, "no form is kept"
    assert all(asset.startswith(settings.STATIC_URL) for asset in told["assets"])


def test_it_is_the_same_for_all(as_, ana):
    assert kept(as_(None)) == kept(as_(ana))


def test_a_new_text_makes_a_new_version(as_):
    before = kept(as_(None))["version"]
    assert before == kept(as_(None))["version"]
    fiche = Fiche.objects.readable().get(number=10)
    new = FicheVersion.objects.get(pk=fiche.current.pk)
    new.pk, new.number, new.digest = None, new.number + 1, "autre"
    new.save()
    Fiche.objects.filter(pk=10).update(current=new)
    assert kept(as_(None))["version"] != before


def test_it_is_installed_from_its_own_pages(as_):
    browser = as_(None)
    page = browser.get("/guide/").text
    assert 'rel="manifest" href="/guide/manifest.webmanifest"' in page
    assert "js/guide.js" in page
    assert "js/guide.js" not in browser.get("/initiatives/").text
    said = browser.get("/guide/manifest.webmanifest")
    assert said["Content-Type"] == "application/manifest+json"
    assert (said.json()["scope"], said.json()["start_url"]) == ("/guide/", "/guide/")


MOST = 60_000


def test_every_page_of_the_guide_is_light(as_):
    """Its HTML and all that dresses it, compressed, the fonts apart."""
    browser, weights = as_(None), {}
    for page in (*kept(browser)["pages"], "/guide/fiches/10/avis/"):
        text = browser.get(page).text
        asked = set(re.findall(r'(?:href|src)="/static/([^"#]+\.(?:css|js|svg))', text))
        files = sum(len(gzip.compress((settings.BASE_DIR / "static" / name).read_bytes())) for name in asked)
        weights[page] = len(gzip.compress(text.encode())) + files
    heaviest = max(weights, key=lambda page: weights[page])
    print(f"\nheaviest page of the guide: {heaviest}, {weights[heaviest] / 1000:.1f} kB of {MOST / 1000:.0f}")
    assert weights[heaviest] <= MOST
