"""A note while it is written: saved as one types, one field a question, never a word lost nor written over."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import kept
from initiatives.workflow import SavedElsewhere
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training import drafts, guided
from training.forms import NoteForm
from training.models import MAX_NOTE, SentNote, Work

ONE, TWO = "a" * 24, "b" * 24
QUESTIONS = ["Qui a décidé ?", "Qu’avez-vous fait ?", "Et si c’était à refaire ?"]
WHO, WHAT, AGAIN = (guided.field_of(question) for question in QUESTIONS)


@pytest.fixture
def questions(cohort):
    return factories.assignment(cohort, guided=QUESTIONS)


def types(browser, assignment, text="", *, edition=0, window=ONE, count=2, **more):
    data = {"edition": edition, "window": window, "count": count, **({"text": text} if text else {}), **more}
    return browser.post(url("typing_note", assignment.pk), data)


def draft(assignment, person):
    return assignment.known_work_of(person).draft


def page(browser, assignment, status=200):
    answer = browser.get(assignment.get_absolute_url())
    assert answer.status_code == status
    return answer.text


# --- While one types --------------------------------------------------------------------------------------------------


def test_what_is_typed_is_in_the_draft(ilan, assignment, as_):
    told = types(as_(ilan), assignment, "Un début")
    assert (told.status_code, told.json()["edition"]) == (200, 1)
    assert types(as_(ilan), assignment, "Un début, une suite", edition=1, count=4).json()["edition"] == 2
    assert draft(assignment, ilan) == "Un début, une suite"
    assert 'name="edition" value="2"' in page(as_(ilan), assignment)


def test_saving_while_typing_is_at_most_twelve_statements(ilan, assignment, as_, django_assert_max_num_queries):
    browser = as_(ilan)
    types(browser, assignment, "Un début")
    with django_assert_max_num_queries(12):
        types(browser, assignment, "Un début, une suite", edition=1, count=4)


def test_a_window_that_has_not_heard_yet_is_no_conflict(ilan, assignment, as_):
    """The last words of a page left in haste, then the same page again: the answer to the first never came."""
    browser = as_(ilan)
    types(browser, assignment, "Un", count=2)
    assert types(browser, assignment, "Un, deux", count=4).status_code == 200
    assert types(browser, assignment, "arrivé après", count=3).status_code == 200
    assert draft(assignment, ilan) == "Un, deux"
    assert save(browser, assignment, "Un, deux, trois", 0, window=ONE, count=6).status_code == 302
    assert draft(assignment, ilan) == "Un, deux, trois"


def test_a_button_pressed_while_the_page_is_saving_is_no_conflict(ilan, assignment, as_):
    """The button's request has read its session when the page's own saving ends: it looks again."""
    browser = as_(ilan)
    page(browser, assignment)
    stale = SessionStore(browser.session.session_key)
    stale.load()
    types(browser, assignment, "Un", count=2)
    request = RequestFactory().post("/")
    request.session = stale
    work = assignment.known_work_of(ilan)
    form = NoteForm(work, QueryDict(urlencode({"text": "Un, deux", "edition": 0, "window": ONE, "count": 4})))
    assert form.is_valid()
    drafts.keep(request, work, form)
    assert draft(assignment, ilan) == "Un, deux"
    other = NoteForm(work, QueryDict(urlencode({"text": "Pirate", "edition": 0, "window": TWO, "count": 4})))
    assert other.is_valid()
    with pytest.raises(SavedElsewhere):
        drafts.keep(request, work, other)


def test_another_window_is_told_and_both_texts_come_back(ilan, assignment, as_):
    browser, mark = as_(ilan), {"writer": kept.mark_of(ilan.pk)}
    types(browser, assignment, "Le texte de la première", window=ONE)
    told = types(browser, assignment, "Le texte de la seconde", window=TWO, **mark)
    assert told.status_code == 409
    assert told.json()["choose"] == url("save_note", assignment.pk)
    assert "Rien n’est perdu" in told.json()["says"]
    assert draft(assignment, ilan) == "Le texte de la première"
    # The window is closed without saving; the page, opened again, shows both.
    for address in (assignment.get_absolute_url(), told.json()["choose"]):
        both = browser.get(address).text
        assert "Deux textes pour votre note" in both
        assert "Le texte de la première" in both
        assert "Le texte de la seconde" in both
        assert f'name="carried" value="{TWO}:2"' in both
    done = save(browser, assignment, "Les deux réunis", 1, carried=f"{TWO}:2")
    assert done.cookies["ended"].value == TWO
    assert done.cookies["ended"]["path"] == "/formation/"
    assert draft(assignment, ilan) == "Les deux réunis"
    assert "Deux textes" not in page(browser, assignment)


def test_one_may_leave_the_text_that_is_saved(ilan, assignment, as_):
    browser, mark = as_(ilan), {"writer": kept.mark_of(ilan.pk)}
    types(browser, assignment, "Le bon", window=ONE)
    types(browser, assignment, "L’autre", window=TWO, **mark)
    left = browser.post(url("save_note", assignment.pk), {"forget": "1", "carried": f"{TWO}:2"})
    assert left.cookies["ended"].value == TWO
    assert "L’autre" not in page(browser, assignment)
    assert draft(assignment, ilan) == "Le bon"


def test_what_another_window_left_still_waits_while_this_one_goes_on(ilan, assignment, as_):
    browser, mark = as_(ilan), {"writer": kept.mark_of(ilan.pk)}
    types(browser, assignment, "Un", window=ONE)
    types(browser, assignment, "Autre chose", window=TWO, **mark)
    types(browser, assignment, "Un, deux", edition=1, window=ONE, count=4, **mark)
    assert "Autre chose" in page(browser, assignment)


def test_an_emptied_note_is_not_emptied_by_typing(ilan, assignment, as_):
    """A whole text selected and struck by mistake, the page left: the note is still there. The button empties it."""
    browser = as_(ilan)
    types(browser, assignment, "Deux heures de travail")
    told = types(browser, assignment, "  ", edition=1, count=4)
    assert "la dernière est gardée" in told.json()["says"]
    assert "edition" not in told.json()
    assert draft(assignment, ilan) == "Deux heures de travail"
    save(browser, assignment, "", 1)
    assert draft(assignment, ilan) == ""


def test_a_session_that_ends_while_typing(ilan, assignment, as_):
    browser = as_(None)
    told = types(browser, assignment, "Ce que je tapais", writer=kept.mark_of(ilan.pk))
    assert told.status_code == 401
    assert told.json()["sign_in"].endswith(url("save_note", assignment.pk))
    browser.force_login(ilan)
    back = page(browser, assignment)
    assert "Voici ce que vous écriviez" in back
    assert "Ce que je tapais" in back
    # The first page, still open, goes on where it was: nothing waits any more.
    assert types(browser, assignment, "Ce que je tapais, fini", count=4).status_code == 200
    assert "Voici ce que vous écriviez" not in page(browser, assignment)
    assert draft(assignment, ilan) == "Ce que je tapais, fini"


def test_the_next_person_is_trusted_with_nothing(ilan, cohort, assignment, as_):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    told = types(as_(kim), assignment, "Ce qu’Ilan tapait", writer=kept.mark_of(ilan.pk))
    assert told.status_code == 403
    assert not Work.objects.exists()


def test_what_is_not_ours_is_not_found(stan, tess, otto, ilan, cohort, assignment, as_):
    for someone in (stan, tess, otto):
        assert types(as_(someone), assignment, "x").status_code == 404
    cohort.enrolments.update(left_at=timezone.now())
    assert types(as_(ilan), assignment, "x").status_code == 404
    assert as_(ilan).get(url("typing_note", assignment.pk)).status_code == 405
    assert not Work.objects.exists()


def test_an_accepted_note_is_told_and_the_words_can_be_copied(ilan, tess, assignment, as_):
    browser = as_(ilan)
    work = sent(assignment, ilan)
    answer(as_(tess), work)
    told = types(browser, assignment, "Encore un mot", edition=1)
    assert (told.status_code, "accepté" in told.json()["says"]) == (409, True)


@pytest.mark.parametrize("size", [MAX_NOTE + 1, 3 * MAX_NOTE + 1])
def test_a_note_too_long_is_said_to_be(size, ilan, assignment, as_):
    types(as_(ilan), assignment, "Avant")
    told = types(as_(ilan), assignment, "x" * size, edition=1, count=4)
    assert told.status_code == 413
    assert "copiez-la" in told.json()["says"]
    assert draft(assignment, ilan) == "Avant"


@pytest.mark.parametrize(
    "forged",
    [{"window": "'; --"}, {"count": "-1"}, {"edition": "9" * 40}, {"edition": "un"}, {"carried": "::"}, {"seen": "x"}],
)
def test_forged_marks_write_over_nothing(forged, ilan, assignment, as_):
    save(as_(ilan), assignment, "Le mien.")
    told = types(as_(ilan), assignment, "Pirate.", **{"edition": 7, **forged})
    assert told.status_code in (409, 413)
    assert draft(assignment, ilan) == "Le mien."


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_text_typed_is_kept(text, ilan, assignment, as_):
    edition = assignment.known_work_of(ilan).edition
    body = urlencode({"text": text, "edition": edition, "window": ONE, "count": 2 * edition + 2})
    told = as_(ilan).post(url("typing_note", assignment.pk), body, content_type="application/x-www-form-urlencoded")
    assert told.status_code == 200
    said = text.replace("\0", "\ufffd").replace("\r\n", "\n")
    assert draft(assignment, ilan) == said or not text.strip()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from([ONE, TWO]), st.booleans()), min_size=1, max_size=8))
def test_no_word_is_lost_whatever_two_windows_do(moves, ilan, cohort, as_):
    """Each window types, hears or doesn't hear the answer: what it last typed is in the draft or beside it."""
    given_ = factories.assignment(cohort)
    browser, mark = as_(ilan), {"writer": kept.mark_of(ilan.pk)}
    editions, closed, last = {ONE: 0, TWO: 0}, set(), {}
    for n, (window, hears) in enumerate(moves):
        if window in closed:
            continue
        last[window] = f"mot {n} de {window[0]}"
        told = types(browser, given_, last[window], edition=editions[window], window=window, count=2 * n + 2, **mark)
        if told.status_code == 409:
            closed.add(window)
        elif hears:
            editions[window] = told.json()["edition"]
    shown = page(browser, given_)
    for window, words in last.items():
        # Only who was told that all is well may have been followed by their own later words, never by another's.
        assert words in shown or window not in closed
    assert draft(given_, ilan) in last.values()


