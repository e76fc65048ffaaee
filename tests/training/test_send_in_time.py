"""Sending by the form, to the second: late, closed, extended, on the two nights when clocks change and on others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

import pytest

from tests import factories
from tests.training.gestures import answer, save, url
from training import deadlines
from training.models import SentNote

SECOND = timedelta(seconds=1)
# 28 March 2027 has no 2 h 30, 31 October 2027 has it twice; the hour said is the last of the two.
NIGHTS = [
    (date(2026, 12, 3), time(23, 59)),
    (date(2027, 3, 27), time(23, 59)),
    (date(2027, 3, 28), time(1, 59)),
    (date(2027, 3, 28), time(3, 0)),
    (date(2027, 3, 28), time(23, 59)),
    (date(2027, 10, 30), time(23, 59)),
    (date(2027, 10, 31), time(2, 30)),
    (date(2027, 10, 31), time(2, 59)),
    (date(2027, 10, 31), time(23, 59)),
]


def at(moment: datetime):
    return patch("django.utils.timezone.now", return_value=moment)


def sends(signed_in, given, moment: datetime):
    """Sign in, write something new, then send it, at that instant."""
    with at(moment):
        browser = signed_in()
        edition = browser.get(url("send_note", given.pk), follow=True).context["work"].edition
        save(browser, given, f"Écrit à {moment.isoformat()}.", edition)
        return browser.post(url("send_note", given.pk), {"edition": str(edition + 1)}, follow=True)


@pytest.fixture
def given_at(cohort):
    def made(due_at, **dates):
        return factories.assignment(cohort, opens_at=due_at - timedelta(days=20), due_at=due_at, **dates)

    return made


@pytest.mark.parametrize(("day", "hour"), NIGHTS)
def test_late_begins_at_the_second_that_follows_the_minute(day, hour, ilan, given_at, as_):
    due = deadlines.closing(day, hour)
    given = given_at(due)
    for moment, late in ((due - timedelta(seconds=30), False), (due - timedelta(microseconds=1), False), (due, True)):
        page = sends(lambda: as_(ilan), given, moment)
        assert SentNote.objects.latest("number").is_late is late
        assert ("Elle est marquée en retard" in page.text) is late


@pytest.mark.parametrize(("day", "hour"), NIGHTS)
def test_closed_at_the_same_second_what_is_written_stays(day, hour, ilan, given_at, as_):
    closes = deadlines.closing(day, hour)
    given = given_at(closes - timedelta(days=2), closes_at=closes)
    assert "est envoyée" in sends(lambda: as_(ilan), given, closes - SECOND).text
    refused = sends(lambda: as_(ilan), given, closes)
    assert "Les envois sont fermés depuis le" in refused.text
    assert SentNote.objects.count() == 1
    assert given.known_work_of(ilan).draft == f"Écrit à {closes.isoformat()}."


@pytest.mark.parametrize(("day", "hour"), NIGHTS)
def test_more_time_is_to_the_second_too_and_for_one_alone(day, hour, ilan, cohort, given_at, as_):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    until = deadlines.closing(day, hour)
    due = until - timedelta(days=3)
    given = given_at(due, closes_at=due)
    given.extensions.create(student=ilan, due_at=until, reason="hospitalisation")
    assert "est envoyée" in sends(lambda: as_(ilan), given, until - SECOND).text
    assert not SentNote.objects.get().is_late
    assert "fermés" in sends(lambda: as_(kim), given, until - SECOND).text
    assert "fermés" in sends(lambda: as_(ilan), given, until).text
    assert SentNote.objects.count() == 1


def test_the_hour_that_strikes_twice_lasts_until_the_second(ilan, given_at, as_):
    """« 2 h 30 », on 31 October: what is sent at the first 2 h 31 is in time."""
    due = deadlines.closing(date(2027, 10, 31), time(2, 30))
    given = given_at(due)
    sends(lambda: as_(ilan), given, due - timedelta(minutes=59))
    assert not SentNote.objects.get().is_late


def test_what_is_asked_again_is_neither_late_nor_closed(ilan, tess, given_at, as_):
    due = deadlines.closing(date(2027, 3, 28), time(3, 0))
    given = given_at(due, closes_at=due)
    sends(lambda: as_(ilan), given, due - SECOND)
    with at(due):
        answer(as_(tess), given.known_work_of(ilan), "Reprenez la fin.", "to_redo")
    page = sends(lambda: as_(ilan), given, due + timedelta(days=3))
    assert "est envoyée (version 2" in page.text
    assert not SentNote.objects.latest("number").is_late


def test_a_page_opened_before_and_sent_after_is_judged_when_it_arrives(ilan, given_at, as_):
    due = deadlines.closing(date(2027, 10, 31), time(23, 59))
    given = given_at(due, closes_at=due)
    with at(due - SECOND):
        browser = as_(ilan)
        save(browser, given, "Écrite à temps.")
        assert "Envoyer cette note" in browser.get(url("send_note", given.pk)).text
    with at(due):
        late = browser.post(url("send_note", given.pk), {"edition": "1"}, follow=True)
    assert "fermés" in late.text
    assert not SentNote.objects.exists()


def test_writing_is_not_sending(ilan, given_at, as_):
    """A note kept while one types, complete and in time, is sent by nobody."""
    due = deadlines.closing(date(2027, 3, 28), time(23, 59))
    given = given_at(due)
    with at(due - SECOND):
        typed = {"text": "Complète.", "edition": 0, "window": "a" * 24, "count": 2}
        assert as_(ilan).post(url("typing_note", given.pk), typed).status_code == 200
    assert not SentNote.objects.exists()
