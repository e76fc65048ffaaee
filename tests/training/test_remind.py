"""« Dans 7 jours », « demain »: once, on a working morning, to who hasn't sent, by their own date."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from accounts import post, rhythms, working_days
from accounts.models import Letter, LetterPreference
from accounts.models.letters import Rhythm, Topic
from tests import factories
from tests.training.conftest import PARIS
from tests.training.gestures import save, sent, url
from training import deadlines, reminders
from training.models import Enrolment, Extension, Reminder


def at(*wall):
    return datetime(*wall, tzinfo=PARIS)


@pytest.fixture
def due(cohort, ilan):
    """To be given on Thursday 14 January 2027, that day included; given in December, to a class that was there."""
    Enrolment.objects.update(joined_at=at(2026, 11, 1, 9))
    return factories.assignment(cohort, opens_at=at(2026, 12, 1, 9), due_at=at(2027, 1, 15, 0))


@pytest.fixture
def days(clock):
    """`days(date, date)`: each of these days, at this hour, the house does its daily work; the letters there are."""

    seen = set()

    def lived(*on, hour=7):
        for day in on:
            with clock(day.year, day.month, day.day, hour):
                reminders.each_day(day)
            new = set(Letter.objects.exclude(pk__in=seen).values_list("pk", flat=True))
            Letter.objects.filter(pk__in=new).update(written_at=at(day.year, day.month, day.day, hour))
            seen.update(new)
        return list(Letter.objects.filter(key__startswith="training/reminded").order_by("written_at", "pk"))

    return lived


def every_day(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_two_letters_and_no_more(due, ilan, days):
    letters = days(*every_day(date(2026, 12, 1), date(2027, 1, 31)))
    assert [(each.person, each.subject) for each in letters] == [
        (ilan, "À rendre dans 7 jours : Lire le travail social de groupe"),
        (ilan, "À rendre demain : Lire le travail social de groupe"),
    ]
    assert [str(each.written_at.astimezone(PARIS).date()) for each in letters] == ["2027-01-07", "2027-01-13"]
    assert "jeudi 14 janvier à 23\u00a0h\u00a059" in letters[0].body
    assert url("assignment", due.pk) in letters[0].body
    assert Reminder.objects.count() == 2


def test_a_day_lived_twice_writes_once(due, days):
    assert len(days(*[date(2027, 1, 7)] * 3)) == 1


def test_a_monday_is_told_on_friday(due, days):
    """Due on Monday 18: the day before is a Sunday."""
    type(due).objects.update(due_at=at(2027, 1, 19, 0))
    letters = days(*every_day(date(2027, 1, 12), date(2027, 1, 20)))
    assert letters[-1].subject.startswith("À rendre dans 3 jours")
    assert letters[-1].written_at.astimezone(PARIS).date() == date(2027, 1, 15)


def test_a_holiday_is_told_on_the_working_day_before(due, days):
    """Due on Tuesday 18 May 2027, after Pentecost: told on Friday 14."""
    type(due).objects.update(due_at=at(2027, 5, 19, 0))
    letters = days(*every_day(date(2027, 5, 1), date(2027, 5, 18)))
    assert [each.written_at.astimezone(PARIS).date() for each in letters] == [date(2027, 5, 11), date(2027, 5, 14)]
    assert letters[-1].subject.startswith("À rendre dans 4 jours")


@given(st.dates(date(2026, 9, 1), date(2030, 7, 31)), st.sampled_from(reminders.DAYS), st.times())
@example(date(2027, 3, 29), 1, time(0))
@example(date(2027, 11, 1), 1, time(0))
@example(date(2027, 3, 28), 7, time(23, 59))
@example(date(2027, 10, 31), 7, time(2, 30))
def test_the_morning_is_worked_and_comes_before(day, before, clock_time):
    due_at = deadlines.closing(day, clock_time)
    morning = reminders.morning_of(due_at, before)
    assert working_days.is_working_day(morning)
    assert timedelta(days=before) <= day - morning <= timedelta(days=before + 5)


@pytest.mark.parametrize("hour", [0, 3, 6, 19, 23])
def test_nobody_is_written_to_at_night(due, days, hour):
    assert not days(date(2027, 1, 7), hour=hour)


@pytest.mark.parametrize("day", [date(2027, 1, 9), date(2027, 1, 10), date(2027, 5, 1), date(2026, 12, 25)])
def test_nobody_is_written_to_on_a_day_of_rest(due, days, day):
    """Even what a breakdown kept."""
    type(due).objects.update(due_at=at(day.year, day.month, day.day, 0) + timedelta(days=3))
    assert not days(day)


def test_what_a_night_kept_is_told_the_next_working_morning_in_true_words(due, days):
    assert not days(date(2027, 1, 7), hour=20)
    assert days(date(2027, 1, 8))[0].subject.startswith("À rendre dans 6 jours")


def test_after_a_long_breakdown_the_nearest_alone_is_told(due, days):
    letters = days(date(2027, 1, 13))
    assert [each.subject[:16] for each in letters] == ["À rendre demain "]
    assert not days(date(2027, 1, 15), date(2027, 1, 18))[1:]


def test_who_has_sent_is_left_in_peace_whatever_was_answered(due, cohort, tess, ilan, days, clock):
    zoe = factories.person("Zoé")
    cohort.enrol(zoe)
    Enrolment.objects.update(joined_at=at(2026, 11, 1, 9))
    with clock(2026, 12, 20, 9):
        work = sent(due, ilan)
        work.answer(work.notes.get(), tess, text="Précisez.", verdict="to_redo")
    assert [each.person for each in days(date(2027, 1, 7))] == [zoe]


def test_a_draft_is_not_a_sending(due, ilan, as_, days, clock):
    with clock(2026, 12, 20, 9):
        save(as_(ilan), due, "Je commence.")
    assert len(days(date(2027, 1, 7))) == 1


def test_only_those_it_is_given_to_and_who_are_still_there(due, cohort, ilan, days):
    people = {name: factories.person(name) for name in ("Zoé", "Yves", "Léa")}
    for person in people.values():
        cohort.enrol(person)
    cohort.enrolments.get(student=people["Léa"]).leave()
    Enrolment.objects.update(joined_at=at(2026, 11, 1, 9))
    group = cohort.groups.create(name="TD 1")
    cohort.enrolments.get(student=people["Zoé"]).groups.add(group)
    type(due).objects.update(for_all=False)
    due.groups.add(group)
    due.students.add(ilan, people["Léa"])
    assert {str(each.person) for each in days(date(2027, 1, 7))} == {"Zoé", "Ilan"}


def test_more_time_moves_the_reminders_of_one_alone(due, cohort, ilan, days):
    zoe = factories.person("Zoé")
    cohort.enrol(zoe)
    Enrolment.objects.update(joined_at=at(2026, 11, 1, 9))
    Extension.objects.create(
        assignment=due, student=zoe, due_at=at(2027, 1, 29, 0), given_at=at(2027, 1, 5, 9), reason="Canari"
    )
    letters = days(*every_day(date(2027, 1, 4), date(2027, 1, 31)))
    told = [(str(each.person), each.written_at.astimezone(PARIS).day) for each in letters]
    assert told == [("Ilan", 7), ("Ilan", 13), ("Zoé", 21), ("Zoé", 27)]
    assert "Canari" not in "".join(each.body for each in letters)


def test_more_time_given_on_the_last_day_is_reminded_anew(due, ilan, days):
    """The first date's reminders don't stand for the second's."""
    assert len(days(date(2027, 1, 7), date(2027, 1, 13))) == 2
    Extension.objects.create(assignment=due, student=ilan, due_at=at(2027, 1, 29, 0), given_at=at(2027, 1, 14, 9))
    assert len(days(*every_day(date(2027, 1, 15), date(2027, 1, 28)))) == 4


