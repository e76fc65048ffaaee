"""Figures of training: no cell of fewer than five people, none found by subtraction, nor by waiting a month."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.training.gestures import url
from training import statistics
from training.models import Comment, Enrolment, SentNote, Work

# People, those of them who sent, those of them whose work is accepted.
chains = st.lists(st.integers(0, 60), min_size=3, max_size=3).map(lambda some: sorted(some, reverse=True))
BEFORE = datetime(2026, 10, 12, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@given(chains)
def test_what_is_shown_holds_five_people_and_leaves_five_out(counts):
    told = statistics.shown(counts)
    known = [count for count, figure in zip(counts, told, strict=True) if figure is not None]
    assert all(count >= 5 for count in known)
    # Each is among the one before: any subtraction of two true numbers would still be five people or more.
    assert all(more - fewer >= 5 for more, fewer in pairwise(known))
    assert all(figure % 5 == 0 and figure <= count for figure, count in zip(told, counts, strict=True) if figure)
    assert counts[0] >= 5 or told == (None, None, None)


@given(chains, st.integers(0, 2))
def test_one_person_more_is_never_told_apart(counts, which):
    """Whoever knows all of two months but one person learns at most that a multiple of five was passed."""
    more = [count + 1 if place <= which else count for place, count in enumerate(counts)]
    for before, after in zip(statistics.shown(counts), statistics.shown(more), strict=True):
        if before is not None and after is not None:
            assert after - before in (0, 5)


@given(st.lists(chains, max_size=8))
def test_a_total_tells_nothing_that_its_lines_dont(rows):
    lines = [statistics.Line("x", 3, statistics.shown(counts)) for counts in rows]
    total = statistics.added("Ensemble", lines)
    for column in range(3):
        known = [line.figures[column] for line in lines if line.figures[column] is not None]
        assert total.figures[column] == (sum(known) if known else None)


def class_of(cohort, size, sent=0, accepted=0, at=BEFORE):
    """So many students, of whom so many had sent, and had a work accepted, at that moment."""
    assignment = factories.assignment(cohort)
    type(assignment).objects.update(created_at=at)
    for number in range(size):
        student = factories.person(f"{cohort.pk} {number}")
        cohort.enrol(student)
        if number < sent:
            work = Work.objects.create(assignment=assignment, student=student, status="sent")
            note = SentNote.objects.create(work=work, number=1, text="Une note privée.", sent_at=at)
            if number < accepted:
                Comment.objects.create(note=note, verdict="accepted", at=at)
    Enrolment.objects.filter(cohort=cohort).update(joined_at=at)
    return assignment


@pytest.fixture
def november(clock):
    with clock(2026, 11, 21, 10):
        yield


def test_small_cells_are_hidden_and_the_rest_is_rounded(centre, november, db):
    class_of(factories.cohort(centre, "Grande"), 23, sent=17, accepted=6)
    class_of(factories.cohort(centre, "Presque toute"), 23, sent=20, accepted=3)
    class_of(factories.cohort(centre, "Petite"), 4, sent=2)
    table = statistics.of_cohorts([centre.pk])
    assert table.until == date(2026, 10, 31)
    figures = {line.name: line.figures for line in table.lines}
    assert figures == {
        "Grande": (20, 15, 5),
        "Presque toute": (20, None, None),
        "Petite": (None, None, None),
    }
    assert table.total.figures == (40, 15, 5)
    national = statistics.of_centres()
    assert [line.figures for line in national.lines] == [(40, 15, 5)]
    assert national.lines[0].cohorts == 3


def test_this_month_waits_for_its_end(centre, november, clock, db):
    cohort = factories.cohort(centre)
    class_of(cohort, 12, sent=6, at=NOW)
    assert statistics.of_cohorts([centre.pk]).lines == []
    with clock(2026, 12, 1, 0, 0, 0):
        assert statistics.of_cohorts([centre.pk]).lines[0].figures == (10, 5, None)
    # To the second, in the country's clocks.
    SentNote.objects.update(sent_at=datetime(2026, 11, 30, 23, 0, 0, tzinfo=UTC))
    with clock(2026, 12, 1, 0, 0, 0):
        assert statistics.of_cohorts([centre.pk]).lines[0].figures[1] is None
    SentNote.objects.update(sent_at=datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC))
    with clock(2026, 12, 1, 0, 0, 0):
        assert statistics.of_cohorts([centre.pk]).lines[0].figures[1] == 5


def test_who_left_before_the_end_is_counted_nowhere(centre, november, db):
    cohort = factories.cohort(centre)
    class_of(cohort, 12, sent=12)
    gone = list(Enrolment.objects.filter(cohort=cohort).values_list("pk", flat=True)[:6])
    Enrolment.objects.filter(pk__in=gone).update(left_at=BEFORE)
    assert statistics.of_cohorts([centre.pk]).lines[0].figures == (5, None, None)


def test_a_head_reads_their_centre_and_the_national_team_all(
    centre, other_centre, hugo, nora, tess, otto, ilan, ada, max, november, as_, django_assert_max_num_queries
):
    class_of(factories.cohort(centre, "Une promotion d’ici"), 23, sent=17, accepted=6)
    class_of(factories.cohort(other_centre, "Une promotion d’ailleurs"), 17, sent=9)
    head, national = as_(hugo), as_(nora)
    with django_assert_max_num_queries(12):
        page = head.get(url("statistics")).text
    assert "Une promotion d’ici" in page
    for kept in ("Une promotion d’ailleurs", str(other_centre), "Une note privée", "Lire le travail social", ">17<"):
        assert kept not in page
    with django_assert_max_num_queries(12):
        page = national.get(url("statistics")).text
    assert str(centre) in page
    assert str(other_centre) in page
    assert "Une promotion d’ici" not in page
    for person in (tess, otto, ilan, ada, max):
        assert as_(person).get(url("statistics")).status_code == 404
    assert url("statistics") in head.get(url("home")).text
    assert url("statistics") in national.get(url("home")).text


def test_with_nothing_to_show_the_page_says_when(hugo, november, as_):
    assert "premiers chiffres" in as_(hugo).get(url("statistics")).text
