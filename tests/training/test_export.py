"""The table as a file: read again as spreadsheets do, no formula in it, numbers and dates typed."""

import csv
import io
import unicodedata
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document

from tests import factories
from tests.training.gestures import answer, save, sent, url
from training import exports
from training.models import Extension

FORMULAS = [
    "=1+1",
    "+33 1",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u00a0=1",
    "＝1+1",
    "\u200b=1",
]
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def read_csv(answer):
    """Lists of texts, as a spreadsheet would show them."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_ods(content, name="Tableau"):
    """Lists of (type, value)."""
    document = Document(io.BytesIO(content))
    sheet = next(each for each in document.body.tables if each.name == name)
    return [[(cell.type, cell.value) for cell in row.cells] for row in sheet.rows]


@pytest.fixture
def lived(tess, ilan, cohort, as_, clock):
    """A month: one sends twice, one late, one has more time, one isn't concerned, one has left."""
    td = cohort.groups.create(name="TD 1")
    cohort.enrolments.get(student=ilan).groups.add(td)
    people = {name: factories.person(name, f"{name[0].lower()}@exemple.test") for name in ("Zoé", "Yves", "Léa")}
    for person in people.values():
        cohort.enrol(person)
    cohort.enrolments.get(student=people["Léa"]).leave()
    with clock(2026, 12, 2, 9):
        work = factories.assignment(
            cohort, title="Observer ; décrire", opens_at=_at(2026, 12, 2, 9), due_at=_at(2026, 12, 10, 0)
        )
        other = factories.assignment(cohort, title="Au TD 1", for_all=False, due_at=_at(2027, 1, 12, 0))
    other.groups.add(td)
    Extension.objects.create(assignment=work, student=people["Yves"], due_at=_at(2026, 12, 30, 0), reason="Canari")
    with clock(2026, 12, 9, 23, 59, 30):
        mine = sent(work, ilan, "La première.")
        answer(as_(tess), mine, "Précisez.", "to_redo")
    with clock(2026, 12, 12, 8, 5):
        save(as_(ilan), work, "La seconde.", 1)
        mine.refresh_from_db()
        mine.send()
        sent(work, people["Zoé"])
    return cohort


def _at(*wall):
    from tests.training.conftest import PARIS

    return datetime(*wall, tzinfo=PARIS)


def test_a_csv_says_what_the_table_says(tess, lived, as_, clock):
    with clock(2026, 12, 20, 8):
        answer = as_(tess).get(url("table_csv", lived.pk))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ass-2026-2029-2026-12-20.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    head, *rows = read_csv(answer)
    work = "Observer ; décrire"
    assert head[:6] == [*exports.WHO, work, f"{work} : envoyé le", f"{work} : version"]
    lines = {row[0]: row[1:] for row in rows}
    assert set(lines) == {"Ilan", "Zoé", "Yves"}
    assert lines["Ilan"][1:5] == ["TD 1", "à relire", "2026-12-12 08:05:00", "2"]
    assert lines["Zoé"][2:5] == ["à relire", "2026-12-12 08:05:00", "1"]
    assert lines["Yves"][2:5] == ["pas encore envoyé", "", ""]
    assert lines["Zoé"][5:] == ["pas concerné", "", ""]
    assert "Canari" not in answer.content.decode()


def test_an_ods_types_its_numbers_and_its_dates(tess, lived, as_, clock):
    with clock(2026, 12, 20, 8):
        content = as_(tess).get(url("table_ods", lived.pk)).content
    head, *rows = read_ods(content, "Envois")
    assert [value for _, value in head] == list(exports.SENDING)
    lines = {(row[0][1], row[3][1]): row for row in rows}
    assert ("Zoé", "Au TD 1") not in lines
    ilan = lines["Ilan", "Observer ; décrire"]
    assert ilan[4] == ("date", datetime(2026, 12, 9, 23, 59))
    assert ilan[6:] == [
        ("string", "à relire"),
        ("date", datetime(2026, 12, 12, 8, 5)),
        ("string", "non"),  # what was asked for again isn't late
        ("float", 2),
    ]
    assert lines["Zoé", "Observer ; décrire"][8] == ("string", "oui")
    assert lines["Yves", "Observer ; décrire"][4:6] == [("date", datetime(2026, 12, 29, 23, 59))] * 2
    wide = read_ods(content)
    assert [row[0][1] for row in wide] == ["Étudiant", "Ilan", "Yves", "Zoé"]
    assert b"Canari" not in content


