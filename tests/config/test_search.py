"""One question asked of the whole site, and what is suggested as one types."""

import pytest

from config.search import KINDS, find
from guide import passages
from guide.models import Fiche, Passage, Term
from tests import factories

URL = "/recherche/?q="


def group(results, anchor):
    return next((group for group in results.groups if group.anchor == anchor), None)


def test_the_whole_site_answers(as_, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        text = as_(None).get(URL + "groupe").text
    for anchor in ("initiatives", "fiches", "methodes", "termes"):
        assert f'id="{anchor}"' in text
    assert "<mark>" in text
    assert "Voir les " in text


@pytest.mark.parametrize("kind", ["fiche", "methode", "terme", "proposition"])
def test_each_kind_of_page_is_found_by_its_name(db, kind):
    row = Passage.objects.filter(kind=kind).order_by("position").first()
    found = group(find(row.title), KINDS[kind][0])
    assert row.url.partition("#")[0] in {hit.url.partition("#")[0] for hit in found.hits}


def test_synonyms_are_known_everywhere(as_, db):
    assert "/guide/glossaire/#" in as_(None).get(URL + "isic").text


def test_a_fiche_is_found_by_its_section(as_, db):
    row = Passage.objects.filter(kind="fiche").exclude(heading="").order_by("position").first()
    number = int(row.note.removeprefix("Fiche "))
    word = max(
        set(row.words) - set().union(*Passage.objects.exclude(pk=row.pk).values_list("words", flat=True)), key=len
    )
    hit = group(find(word), "fiches").hits[0]
    assert hit.url == f"{Fiche.objects.get(number=number).get_absolute_url()}#{row.url.partition('#')[2]}"
    assert str(hit.heading) == row.heading
    assert f'id="{row.url.partition("#")[2]}"' in as_(None).get(hit.url.partition("#")[0]).text


def test_every_passage_leads_to_its_place(as_, db):
    pages = {}
    for url in Passage.objects.values_list("url", flat=True):
        path, _, anchor = url.partition("#")
        pages.setdefault(path, as_(None).get(path).text) if path not in pages else None
        assert not anchor or f'id="{anchor}"' in pages[path], url


def test_a_fiche_answers_once_and_its_other_parts_are_named(db):
    found = group(find("groupe"), "fiches")
    pages = [hit.url.partition("#")[0] for hit in found.hits] + [other.url.partition("#")[0] for other in found.others]
    assert len(pages) == len(set(pages)) == found.total
    assert "travail social de <mark>groupe</mark>" in str(found.hits[0].title).lower()
    assert any(hit.parts for hit in found.hits)
    assert all(url.startswith(hit.url.partition("#")[0]) for hit in found.hits for _, url in hit.parts)


def test_what_does_not_fit_is_one_click_away(as_, db):
    found = group(find("travail social"), "fiches")
    text = as_(None).get(URL + "travail+social").text
    assert found.others
    assert all(f'href="{other.url}"' in text for other in found.others)


def test_words_of_one_page_may_stand_in_two_of_its_parts(db):
    one, two = Passage.objects.filter(kind="fiche").exclude(heading="").order_by("position")[:2]
    assert one.url.partition("#")[0] == two.url.partition("#")[0]
    others = set().union(*Passage.objects.exclude(pk__in=[one.pk, two.pk]).values_list("words", flat=True))
    alone = [max(set(row.words) - set(other.words) - others, key=len) for row, other in ((one, two), (two, one))]
    assert [hit.url.partition("#")[0] for hit in group(find(" ".join(alone)), "fiches").hits] == [
        one.url.partition("#")[0]
    ]


def test_rare_words_and_words_in_a_row_come_first(db):
    """« professionnel » is everywhere and even in a title; « secret professionnel » is the subject of one fiche."""
    assert group(find("secret professionnel"), "fiches").hits[0].note == "Fiche 22"


def test_a_sentence_is_answered_with_what_says_most_of_it(db):
    results = find("évaluer capitaliser essaimer zzzqqqxxx")
    assert results.nearest_pages
    assert group(results, "fiches").hits[0].note == "Fiche 26"
    assert not find("évaluer zzzqqqxxx").nearest_pages


def test_a_method_is_found_by_its_tools(db):
    hit = group(find("porte-à-porte"), "methodes").hits[0]
    assert (str(hit.heading), hit.url.partition("#")[2]) == ("Les outils", "outils")


def test_what_a_page_is_called_comes_first(db):
    method = group(find("théâtre-forum"), "methodes").hits[0]
    assert "théâtre-forum" in str(method.title).lower().replace("<mark>", "").replace("</mark>", "")


def test_a_phrase_and_an_exclusion(db):
    every, quoted, without = (
        group(find(q), "fiches") for q in ("travail social", '"travail social"', "travail -social")
    )
    assert 0 < quoted.total <= every.total
    assert without is None or without.total < group(find("travail"), "fiches").total


def test_a_typo_in_a_word_of_the_guide_alone(db):
    Term.objects.create(slug="zetetique", name="Zététique", definition="L’art du doute en assemblée.")
    passages.renew("terme")
    results = find("zetetqiue")
    assert results.spelling == "zététique"
    assert group(results, "termes").hits[0].url.endswith("#zetetique")


def test_a_word_of_the_guide_is_not_put_right_with_one_of_the_initiatives(db, ana, max):
    factories.published(ana, max, title="La zetetiqua du mardi")
    Term.objects.create(slug="zetetique", name="Zététique", definition="L’art du doute en assemblée.")
    passages.renew("terme")
    assert group(find("zététique"), "termes").total == 1


def test_the_page_says_where_a_typo_was_forgiven(as_, db):
    Term.objects.create(slug="zetetique", name="Zététique", definition="L’art du doute en assemblée.")
    passages.renew("terme")
    assert "Résultats pour <a" in as_(None).get(URL + "zetetqiue").text
    assert "résultats pour" not in as_(None).get(URL + "zététique").text.lower()


def test_nothing_found_helps(as_, db):
    text = as_(None).get(URL + "zzzqqqxxx").text
    assert "Rien trouvé" in text
    assert 'href="/guide/glossaire/"' in text


@pytest.mark.parametrize(
    "q",
    ["", "%00", "x" * 10_000, "%22%22", "-groupe", "%C3%A0", "<script>alert(1)</script>", "%E2%80%AEabc",
     ".*(a%2B)%2B$", "%25%25__", "a%00b", "%22travail" * 50, "-" * 300],
)  # fmt: skip
def test_anything_may_be_asked(as_, db, q, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = as_(None).get(URL + q)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert as_(None).get(f"/recherche/suggestions/?q={q}").status_code == 200


def test_words_that_find_something_alone_are_offered(as_, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        text = as_(None).get(URL + "épicerie+capitaliser").text
    assert "Un mot à la fois" in text
    assert 'href="/recherche/?q=%C3%A9picerie"' in text
    assert 'href="/recherche/?q=capitaliser"' in text


def test_nothing_found_is_bounded(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        find(" ".join(f"zq{'abcdefghij'[n % 10] * 9}x{n}" for n in range(20)))


# As one types


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("alim", "/initiatives/?theme=alimentation"),
        ("Pas-de-C", "/initiatives/?departement=62"),
        ("breta", "/initiatives/?region=53"),
        ("62300", "/initiatives/?commune=62498"),
        ("theatre", "/guide/methodes/theatre-forum/"),
        ("pouvoir d'agir", "/guide/glossaire/#"),
    ],
)
def test_suggestions_are_addresses(as_, db, typed, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        text = as_(None).get("/recherche/suggestions/", {"q": typed}).text
    assert f'href="{address}' in text
    assert 'role="option"' in text


def test_suggestions_hold_nothing_of_who_asks(as_, gaby, db):
    mine = as_(gaby).get("/recherche/suggestions/", {"q": "groupe"})
    assert mine.text == as_(None).get("/recherche/suggestions/", {"q": "groupe"}).text
    assert not mine.cookies


@pytest.mark.parametrize("page", ["/", "/initiatives/", "/recherche/"])
def test_the_fields_that_search_suggest(as_, db, page):
    text = as_(None).get(page).text
    assert 'data-suggest="/recherche/suggestions/"' in text
    assert "js/suggest.js" in text


@pytest.mark.parametrize("typed", ["", "a", "l'", "zzzz", "<b>"])
def test_nothing_to_suggest_is_nothing(as_, db, typed):
    assert as_(None).get("/recherche/suggestions/", {"q": typed}).text.strip() == ""
