"""An assignment is given: fiches frozen as they read that day, dates on the country's clocks, letters."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Letter
from guide.models import Fiche, FicheVersion
from tests import factories
from tests.training.gestures import url
from training import deadlines
from training.models import Assignment

SAID = {
    "title": "Lire, puis raconter",
    "question": "Où avez-vous vu un groupe s’entraider ?",
    "instruction": "",
    "fiches": ["10", "21"],
    "initiatives": "",
    "due_time": "23:59",
    "opens_on": "",
    "opens_time": "",
}


def said(**more):
    return {**SAID, "due_on": (timezone.localdate() + timedelta(days=12)).isoformat(), **more}


def give(browser, cohort, follow=True, **more):
    return browser.post(url("new_assignment", cohort.pk), said(**more), follow=follow)


def test_an_assignment_is_given_and_each_student_is_told(tess, ilan, stan, cohort, as_):
    cohort.enrol(stan)
    answer = give(as_(tess), cohort)
    assert "2 lettres partent aux étudiants" in answer.text
    assignment = Assignment.objects.get()
    assert [given.version.fiche_id for given in assignment.fiches.all()] == [10, 21]
    letter = Letter.objects.get(person=ilan)
    assert "Lire, puis raconter" in letter.subject
    assert " ".join(assignment.due_in_words.split()) in letter.subject
    assert f"/formation/devoirs/{assignment.pk}/" in letter.body


def test_pressing_twice_gives_it_once(tess, ilan, cohort, as_):
    first, second = give(as_(tess), cohort, follow=False), give(as_(tess), cohort, follow=False)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Assignment.objects.count(), Letter.objects.count()) == (1, 1)


def test_who_left_gets_no_letter(tess, ilan, cohort, as_):
    cohort.enrolments.update(left_at=timezone.now())
    give(as_(tess), cohort)
    assert not Letter.objects.exists()


def test_what_opens_later_is_told_later_and_says_so(tess, ilan, cohort, as_):
    day = timezone.localdate() + timedelta(days=3)
    answer = give(as_(tess), cohort, opens_on=day.isoformat())
    assert "une lettre le dira aux étudiants" in answer.text
    assert not Letter.objects.exists()
    assignment = Assignment.objects.get()
    assert timezone.localtime(assignment.opens_at).time() == time(8)
    assert as_(ilan).get(assignment.get_absolute_url()).status_code == 404
    assert "Rien à faire" in as_(ilan).get(url("home")).text


def test_the_version_given_stays(tess, ilan, cohort, as_):
    give(as_(tess), cohort, fiches=["10"])
    given = Assignment.objects.get().fiches.get()
    old = given.version
    address = url("assigned_fiche", given.assignment_id, given.pk)
    assert "une plus récente" not in as_(ilan).get(address).text
    new = FicheVersion.objects.create(
        fiche=old.fiche,
        number=old.number + 1,
        title="Un titre tout neuf",
        summary="Autrement dit.",
        body="",
        sections=[{"id": "x", "title": "Une autre section", "html": "<p>Un autre texte.</p>"}],
        updated_on=date(2026, 11, 1),
    )
    Fiche.objects.filter(pk=10).update(current=new)
    page = as_(ilan).get(address).text
    assert old.title in page
    assert old.sections[0]["title"] in page
    assert "Un autre texte" not in page
    assert "une plus récente" in page
    assert 'href="/guide/fiches/10/"' in page


def test_initiatives_are_pasted_as_one_has_them(tess, ilan, ana, max, cohort, as_):
    one = factories.published(ana, max)
    two = factories.published(ana, max, title="Le jardin des voisines")
    pasted = f"https://essaim.test/initiatives/{one.slug}/?utm=1\n\n {two.slug} \n/initiatives/{one.slug}"
    give(as_(tess), cohort, fiches=[], initiatives=pasted)
    assignment = Assignment.objects.get()
    assert set(assignment.initiatives.all()) == {one, two}
    page = as_(ilan).get(assignment.get_absolute_url())
    assert "Le jardin des voisines" in page.text
    two.masked_at = timezone.now()
    two.save()
    assert "Le jardin des voisines" not in as_(ilan).get(assignment.get_absolute_url()).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Écrivez un titre"),
        ({"title": "\u200b\u200b"}, "Écrivez un titre"),
        ({"title": "a\x00"}, "nul"),
        ({"question": "\x00"}, "nul"),
        ({"question": "x" * 2001}, "2000"),
        ({"instruction": "x" * 4001}, "4000"),
        ({"fiches": []}, "Choisissez au moins une fiche"),
        ({"fiches": ["99"]}, "n’existe pas"),
        ({"fiches": ["10; DROP"]}, "n’existe pas"),
        ({"initiatives": "http://[mauvaise"}, "Aucune initiative publiée"),
        ({"initiatives": "../../etc/passwd"}, "Aucune initiative publiée"),
        ({"initiatives": "\n".join(f"a-{n}" for n in range(21))}, "20 initiatives au plus"),
        ({"due_on": ""}, "Choisissez le jour"),
        ({"due_on": "2020-01-01"}, "Cette date est passée"),
        ({"due_on": "9999-12-31"}, "La promotion sera finie"),
        ({"due_on": "hier"}, "date"),
        ({"due_time": "25:00"}, "Écrivez une heure"),
        ({"due_time": "\x00"}, "Écrivez une heure"),
        ({"opens_on": "2020-01-01"}, "laissez vide pour ouvrir tout de suite"),
        ({"opens_on": "2029-06-29"}, "vient après l’ouverture"),
        ({"opens_on": "", "opens_time": "08:00"}, "Choisissez aussi le jour"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(wrong, sentence, tess, cohort, as_):
    answer = give(as_(tess), cohort, **wrong)
    assert answer.status_code == 200
    assert "Erreur : " in answer.text
    assert sentence in answer.text
    assert "title" in wrong or "Lire, puis raconter" in answer.text
    assert not Assignment.objects.exists()


def test_a_draft_of_the_catalogue_is_not_given(tess, ana, cohort, as_):
    sheet = factories.draft(ana).initiative
    answer = give(as_(tess), cohort, initiatives=sheet.slug)
    assert "Aucune initiative publiée" in answer.text


@pytest.mark.parametrize("typed", ["23 h 59", "23h59", "23:59", "23:59:40"])
def test_hours_are_typed_as_one_writes_them(typed, tess, cohort, as_):
    give(as_(tess), cohort, due_time=typed)
    local = timezone.localtime(Assignment.objects.get().due_at)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)


# Across both changes of hour: Europe/Paris jumps on 28 March 2027 at 2 h and goes back on 31 October 2027 at 3 h.


@pytest.mark.parametrize(
    ("day", "clock", "late_from"),
    [
        (date(2027, 3, 27), time(23, 59), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(23, 59), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 1, tzinfo=UTC)),
        (date(2026, 10, 25), time(23, 59), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        (date(2026, 10, 24), time(23, 59), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
        # Clocks show 2 h 30 twice that night: the second time is meant.
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 1, 31, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 59), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_one_is_late_from_the_end_of_the_minute(day, clock, late_from):
    due = deadlines.closing(day, clock)
    assert due == late_from
    shown = deadlines.last_minute(due)
    assert (shown.date(), shown.time()) == (day, clock)


def test_an_hour_that_clocks_skip_is_refused(tess, cohort, as_):
    answer = give(as_(tess), cohort, due_on="2027-03-28", due_time="02:30")
    assert "Cette heure n’existe pas ce jour-là" in answer.text
    assert not Assignment.objects.exists()
    assert deadlines.exists(date(2027, 3, 28), time(3, 0))
    assert not deadlines.exists(date(2027, 3, 28), time(2, 0))


def test_dates_are_said_in_words(clock):
    with clock(2026, 11, 21, 10, 0):
        due = deadlines.closing(date(2026, 12, 3), time(23, 59))
        assert deadlines.in_words(deadlines.last_minute(due)) == "jeudi 3 décembre à 23\u00a0h\u00a059"
        assert deadlines.how_far(date(2026, 12, 3)) == "dans 12 jours"
        assert deadlines.day_in_words(date(2026, 12, 1)) == "mardi 1er décembre"
        assert deadlines.day_in_words(date(2027, 1, 5)) == "mardi 5 janvier 2027"
        assert deadlines.in_words(deadlines.opening(date(2026, 12, 1), time(8))) == "mardi 1er décembre à 8\u00a0h"
        assert [deadlines.how_far(date(2026, 11, day)) for day in (19, 20, 21, 22)] == [
            "il y a 2 jours", "hier", "aujourd’hui", "demain",
        ]  # fmt: skip


def test_an_empty_form_says_what_to_do_in_the_order_of_the_page(tess, cohort, as_):
    page = as_(tess).post(url("new_assignment", cohort.pk), {"due_time": "23:59"})
    errors = page.context["form"].errors
    assert list(errors)[:2] == ["title", "question"]
    said = [str(some[0]) for some in errors.values()]
    assert "Écrivez un titre." in said
    assert "Choisissez le jour." in said
    assert not any("obligatoire" in each for each in said)
