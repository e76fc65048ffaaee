"""Leaving a cohort, with the diploma or not, and coming back: what closes, and what stays one's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Letter
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training import retention
from training.models import Cohort, Work


@pytest.fixture
def enrolment(cohort, ilan):
    return cohort.enrolments.get(student=ilan)


def test_a_student_leaves_after_being_asked(ilan, cohort, assignment, enrolment, as_):
    browser = as_(ilan)
    assert "quitter" in browser.get(url("home")).text
    page = browser.get(url("leave_cohort", cohort.pk)).text
    assert "Vos notes et vos brouillons restent à vous" in page
    enrolment.refresh_from_db()
    assert enrolment.is_current
    for _ in range(2):
        assert browser.post(url("leave_cohort", cohort.pk)).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.is_current, enrolment.graduated) == (False, False)
    assert "Vous avez quitté" in browser.get(url("leave_cohort", cohort.pk)).text


def test_who_left_loses_the_cohort_and_keeps_their_notes(tess, ilan, cohort, assignment, enrolment, as_):
    browser = as_(ilan)
    work = sent(assignment, ilan, "Ma note d’avant.")
    answer(as_(tess), work, "Merci de cette note.", "to_redo")
    save(browser, assignment, "Ma reprise jamais envoyée.", 1)
    enrolment.leave()
    fiche = assignment.fiches.first().pk
    for name, *more in (("assignment",), ("save_note",), ("send_note",), ("assigned_fiche", fiche)):
        assert browser.get(url(name, assignment.pk, *more)).status_code == 404, name
    assert save(browser, assignment, "Encore.", 2).status_code == 404
    assert browser.post(url("send_note", assignment.pk), {"edition": 2}).status_code == 404
    assert Work.objects.get().draft == "Ma reprise jamais envoyée."
    home = browser.get(url("home")).text
    assert assignment.title not in home
    assert url("own_notes", cohort.pk) in home
    page = browser.get(url("own_notes", cohort.pk)).text
    for mine in ("Ma note d’avant.", "Merci de cette note.", "Ma reprise jamais envoyée."):
        assert mine in page


def test_what_one_wrote_is_kept_a_year_after_the_cohort(ilan, centre, as_):
    today = timezone.localdate()
    for days, status in ((364, 200), (367, 404)):
        over = factories.cohort(
            centre, f"Finie {days}", starts_on=today - timedelta(days=900), ends_on=today - timedelta(days=days)
        )
        over.enrol(ilan)
        assert as_(ilan).get(url("own_notes", over.pk)).status_code == status
        assert (over.name in as_(ilan).get(url("home")).text.partition("Vos promotions finies")[2]) == (status == 200)


def test_the_year_after_a_29_february():
    assert str(Cohort(ends_on=timezone.datetime(2028, 2, 29).date()).kept_until) == "2029-02-28"


def test_notes_of_others_are_never_there(stan, ilan, tess, otto, cohort, assignment, as_):
    sent(assignment, ilan, "Ma note d’avant.")
    for person in (stan, tess, otto):
        assert as_(person).get(url("own_notes", cohort.pk)).status_code == 404
    cohort.enrol(stan)
    assert "Ma note d’avant." not in as_(stan).get(url("own_notes", cohort.pk)).text


@pytest.mark.parametrize(("why", "graduated"), [("left", False), ("graduated", True)])
def test_a_trainer_notes_who_leaves(why, graduated, tess, cohort, enrolment, as_):
    browser = as_(tess)
    path = url("student_leaves", cohort.pk, enrolment.pk)
    assert "quitte la promotion" in browser.get(path).text
    assert "Erreur" in browser.post(path, {}).text
    assert "Erreur" in browser.post(path, {"why": "renvoi"}).text
    enrolment.refresh_from_db()
    assert enrolment.is_current
    browser.post(path, {"why": why})
    enrolment.refresh_from_db()
    assert (enrolment.is_current, enrolment.graduated) == (False, graduated)
    gone = browser.get(url("students", cohort.pk) + "?liste=partis").text
    assert "Ilan" in gone
    assert ("obtenu" in gone) == graduated
    assert "Ilan" not in browser.get(url("students", cohort.pk)).text
    again = browser.post(path, {"why": "left"}, follow=True)
    assert "n’est déjà plus" in again.text
    enrolment.refresh_from_db()
    assert enrolment.graduated == graduated


def test_a_trainer_keeps_the_notes_sent_by_who_left(tess, ilan, assignment, enrolment, as_):
    work = sent(assignment, ilan, "Une note d’avant le départ.")
    enrolment.leave()
    assert "Une note d’avant le départ." in as_(tess).get(url("work", work.pk)).text


def test_a_whole_class_graduates_at_once(tess, ilan, cohort, enrolment, as_):
    others = [cohort.enrol(factories.person(name)) for name in ("Zoé", "Yves")]
    browser = as_(tess)
    assert "Zoé" in browser.get(url("graduates", cohort.pk)).text
    answer_ = browser.post(url("graduates", cohort.pk), {"enrolment": [enrolment.pk, others[0].pk]}, follow=True)
    assert "2 diplômés" in answer_.text
    assert [each.student.name for each in cohort.enrolments.current()] == ["Yves"]
    assert cohort.enrolments.filter(graduated=True).count() == 2
    assert "rien n’a changé" in browser.post(url("graduates", cohort.pk), follow=True).text


def test_someone_comes_back_and_is_told(tess, ilan, cohort, assignment, enrolment, as_):
    enrolment.leave(graduated=True)
    for _ in range(2):
        as_(tess).post(url("student_returns", cohort.pk, enrolment.pk))
    enrolment.refresh_from_db()
    assert (enrolment.is_current, enrolment.graduated) == (True, False)
    assert Letter.objects.get().person == ilan
    assert as_(ilan).get(url("assignment", assignment.pk)).status_code == 200


def test_a_student_comes_back_by_the_code(ilan, cohort, enrolment, as_):
    enrolment.leave()
    as_(ilan).post(url("join_code", cohort.join_code))
    enrolment.refresh_from_db()
    assert enrolment.is_current


def test_a_cohort_that_ends_lets_nobody_in_any_more(tess, stan, ilan, cohort, enrolment, as_):
    browser = as_(tess)
    yesterday = timezone.localdate() - timedelta(days=1)
    cohort_said = {"name": cohort.name, "curriculum": "2018", "starts_on": "2024-09-01", "ends_on": str(yesterday)}
    assert browser.post(url("edit_cohort", cohort.pk), cohort_said).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.is_over, cohort.curriculum) == (True, "2018")
    as_(stan).post(url("join_code", cohort.join_code))
    added = browser.post(url("add_student", cohort.pk), {"email": stan.email})
    assert "terminée" in added.text
    enrolment.leave()
    browser.post(url("student_returns", cohort.pk, enrolment.pk))
    assert not cohort.enrolments.current().exists()
    assert as_(ilan).get(url("own_notes", cohort.pk)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_on": "2026-08-01"}, "vient après son début"),
        ({"name": ""}, "obligatoire"),
        ({"curriculum": "1995"}, "choix"),
    ],
)
def test_a_cohort_is_not_made_senseless(wrong, said, tess, cohort, as_):
    good = {"name": "Autre nom", "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30"}
    assert said in as_(tess).post(url("edit_cohort", cohort.pk), {**good, **wrong}).text
    name = cohort.name
    cohort.refresh_from_db()
    assert cohort.name == name


def test_a_cohort_never_moves_to_another_centre(tess, cohort, other_centre, as_):
    good = {"name": "Autre nom", "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30"}
    as_(tess).post(url("edit_cohort", cohort.pk), {**good, "centre": other_centre.pk})
    centre = cohort.centre
    cohort.refresh_from_db()
    assert (cohort.name, cohort.centre) == ("Autre nom", centre)
    twin = factories.cohort(centre, "Déjà là")
    assert "porte déjà ce nom" in as_(tess).post(url("edit_cohort", cohort.pk), {**good, "name": twin.name}).text


def test_who_has_the_diploma_does_not_come_back_by_a_link(tess, ilan, cohort, enrolment, as_):
    """What a trainer noted would be lost, and every assignment not done be late."""
    enrolment.leave(graduated=True)
    browser = as_(ilan)
    assert "avec votre diplôme" in browser.get(url("join_code", cohort.join_code)).text
    assert "Rejoindre cette promotion" not in browser.post(url("join_code", cohort.join_code)).text
    enrolment.refresh_from_db()
    assert (enrolment.is_current, enrolment.graduated) == (False, True)


def test_an_end_so_far_behind_that_all_would_be_erased_is_refused(tess, cohort, enrolment, as_):
    """A year typed wrong: the next night, nobody would be in the cohort any more, without a way back."""
    browser = as_(tess)
    said = {"name": cohort.name, "curriculum": "2026", "starts_on": "2020-09-01"}
    page = browser.post(url("edit_cohort", cohort.pk), {**said, "ends_on": "2023-06-30"}).text
    retention.each_day(timezone.localdate())
    assert cohort.enrolments.exists()
    assert "serait effacé" in page
    recent = str(timezone.localdate() - timedelta(days=300))
    assert browser.post(url("edit_cohort", cohort.pk), {**said, "ends_on": recent}).status_code == 302
    # Already so far behind, its name may still be corrected.
    Cohort.objects.update(starts_on="2020-09-01", ends_on="2023-06-30")
    assert browser.post(url("edit_cohort", cohort.pk), {**said, "ends_on": "2023-06-30"}).status_code == 302