def test_what_was_just_given_is_not_reminded_the_same_day(due, cohort, ilan, days):
    type(due).objects.update(opens_at=at(2027, 1, 7, 9))
    assert [each.subject[:15] for each in days(*every_day(date(2027, 1, 7), date(2027, 1, 15)))] == ["À rendre demain"]


def test_who_joins_afterwards_is_told_the_day_before_alone(due, cohort, days):
    zoe = factories.person("Zoé")
    cohort.enrol(zoe)
    Enrolment.objects.filter(student=zoe).update(joined_at=at(2027, 1, 11, 9))
    letters = days(*every_day(date(2027, 1, 11), date(2027, 1, 15)))
    assert [each.subject[:15] for each in letters if each.person == zoe] == ["À rendre demain"]


def test_what_is_not_open_or_is_over_is_not_reminded(due, cohort, days):
    type(due).objects.update(opens_at=at(2027, 1, 14, 9))
    assert not days(*every_day(date(2027, 1, 4), date(2027, 1, 20)))
    type(due).objects.update(opens_at=at(2026, 12, 1, 9))
    type(cohort).objects.update(ends_on=date(2027, 1, 6))
    assert not days(*every_day(date(2027, 1, 4), date(2027, 1, 20)))


def test_one_may_want_none_of_them(due, ilan, days, as_):
    page = as_(ilan).get(reverse("accounts:letters")).text
    assert "Les rappels" in page
    LetterPreference.objects.create(person=ilan, topic=Topic.REMINDERS, rhythm=Rhythm.NEVER)
    assert not days(date(2027, 1, 7), date(2027, 1, 13))
    # Said once: wanting them again doesn't bring back those of days past.
    assert Reminder.objects.count() == 2


