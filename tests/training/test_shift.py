"""Dates carried to another year: whole weeks, off the days on which nobody works, each move told with why."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from training import deadlines
from training.models import Assignment, Closure, Cohort
from training.shifting import WEEK_END, OpenDays, shifted, weeks_between

SPRING = Closure(name="Vacances de printemps", first_on=date(2027, 4, 12), last_on=date(2027, 4, 23))


@pytest.mark.parametrize(
    ("day", "lands", "reasons"),
    [
        (date(2027, 3, 4), date(2027, 3, 4), []),
        # Saturday, Sunday.
        (date(2027, 3, 6), date(2027, 3, 8), ["du samedi 6 mars 2027 au dimanche 7 mars 2027 : fin de semaine"]),
        (date(2027, 7, 14), date(2027, 7, 15), ["mercredi 14 juillet 2027 : férié (Fête nationale)"]),
        # Easter is computed: Monday 29 March 2027, 17 April 2028.
        (date(2027, 3, 29), date(2027, 3, 30), ["lundi 29 mars 2027 : férié (Lundi de Pâques)"]),
        (date(2028, 4, 17), date(2028, 4, 18), ["lundi 17 avril 2028 : férié (Lundi de Pâques)"]),
        # Ascension is a Thursday; 8 May 2027 a Saturday.
        (date(2027, 5, 6), date(2027, 5, 7), ["jeudi 6 mai 2027 : férié (Ascension)"]),
        # A closure, then the week-end that follows it.
        (
            date(2027, 4, 15),
            date(2027, 4, 26),
            [
                "du jeudi 15 avril 2027 au vendredi 23 avril 2027 : fermé (Vacances de printemps)",
                "du samedi 24 avril 2027 au dimanche 25 avril 2027 : fin de semaine",
            ],
        ),
    ],
)
def test_a_closed_day_passes_to_the_next_open_one_and_says_why(day, lands, reasons, clock):
    with clock(2026, 11, 21, 10, 0):
        moved = OpenDays([SPRING]).from_(day)
        assert (moved.day, moved.meant, moved.reasons) == (lands, day, reasons)


@pytest.mark.parametrize(
    ("begins", "weeks"),
    [
        (date(2027, 9, 1), 52),
        (date(2027, 9, 6), 53),
        (date(2027, 8, 30), 52),
        (date(2026, 9, 1), 0),
        (date(2025, 9, 1), -52),
        (date(2028, 9, 4), 105),
    ],
)
def test_a_year_is_so_many_whole_weeks(begins, weeks):
    assert weeks_between(Cohort(starts_on=date(2026, 9, 1)), Cohort(starts_on=begins)) == weeks


def an_assignment(opens, due, closes=None, created=None):
    return Assignment(
        opens_at=deadlines.opening(*opens),
        due_at=deadlines.closing(*due),
        closes_at=deadlines.closing(*closes) if closes else None,
        created_at=created or deadlines.opening(*opens) - timedelta(days=3),
    )


def test_hours_stay_those_of_clocks_across_their_change():
    """Given in winter time, due in summer time, and the reverse: 23 h 59 is 23 h 59."""
    winter = an_assignment((date(2027, 3, 1), time(8)), (date(2027, 3, 25), time(23, 59)))
    plan = shifted(winter, 1, OpenDays())
    assert (plan.due.day, plan.due_time) == (date(2027, 4, 1), time(23, 59))
    assert deadlines.closing(plan.due.day, plan.due_time) - winter.due_at == timedelta(days=7, hours=-1)
    summer = an_assignment((date(2027, 10, 4), time(8)), (date(2027, 10, 27), time(23, 59)))
    plan = shifted(summer, 1, OpenDays())
    assert (plan.due.day, plan.due_time) == (date(2027, 11, 3), time(23, 59))
    assert deadlines.closing(plan.due.day, plan.due_time) - summer.due_at == timedelta(days=7, hours=1)


def test_what_was_opened_at_once_opens_in_the_morning():
    opens = deadlines.opening(date(2026, 10, 6), time(14, 37))
    given_then = an_assignment((date(2026, 10, 6), time(14, 37)), (date(2026, 10, 20), time(12)), created=opens)
    assert shifted(given_then, 52, OpenDays()).opens_time == time(8)


def test_two_dates_pushed_to_one_day_stay_in_order():
    """Opened on Saturday evening, due on Sunday morning: pushed to Monday, they would be the wrong way round."""
    odd = an_assignment(
        (date(2026, 10, 10), time(20)), (date(2026, 10, 11), time(9)), closes=(date(2026, 10, 11), time(9))
    )
    plan = shifted(odd, 52, OpenDays())
    assert plan.opens.day == date(2027, 10, 11)
    assert plan.due.day == date(2027, 10, 12)
    assert plan.closes.day == date(2027, 10, 12)


days = st.dates(date(2026, 1, 1), date(2035, 12, 31))
clocks = st.times().map(lambda each: each.replace(second=0, microsecond=0))


@st.composite
def closures(draw):
    first = draw(days)
    return Closure(name="Fermé", first_on=first, last_on=first + timedelta(days=draw(st.integers(0, 60))))


@given(
    opens=st.tuples(days, clocks),
    lasts=st.integers(1, 300),
    due_time=clocks,
    more=st.integers(0, 60),
    closes_time=clocks,
    weeks=st.integers(-60, 120),
    closed=st.lists(closures(), max_size=4),
)
def test_whatever_the_dates_they_land_on_open_days_in_order(opens, lasts, due_time, more, closes_time, weeks, closed):
    due = (opens[0] + timedelta(days=lasts), due_time)
    closes = (due[0] + timedelta(days=more), closes_time)
    hour_of = deadlines.closing(*due)
    given_then = an_assignment(opens, due, closes if deadlines.closing(*closes) >= hour_of else None)
    working = OpenDays(closed)
    plan = shifted(given_then, weeks, working)
    dated = [(plan.opens, plan.opens_time), (plan.due, plan.due_time)]
    if plan.closes:
        dated.append((plan.closes, plan.closes_time))
    for moved, _ in dated:
        assert working.why_closed(moved.day) == ""
        assert bool(moved.reasons) is (moved.day != moved.meant)
        assert (moved.day - moved.meant).days <= 400
    assert [(moved.day, clock) for moved, clock in dated] == sorted((moved.day, clock) for moved, clock in dated)
    # Whole weeks: where nothing pushes it, the day of the week stays.
    local = timezone.localtime(given_then.opens_at)
    assert (plan.opens.meant - local.date()).days == weeks * 7
    assert plan.opens.meant.weekday() == local.weekday()


def test_a_centre_that_never_opens_leaves_the_date_where_it_falls():
    always = OpenDays([Closure(name="Fermé", first_on=date(2026, 1, 1), last_on=date(2036, 1, 1))])
    moved = always.from_(date(2027, 3, 4))
    assert moved.day == moved.meant == date(2027, 3, 4)
    assert moved.reasons


def test_a_sunday_is_closed_and_isn_t_marked():
    assert OpenDays().why_closed(date(2027, 3, 7)) == WEEK_END
    assert OpenDays().why_marked(date(2027, 3, 7)) == ""
    assert datetime(2027, 3, 7).weekday() == 6
