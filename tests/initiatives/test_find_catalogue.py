"""The catalogue's page and its feed: the address is the question, and whatever is asked, it answers."""

import gzip
import re

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from initiatives.filters import CatalogueFilter
from initiatives.models import Initiative
from tests import factories

URL = "/initiatives/"


@pytest.fixture
def page(as_):
    def get(query="", person=None, **headers):
        return as_(person).get(f"{URL}{query}", headers=headers)

    return get


def count(answer):
    return int(re.search(r'id="count"[^>]*>\s*(\d+)', answer.text)[1])


def asked(query):
    return CatalogueFilter(QueryDict(query))


def test_everything(page):
    answer = page()
    assert count(answer) == Initiative.objects.published().count()
    assert "<title>Initiatives – Essaim</title>" in answer.text
    assert "HX-Request" in answer["Vary"]


def test_two_filters_give_a_colleague_the_same_list(page, ana):
    query = "?methode=travail-social-de-groupe&theme=sante"
    one, other = page(query), page(query, person=ana)
    titles = [re.findall(r"<h2><a href=\"([^\"]+)", answer.text) for answer in (one, other)]
    assert titles[0] == titles[1]
    assert titles[0]
    assert re.search(r'value="sante"[^>]*checked', one.text)


def test_values_may_repeat(db):
    one, other, both = (
        asked(q).ask().total
        for q in ("theme=sante", "theme=logement", "theme=sante&theme=logement")
    )  # fmt: skip
    assert max(one, other) <= both <= one + other


def test_a_chip_takes_its_filter_away(db):
    question = asked("theme=sante&theme=logement&methode=travail-social-de-groupe&q=groupe&page=3")
    chips = {chip.value: chip.url for chip in question.chips}
    assert chips["sante"] == "/initiatives/?q=groupe&methode=travail-social-de-groupe&theme=logement"


def test_title_says_the_question(db):
    assert (
        asked("methode=travail-social-de-groupe&departement=62").title
        == "Travail social de groupe dans le Pas-de-Calais"
    )
    assert asked("departement=33&departement=01").title == "Initiatives en Gironde ou dans l’Ain"
    assert asked("").title == "Initiatives"


def test_words_found_are_marked_and_what_people_write_is_escaped(page, ana, max):
    factories.published(ana, max, title="Le <b>carrousel</b> & l’orgue", summary="<script>x</script> carrousel " * 8)
    answer = page("?q=carrousel")
    assert "&lt;b&gt;<mark>carrousel</mark>&lt;/b&gt; &amp; l’orgue" in answer.text
    assert "<script>x" not in answer.text


def test_around_a_commune_each_tier_is_labelled(page, ana, max):
    factories.published(ana, max, title="Chez nous")
    factories.published(ana, max, title="À côté", place=factories.commune("62041"))
    for query in ("?commune=62498", "?lieu=Lens", "?lieu=62300", "?lieu=lens+(62)"):
        answer = page(query).text
        assert answer.index(">À Lens</h2>") < answer.index("Chez nous")
        assert answer.index("Chez nous") < answer.index(">Ailleurs dans le Pas-de-Calais</h2>") < answer.index("À côté")


def test_a_commune_nobody_knows(page):
    answer = page("?lieu=Zzyzx")
    assert "Aucune commune ne s’appelle" in answer.text
    assert count(answer) == Initiative.objects.published().count()


def test_nothing_found_helps(page):
    answer = page("?q=jardin&theme=handicap&departement=2A")
    assert count(answer) == 0
    assert "Aucune initiative connue avec tout cela" in answer.text


def test_which_filter_to_drop_with_what_one_would_find(page):
    answer = page("?q=cuisine&theme=handicap")
    if count(answer) == 0:
        assert "sans le filtre Thème" in answer.text