# --- Guided -----------------------------------------------------------------------------------------------------------


def test_each_question_has_its_field(ilan, questions, as_):
    shown = page(as_(ilan), questions)
    for question, name in zip(QUESTIONS, (WHO, WHAT, AGAIN), strict=True):
        assert f'name="{name}"' in shown
        assert question.replace(" ?", "\u00a0?").replace("’", "’") in shown
    assert 'name="text"' not in shown


def test_answers_are_kept_sent_and_read_by_question(ilan, tess, questions, as_):
    browser = as_(ilan)
    said = {WHO: "Le groupe.", WHAT: "", AGAIN: "Je les laisserais choisir le jour.", "edition": 0}
    assert browser.post(url("save_note", questions.pk), said).status_code == 302
    work = questions.known_work_of(ilan)
    assert [each["text"] for each in work.answers] == ["Le groupe.", "", "Je les laisserais choisir le jour."]
    assert work.draft == ("Qui a décidé ?\nLe groupe.\n\nEt si c’était à refaire ?\nJe les laisserais choisir le jour.")
    confirm = browser.get(url("send_note", questions.pk)).text
    assert "Pas de réponse." in confirm
    browser.post(url("send_note", questions.pk), {"edition": "1"})
    note = SentNote.objects.get()
    assert note.answers == work.answers
    assert "Le groupe." in as_(tess).get(url("work", work.pk)).text


