"""More time for one student: their own date to the second, its reason between them and their trainers."""

from datetime import date, time, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from accounts import kept
from accounts.models import Letter
from tests import factories
from tests.training.gestures import answer as reply
from tests.training.gestures import sent, url
from tests.training.test_give import give
from tests.training.test_revise import edit
from training import deadlines
from training.models import Assignment, Extension


def extend(browser, assignment, person, days=30, **more):
    day = timezone.localdate() + timedelta(days=days)
    data = {"student": person.pk, "due_on": day.isoformat(), "due_time": "23:59", "reason": ""} | more
    return browser.post(url("extensions", assignment.pk), data, follow=True)


def test_more_time_is_given_told_and_counted(tess, ilan, stan, cohort, assignment, as_):
    cohort.enrol(stan)
    page = extend(as_(tess), assignment, ilan, reason="  Stage   décalé. ")
    extension = Extension.objects.get()
    assert (extension.student, extension.reason, extension.given_by) == (ilan, "Stage décalé.", tess)
    assert f"Ilan a jusqu’au {extension.due_in_words}. Une lettre le lui dit" in page.text
    letter = Letter.objects.get()
    assert letter.person == ilan
    assert " ".join(extension.due_in_words.split()) in letter.subject
    assert "Stage" not in letter.body
    assert extension.due_in_words in as_(ilan).get(assignment.get_absolute_url()).text
    assert extension.due_in_words not in as_(stan).get(assignment.get_absolute_url()).text


def test_given_again_it_is_another_date_and_the_same_twice_is_once(tess, ilan, assignment, as_):
    for days in (30, 30, 40):
        extend(as_(tess), assignment, ilan, days=days)
    assert Extension.objects.count() == 1
    assert Letter.objects.count() == 2


def test_changed_and_taken_back(tess, ilan, assignment, as_):
    extend(as_(tess), assignment, ilan)
    extension = Extension.objects.get()
    day = (timezone.localdate() + timedelta(days=50)).isoformat()
    address = url("change_extension", assignment.pk, extension.pk)
    assert as_(tess).get(address).status_code == 200
    as_(tess).post(address, {"due_on": day, "due_time": "12:00", "reason": "Autre", "student": "9"})
    extension.refresh_from_db()
    assert timezone.localtime(deadlines.last_minute(extension.due_at)).isoformat()[:16] == f"{day}T12:00"
    address = url("withdraw_extension", assignment.pk, extension.pk)
    assert as_(tess).get(address).status_code == 200
    as_(tess).post(address)
    assert not Extension.objects.exists()
    assert "est retiré" in Letter.objects.order_by("pk").last().body


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"days": 3}, "Un délai va plus loin que la date commune"),
        ({"due_on": "2099-01-01"}, "La promotion sera finie"),
        ({"due_on": "2020-01-01"}, "Un délai va plus loin"),
        ({"due_on": "hier"}, "date"),
        ({"due_on": "0001-01-01"}, "Vérifiez l’année"),
        ({"due_on": "2027-03-28", "due_time": "02:30"}, "Cette heure n’existe pas ce jour-là"),
        ({"student": ""}, "Choisissez une personne"),
        ({"student": "0"}, "n’est pas donné à cette personne"),
        ({"student": "\x00"}, "n’est pas donné à cette personne"),
        ({"reason": "x" * 301}, "300"),
        ({"reason": "\x00"}, "nul"),
    ],
)
def test_what_makes_no_sense_is_said(more, sentence, tess, ilan, assignment, as_):
    page = extend(as_(tess), assignment, ilan, **more)
    assert "Erreur" in page.text
    assert sentence in page.text
    assert not Extension.objects.exists()


def test_nobody_it_isn_t_given_to(tess, ilan, stan, eve, cohort, assignment, as_):
    """Another cohort's student, one who left, one of another group."""
    factories.cohort(cohort.centre, "ES 2026").enrol(stan)
    cohort.enrol(eve).leave()
    group = cohort.groups.create(name="TD 1")
    other = factories.person("Zoé")
    cohort.enrol(other)
    cohort.enrolments.get(student=ilan).groups.add(group)
    Assignment.objects.update(for_all=False)
    assignment.groups.add(group)
    for person in (stan, eve, other, tess):
        assert "n’est pas donné à cette personne" in extend(as_(tess), assignment, person).text
    extend(as_(tess), assignment, ilan)
    assert Extension.objects.get().student == ilan


def test_an_accepted_work_needs_no_more_time(tess, ilan, assignment, as_):
    reply(as_(tess), sent(assignment, ilan))
    assert "déjà accepté" in extend(as_(tess), assignment, ilan).text


def test_why_is_read_by_trainers_of_the_centre_alone(tess, ilan, stan, hugo, nora, otto, cohort, assignment, as_):
    cohort.enrol(stan)
    extend(as_(tess), assignment, ilan, reason="Canari-privé")
    pages = [url("extensions", assignment.pk), url("home"), url("cohort", cohort.pk), url("cohort_table", cohort.pk)]
    pages += [url("assignment_table", assignment.pk), assignment.get_absolute_url(), url("centre", cohort.centre_id)]
    for person in (stan, hugo, nora, otto, None):
        assert "Canari-privé" not in "".join(as_(person).get(page).text for page in pages)
    assert "Canari-privé" in as_(tess).get(url("extensions", assignment.pk)).text


