"""The table students × assignments: one page however many, for those each is given to, until their own dates."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Person
from tests import factories
from tests.training.gestures import sent, url
from training.models import Enrolment, Extension


@pytest.fixture
def zoe(cohort):
    zoe = factories.person("Zoé")
    cohort.enrol(zoe)
    return zoe


@pytest.fixture
def group(cohort, ilan):
    group = cohort.groups.create(name="TD 1")
    cohort.enrolments.get(student=ilan).groups.add(group)
    return group


def table(browser, cohort, query=""):
    """{student: [what each cell says]}."""
    page = browser.get(url("cohort_table", cohort.pk) + query).text
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL):
        name, *cells = re.split(r"<td>", row)
        found[said(name)] = [said(cell) for cell in cells]
    return found


def said(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def for_some(assignment, *, groups=(), students=()):
    type(assignment).objects.filter(pk=assignment.pk).update(for_all=False)
    assignment.groups.set(groups)
    assignment.students.set(students)


def more_time(assignment, student, days=30, reason="Une hospitalisation-canari"):
    until = timezone.now() + timedelta(days=days)
    return Extension.objects.create(assignment=assignment, student=student, due_at=until, reason=reason)


def past(**fields):
    now = timezone.now()
    return {"opens_at": now - timedelta(days=20), "due_at": now - timedelta(days=2), **fields}


def test_forty_students_and_ten_assignments_are_one_page(tess, cohort, as_, django_assert_max_num_queries):
    groups = [cohort.groups.create(name=f"TD {n}") for n in (1, 2)]
    given = [factories.assignment(cohort, title=f"Devoir {n}", **(past() if n < 4 else {})) for n in range(10)]
    for_some(given[3], groups=groups[:1])
    students = [factories.person(f"Étudiante {n:02}") for n in range(40)]
    for n, student in enumerate(students):
        cohort.enrol(student).groups.add(groups[n % 2])
        for assignment in given[: n % 5]:
            sent(assignment, student)
    for_some(given[9], students=students[:3])
    more_time(given[0], students[0])
    browser = as_(tess)
    for query in ("", f"?groupe={groups[0].pk}"):
        with django_assert_max_num_queries(15):
            shown = table(browser, cohort, query)
        assert len(shown) == (20 if query else 40)
        assert {len(cells) for cells in shown.values()} == {10}
    for name in ("table_csv", "table_ods"):
        with django_assert_max_num_queries(15):
            assert browser.get(url(name, cohort.pk)).status_code == 200
    with django_assert_max_num_queries(12):
        assert browser.get(url("home")).status_code == 200
    with django_assert_max_num_queries(12):
        assert browser.get(url("assignment_table", given[3].pk)).status_code == 200


def test_who_an_assignment_is_not_for_is_not_concerned(tess, ilan, zoe, group, cohort, assignment, as_):
    named = factories.assignment(cohort, title="À Zoé seule")
    for_some(assignment, groups=[group])
    for_some(named, students=[zoe])
    shown = table(as_(tess), cohort)
    assert shown["Ilan"] == ["pas encore envoyé", "— pas concerné"]
    assert shown["Zoé"] == ["— pas concerné", "pas encore envoyé"]
    page = as_(tess).get(url("assignment_table", named.pk)).text
    assert "Une autre personne n’est pas concernée." in page
    assert "Ilan" not in page
    # The figures of the home page count those concerned, and them alone.
    assert "1 pas encore envoyé</span>" in as_(tess).get(url("home")).text


def test_what_was_sent_stays_when_it_is_no_longer_given(tess, ilan, zoe, cohort, assignment, as_):
    sent(assignment, ilan)
    for_some(assignment, students=[zoe])
    assert table(as_(tess), cohort)["Ilan"] == ["à relire"]


def test_more_time_is_neither_late_nor_told_why(tess, ilan, zoe, cohort, as_):
    given = factories.assignment(cohort, **past())
    more_time(given, ilan)
    browser = as_(tess)
    shown = table(browser, cohort)
    assert shown["Zoé"] == ["en retard"]
    assert shown["Ilan"][0].startswith("pas encore envoyé")
    assert "1 en retard</span>" in browser.get(url("home")).text
    for page in (url("cohort_table", cohort.pk), url("assignment_table", given.pk), url("home")):
        assert "canari" not in browser.get(page).text


def test_more_time_shorter_than_the_date_changes_nothing(tess, ilan, cohort, assignment, as_):
    more_time(assignment, ilan, days=1)
    assert table(as_(tess), cohort)["Ilan"] == ["pas encore envoyé"]


def test_what_is_not_open_is_late_for_nobody(tess, ilan, cohort, as_):
    soon = timezone.now() + timedelta(days=2)
    factories.assignment(cohort, opens_at=soon, due_at=soon + timedelta(days=9))
    assert table(as_(tess), cohort)["Ilan"] == ["pas encore ouvert"]


def test_a_group_is_shown_alone(tess, ilan, zoe, group, cohort, assignment, as_):
    browser = as_(tess)
    assert set(table(browser, cohort)) == {"Ilan", "Zoé"}
    assert set(table(browser, cohort, f"?groupe={group.pk}")) == {"Ilan"}
    page = browser.get(url("assignment_table", assignment.pk) + f"?groupe={group.pk}").text
    assert "Ilan" in page
    assert "Zoé" not in page
    empty = cohort.groups.create(name="TD 2")
    assert (
        "Personne n’est dans ce sous-groupe" in browser.get(url("cohort_table", cohort.pk) + f"?groupe={empty.pk}").text
    )


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "9" * 40, "%00", "1%27%20OR%201=1"])
def test_a_group_that_is_not_there_is_said_and_everyone_shown(asked, tess, ilan, zoe, cohort, assignment, as_):
    for page in (url("cohort_table", cohort.pk), url("assignment_table", assignment.pk)):
        answer = as_(tess).get(f"{page}?groupe={asked}")
        assert answer.status_code == 200
        assert "voici tout le monde" in answer.text or asked == "%00"
        assert "Zoé" in answer.text


def test_another_cohorts_group_is_not_there(tess, ilan, centre, cohort, assignment, as_):
    foreign = factories.cohort(centre, "Une autre").groups.create(name="Canari")
    answer = as_(tess).get(url("cohort_table", cohort.pk) + f"?groupe={foreign.pk}")
    assert "voici tout le monde" in answer.text
    assert "Canari" not in answer.text


def test_the_first_to_reread_has_waited_most(tess, ilan, zoe, cohort, assignment, as_):
    last = factories.assignment(cohort, title="Pour plus tard", due_at=timezone.now() + timedelta(days=30))
    sent(last, ilan)
    first = sent(assignment, zoe)
    sent(assignment, ilan)
    page = as_(tess).get(url("cohort_table", cohort.pk)).text
    assert "3 notes attendent" in page
    assert re.search(r'button-primary" href="([^"]+)"', page)[1] == url("work", first.pk)


def crowd(cohort, size):
    people = Person.objects.bulk_create(
        Person(email=f"n{n}@exemple.test", name=f"N {n:04} {'Éloïse' if n % 9 == 0 else 'Marc'}") for n in range(size)
    )
    Enrolment.objects.bulk_create(Enrolment(cohort=cohort, student=person) for person in people)
    return people


def test_four_hundred_and_fifty_students_are_three_pages(tess, cohort, as_, django_assert_max_num_queries):
    given = [factories.assignment(cohort, title=f"Devoir {n}") for n in range(3)]
    people = crowd(cohort, 450)
    last = sent(given[0], people[-1])
    browser = as_(tess)
    seen = []
    for number, size in ((1, 200), (2, 200), (3, 50)):
        query = f"?page={number}"
        with django_assert_max_num_queries(15):
            shown = table(browser, cohort, query)
        assert len(shown) == size
        seen += shown
        page = browser.get(url("cohort_table", cohort.pk) + query).text
        assert f"450 étudiants, 3 devoirs, page {number} sur 3" in page
        # What waits on the third page is reread from the first.
        assert url("work", last.pk) in page
    assert seen == [str(person) for person in people]
    for place in (url("assignment_table", given[0].pk), url("assignment_table", given[0].pk) + "?page=3"):
        with django_assert_max_num_queries(12):
            assert browser.get(place).text.count('<li class="row">') == (50 if "page" in place else 200)
    assert browser.get(url("table_csv", cohort.pk)).content.count(b"\r\n") == 451


def test_pages_stay_in_the_group_and_in_the_name_asked(tess, cohort, assignment, as_):
    people = crowd(cohort, 450)
    group = cohort.groups.create(name="TD 1")
    group.enrolments.set(cohort.enrolments.filter(student__in=people[:250]))
    browser = as_(tess)
    page = browser.get(url("cohort_table", cohort.pk) + f"?groupe={group.pk}").text
    assert f'href="?groupe={group.pk}&amp;page=2"' in page
    assert "250 étudiants, 1 devoir, page 1 sur 2" in page
    found = browser.get(url("cohort_table", cohort.pk) + f"?groupe={group.pk}&nom=%20eloise%20N").text
    assert "250 étudiants, 1 devoir</caption>" in found
    assert "28 personnes dont le nom contient «&nbsp;eloise N&nbsp;»." in found
    assert len(table(browser, cohort, "?nom=eloise")) == 50
    nobody = browser.get(url("cohort_table", cohort.pk) + "?nom=<b>zzz").text
    assert "Personne ici" in nobody
    assert "<b>zzz" not in nobody


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "9" * 40, "%00", "99"])
def test_a_page_that_is_not_there_is_one_that_is(asked, tess, cohort, assignment, as_):
    crowd(cohort, 201)
    assert len(table(as_(tess), cohort, f"?page={asked}")) in (200, 1)
    assert as_(tess).get(url("cohort_table", cohort.pk) + f"?nom={asked}").status_code == 200


def test_a_class_of_two_hundred_is_one_page_and_searches_nothing(tess, cohort, assignment, as_):
    crowd(cohort, 200)
    page = as_(tess).get(url("cohort_table", cohort.pk)).text
    assert "200 étudiants, 1 devoir</caption>" in page
    assert "Pages de la liste" not in page
    assert 'name="nom"' not in page
