"""The guide kept on a telephone: asked for, read with the network cut, renewed, forgotten; and nothing else kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, expect

KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys())
    found[name] = (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
  return found;
}"""
COOKIES_IN_IT = """async () => {
  const cache = await caches.open((await caches.keys())[0]);
  const pages = await Promise.all((await cache.keys()).map(async (one) => (await cache.match(one)).text()));
  return pages.filter((text) => /csrfmiddlewaretoken|Mon compte/.test(text)).length;
}"""


def cut(reader, really=True):
    reader.context.set_offline(really)


def quiet(reader):
    """What the browser says of a network that isn't there is no fault of ours."""
    reader.complaints = [said for said in reader.complaints if not re.search("ERR_INTERNET_DISCONNECTED|503", said)]


def keeps_the_guide(reader):
    reader.goes("/guide/")
    reader.presses("Garder le guide sur cet appareil")
    expect(reader.main.get_by_role("button", name="Ne plus le garder")).to_be_visible(timeout=60_000)
    expect(reader.main).to_contain_text("sur cet appareil")


def test_the_guide_is_read_without_network(visitor):
    reader = visitor("sociale@essaim.test", wide=False)
    reader.goes("/guide/")
    reader.reads("Lire sans réseau")
    assert reader.page.evaluate(KEPT) == {}, "nothing is kept before one asks"
    keeps_the_guide(reader)
    reader.goes("/initiatives/")
    reader.goes("/guide/fiches/10/avis/")
    (kept,) = reader.page.evaluate(KEPT).values()
    assert all(re.match(r"/guide/(?!edition|synonymes|fiches/\d+/avis)|/static/", path) for path in kept)
    assert reader.page.evaluate(COOKIES_IN_IT) == 0, "what is kept is what a visitor reads, whoever keeps it"

    cut(reader)
    reader.goes("/guide/fiches/10/")
    expect(reader.page.get_by_text("Hors ligne.")).to_be_visible()
    reader.reads("Repères", "Comment faire")
    reader.page.locator("button.term").first.click()
    expect(reader.page.locator(".definition:popover-open")).to_be_visible()
    reader.goes("/guide/glossaire/?statut=discute")
    reader.has_title("Glossaire")
    reader.goes("/guide/fiches/10/avis/")
    reader.has_title("Sans réseau, on lit le guide")
    reader.follows("Ouvrir le guide")
    reader.has_title("Le guide")
    expect(reader.page.get_by_text("Hors ligne.")).to_be_visible()

    cut(reader, really=False)
    reader.goes("/guide/")
    expect(reader.page.get_by_text("Hors ligne.")).to_have_count(0)
    reader.presses("Ne plus le garder")
    expect(reader.main).to_contain_text("n’est plus gardé")
    assert reader.page.evaluate(KEPT) == {}
    quiet(reader)


def test_a_form_and_the_rest_of_the_site_are_never_answered_by_what_is_kept(visitor):
    reader = visitor()
    keeps_the_guide(reader)
    cut(reader)
    for path in ("/initiatives/", "/", "/compte/connexion/"):
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            reader.goes(path)
    quiet(reader)


def test_an_older_copy_is_renewed(visitor):
    reader = visitor()
    keeps_the_guide(reader)
    name = next(iter(reader.page.evaluate(KEPT)))
    # As if it had been kept under the texts of another day.
    reader.page.evaluate("async () => { await caches.open('guide-0000000000000000'); }")
    reader.page.evaluate(
        "async () => { const one = await navigator.serviceWorker.getRegistration('/guide/'); await one.unregister(); }"
    )
    keeps_the_guide(reader)
    assert list(reader.page.evaluate(KEPT)) == [name]
