"""One note after the other: the grid, the verdict, then the next one that waits."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import kept
from accounts.models import Letter
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training.models import Comment, Extension

GRID = ["Le contexte est décrit", "Les rôles sont distingués", "items"]


@pytest.fixture
def with_grid(cohort):
    return factories.assignment(cohort, title="Avec une grille", grid=GRID)


def fields(page):
    """The names of the grid's fields, in order."""
    return re.findall(r'<select name="(grid-[0-9a-f]{12})"', page)


def three(cohort, assignment):
    """Three notes that wait, the oldest first."""
    works = []
    for name in ("Zoé", "Yves", "Xavier"):
        person = factories.person(name)
        cohort.enrol(person)
        works.append(sent(assignment, person))
    return works


def test_each_criterion_is_said_in_words_and_read_by_the_student(tess, ilan, with_grid, as_):
    work = sent(with_grid, ilan)
    names = fields(as_(tess).get(url("work", work.pk)).text)
    assert len(names) == 3
    grid = {names[0]: "oui", names[1]: "", names[2]: "pas encore"}
    assert answer(as_(tess), work, "", "to_redo", **grid).status_code == 302
    assert Comment.objects.get().grid == {GRID[0]: "oui", GRID[2]: "pas encore"}
    for person, page in ((tess, url("work", work.pk)), (ilan, with_grid.get_absolute_url())):
        text = as_(person).get(page).text
        assert "<dt>items</dt><dd>pas encore</dd>" in text
        assert "<dt>Le contexte est décrit</dt><dd>oui</dd>" in text
    assert "contexte" not in Letter.objects.get(person=ilan).body


@pytest.mark.parametrize("word", ["12/20", "Oui", "<b>", "oui\x00", "9" * 5000])
def test_a_grid_says_words_of_the_list(word, tess, ilan, with_grid, as_):
    work = sent(with_grid, ilan)
    name = fields(as_(tess).get(url("work", work.pk)).text)[0]
    page = answer(as_(tess), work, "Mon avis détaillé.", "accepted", **{name: word})
    assert page.status_code == 200
    assert "Mon avis détaillé." in page.text
    assert not Comment.objects.exists()


def test_a_grid_that_changed_meanwhile_mixes_nothing_up(tess, ilan, with_grid, as_):
    work = sent(with_grid, ilan)
    names = fields(as_(tess).get(url("work", work.pk)).text)
    type(with_grid).objects.update(grid=[GRID[1], "Un critère de plus"])
    answer(as_(tess), work, "Lu.", "accepted", **dict.fromkeys(names, "oui"))
    assert Comment.objects.get().grid == {GRID[1]: "oui"}