def test_a_group_alone_leaves_alone(tess, lived, as_):
    group = lived.groups.get()
    answer = as_(tess).get(url("table_csv", lived.pk) + f"?groupe={group.pk}")
    assert [row[0] for row in read_csv(answer)[1:]] == ["Ilan"]
    assert "td-1" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_is_a_formula_is_a_text(name, tess, cohort, as_):
    student = factories.person(name)
    cohort.enrol(student)
    type(student).objects.filter(pk=student.pk).update(name=name)
    cohort.enrolments.get().groups.add(cohort.groups.create(name=name))
    factories.assignment(cohort, title=name)
    browser = as_(tess)
    head, row = read_csv(browser.get(url("table_csv", cohort.pk)))
    for cell in (row[0], row[2], head[3]):
        assert cell.startswith("'"), cell
        assert cell[1:].strip() == name.strip()
    for sheet in ("Tableau", "Envois"):
        for line in read_ods(browser.get(url("table_ods", cohort.pk)).content, sheet):
            assert {kind for kind, value in line if value is not None} <= {"string", "date", "float"}
    document = Document(io.BytesIO(browser.get(url("table_ods", cohort.pk)).content))
    assert "table:formula" not in document.body.serialize()


def test_a_title_that_is_a_formula_leaves_numbers_alone(tess, ilan, cohort, as_):
    """Escaped where they are texts; a version stays a number, not a quoted one."""
    sent(factories.assignment(cohort, title="-12,50"), ilan)
    raw = as_(tess).get(url("table_csv", cohort.pk)).content.decode("utf-8-sig")
    assert '"\'-12,50"' in raw
    assert raw.splitlines()[1].endswith(";1")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(TEXTS, st.builds(lambda a, b: a + b, st.sampled_from(FORMULAS), TEXTS)))
def test_no_text_ever_begins_a_formula(text):
    out = exports.inert(text)
    row = io.StringIO(newline="")
    csv.writer(row, delimiter=";", quoting=csv.QUOTE_NONNUMERIC).writerow([out, 3])
    read = next(csv.reader(io.StringIO(row.getvalue(), newline=""), delimiter=";"))
    assert read == [out, "3"]
    assert not out.startswith(BEGINNINGS)
    shown = unicodedata.normalize("NFKC", out.lstrip())
    assert not shown.startswith(BEGINNINGS)
    # Nothing is lost but what no file may hold.
    assert out.removeprefix("'") in (exports.legible(text), exports.legible(text).removeprefix("'"))


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_an_ods_holds_any_text(texts):
    document = Document("spreadsheet")
    document.container.set_part("content.xml", exports.content({"Essai": (["Titre"] * len(texts), [texts])}))
    out = io.BytesIO()
    document.container.save(out)
    line = [value or "" for _, value in read_ods(out.getvalue(), "Essai")[1]]
    assert [" ".join(str(each).split()) for each in line] == [" ".join(exports.legible(text).split()) for text in texts]


def test_nobody_else_takes_it_away(otto, ilan, hugo, nora, ada, dan, lived, as_):
    for person in (otto, ilan, hugo, nora, ada, dan):
        for name in ("table_csv", "table_ods"):
            assert as_(person).get(url(name, lived.pk)).status_code == 404
    assert as_(None).get(url("table_csv", lived.pk)).status_code == 302


def test_an_empty_cohort_is_an_empty_file(tess, cohort, as_):
    assert read_csv(as_(tess).get(url("table_csv", cohort.pk))) == [list(exports.WHO)]
    assert len(read_ods(as_(tess).get(url("table_ods", cohort.pk)).content)) == 1


def test_what_is_exported_can_be_read_back_as_a_list_of_students(tess, lived, as_):
    """The file one takes away is a file one may bring next year."""
    from training import imports

    content = as_(tess).get(url("table_csv", lived.pk)).content
    rows = imports.read_bytes(content)
    assert {row.email for row in rows} == set(lived.enrolments.current().values_list("student__email", flat=True))
    assert not [row.fault for row in rows if row.fault]


def test_a_cohort_without_a_name_in_letters_has_a_file_name(tess, cohort, as_):
    type(cohort).objects.update(name='"; \r\n ../ 漢字')
    said = as_(tess).get(url("table_csv", cohort.pk)).headers["Content-Disposition"]
    assert said.startswith('attachment; filename="2')
    assert "\n" not in said


def test_more_time_that_is_over_is_late(tess, ilan, cohort, as_, clock):
    with clock(2026, 12, 1, 9):
        work = factories.assignment(cohort, due_at=_at(2026, 12, 5, 0), opens_at=_at(2026, 12, 1, 0))
    Extension.objects.create(assignment=work, student=ilan, due_at=_at(2026, 12, 5, 0) + timedelta(days=2))
    with clock(2026, 12, 6, 23, 59, 59):
        assert read_csv(as_(tess).get(url("table_csv", cohort.pk)))[1][3] == "pas encore envoyé"
    with clock(2026, 12, 7, 0):
        assert read_csv(as_(tess).get(url("table_csv", cohort.pk)))[1][3] == "en retard"