def test_nothing_answered_is_nothing_sent(ilan, questions, as_):
    browser = as_(ilan)
    browser.post(url("save_note", questions.pk), {WHO: " ", "edition": 0})
    assert questions.known_work_of(ilan).draft == ""
    assert browser.get(url("send_note", questions.pk)).status_code == 302


def test_guided_answers_in_two_windows(ilan, questions, as_):
    browser, mark = as_(ilan), {"writer": kept.mark_of(ilan.pk)}
    types(browser, questions, **{WHO: "Le groupe."})
    told = types(browser, questions, window=TWO, **{WHO: "L’équipe.", WHAT: "Un repas."}, **mark)
    assert told.status_code == 409
    both = page(browser, questions)
    for words in ("Le groupe.", "L’équipe.", "Un repas.", f'name="{WHAT}"'):
        assert words in both
    done = browser.post(url("save_note", questions.pk), {WHO: "Le groupe.", WHAT: "Un repas.", "edition": 1})
    assert done.status_code == 302
    assert [each["text"] for each in questions.known_work_of(ilan).answers] == ["Le groupe.", "Un repas.", ""]


def test_guided_answers_come_back_after_a_session_ended(ilan, questions, as_):
    browser = as_(None)
    said = {WHO: "Le groupe.", WHAT: "Un repas.", "edition": 0, "writer": kept.mark_of(ilan.pk)}
    gone = browser.post(url("save_note", questions.pk), said)
    assert gone.status_code == 302
    browser.force_login(ilan)
    back = browser.get(url("save_note", questions.pk)).text
    assert "Voici ce que vous écriviez" in back
    assert "Le groupe." in back
    assert "Un repas." in back


