"""What is known, crossed: each number is the catalogue's own, and each gap says that nothing is known."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Territory
from initiatives import fate
from initiatives.filters import CatalogueFilter
from initiatives.models import Entry
from levers import coverage, exports
from levers.coverage import TABLES, Cell, Matrix
from tests import factories

COVERAGE = "/leviers/couverture/"


def cells(matrix: Matrix) -> list[Cell]:
    inner = [cell for row in matrix.rows for cell in (*row.cells, row.total)]
    return [*inner, *matrix.totals, matrix.total]


def catalogue_total(url: str) -> int:
    asked = CatalogueFilter(QueryDict(url.partition("?")[2]))
    total = asked.ask().total
    assert not asked.notices, (url, asked.notices)
    return total


def region(code: str = "32") -> Territory:
    return Territory.objects.get(level="region", code=code)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("where", ["", "32"])
def test_every_number_is_the_total_of_the_list_it_leads_to(db, ana, max, table, where):
    factories.published(ana, max)
    matrix = coverage.matrix(table, region(where) if where else None)
    some = [cell for cell in cells(matrix) if cell.count]
    assert some
    for cell in some:
        assert cell.url.startswith("/initiatives/")
        assert catalogue_total(cell.url) == cell.count, cell.url


def test_the_same_by_region(db):
    matrix = coverage.matrix("leviers", by_region=True)
    assert len(matrix.named) == 18
    for cell in cells(matrix):
        if cell.count:
            assert catalogue_total(cell.url) == cell.count


@pytest.mark.parametrize("by_region", [False, True])
def test_columns_of_territories_add_up_with_the_catalogue(db, ana, max, by_region):
    """A sheet stands in one line: the sum of a column is its total, and that of the last one the catalogue's."""
    factories.published(ana, max)
    matrix = coverage.matrix("leviers", by_region=by_region)
    for n, total in enumerate(matrix.totals):
        assert sum(row.cells[n].count for row in matrix.rows) == total.count
    assert sum(row.total.count for row in matrix.rows) == matrix.total.count == catalogue_total("/initiatives/")


def test_a_region_adds_up_too(db):
    matrix = coverage.matrix("leviers", region())
    assert len(matrix.rows) == 5
    assert (
        sum(row.total.count for row in matrix.rows) <= matrix.total.count == catalogue_total("/initiatives/?region=32")
    )


@pytest.mark.parametrize(
    ("table", "heads", "across"),
    [
        ("leviers", "departement", "levier"),
        ("propositions", "proposition", "methode"),
        ("themes", "theme", "public"),
    ],
)
def test_the_sets_agree_with_the_entries_read_one_by_one(db, table, heads, across):
    counted: dict[tuple[str, str], int] = {}
    for entry in Entry.objects.all():
        terms = [term.partition(":") for term in entry.terms]
        for _, _, one in (term for term in terms if term[0] == heads):
            for _, _, other in (term for term in terms if term[0] == across):
                counted[one, other] = counted.get((one, other), 0) + 1
    matrix = coverage.matrix(table)
    found = {
        (row.head.value, column.value): cell.count
        for row in matrix.rows
        for column, cell in zip(matrix.columns, row.cells, strict=True)
        if cell.count
    }
    assert found == counted


def test_what_is_hidden_leaves_every_table(db, ana, max):
    sheet = factories.published(ana, max)
    before = [coverage.matrix(table).total.count for table in TABLES]
    fate.mask(sheet, None)
    assert [coverage.matrix(table).total.count for table in TABLES] == [count - 1 for count in before]


def test_a_gap_says_that_nothing_is_known_and_leads_to_a_call(as_, db):
    page = as_(None).get(COVERAGE)
    matrix = page.context["matrix"]
    assert len(matrix.named) == 101
    row = next(row for row in matrix.named if not row.total.count)
    assert f'<a href="/appels/lancer/?departement={row.head.value}&amp;levier=1" rel="nofollow">' in page.text
    assert "aucune initiative connue, lancer un appel" in page.text
    assert "plusieurs leviers, ou aucun" in page.text


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_tables(as_, db, table):
    page = as_(None).get(COVERAGE, {"tableau": table})
    table_html = re.search(r'<table class="matrix">(.*?)</table>', page.text, re.DOTALL)
    assert table_html
    assert '<caption id="matrice">' in table_html[1]
    rows = page.context["matrix"].rows
    assert table_html[1].count('scope="row"') == len(rows) + 1
    assert table_html[1].count('scope="col"') == len(page.context["matrix"].columns) + 2
    assert 'href="#apres-le-tableau"' in page.text


def test_six_small_maps_say_what_the_table_says(as_, db):
    page = as_(None).get(COVERAGE)
    maps = page.context["matrix"].maps
    assert [each.lever.number for each in maps] == [1, 2, 3, 4, 5, 6]
    for each, total in zip(maps, page.context["matrix"].totals, strict=True):
        assert each.total == total.count
        assert sum(path.count("M") for _, path in each.paths) == 101
    assert page.text.count("<svg viewBox=") >= 6


@pytest.mark.parametrize("table", TABLES)
def test_each_leaves_as_csv(as_, db, table):
    answer = as_(None).get(COVERAGE, {"tableau": table, "format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    matrix = coverage.matrix(table)
    assert len(rows) == len(matrix.rows) + 2
    assert [int(number) for number in rows[-1][2:]] == [*(cell.count for cell in matrix.totals), matrix.total.count]
    assert rows[1][0] == matrix.rows[0].head.value
    odd = as_(None).get(COVERAGE, {"region": "32", "format": "csv"})
    assert len(odd.content.decode("utf-8-sig").splitlines()) == len(coverage.matrix("leviers", region()).rows) + 2


def test_a_label_is_never_a_formula():
    assert [exports.plain(text) for text in ("=1+1", "-2", "+3", "@A1", "Creuse")] == [
        "'=1+1",
        "'-2",
        "'+3",
        "'@A1",
        "Creuse",
    ]


@pytest.mark.parametrize("odd", ["region=zz%00", "region=99", "tableau=secret", "niveau=commune"])
def test_odd_questions_are_said_and_ignored(as_, db, odd):
    page = as_(None).get(f"{COVERAGE}?{odd}")
    assert page.status_code == 200
    assert re.search("n’existe pas", unescape(page.text))


@pytest.mark.parametrize("query", ["", "?tableau=propositions", "?tableau=themes", "?niveau=region", "?region=32"])
def test_six_queries_at_most(as_, stan, query, django_assert_max_num_queries):
    for person in (None, stan):
        browser = as_(person)
        browser.get(COVERAGE)
        with django_assert_max_num_queries(6):
            assert browser.get(COVERAGE + query).status_code == 200


def test_the_zero_result_page_offers_a_call(as_, db):
    page = as_(None).get(reverse("initiatives:catalogue"), {"departement": "23", "proposition": "1"})
    assert 'href="/appels/lancer/?departement=23&amp;proposition=1"' in page.text or (
        'href="/appels/lancer/?proposition=1&amp;departement=23"' in page.text
    )
