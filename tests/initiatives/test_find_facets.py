"""Narrowing a list: counts that are true, what isn't said, the map that is a facet, and a place with what holds it."""

import re

import pytest
from django.http import QueryDict

from accounts.models import Territory
from initiatives.filters import CatalogueFilter
from initiatives.models import Entry, Initiative, Tag
from initiatives.search import Question, ask, facets
from initiatives.search.terms import SAID_OR_NOT, UNKNOWN
from tests import factories

URL = "/initiatives/"


@pytest.fixture
def page(as_):
    def get(query="", person=None, **headers):
        return as_(person).get(f"{URL}{query}", headers=headers)

    return get


def asked(query):
    return CatalogueFilter(QueryDict(query))


def block(answer, name):
    return re.search(rf'<fieldset class="facet" id="facette-{name}">.*?</fieldset>', answer.text, re.DOTALL)[0]


# What isn't said


@pytest.mark.parametrize("name", SAID_OR_NOT)
def test_sheets_that_do_not_say_are_counted_and_found(db, name):
    silent = {
        entry.pk
        for entry in Entry.objects.filter(initiative__in=Initiative.objects.published())
        if not any(term.startswith(f"{name}:") and not term.endswith(f":{UNKNOWN}") for term in entry.terms)
    }
    answer = ask(Question(choices={name: (UNKNOWN,)}, size=500))
    assert set(answer.ids) == silent
    assert ask(Question()).counts[name].get(UNKNOWN, 0) == len(silent)


def test_what_is_not_said_comes_last_and_adds_to_what_is(page):
    last = re.findall(r"<li>.*?</li>", block(page(), "frein"))[-1]
    assert re.search(r"<span>non raconté</span> <span class=\"count\">[1-9]", last)
    one, silent, both = (asked(q) for q in ("frein=1", f"frein={UNKNOWN}", f"frein=1&frein={UNKNOWN}"))
    assert both.ask().total == one.ask().total + silent.ask().total > one.ask().total
    assert [chip.label for chip in both.chips][-1] == "Ce qui a coincé : non raconté"
    assert silent.title == "Initiatives : ce qui a coincé : non raconté"


def test_the_year_nobody_remembers(page, ana, max):
    factories.published(ana, max, title="Il y a longtemps", start_year=None)
    answer = page("?depuis=non-renseigne")
    assert '<option value="non-renseigne" selected>' in answer.text
    assert "Il y a longtemps" in answer.text
    assert all(
        "annee:non-renseigne" in e.terms for e in Entry.objects.filter(pk__in=asked("depuis=non-renseigne").ask().ids)
    )


# Territories


def test_departements_are_those_of_the_regions_chosen(page):
    codes = re.findall(r'name="departement" value="([^"]+)"', page("?region=32").text)
    assert codes
    its = set(Territory.objects.departements().filter(region__code="32").values_list("code", flat=True))
    assert set(codes) <= its
    assert "Voir tout" not in block(page("?region=32"), "departement")


def test_around_a_commune_its_hexagon_is_marked(page, ana, max):
    factories.published(ana, max, title="Chez nous")
    answer = page("?lieu=Lens+(62)").text
    assert '<circle class="here"' in answer
    assert "Lens, dans ce département" in answer
    assert '<circle class="here"' not in page().text


def test_nothing_in_the_commune_itself_is_said(page, ana, max):
    factories.published(ana, max, title="À côté", place=factories.commune("62510"))
    assert "Aucune initiative connue à Lens même" in page("?commune=62498").text.replace("\u00a0", " ")