def test_an_answer_to_what_is_no_longer_asked_stays(ilan, questions, as_):
    browser = as_(ilan)
    browser.post(url("save_note", questions.pk), {WHO: "Le groupe.", WHAT: "Un repas.", "edition": 0})
    type(questions).objects.update(guided=[QUESTIONS[1], "Une autre question"])
    shown = page(browser, questions)
    assert "Ce n’est plus demandé" in shown
    assert "Le groupe." in shown
    other = guided.field_of("Une autre question")
    said = {WHO: "Le groupe.", WHAT: "Deux repas.", other: "Oui.", "edition": 1}
    browser.post(url("save_note", questions.pk), said)
    kept_ = {each["question"]: each["text"] for each in questions.known_work_of(ilan).answers}
    assert kept_ == {QUESTIONS[1]: "Deux repas.", "Une autre question": "Oui.", QUESTIONS[0]: "Le groupe."}
    # Emptied, it is gone for good.
    browser.post(url("save_note", questions.pk), {**said, WHO: "", "edition": 2})
    assert QUESTIONS[0] not in questions.known_work_of(ilan).draft


def test_what_was_written_before_there_were_questions_stays(ilan, assignment, as_):
    browser = as_(ilan)
    save(browser, assignment, "Tout d’un bloc.")
    type(assignment).objects.filter(pk=assignment.pk).update(guided=QUESTIONS)
    assert "Tout d’un bloc." in page(browser, assignment)
    # A page opened before the questions were asked still says it all.
    save(browser, assignment, "Tout d’un bloc, et la suite.", 1)
    assert "Tout d’un bloc, et la suite." in draft(assignment, ilan)
    assert guided.WRITTEN_BEFORE in page(browser, assignment)


def test_a_page_opened_with_questions_that_are_gone_loses_nothing(ilan, questions, as_):
    type(questions).objects.update(guided=[])
    as_(ilan).post(url("save_note", questions.pk), {WHO: "Le groupe.", WHAT: "Un repas.", "edition": 0})
    assert "Le groupe." in draft(questions, ilan)
    assert "Un repas." in draft(questions, ilan)


def test_answers_are_too_long_together(ilan, questions, as_):
    half = "x" * (MAX_NOTE // 2 + 1)
    answer_ = as_(ilan).post(url("save_note", questions.pk), {WHO: half, WHAT: half, "edition": 0})
    assert answer_.status_code == 200
    assert "ensemble" in answer_.text
    assert half in answer_.text


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.text(min_size=1, max_size=20), max_size=5),
    after=st.lists(st.text(min_size=1, max_size=20), max_size=5),
    texts=st.lists(st.text(alphabet="ab é\n", max_size=20), min_size=5, max_size=5),
)
def test_whatever_becomes_of_the_questions_no_answer_is_lost(before, after, texts):
    answers = [
        {"question": each.question, "text": text} for each, text in zip(guided.asked(before, []), texts, strict=False)
    ]
    shown = guided.asked(after, answers, guided.plain(answers))
    assert [each.question for each in shown if not each.is_gone] == after
    assert sorted(each.text for each in shown if each.text.strip()) == sorted(
        each["text"] for each in answers if each["text"].strip()
    )
    assert len({each.name for each in shown}) == len(shown)
    assert json.dumps(answers)


