"""A note sent from a course is late, or too late, at the same second as by the site: both nights clocks change."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.training import gestures
from tests.training.lti_platform import LEARNER
from training import deadlines
from training.models import Launch, Work

ZOE = {"sub": "42", "name": "Zoé Petit", "email": "zoe.petit@exemple.test", "roles": [LEARNER]}
SECOND = timedelta(seconds=1)

# The night of 28 March 2027 jumps from 2 h to 3 h; that of 31 October has 2 h to 3 h twice: the second one counts.
NIGHTS = [(date(2027, 3, 28), time(1, 59)), (date(2027, 3, 28), time(23, 59)), (date(2027, 10, 31), time(2, 30))]


@pytest.fixture
def at(monkeypatch):
    """`at(moment)`: it is that instant from now on."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def arrive(moodle, assignment, at, moment) -> Client:
    """A click in the course, just before that instant, which leads to the assignment at that instant."""
    browser = Client()
    arrival = moodle.launch(browser, ZOE, custom={"essaim_devoir": str(assignment.pk)})["Location"]
    Launch.objects.update(received_at=moment - 30 * SECOND)
    at(moment)
    assert browser.get(arrival, follow=True).redirect_chain[-1][0] == assignment.get_absolute_url()
    return browser


def write(browser, assignment, text):
    work = Work.objects.filter(assignment=assignment).first()
    gestures.save(browser, assignment, text, work.edition if work else 0)


def send(browser, assignment):
    work = Work.objects.get(assignment=assignment)
    return browser.post(reverse("training:send_note", args=[assignment.pk]), {"edition": work.edition}, follow=True)


@pytest.mark.parametrize(("day", "clock"), NIGHTS)
def test_late_at_the_second_by_a_course(moodle, tied, recognised, stan, assignment, at, day, clock):
    recognised(stan, "42")
    due = deadlines.closing(day, clock)
    type(assignment).objects.update(opens_at=due - timedelta(days=9), due_at=due)
    browser = arrive(moodle, assignment, at, due - SECOND)
    write(browser, assignment, "Nous avons cuisiné à douze.")
    send(browser, assignment)
    at(due)
    write(browser, assignment, "Nous avons cuisiné à douze, puis mangé.")
    send(browser, assignment)
    notes = Work.objects.get(assignment=assignment).notes.all()
    assert [note.is_late for note in notes] == [False, True]


@pytest.mark.parametrize(("day", "clock"), NIGHTS)
def test_too_late_at_the_second_by_a_course_and_nothing_is_lost(
    moodle, tied, recognised, stan, assignment, at, day, clock
):
    recognised(stan, "42")
    closes = deadlines.closing(day, clock)
    type(assignment).objects.update(opens_at=closes - timedelta(days=9), due_at=closes, closes_at=closes)
    browser = arrive(moodle, assignment, at, closes - SECOND)
    write(browser, assignment, "Nous avons cuisiné à douze.")
    at(closes)
    assert "fermés" in send(browser, assignment).text
    work = Work.objects.get(assignment=assignment)
    assert not work.notes.exists()
    assert work.draft == "Nous avons cuisiné à douze."
    at(closes - SECOND)
    assert "Votre note est envoyée" in send(browser, assignment).text


def test_what_is_given_to_a_group_is_not_reached_by_the_course_of_the_class(moodle, tied, recognised, stan, assignment):
    recognised(stan, "42")
    type(assignment).objects.update(for_all=False)
    assignment.groups.add(assignment.cohort.groups.create(name="TD 1"))
    browser = Client()
    arrival = moodle.launch(browser, ZOE, custom={"essaim_devoir": str(assignment.pk)})["Location"]
    page = browser.get(arrival, follow=True)
    assert page.redirect_chain[-1][0] == reverse("training:home")
    assert "donné à une partie de la promotion" in page.text
