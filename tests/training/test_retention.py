"""A year after its end, a cohort forgets its students, by itself; those who wrote were told a month before."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts import daily
from accounts.models import Letter
from initiatives.models import Initiative
from tests import factories
from tests.training.conftest import PARIS
from tests.training.gestures import answer, save, sent, url
from training import retention
from training.models import (
    Assignment,
    Attestation,
    Calendar,
    Comment,
    Enrolment,
    Extension,
    Offer,
    Reading,
    Reminder,
    SentNote,
    Work,
)

END = date(2025, 12, 4)  # a year after which is a Friday, and a month before that a Wednesday
LAST = date(2026, 12, 4)
NOTICE = date(2026, 11, 5)


@pytest.fixture
def over(centre):
    return factories.cohort(centre, "ASS 2022-2025", starts_on=date(2022, 9, 1), ends_on=END)


@pytest.fixture
def lived(over, ilan, tess, as_):
    """All that a cohort can hold of one student."""
    over.enrol(ilan).groups.add(over.groups.create(name="TD 1"))
    assignment = factories.assignment(over, fiches=(10,))
    assignment.students.add(ilan)
    as_(ilan).post(url("declare_read", assignment.pk, assignment.fiches.first().pk))
    work = sent(assignment, ilan, "Ma note de ces années-là.")
    answer(as_(tess), work, "Merci.")
    save(as_(ilan), assignment, "Un brouillon de plus.", work.edition)
    Extension.objects.create(assignment=assignment, student=ilan, due_at=timezone.now(), reason="Privée.")
    Reminder.objects.create(assignment=assignment, student=ilan, days=1, due_at=timezone.now())
    Attestation.make(work)
    Offer.ask(work).agree(tess)
    return work


def at(clock, day):
    return clock(day.year, day.month, day.day, 9)


def left():
    kinds = (Work, SentNote, Comment, Reading, Extension, Reminder, Offer)
    return {kind.__name__: kind.objects.count() for kind in kinds if kind.objects.exists()}


def told():
    return Letter.objects.filter(key__startswith="training/kept_until:")


def test_told_a_month_before_then_erased_the_day_after(lived, ilan, over, clock):
    with at(clock, NOTICE - timedelta(days=1)):
        retention.each_day(NOTICE - timedelta(days=1))
        assert not told().exists()
    with at(clock, NOTICE):
        retention.each_day(NOTICE)
        letter = told().get()
    told().update(written_at=datetime.combine(NOTICE, time(9), PARIS))  # as it would be on that day
    assert letter.person == ilan
    assert url("own_notes", over.pk) in letter.body
    assert "4 décembre 2026" in letter.body
    assert "ces années-là" not in letter.body
    assert letter.topic == ""  # nobody stops it: it is the last one about this
    with at(clock, LAST):
        assert retention.each_day(LAST)["effacées"] == 0
    assert Work.objects.exists()
    day_after = LAST + timedelta(days=1)
    with at(clock, day_after):
        assert retention.each_day(day_after)["effacées"] == 1
        assert retention.each_day(day_after)["effacées"] == 0
    assert left() == {}
    assert not Enrolment.objects.filter(cohort=over).exists()
    assert told().count() == 1


def test_what_the_centre_wrote_stays_without_anyone(lived, over, ilan, tess, as_):
    retention.erase(over)
    assignment = Assignment.objects.get(cohort=over)
    assert not assignment.students.exists()
    assert as_(tess).get(url("cohort", over.pk)).status_code == 200
    assert as_(ilan).get(url("own_notes", over.pk)).status_code == 404
    # What its student made of it outlives it: the paper, and the sheet that is theirs.
    assert Attestation.objects.get().student == ilan
    assert Initiative.objects.written_by(ilan).get().status == "draft"
    assert Initiative.objects.get(origin="training").working_version().missing()


def test_other_cohorts_are_untouched(lived, cohort, assignment, ilan, clock):
    sent(assignment, ilan, "Ma note d’aujourd’hui.")
    with at(clock, LAST + timedelta(days=30)):
        retention.each_day(NOTICE)
        Letter.objects.update(written_at=datetime(2026, 11, 5, 8, tzinfo=UTC))
        retention.each_day(LAST + timedelta(days=30))
    assert SentNote.objects.get().text == "Ma note d’aujourd’hui."
    assert Enrolment.objects.get().cohort == cohort


def test_nothing_is_erased_by_surprise(lived, clock):
    """Nothing ran for months: what should be gone is told first, and waits a fortnight."""
    late = date(2027, 3, 1)
    with at(clock, late):
        assert retention.each_day(late) == {"prévenues": 1, "effacées": 0}
    Letter.objects.update(written_at=datetime(2027, 3, 1, 8, tzinfo=UTC))
    soon = late + timedelta(days=13)
    with at(clock, soon):
        assert retention.each_day(soon)["effacées"] == 0
        assert Work.objects.exists()
    enough = late + timedelta(days=14)
    with at(clock, enough):
        assert retention.each_day(enough)["effacées"] == 1
    assert left() == {}


@pytest.mark.parametrize("day", [date(2026, 11, 7), date(2026, 11, 8), date(2026, 11, 11)])
def test_nobody_is_told_on_a_day_off(lived, clock, day):
    with at(clock, day):
        assert retention.each_day(day)["prévenues"] == 0
    assert not told().exists()


def test_a_cohort_made_longer_is_told_again(lived, over, clock):
    with at(clock, NOTICE):
        retention.each_day(NOTICE)
    type(over).objects.filter(pk=over.pk).update(ends_on=date(2026, 6, 30))
    with at(clock, LAST + timedelta(days=1)):
        retention.each_day(LAST + timedelta(days=1))
        assert Work.objects.exists()
    again = date(2027, 6, 1)
    with at(clock, again):
        retention.each_day(again)
    assert told().count() == 2


def test_who_wrote_nothing_is_not_told_and_goes_too(over, ilan, clock):
    over.enrol(ilan)
    day = LAST + timedelta(days=1)
    with at(clock, day):
        assert retention.each_day(day) == {"prévenues": 0, "effacées": 1}
    assert not told().exists()
    assert not Enrolment.objects.filter(cohort=over).exists()


def test_it_runs_by_itself(lived, clock):
    assert "training-retention" in daily._works
    with at(clock, NOTICE):
        daily._works["training-retention"](NOTICE)
    assert told().count() == 1


def test_calendars_and_old_attestations_go_too(lived, ilan, tess, stan, over, clock):
    for person in (ilan, tess, stan):
        Calendar.objects.create(person=person)
    Attestation.objects.update(made_at=datetime(2020, 1, 1, tzinfo=UTC))
    ilan.enrolments.exclude(cohort=over).delete()
    retention.erase(over)
    retention.each_day(timezone.localdate())
    assert [calendar.person for calendar in Calendar.objects.all()] == [tess]
    assert not Attestation.objects.exists()


def test_29_february(centre, ilan, clock):
    cohort = factories.cohort(centre, "Bissextile", starts_on=date(2025, 9, 1), ends_on=date(2028, 2, 29))
    cohort.enrol(ilan)
    for day, erased in ((date(2029, 2, 28), 0), (date(2029, 3, 1), 1)):
        with at(clock, day):
            assert retention.each_day(day)["effacées"] == erased