# --- Own dates, closing -----------------------------------------------------------------------------------------------


def test_ones_own_date_is_shown_to_oneself_alone(ilan, cohort, as_, clock):
    kim = factories.person("Kim")
    cohort.enrol(kim)
    with clock(2026, 11, 21, 10, 0):
        now = timezone.now()
        given_ = factories.assignment(cohort, opens_at=now, due_at=now + timedelta(days=7))
        given_.extensions.create(student=ilan, due_at=now + timedelta(days=10), reason="hospitalisation")
        pages = {
            person: [as_(person).get(address).text for address in (url("home"), given_.get_absolute_url())]
            for person in (ilan, kim)
        }
    for shown in pages[ilan]:
        assert "mardi 1er décembre" in shown
        assert "élai" in shown
    for shown in pages[kim]:
        assert "samedi 28 novembre" in shown
        assert "élai accordé" not in shown
    assert "hospitalisation" not in "".join(pages[kim])


def test_closed_one_may_still_write_and_no_longer_send(ilan, cohort, as_):
    now = timezone.now()
    given_ = factories.assignment(
        cohort, opens_at=now - timedelta(days=9), due_at=now - timedelta(days=2), closes_at=now - timedelta(days=1)
    )
    browser = as_(ilan)
    assert save(browser, given_, "Pour moi.").status_code == 302
    shown = page(browser, given_)
    assert "envois fermés" in shown
    assert 'value="send"' not in shown
    assert "Fermés sans envoi" in browser.get(url("home")).text
    confirm = browser.get(url("send_note", given_.pk)).text
    assert "Les envois sont fermés" in confirm
    assert "Envoyer cette note" not in confirm
    refused = browser.post(url("send_note", given_.pk), {"edition": "1"}, follow=True)
    assert "Les envois sont fermés" in refused.text
    assert not SentNote.objects.exists()
    # More time, and it opens again for this student.
    given_.extensions.create(student=ilan, due_at=now + timedelta(days=2))
    assert 'value="send"' in page(browser, given_)
    browser.post(url("send_note", given_.pk), {"edition": "1"})
    assert not SentNote.objects.get().is_late


def test_home_stays_within_twelve_statements(ilan, cohort, as_, django_assert_max_num_queries):
    for n in range(12):
        factories.assignment(cohort, title=f"Devoir {n}", fiches=(10, 21))
    browser = as_(ilan)
    with django_assert_max_num_queries(12):
        browser.get(url("home"))


# --- Hostile ----------------------------------------------------------------------------------------------------------

WILD = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "{{ 7|add:1 }}{% now 'Y' %}",
    '#import "@preview/x:1.0.0": *\n#read("/etc/passwd")',
    "[lien](javascript:alert(1)) `x` $y$ *z*",
    "\u202egnp.exe\u202c",
)


@pytest.mark.parametrize("wild", WILD)
def test_a_hostile_question_and_its_answer_are_text_everywhere(wild, ilan, tess, cohort, as_):
    hostile = factories.assignment(
        cohort, title=wild[:160], question=wild, instruction=wild, guided=[wild, "Et après ?"]
    )
    browser, name = as_(ilan), guided.field_of(wild)
    assert browser.post(url("save_note", hostile.pk), {name: wild, "edition": 0}).status_code == 302
    work = hostile.known_work_of(ilan)
    assert work.answers[0] == {"question": wild, "text": wild}
    work.send()
    work.save_draft(f"{wild} bis", 1, [{"question": wild, "text": f"{wild} bis"}])
    for address in (
        hostile.get_absolute_url(), url("send_note", hostile.pk), url("note_versions", hostile.pk),
        url("own_notes", cohort.pk), url("home"),
    ):  # fmt: skip
        shown = browser.get(address)
        assert shown.status_code == 200
        for raw in ("<script>alert", "<img src=x", "8{%", 'href="javascript'):
            assert raw not in shown.text
    for address in (url("assignment_pdf", hostile.pk), url("assignment_epub", hostile.pk)):
        assert browser.get(address).status_code == 200
    for kind in ("odt", "pdf"):
        assert browser.get(url(f"dossier_{kind}", cohort.pk)).status_code == 200
    assert "<script>alert" not in as_(tess).get(url("work", work.pk)).text