def test_a_typo_is_announced(page, ana, max):
    factories.published(ana, max, title="Les mirabelles du quartier")
    answer = page("?q=mirabezles").text
    assert "Résultats pour" in answer
    assert "<strong>mirabelles</strong>" in answer


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?page=-1", "Page : « -1 »"), ("?page=abc", "Page : « abc »"), ("?page=999", "Il n’y a pas de page 999"),
        ("?page=99999999999999999999", "Page"), ("?tri=auteur__password", "Tri : « auteur__password »"),
        ("?auteur__email__startswith=a", "« auteur__email__startswith »"), ("?departement=xx", "Département : « xx »"),
        ("?methode=%27%20OR%201=1", "Méthode"), ("?depuis=hier", "Depuis : « hier »"), ("?depuis=3", "Depuis : « 3 »"),
        ("?commune=00000", "Commune"), ("?levier=9", "Levier"), ("?q=%C3%A0", "Aucun mot"), ("?a[]=1&b.c=2", "« a[] »"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_ignored_and_said(page, query, notice):
    answer = page(query)
    assert answer.status_code == 200
    assert notice.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:") in answer.text
    assert count(answer) == Initiative.objects.published().count()


@pytest.mark.parametrize(
    "query",
    ["?q=%00", "?theme=%00sante", "?q=" + "x" * 10_000, "?q=" + "%22" * 300, "?q=%F0%9F%92%A9", "?q=%ED%A0%80",
     "?q=%FF%FE",
     "?methode[]=x", "?page=1&page=2", "?q=a&q=b", "?page=1e9", "?page=٣",
     "?" + "&".join(f"theme=t{n}" for n in range(900)),
     "?lieu=%25%5F%5C", "?lieu=" + "9" * 500, "?lieu=((", "?tri=", "?depuis=0x10", "?etiquette=<script>"],
)  # fmt: skip
def test_hostile_addresses_never_break(page, query):
    answer = page(query)
    assert answer.status_code == 200
    assert "<script>" not in re.sub(r"<script [^>]*>", "", answer.text)


def test_three_thousand_parameters(page):
    assert page("?" + "&".join(f"p{n}=1" for n in range(3000))).status_code == 400


def test_deep_pages(page):
    first, last = page(), page("?page=3")
    assert last.status_code == 200
    assert set(re.findall(r"<h2><a href=\"([^\"]+)", first.text)).isdisjoint(
        re.findall(r"<h2><a href=\"([^\"]+)", last.text)
    )


def test_htmx_asks_for_the_parts_that_change(page):
    answer = page("?theme=sante", **{"HX-Request": "true"})
    assert "<html" not in answer.text
    for part in ('id="facets"', 'id="results"', 'id="catalogue-map"', "<title>", "data-live"):
        assert part in answer.text
    assert answer["HX-Push-Url"] == "/initiatives/?theme=sante"


def test_coming_back_by_the_history_gives_the_whole_page(page):
    answer = page("?theme=sante", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in answer.text


def test_the_map_follows_the_filters(page):
    answer = page("?theme=sante&departement=35&q=%7Bcode%7D")
    assert 'href="/initiatives/?q=%7Bcode%7D&amp;theme=sante" class="q0 selected"' in answer.text


@pytest.mark.parametrize(
    "query", ["", "?q=groupe&theme=sante&levier=3", "?commune=62498", "?q=parnets+isolement", "?q=zzz&theme=sante"]
)
def test_queries_and_weight(as_, max, query, django_assert_max_num_queries):
    for browser in (as_(None), as_(max)):
        with django_assert_max_num_queries(12):
            answer = browser.get(URL + query)
    assert len(gzip.compress(answer.content)) <= 40_000


@pytest.fixture
def canaries(ana, max):
    """A sheet in each state that must never be seen, each with its own word; and a masked one whose index is late."""
    factories.complete_draft(ana, title="Canaribrouillon")
    factories.sent(ana, title="Canarirelecture")
    for word, change in {
        "Canarimasque": {"masked_at": timezone.now()},
        "Canariretire": {"status": "withdrawn"},
        "Canariarchive": {"status": "archived"},
    }.items():
        sheet = factories.published(ana, max, title=word, summary=f"{word} " * 15, tags=[word])
        Initiative.objects.filter(pk=sheet.pk).update(**change)
    revised = factories.published(ana, max, title="Publique et sage")
    factories.fill(revised.version_to_edit(ana), title="Canarirevision")
    return ["brouillon", "relecture", "masque", "retire", "archive", "revision"]


@pytest.mark.parametrize("path", ["/initiatives/", "/initiatives/flux.atom", "/sitemap.xml", "/", "/recherche/"])
def test_what_is_not_public_is_nowhere(as_, canaries, path):
    for query in ("", *(f"?q=canari{word}" for word in canaries), *(f"?etiquette=canari{word}" for word in canaries)):
        text = as_(None).get(path + query).text.lower()
        # A sheet's words may only be those one typed.
        text = text.replace(query.partition("=")[2] or "\0", "")
        assert not re.search(r"canari\w+", text), (path, query)


# The feed


def test_the_feed_answers_the_same_question(as_, settings):
    settings.SITE_URL = "https://essaim.example"
    answer = as_(None).get("/initiatives/flux.atom?theme=sante&tri=titre")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert answer.text.count("<entry>") == min(30, asked("theme=sante").ask().total)
    assert "https://essaim.example/initiatives/?theme=sante" in answer.text
    assert "testserver" not in answer.text
    assert re.search(r"<id>tag:essaim\.example,2026:initiative:\d+</id>", answer.text)


def test_the_feed_tells_nobody_s_address(as_, ana, max):
    factories.published(ana, max, contact_mode="public", contact_address="equipe@essaim.test")
    assert "@essaim.test" not in as_(None).get("/initiatives/flux.atom").text
    assert "@essaim.test" not in as_(None).get("/initiatives/").text


def test_signs_xml_refuses(as_, ana, max):
    factories.published(ana, max, title="Un titre\x0b et son clavier\x1f")
    answer = as_(None).get("/initiatives/flux.atom?q=%01clavier%0B")
    assert answer.status_code == 200
    assert "Un titre et son clavier" in answer.text


def test_the_form_is_the_question_without_a_request(db):
    request = RequestFactory().get("/?theme=sante")
    assert CatalogueFilter(request.GET).question.choices == {"theme": ("sante",)}
    assert CatalogueFilter({"theme": ["sante"]}).question.choices == {"theme": ("sante",)}
