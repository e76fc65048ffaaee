"""A student reads, declares, writes, sends: nothing typed is lost, nothing is seen before it is sent."""

from datetime import date, time

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import kept
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training import deadlines
from training.models import SentNote, Work


def test_what_is_to_do_is_said_with_its_date_in_words(ilan, cohort, as_, clock):
    with clock(2026, 11, 21, 10, 0):
        due = deadlines.closing(date(2026, 12, 3), time(23, 59))
        factories.assignment(cohort, opens_at=timezone.now(), due_at=due)
        page = as_(ilan).get(url("home")).text
    assert "À rendre <strong>jeudi 3 décembre à 23\u00a0h\u00a059</strong>, dans 12 jours." in page


def test_opening_pages_records_nothing(ilan, assignment, as_):
    browser = as_(ilan)
    browser.get(url("home"))
    browser.get(assignment.get_absolute_url())
    browser.get(url("assigned_fiche", assignment.pk, assignment.fiches.first().pk))
    browser.get(url("send_note", assignment.pk))
    assert not Work.objects.exists()


def test_a_fiche_is_declared_read_and_taken_back(ilan, assignment, as_):
    fiche = assignment.fiches.first()
    address = url("declare_read", assignment.pk, fiche.pk)
    browser = as_(ilan)
    for _ in range(2):
        page = browser.post(address, follow=True).text
    assert "1 fiche lue sur 2" in page
    assert "Vous avez dit avoir lu cette fiche" in browser.get(url("assigned_fiche", assignment.pk, fiche.pk)).text
    browser.post(address, {"undo": "1"})
    assert "0 fiche lue sur 2" in browser.get(assignment.get_absolute_url()).text


def test_a_fiche_of_another_assignment_is_not_found(ilan, assignment, cohort, as_):
    other = factories.assignment(cohort, fiches=(3,))
    stranger = other.fiches.get().pk
    assert as_(ilan).get(url("assigned_fiche", assignment.pk, stranger)).status_code == 404
    assert as_(ilan).post(url("declare_read", assignment.pk, stranger)).status_code == 404


def test_a_note_is_saved_then_read_again_then_sent(ilan, tess, assignment, as_):
    browser = as_(ilan)
    saved = save(browser, assignment, "Un début.\r\n\r\nUne suite.", go="stay")
    assert saved.status_code == 302
    assert "Un début." in browser.get(assignment.get_absolute_url()).text
    assert save(browser, assignment, "Tout.", 1, go="send").headers["Location"] == url("send_note", assignment.pk)
    confirm = browser.get(url("send_note", assignment.pk)).text
    assert "Tout." in confirm
    assert "secret professionnel" in confirm
    page = browser.post(url("send_note", assignment.pk), {"edition": "2"}, follow=True).text
    assert "Votre note est envoyée (version 1" in page
    work = Work.objects.get()
    assert "Tout." in as_(tess).get(url("work", work.pk)).text


def test_sending_twice_is_sending_once(ilan, assignment, as_):
    save(as_(ilan), assignment, "Ma note.")
    for _ in range(2):
        assert as_(ilan).post(url("send_note", assignment.pk), {"edition": "1"}).status_code == 302
    assert SentNote.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_an_empty_note_is_not_sent(text, ilan, assignment, as_):
    save(as_(ilan), assignment, text)
    page = as_(ilan).post(url("send_note", assignment.pk), {"edition": "1"}, follow=True)
    assert "Écrivez votre note avant de l’envoyer" in page.text
    assert as_(ilan).get(url("send_note", assignment.pk)).status_code == 302
    assert not SentNote.objects.exists()


def test_nothing_written_is_nothing_sent(ilan, assignment, as_):
    page = as_(ilan).post(url("send_note", assignment.pk), {"edition": "0"}, follow=True)
    assert "Écrivez votre note" in page.text


def test_what_was_not_read_again_is_not_sent(ilan, assignment, as_):
    save(as_(ilan), assignment, "La première.")
    save(as_(ilan), assignment, "La seconde, écrite ailleurs.", 1)
    page = as_(ilan).post(url("send_note", assignment.pk), {"edition": "1"})
    assert page.status_code == 409
    assert "La seconde, écrite ailleurs." in page.text
    assert not SentNote.objects.exists()