# To the second, typed in the forms, on both nights clocks change and on two ordinary ones.

NIGHTS = [
    (date(2027, 3, 28), (2027, 3, 28, 23, 59, 59), (2027, 3, 29, 0, 0, 0)),
    (date(2027, 10, 31), (2027, 10, 31, 23, 59, 59), (2027, 11, 1, 0, 0, 0)),
    (date(2027, 3, 27), (2027, 3, 27, 23, 59, 59), (2027, 3, 28, 0, 0, 0)),
    (date(2027, 12, 1), (2027, 12, 1, 23, 59, 59), (2027, 12, 2, 0, 0, 0)),
]


def write_and_send(browser, assignment, student, text):
    edition = assignment.known_work_of(student).edition
    browser.post(url("save_note", assignment.pk), {"text": text, "edition": edition})
    return browser.post(
        url("send_note", assignment.pk), {"edition": assignment.known_work_of(student).edition}, follow=True
    )  # fmt: skip


@pytest.mark.parametrize(("night", "last", "first_late"), NIGHTS)
@pytest.mark.parametrize("way", ["given", "edited", "extended"])
def test_due_to_the_second(way, night, last, first_late, tess, ilan, stan, cohort, as_, clock):
    cohort.enrol(stan)
    before = night - timedelta(days=20)
    with clock(before.year, before.month, before.day, 9, 0):
        if way == "given":
            give(as_(tess), cohort, due_on=night.isoformat())
        else:
            give(as_(tess), cohort, due_on=(night - timedelta(days=9)).isoformat())
        assignment = Assignment.objects.get()
        if way == "edited":
            edit(as_(tess), assignment, due_on=night.isoformat())
        for student in (ilan, stan) if way == "extended" else ():
            extend(as_(tess), assignment, student, due_on=night.isoformat())
        assignment.refresh_from_db()
    with clock(*last):
        write_and_send(as_(ilan), assignment, ilan, "Une note à temps.")
    with clock(*first_late):
        write_and_send(as_(stan), assignment, stan, "Une note trop tard.")
    notes = {note.work.student: note.is_late for work in assignment.works.all() for note in work.notes.all()}
    assert notes == {ilan: False, stan: True}


@pytest.mark.parametrize(("night", "last", "first_late"), NIGHTS)
def test_closed_to_the_second_and_more_time_opens_it(night, last, first_late, tess, ilan, stan, cohort, as_, clock):
    cohort.enrol(stan)
    before = night - timedelta(days=20)
    with clock(before.year, before.month, before.day, 9, 0):
        give(as_(tess), cohort, due_on=(night - timedelta(days=9)).isoformat(), closes_on=night.isoformat())
        assignment = Assignment.objects.get()
    with clock(*last):
        write_and_send(as_(ilan), assignment, ilan, "Une note en retard.")
    assert assignment.works.get().notes.get().is_late
    with clock(*first_late):
        write_and_send(as_(stan), assignment, stan, "Une note après la fermeture.")
        assert not assignment.works.get(student=stan).notes.exists()
        extend(as_(tess), assignment, stan, due_on=(night + timedelta(days=5)).isoformat())
        write_and_send(as_(stan), assignment, stan, "Une note après la fermeture.")
    note = assignment.works.get(student=stan).notes.get()
    assert note.is_late is False


def test_the_hour_that_strikes_twice_is_the_second_one(tess, ilan, cohort, as_, clock):
    with clock(2027, 10, 1, 9, 0):
        give(as_(tess), cohort, due_on="2027-10-31", due_time="02:30")
    assignment = Assignment.objects.get()
    with clock(2027, 10, 31, 2, 30, 59, fold=1):
        assert not assignment.is_late
    with clock(2027, 10, 31, 2, 31, 0, fold=1):
        assert assignment.is_late
    with clock(2027, 10, 31, 2, 45, fold=0):
        assert not assignment.is_late
    assert deadlines.last_minute(assignment.due_at).time() == time(2, 30)


def test_taken_back_by_two_presses_it_is_told_once(tess, ilan, assignment, as_):
    extend(as_(tess), assignment, ilan)
    Letter.objects.all().delete()
    first, second = Extension.objects.get(), Extension.objects.get()
    path = url("withdraw_extension", assignment.pk, first.pk)
    for row in (first, second):  # both pages had found it
        with patch("training.views.extending.of_assignment", return_value=(assignment, row)):
            assert as_(tess).post(path).status_code == 302
    assert Letter.objects.count() == 1


def test_a_reason_typed_while_the_session_ended_comes_back(tess, ilan, assignment, as_):
    """To whoever typed it, and to nobody who signs in after them on that computer."""
    asked = {"student": ilan.pk, "due_on": "2026-12-20", "due_time": "23:59", "reason": "Stage décalé"}
    asked["writer"] = kept.mark_of(tess.pk)
    browser, path = as_(None), url("extensions", assignment.pk)
    assert "/connexion/" in browser.post(path, asked)["Location"]
    browser.force_login(tess)
    assert "Stage décalé" in browser.get(path).text
    browser.post(path, {"forget": "1"})
    assert "Stage décalé" not in browser.get(path).text
