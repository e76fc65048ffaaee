"""An accepted work is told to its course: done, and nothing more. By the letters' process, until it is known."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from lti_tool.models import LtiRegistration, LtiResourceLink

from tests.training.gestures import answer, sent
from training.lti import grades
from training.models import GradeReturn, Placement, Work

NOTE = "Une note tout à fait privée, où Madame Canari raconte."


@pytest.fixture
def placed(moodle, tied, assignment, recognised, ilan):
    """An activity of the course opens the assignment, and Ilan is user 42 there."""
    recognised(ilan, "42")
    link = LtiResourceLink.objects.create(context=tied.context, id_on_platform="lien-1")
    return Placement.objects.create(link=link, assignment=assignment, lineitem_url=f"{moodle.url}/items/1?type_id=1")


def turn():
    grades._looked_at = -grades.EVERY
    grades.each_turn()


def later(**delay):
    GradeReturn.objects.update(due_at=F("due_at") - timedelta(**delay))


def test_an_accepted_work_is_told_once_and_without_a_word_of_it(moodle, placed, tess, ilan, assignment, as_):
    work = sent(assignment, ilan, NOTE)
    turn()
    assert moodle.scores == []
    moodle.asked.clear()
    answer(as_(tess), work, "Très juste.", "accepted")
    assert moodle.asked == []  # the page told nothing
    for _ in range(3):
        turn()
    ((path, score),) = moodle.scores
    assert path == "/items/1/scores"
    assert score.pop("timestamp").startswith(str(timezone.now().year))
    assert score == {
        "userId": "42", "scoreGiven": 1, "scoreMaximum": 1, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }  # fmt: skip
    kept = GradeReturn.objects.get()
    assert (kept.told, kept.wanted, kept.attempts) == ("done", "done", 0)
    assert "anari" not in json.dumps(moodle.scores)


def test_a_course_untied_is_told_nothing_any_more(moodle, tied, placed, tess, ilan, assignment, as_):
    as_(tess).post(tied.get_absolute_url(), {"do": "untie"})
    answer(as_(tess), sent(assignment, ilan, NOTE), "Très juste.", "accepted")
    turn()
    assert moodle.scores == []


def test_to_do_again_takes_the_mark_back_and_is_no_nought(moodle, placed, tess, ilan, assignment, as_):
    work = sent(assignment, ilan, NOTE)
    answer(as_(tess), work, "Reprenez.", "to_redo")
    turn()
    assert moodle.scores == []  # nothing had been told: there is nothing to take back
    Work.objects.update(status="accepted")
    turn()
    Work.objects.update(status="to_redo")
    turn()
    turn()
    assert [score["gradingProgress"] for _, score in moodle.scores] == ["FullyGraded", "Pending"]
    assert moodle.scores[1][1]["activityProgress"] == "InProgress"
    Work.objects.update(status="accepted")
    turn()
    assert [score["scoreGiven"] for _, score in moodle.scores] == [1, 0, 1]


def test_the_letters_process_tells_it(moodle, placed, ilan, assignment):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    grades._looked_at = -grades.EVERY
    call_command("send_letters")
    assert len(moodle.scores) == 1


def test_who_came_without_the_course_is_told_to_nobody(moodle, placed, stan, cohort, assignment):
    cohort.enrol(stan)
    sent(assignment, stan, NOTE)
    Work.objects.update(status="accepted")
    turn()
    assert moodle.scores == []
    assert not GradeReturn.objects.exists()


def test_an_activity_without_a_line_in_the_marks_is_told_nothing(moodle, placed, ilan, assignment):
    Placement.objects.update(lineitem_url="")
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    turn()
    assert not GradeReturn.objects.exists()


@pytest.mark.parametrize("code", [500, 503, 403, 400])
def test_a_platform_that_fails_is_asked_again_later(moodle, placed, ilan, assignment, code):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    moodle.down = code
    turn()
    turn()
    kept = GradeReturn.objects.get()
    assert (kept.attempts, kept.told, kept.last_error) == (1, "", f"HTTP {code}")
    moodle.down = 0
    turn()
    assert moodle.scores == []  # not before its time
    later(minutes=2)
    turn()
    assert len(moodle.scores) == 1
    assert GradeReturn.objects.get().told == "done"


def test_a_platform_gone_for_good_is_left_in_peace(moodle, placed, ilan, assignment):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    LtiRegistration.objects.update(token_url="http://127.0.0.1:9/token")
    for _ in range(len(grades.DELAYS) + 3):
        turn()
        later(days=2)
    kept = GradeReturn.objects.get()
    assert kept.given_up_at is not None
    assert kept.attempts == len(grades.DELAYS) + 1
    assert kept.last_error == "ConnectionError"
    # What changes afterwards is told anew.
    LtiRegistration.objects.update(token_url=f"{moodle.url}/token")
    Work.objects.update(status="to_redo")
    turn()
    assert len(moodle.scores) == 1


def test_what_was_given_up_is_proposed_again_by_a_trainer(moodle, tied, placed, tess, ilan, assignment, as_):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    turn()
    GradeReturn.objects.update(told="", given_up_at=timezone.now(), attempts=len(grades.DELAYS) + 1)
    moodle.scores.clear()
    browser, path = as_(tess), tied.get_absolute_url()
    assert "Proposer de nouveau" in browser.get(path).text
    browser.post(path, {"do": "tell_again"})
    assert "Proposer de nouveau" not in browser.get(path).text
    turn()
    assert len(moodle.scores) == 1


def test_a_mark_given_by_hand_since_then_is_left(moodle, placed, ilan, assignment, monkeypatch):
    from lti1p3platform.score import UpdateScoreStatus

    from tests.training import lti_platform

    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    monkeypatch.setattr(lti_platform.Grades, "update_score", lambda *_: UpdateScoreStatus.OLD_TIMESTAMP)
    turn()
    assert GradeReturn.objects.get().told == "done"


def test_a_closed_platform_waits(moodle, placed, ilan, assignment):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    LtiRegistration.objects.update(is_active=False)
    turn()
    assert moodle.scores == []
    LtiRegistration.objects.update(is_active=True)
    turn()
    assert len(moodle.scores) == 1


def test_a_row_that_another_process_holds_is_passed_over(moodle, placed, ilan, assignment):
    sent(assignment, ilan, NOTE)
    Work.objects.update(status="accepted")
    grades.gather()
    GradeReturn.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert grades.send() == 0
    GradeReturn.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert grades.send() == 1


def test_a_token_is_asked_once_for_many(moodle, placed, cohort, assignment, recognised, django_assert_max_num_queries):
    from tests import factories

    for number in range(8):
        student = factories.person(f"Etu{number}")
        cohort.enrol(student)
        recognised(student, f"u{number}")
        sent(assignment, student, NOTE)
    Work.objects.update(status="accepted")
    with django_assert_max_num_queries(22):
        turn()
    assert len(moodle.scores) == 8
    assert moodle.asked.count("POST /token") == 1