@pytest.mark.parametrize("edition", ["", "-1", "un", "9" * 40, "\x00"])
def test_a_forged_edition_sends_nothing(edition, ilan, assignment, as_):
    save(as_(ilan), assignment, "Ma note.")
    assert as_(ilan).post(url("send_note", assignment.pk), {"edition": edition}).status_code == 409
    assert not SentNote.objects.exists()


def test_every_version_sent_is_kept(ilan, tess, assignment, as_):
    work = sent(assignment, ilan, "La première version.")
    answer(as_(tess), work, "Développez.", "to_redo")
    page = as_(ilan).get(assignment.get_absolute_url()).text
    assert "à reprendre" in page
    assert "Développez." in page
    save(as_(ilan), assignment, "La deuxième version.", 1)
    as_(ilan).post(url("send_note", assignment.pk), {"edition": "2"})
    for page in (as_(ilan).get(assignment.get_absolute_url()), as_(tess).get(url("work", work.pk))):
        assert "La première version." in page.text
        assert "La deuxième version." in page.text
        assert "Développez." in page.text
    assert [note.number for note in work.notes.all()] == [1, 2]


def test_two_windows_show_both_texts_and_the_person_chooses(ilan, assignment, as_):
    one, two = as_(ilan), as_(ilan)
    save(one, assignment, "Le texte de la première.")
    conflict = save(two, assignment, "Le texte de la seconde.", 0)
    assert conflict.status_code == 409
    assert "Le texte de la première." in conflict.text
    assert "Le texte de la seconde." in conflict.text
    assert 'name="edition" value="1"' in conflict.text
    assert Work.objects.get().draft == "Le texte de la première."
    assert save(two, assignment, "Les deux réunis.", 1).status_code == 302
    assert Work.objects.get().draft == "Les deux réunis."