def test_one_intercommunalite_alone(page, ana, max):
    lens = factories.commune("62498")
    factories.published(ana, max, title="Chez nous", place=lens)
    factories.published(ana, max, title="À côté", place=factories.commune("62510"))
    factories.published(ana, max, title="Plus loin", place=factories.commune("62041"))
    around = page("?commune=62498").text
    assert f'<a href="/initiatives/?epci={lens.epci.code}">Cette liste seule' in around
    assert "Aucune initiative connue" not in around
    alone = page(f"?epci={lens.epci.code}").text
    assert "Chez nous" in alone
    assert "À côté" in alone
    assert "Plus loin" not in alone
    assert f"Dans l’intercommunalité {lens.epci.name}" in alone
    typed = asked(f"lieu={lens.epci.name}")
    assert typed.url() == f"/initiatives/?epci={lens.epci.code}"


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?epci=0", "Intercommunalité :"), ("?commune=62498&commune=62510", "autour d’un lieu à la fois"),
        ("?commune=62498&epci=200033579", "autour d’un lieu à la fois"), ("?depuis=99999", "Depuis"),
        ("?depuis=-5", "Depuis"), ("?page=0", "Page"), ("?region=zz&region=yy", "« zz », « yy »"),
        ("?theme=" + "x" * 5000, "Thème : « xxxx"),
    ],
)  # fmt: skip
def test_what_is_ignored_is_said(page, query, notice):
    answer = page(query)
    assert answer.status_code == 200
    said = answer.text.replace("\u00a0", " ")
    assert notice in said


# The map is the facet of départements


def test_a_cell_adds_its_departement_or_takes_it_away(page, ana, max):
    factories.published(ana, max)
    answer = page("?departement=35").text
    assert re.search(r'href="/initiatives/\?departement=35&amp;departement=62" class="q[1-4]"', answer)
    assert re.search(r'href="/initiatives/" class="q\d selected"', answer)


def test_the_map_counts_what_the_facet_counts(page):
    answer = page("?theme=sante")
    counts = asked("theme=sante").ask().counts["departement"]
    for code, number in counts.items():
        if code != UNKNOWN:
            assert re.search(rf"\({code}\) : {number} initiative", answer.text)
    # With nothing behind it, a cell leads nowhere; the list of the same is the facet, which the keyboard reaches.
    assert 'departement=48" class="q0"' not in answer.text
    assert 'href="#facette-departement"' in answer.text


# Labels


def test_labels_are_escaped_everywhere(page, ana, max):
    name = "<img src=x onerror=alert(1)> & l’“autre”"
    factories.published(ana, max, tags=[name])
    slug = Tag.objects.get(name=name).slug
    for query in ("", f"?etiquette={slug}"):
        answer = page(query).text
        assert "<img" not in answer
        assert "&lt;img src=x onerror=alert(1)&gt;" in answer


def test_what_is_typed_turns_nothing_around_it(page):
    answer = page("?q=%E2%80%AEabc&theme=%E2%80%AEzz&depuis=%D7%A9%D7%9C%D7%95%D7%9D").text
    notices = "".join(re.findall(r'class="notice.*?</div>', answer, re.DOTALL))
    assert "\u202e" not in notices
    assert "\u2068שלום\u2069" in notices
    assert "\u202e" not in re.search("<title>.*?</title>", answer)[0]


def test_labels_are_read_once_a_version(as_, ana, max, django_assert_num_queries):
    as_(None).get(URL)
    # With a theme, one more: the notes that stand beside it.
    for query, number in (("", 3), ("?region=32", 3), ("?theme=sante&theme=logement&region=32", 4)):
        with django_assert_num_queries(number):
            as_(None).get(URL + query)
    factories.published(ana, max, tags=["Mot nouveau"])
    assert "Mot nouveau" in facets.tag_names(asked("").at, ["mot-nouveau"]).values()


# Nothing found


def test_nothing_found_offers_to_be_told(page):
    answer = page("?q=hélicoptère&departement=62").text
    assert 'href="/initiatives/alertes/nouvelle/?q=h%C3%A9licopt%C3%A8re&amp;departement=62"' in answer
    assert 'href="/initiatives/proposer/"' in answer


def test_each_row_may_be_kept(page, ana, max):
    sheet = factories.published(ana, max, title="À garder")
    answer = page().text
    assert f'<a href="/initiatives/{sheet.slug}/recueil/">Ajouter au recueil' in answer
    assert "csrfmiddlewaretoken" not in answer


def test_pages_follow_the_question_as_understood(page):
    answer = page("?inconnu=1&page=2").text
    assert "inconnu=1" not in re.search(r'<nav class="pagination.*?</nav>', answer, re.DOTALL)[0]