def test_without_a_grid_nothing_is_asked(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    assert "La grille" not in as_(tess).get(url("work", work.pk)).text
    answer(as_(tess), work, "Lu.", "accepted", **{"grid-abcdefabcdef": "oui"})
    assert Comment.objects.get().grid == {}


def test_the_grid_comes_back_with_the_text_after_a_session_that_ended(tess, ilan, with_grid, as_):
    work = sent(with_grid, ilan)
    name = fields(as_(tess).get(url("work", work.pk)).text)[0]
    browser = as_(None)
    answer(browser, work, "Une longue réponse.", "to_redo", writer=kept.mark_of(tess.pk), **{name: "en partie"})
    browser.force_login(tess)
    page = browser.get(url("work", work.pk)).text
    assert "Une longue réponse." in page
    assert '<option value="en partie" selected>' in page


def test_the_same_text_with_another_grid_is_another_answer(tess, ilan, with_grid, as_):
    work = sent(with_grid, ilan)
    name = fields(as_(tess).get(url("work", work.pk)).text)[0]
    for word in ("oui", "oui", "en partie"):
        answer(as_(tess), work, "Lu.", "none", **{name: word})
    assert [each.grid for each in Comment.objects.all()] == [{GRID[0]: "oui"}, {GRID[0]: "en partie"}]


def test_one_answers_and_reads_the_next_one(tess, cohort, assignment, as_):
    zoe, yves, xavier = three(cohort, assignment)
    browser = as_(tess)
    page = browser.get(url("work", yves.pk)).text
    assert f'rel="prev" href="{url("work", zoe.pk)}"' in page
    assert f'rel="next" href="{url("work", xavier.pk)}"' in page
    assert "2 autres attendent" in page
    went = [answer(browser, work, then="next").headers["Location"] for work in (yves, xavier, zoe)]
    # After the last one comes the first that still waits; when none does, one stays.
    assert went == [url("work", xavier.pk), url("work", zoe.pk), url("work", zoe.pk)]
    assert "Plus rien à relire" in browser.get(url("work", zoe.pk)).text


def test_one_stays_when_one_asks_to(tess, cohort, assignment, as_):
    zoe, *_ = three(cohort, assignment)
    assert answer(as_(tess), zoe).headers["Location"] == url("work", zoe.pk)


def test_the_next_one_is_of_the_group_one_reads(tess, cohort, assignment, as_):
    zoe, yves, xavier = three(cohort, assignment)
    group = cohort.groups.create(name="TD 1")
    for work in (zoe, xavier):
        cohort.enrolments.get(student=work.student).groups.add(group)
    here = url("work", zoe.pk) + f"?groupe={group.pk}"
    page = as_(tess).get(here).text
    assert "une autre attend" in page
    assert url("work", yves.pk) not in page
    went = as_(tess).post(here, {"text": "Lu.", "verdict": "accepted", "number": 1, "then": "next"})
    assert went.headers["Location"] == url("work", xavier.pk) + f"?groupe={group.pk}"


def test_nothing_of_another_centre_comes_next(tess, otto, other_centre, cohort, assignment, as_):
    zoe, *_ = three(cohort, assignment)
    elsewhere = factories.cohort(other_centre, "La leur")
    theirs = factories.person("Sam")
    elsewhere.enrol(theirs)
    foreign = sent(factories.assignment(elsewhere), theirs)
    assert url("work", foreign.pk) not in as_(tess).get(url("work", zoe.pk)).text
    assert as_(otto).get(url("work", zoe.pk)).status_code == 404
    assert "dans cette promotion" in as_(otto).get(url("work", foreign.pk)).text


def test_what_changed_since_the_version_before_is_shown_when_asked(tess, ilan, assignment, as_):
    work = sent(assignment, ilan, "Le groupe parle beaucoup.")
    answer(as_(tess), work, "Précisez.", "to_redo")
    save(as_(ilan), assignment, "Le groupe parle peu.", 1)
    work.refresh_from_db()
    work.send()
    plain = as_(tess).get(url("work", work.pk)).text
    assert "<ins>" not in plain
    page = as_(tess).get(url("work", work.pk) + "?changements=1").text
    assert re.search(r"<del>beaucoup\.?\s*</del><ins>peu", page)


def test_a_guided_note_is_read_question_by_question(tess, ilan, cohort, as_):
    given = factories.assignment(cohort, guided=["Qui était là ?", "Qui a décidé ?"])
    work = given.work_of(ilan)
    said = [{"question": "Qui était là ?", "text": "Six habitantes."}, {"question": "Qui a décidé ?", "text": ""}]
    work.save_draft("Qui était là ?\nSix habitantes.", 0, said)
    work.send()
    page = as_(tess).get(url("work", work.pk)).text
    assert "<strong>Qui était là\u00a0?</strong>" in page
    assert "Six habitantes." in page
    assert "Pas de réponse." in page


def test_the_date_is_the_students_own(tess, ilan, cohort, as_):
    now = timezone.now()
    given = factories.assignment(cohort, opens_at=now - timedelta(days=9), due_at=now - timedelta(days=1))
    Extension.objects.create(assignment=given, student=ilan, due_at=now + timedelta(days=3), reason="Canari")
    page = as_(tess).get(url("work", sent(given, ilan).pk)).text
    assert "Était à rendre" not in page
    assert "Canari" not in page


def test_a_note_and_its_queue_are_few_queries(tess, cohort, with_grid, as_, django_assert_max_num_queries):
    zoe, *_ = three(cohort, with_grid)
    answer(as_(tess), zoe, "Un mot.", "none")
    group = cohort.groups.create(name="TD 1")
    browser = as_(tess)
    with django_assert_max_num_queries(12):
        assert browser.get(url("work", zoe.pk) + f"?groupe={group.pk}&changements=1").status_code == 200


def test_two_trainers_do_not_answer_over_one_another(tess, ilan, centre, assignment, as_):
    colleague = factories.person("Théa")
    factories.role(colleague, "trainer", organisation=centre.organisation)
    work = sent(assignment, ilan)
    seen = re.search(r'name="seen" value="(\d+)"', as_(tess).get(url("work", work.pk)).text)[1]
    answer(as_(colleague), work, "Trop court.", "to_redo", seen=seen)
    page = answer(as_(tess), work, "Très bien.", "accepted", seen=seen)
    assert "Théa a répondu entre-temps" in page.text
    assert "Trop court." in page.text
    assert "Très bien." in page.text
    work.refresh_from_db()
    assert work.status == "to_redo"
    again = re.search(r'name="seen" value="(\d+)"', page.text)[1]
    assert answer(as_(tess), work, "Très bien.", "accepted", seen=again).status_code == 302
    # The same press twice is one answer, and no quarrel with oneself.
    assert answer(as_(tess), work, "Très bien.", "accepted", seen=again).status_code == 302
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("seen", ["-1", "un", "9" * 30, "12345678"])
def test_an_answer_that_was_never_given_was_not_read(seen, tess, ilan, assignment, as_):
    assert answer(as_(tess), sent(assignment, ilan), "Mon avis.", seen=seen).status_code == 200
    assert not Comment.objects.exists()