def test_the_same_words_twice_are_no_conflict(ilan, assignment, as_):
    assert [save(as_(ilan), assignment, "Pareil.").status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("edition", ["", "-1", "un", "9" * 40, "\x00", "7"])
def test_a_forged_edition_writes_over_nothing(edition, ilan, assignment, as_):
    save(as_(ilan), assignment, "Le mien.")
    page = save(as_(ilan), assignment, "Pirate.", edition)
    assert page.status_code in (200, 409)
    assert "Pirate." in page.text
    assert Work.objects.get().draft == "Le mien."


def test_a_note_too_long_or_with_a_nul_byte_is_given_back_whole(ilan, assignment, as_):
    for text in ("x" * 20_001, "avant\x00après"):
        page = save(as_(ilan), assignment, text)
        assert page.status_code == 200
        assert "Erreur : " in page.text
        assert text.replace("\x00", "")[:5] in page.text
    assert not Work.objects.exclude(draft="").exists()


def test_a_session_that_ends_while_writing_loses_nothing(ilan, assignment, as_):
    browser = as_(None)
    mine = {"writer": kept.mark_of(ilan.pk)}
    gone = save(browser, assignment, "Ce que j’écrivais quand la session a fini.", **mine)
    address = url("save_note", assignment.pk)
    assert gone.headers["Location"] == f"/compte/connexion/?next={address}"
    browser.force_login(ilan)
    back = browser.get(address).text
    assert "Voici ce que vous écriviez" in back
    assert "Ce que j’écrivais quand la session a fini." in back
    assert not Work.objects.exclude(draft="").exists()
    save(browser, assignment, "Ce que j’écrivais quand la session a fini.")
    assert browser.get(address).status_code == 302
    assert Work.objects.get().draft.startswith("Ce que j’écrivais")


def test_the_next_person_on_the_computer_reads_nothing_of_it(ilan, cohort, assignment, as_):
    """A classmate may open the same address: the kept text is still its writer's alone."""
    classmate = factories.person("Camille")
    cohort.enrol(classmate)
    for mark in ({"writer": kept.mark_of(ilan.pk)}, {"writer": f"{classmate.pk}:forged"}, {}):
        browser = as_(None)
        save(browser, assignment, "Ce qu’Ilan écrivait.", **mark)
        browser.force_login(classmate)
        assert "Ce qu’Ilan écrivait" not in browser.get(url("save_note", assignment.pk), follow=True).text


def test_a_kept_text_may_be_let_go(ilan, assignment, as_):
    browser = as_(None)
    save(browser, assignment, "À oublier.", writer=kept.mark_of(ilan.pk))
    browser.force_login(ilan)
    browser.post(url("save_note", assignment.pk), {"forget": "1"})
    assert browser.get(url("save_note", assignment.pk)).status_code == 302
    assert not Work.objects.exists()


def test_an_accepted_work_no_longer_changes(ilan, tess, assignment, as_):
    work = sent(assignment, ilan, "La note acceptée.")
    answer(as_(tess), work)
    page = save(as_(ilan), assignment, "Encore un mot.", 1)
    assert page.status_code == 409
    assert "Encore un mot." in page.text
    assert as_(ilan).get(url("send_note", assignment.pk)).status_code == 302
    assert as_(ilan).post(url("send_note", assignment.pk), {"edition": "1"}).status_code == 302
    work.refresh_from_db()
    assert (work.draft, work.notes.count()) == ("La note acceptée.", 1)
    page = as_(ilan).get(assignment.get_absolute_url()).text
    assert "ce travail est terminé" in page
    assert "<textarea" not in page


# The instant at which one is late, to the second, on ordinary days and when clocks change.


@pytest.mark.parametrize("day", [(2026, 12, 3), (2027, 3, 27), (2027, 3, 28), (2026, 10, 25), (2027, 10, 31)])
def test_the_last_second_passes_and_midnight_is_late(day, ilan, cohort, as_, clock):
    due = deadlines.closing(date(*day), time(23, 59))
    given = factories.assignment(cohort, opens_at=deadlines.opening(date(2026, 10, 1), time(8)), due_at=due)
    for moment, late in (((23, 59, 30), False), ((23, 59, 59, 999_999), False)):
        with clock(*day, *moment):
            save(as_(ilan), given, f"À {moment}.", given.known_work_of(ilan).edition)
            as_(ilan).post(url("send_note", given.pk), {"edition": str(given.known_work_of(ilan).edition)})
        assert SentNote.objects.latest("number").is_late is late
    after = date(*day).toordinal() + 1
    midnight = date.fromordinal(after)
    with clock(midnight.year, midnight.month, midnight.day, 0, 0, 0):
        save(as_(ilan), given, "Trop tard.", given.known_work_of(ilan).edition)
        page = as_(ilan).get(url("send_note", given.pk)).text
        assert "marquée en retard" in page
        page = as_(ilan).post(
            url("send_note", given.pk), {"edition": str(given.known_work_of(ilan).edition)}, follow=True
        )
        assert "Elle est marquée en retard" in page.text
    assert SentNote.objects.count() == 3
    assert SentNote.objects.latest("number").is_late


def test_what_is_asked_again_after_the_date_is_not_late(ilan, tess, assignment, as_):
    work = sent(assignment, ilan)
    answer(as_(tess), work, "Reprenez la fin.", "to_redo")
    type(assignment).objects.update(due_at=timezone.now())
    work.refresh_from_db()
    work.save_draft("Reprise.", work.edition)
    assert not work.send().is_late


def test_who_left_no_longer_sees_it(ilan, cohort, assignment, as_):
    sent(assignment, ilan)
    cohort.enrolments.update(left_at=timezone.now())
    assert as_(ilan).get(assignment.get_absolute_url()).status_code == 404
    assert save(as_(ilan), assignment, "x").status_code == 404
    assert assignment.title not in as_(ilan).get(url("home")).text


def test_markup_in_a_note_is_text(ilan, tess, assignment, as_):
    wild = "<script>alert(1)</script> **gras** [lien](javascript:alert(1)) {{ 7|add:1 }}"
    work = sent(assignment, ilan, wild)
    for page in (as_(ilan).get(assignment.get_absolute_url()), as_(tess).get(url("work", work.pk))):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **gras** [lien](javascript:alert(1))" in page.text


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(max_size=400))
def test_any_text_is_kept_as_it_was_written(text, ilan, tess, assignment, as_):
    browser = as_(ilan)
    edition = assignment.known_work_of(ilan).edition
    page = save(browser, assignment, text, edition)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        assert page.status_code == 200
        return
    assert page.status_code == 302
    work = assignment.known_work_of(ilan)
    assert work.draft == text.replace("\r\n", "\n")
    if text.strip():
        browser.post(url("send_note", assignment.pk), {"edition": str(work.edition)})
        assert as_(tess).get(url("work", work.pk)).status_code == 200
