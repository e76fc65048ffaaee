"""An assignment for some of a cohort, and more time for one student: to the second, whatever clocks do that night."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from initiatives.workflow import Refused
from tests import factories
from training import deadlines
from training.models import Assignment


@pytest.fixture
def td1(cohort, ilan):
    group = cohort.groups.create(name="TD 1")
    cohort.enrolments.get(student=ilan).groups.add(group)
    return group


def found_by(person):
    return list(Assignment.objects.given_to(person))


def test_a_group_gets_what_the_others_do_not(cohort, td1, ilan):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    given = factories.assignment(cohort, for_all=False)
    given.groups.add(td1)
    assert found_by(ilan) == [given]
    assert found_by(kim) == []
    assert given.recipients() == [ilan]


def test_one_student_is_named(cohort, ilan):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    given = factories.assignment(cohort, for_all=False)
    given.students.add(kim)
    assert (found_by(ilan), found_by(kim)) == ([], [given])
    assert given.recipients() == [kim]


def test_a_group_that_is_removed_does_not_make_it_everyones(cohort, td1, ilan):
    given = factories.assignment(cohort, for_all=False)
    given.groups.add(td1)
    td1.delete()
    assert found_by(ilan) == []
    assert given.recipients() == []


def test_what_was_begun_stays_ones_own_when_one_changes_groups(cohort, td1, ilan):
    given = factories.assignment(cohort, for_all=False)
    given.groups.add(td1)
    given.work_of(ilan).save_draft("Commencé.", 0)
    cohort.enrolments.get(student=ilan).groups.clear()
    assert found_by(ilan) == [given]


def test_who_left_no_longer_finds_it_even_named(cohort, ilan):
    given = factories.assignment(cohort, for_all=False)
    given.students.add(ilan)
    cohort.enrolments.get(student=ilan).leave()
    assert found_by(ilan) == []
    assert given.recipients() == []


# The night of 28 March 2027 jumps from 2 h to 3 h; that of 31 October has 2 h to 3 h twice.
NIGHTS = [(date(2027, 3, 28), time(3, 0)), (date(2027, 10, 31), time(2, 30)), (date(2027, 10, 31), time(23, 59))]


def written(given, ilan):
    work = given.work_of(ilan)
    if not work.draft:
        work.save_draft("Nous avons cuisiné à douze.", work.edition)
    return work


@pytest.mark.parametrize(("day", "at"), NIGHTS)
def test_closed_at_the_second_and_an_extension_waits_for_one(cohort, ilan, day, at, monkeypatch):
    due = deadlines.closing(day, at)
    given = factories.assignment(cohort, opens_at=due - timedelta(days=30), due_at=due, closes_at=due)
    work = written(given, ilan)
    monkeypatch.setattr(timezone, "now", lambda: due)
    with pytest.raises(Refused, match="fermés"):
        work.send()
    later = deadlines.closing(day + timedelta(days=2), at)
    given.extensions.create(student=ilan, due_at=later)
    monkeypatch.setattr(timezone, "now", lambda: later - timedelta(microseconds=1))
    assert work.send().is_late is False
    work.save_draft("Nous avons cuisiné à douze, puis mangé.", work.edition)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(Refused, match="fermés"):
        work.send()


def test_the_last_second_before_closing_passes(cohort, ilan, monkeypatch):
    due = deadlines.closing(date(2027, 10, 31), time(2, 30))
    closes = due + timedelta(days=3)
    given = factories.assignment(cohort, opens_at=due - timedelta(days=30), due_at=due, closes_at=closes)
    work = written(given, ilan)
    monkeypatch.setattr(timezone, "now", lambda: closes - timedelta(seconds=1))
    assert work.send().is_late is True


def test_what_a_trainer_asks_for_again_is_sent_after_closing_and_is_not_late(cohort, ilan, tess, monkeypatch):
    due = timezone.now() + timedelta(days=1)
    given = factories.assignment(cohort, due_at=due, closes_at=due)
    work = written(given, ilan)
    work.answer(work.send(), tess, text="Précisez.", verdict="to_redo")
    work.save_draft("Nous avons cuisiné à douze, le mardi.", work.edition)
    monkeypatch.setattr(timezone, "now", lambda: due + timedelta(days=5))
    assert work.send().is_late is False


def test_more_time_never_shortens_the_time_given(cohort, ilan):
    due = timezone.now() + timedelta(days=10)
    given = factories.assignment(cohort, due_at=due)
    given.extensions.create(student=ilan, due_at=due - timedelta(days=3))
    assert given.dates_of(ilan).due_at == due
    assert Assignment.objects.with_dates_of(ilan).get(pk=given.pk).dates.due_at == due
