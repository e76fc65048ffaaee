"""What opens later is told when it opens, in the daytime, once, with each one's own date."""

from datetime import date, time, timedelta

import pytest

from accounts import post
from accounts.models import Letter, Reference
from tests import factories
from training import announcing, deadlines
from training.models import Assignment, Extension


@pytest.fixture(autouse=True)
def at_each_turn(monkeypatch):
    monkeypatch.setattr(announcing, "EVERY", -1.0)


@pytest.fixture
def later(cohort, clock):
    """Opens on Monday 7 December at 8."""
    with clock(2026, 11, 21, 10, 0):
        announcing.tell_opened(announcing.timezone.now())
        return factories.assignment(
            cohort,
            opens_at=deadlines.opening(date(2026, 12, 7), time(8)),
            due_at=deadlines.closing(date(2026, 12, 17), time(23, 59)),
        )


def test_told_when_it_opens_and_once(ilan, later, clock):
    with clock(2026, 12, 7, 7, 59, 59):
        announcing.each_turn()
        assert not Letter.objects.exists()
    with clock(2026, 12, 7, 8, 0, 0):
        assert announcing.each_turn() == 1
    for minute in range(3):
        with clock(2026, 12, 7, 8, minute, 30):
            assert announcing.each_turn() == 0
    assert "À rendre jeudi 17 décembre" in Letter.objects.get(person=ilan).subject


def test_each_is_told_their_own_date(ilan, stan, tess, cohort, later, clock):
    cohort.enrol(stan)
    with clock(2026, 11, 21, 10, 0):
        Extension.grant(later, stan, tess, due_at=deadlines.closing(date(2027, 1, 6), time(23, 59)))
    with clock(2026, 12, 7, 8, 0):
        announcing.each_turn()
    assert "17 décembre" in Letter.objects.get(person=ilan).subject
    assert "6 janvier" in Letter.objects.get(person=stan).subject


def test_only_whom_it_is_for(ilan, stan, cohort, later, clock):
    cohort.enrol(stan)
    Assignment.objects.update(for_all=False)
    later.students.add(stan)
    with clock(2026, 12, 7, 8, 0):
        announcing.each_turn()
    assert Letter.objects.get().person == stan


def test_nobody_is_written_to_at_night(ilan, later, clock):
    Assignment.objects.update(opens_at=deadlines.opening(date(2026, 12, 6), time(22)))
    for wall in ((2026, 12, 6, 22, 5), (2026, 12, 7, 3, 0), (2026, 12, 7, 6, 59, 59)):
        with clock(*wall):
            announcing.each_turn()
            assert not Letter.objects.exists()
    with clock(2026, 12, 7, 7, 0):
        assert announcing.each_turn() == 1


def test_taken_back_before_nobody_is_told(ilan, later, clock):
    later.withdraw()
    with clock(2026, 12, 7, 8, 0):
        assert announcing.each_turn() == 0


def test_killed_in_the_middle_it_begins_again(ilan, later, clock, monkeypatch):
    with clock(2026, 12, 7, 8, 0):
        monkeypatch.setattr(post, "write_all", None)
        with pytest.raises(TypeError):
            announcing.each_turn()
        monkeypatch.undo()
        monkeypatch.setattr(announcing, "EVERY", -1.0)
        assert announcing.each_turn() == 1


def test_forty_that_open_at_the_same_second_are_all_told(ilan, cohort, later, clock):
    with clock(2026, 11, 21, 11, 0):
        for n in range(40):
            factories.assignment(cohort, title=f"Devoir {n}", opens_at=later.opens_at, due_at=later.due_at)
    with clock(2026, 12, 7, 8, 0):
        letters = [announcing.each_turn() for _ in range(4)]
    assert letters == [20, 20, 1, 0]
    assert Letter.objects.count() == 41


def test_what_opened_before_anyone_looked_is_not_told_again(ilan, assignment, clock):
    """The first look of all begins from now: what was open already had its letter when it was given."""
    Reference.objects.filter(name=announcing.WATERMARK).delete()
    assignment.created_at -= timedelta(days=9)
    assignment.save()
    with clock(2026, 12, 7, 8, 0):
        assert announcing.each_turn() == 0


def test_a_cohort_that_is_over_is_told_nothing(ilan, cohort, later, clock):
    type(cohort).objects.update(starts_on=date(2020, 9, 1), ends_on=date(2026, 12, 1))
    with clock(2026, 12, 7, 8, 0):
        assert announcing.each_turn() == 0