def test_the_link_at_the_foot_stops_them(due, ilan, days, as_):
    letter = days(date(2027, 1, 7))[0]
    link = rhythms.stop_url(ilan, Topic.REMINDERS)
    assert link in letter.body
    assert post.stop_url_of(letter) == link
    as_(None).post(link.replace("http://127.0.0.1:8000", ""), {"List-Unsubscribe": "One-Click"})
    assert len(days(date(2027, 1, 13))) == 1


def test_by_the_week_it_would_come_too_late(due, ilan, days):
    LetterPreference.objects.create(person=ilan, topic=Topic.REMINDERS, rhythm=Rhythm.WEEKLY)
    assert not days(date(2027, 1, 13))[0].held


def test_a_closed_account_is_not_written_to(due, ilan, days):
    type(ilan).objects.update(is_active=False)
    assert not days(date(2027, 1, 7))


@pytest.mark.parametrize(("last", "told"), [((2027, 3, 28), (2027, 3, 26)), ((2027, 10, 31), (2027, 10, 29))])
def test_on_the_days_clocks_change(due, days, last, told):
    """Both are Sundays: told on the Friday before, at the same hour of the clocks."""
    type(due).objects.update(due_at=deadlines.closing(date(*last), time(23, 59)))
    letters = days(*every_day(date(*last) - timedelta(days=9), date(*last)))
    assert letters[-1].written_at.astimezone(PARIS) == at(*told, 7)
    assert letters[-1].subject.startswith("À rendre dans 2 jours")


def test_a_quiet_day_costs_one_look(cohort, ilan, days, django_assert_max_num_queries):
    for n in range(10):
        factories.assignment(cohort, opens_at=at(2026, 12, 1, 9), due_at=at(2027, 1, 22, 0), title=f"Devoir {n}")
    with django_assert_max_num_queries(4):
        reminders.tell(at(2027, 1, 7, 7))


def test_the_house_does_it_every_day():
    from accounts import daily

    assert daily._works["reminders-of-works"] is reminders.each_day


def test_a_letter_that_breaks_leaves_no_row_and_comes_at_the_next_try(due, days, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("training.emails.post.write", breaks)
        with pytest.raises(RuntimeError):
            days(date(2027, 1, 7))
    assert not Reminder.objects.exists()
    assert len(days(date(2027, 1, 7))) == 1


def breaks(*_, **__):
    raise RuntimeError("broken on purpose")
