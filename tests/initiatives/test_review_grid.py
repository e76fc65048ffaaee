"""Ten questions one asks oneself: kept while one reads, frozen with the decision, read by the coordination alone."""

from django.urls import reverse

from initiatives import grid
from initiatives.models import Case
from tests import factories
from tests.initiatives.telling import shown


def filled(page, **answers):
    return {**shown(page, having="grid-seen"), **{f"grid-{name}": value for name, value in answers.items()}}


def page_of(case, browser):
    return browser.get(reverse("initiatives:case", args=[case.pk]))


def test_there_are_ten_with_three_answers(ana, max, as_):
    case = factories.claimed(ana, max)
    assert len(grid.QUESTIONS) == 10
    page = page_of(case, as_(max))
    assert all(question.text in page.text for question in grid.QUESTIONS)


def test_kept_while_one_reads_and_frozen_with_the_decision(ana, max, nora, as_):
    case, browser = factories.claimed(ana, max), as_(max)
    url = reverse("initiatives:fill_grid", args=[case.pk])
    browser.post(
        url, filled(page_of(case, browser), answer_recit="yes", note_place="Qui décide ?", answer_place="look")
    )
    case.refresh_from_db()
    assert case.grid["answers"]["recit"]["answer"] == "yes"
    page = page_of(case, browser)
    assert "2 sur 10" in page.text
    assert "Qui décide ?" in page.text
    # What stands on the page when one decides is kept with the decision, saved or not.
    browser.post(
        reverse("initiatives:request_changes", args=[case.pk]),
        filled(page, answer_anonymat="no") | {"changes-text": "Presque."},
    )
    move = case.moves.get(verb="request_changes")
    assert move.grid["answers"]["anonymat"]["answer"] == "no"
    assert move.grid["answers"]["place"]["note"] == "Qui décide ?"
    assert "Qui décide" in page_of(case, as_(nora)).text


def test_authors_never_read_it(ana, max, as_):
    case = factories.claimed(ana, max)
    case.fill_grid(max, {"mots": {"answer": "no", "note": "Une étiquette"}})
    case.request_changes(max, "Presque.", {})
    assert "Une étiquette" not in as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text


def test_two_windows_lose_no_note(ana, max, as_):
    case, browser = factories.claimed(ana, max), as_(max)
    url = reverse("initiatives:fill_grid", args=[case.pk])
    first, second = (filled(page_of(case, browser)) for _ in range(2))
    browser.post(url, first | {"grid-note_recit": "La première note"})
    answer = browser.post(url, second | {"grid-note_recit": "La seconde note"})
    assert answer.status_code == 409
    assert "La seconde note" in answer.text
    assert "autre fenêtre" in answer.text
    case.refresh_from_db()
    assert case.grid["answers"]["recit"]["note"] == "La première note"
    browser.post(url, filled(answer, note_recit="Les deux"))
    case.refresh_from_db()
    assert case.grid["answers"]["recit"]["note"] == "Les deux"


def test_only_who_holds_the_case_fills_it(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    data = {"grid-seen": "", "grid-answer_recit": "yes"}
    answer = as_(nora).post(reverse("initiatives:fill_grid", args=[case.pk]), data | {"grid-note_recit": "Ma note"})
    assert answer.status_code == 409
    assert "Ma note" in answer.text
    case.refresh_from_db()
    assert case.grid == {}


def test_a_forged_answer_is_refused(ana, max, as_):
    case = factories.claimed(ana, max)
    for data in ({"grid-seen": "", "grid-answer_recit": "peut-être"}, {"grid-seen": "", "grid-note_recit": "x" * 501}):
        assert as_(max).post(reverse("initiatives:fill_grid", args=[case.pk]), data).status_code == 200
    assert Case.objects.get(pk=case.pk).grid == {}


def test_a_second_reading_begins_blank(ana, max):
    case = factories.claimed(ana, max)
    case.fill_grid(max, {"mots": {"answer": "no", "note": ""}})
    case.refuse(max, "trop-peu", "Racontez une séance entière, du début à la fin.")
    case.appeal(ana, "La fiche raconte bien un groupe.")
    assert case.grid == {}
    assert case.moves.get(verb="refuse").grid["answers"]["mots"]["answer"] == "no"


def test_a_decision_never_drops_a_note(ana, max, as_):
    """Too long, or written over another window's: the decision waits, and the note is still on the page."""
    case, browser = factories.claimed(ana, max), as_(max)
    page = page_of(case, browser)
    url = reverse("initiatives:accept", args=[case.pk])
    long = browser.post(url, filled(page, note_recit="n" * 501))
    assert "n" * 501 in long.text
    assert "Erreur : " in long.text
    case.fill_grid(max, {"mots": {"answer": "no", "note": "Ailleurs"}})
    stale = browser.post(url, filled(page, note_recit="Ici"))
    assert stale.status_code == 409
    assert "Ici" in stale.text
    case.refresh_from_db()
    assert case.status == "claimed"


def test_saving_the_grid_keeps_what_is_being_written_beside_it(ana, max, as_):
    """Enter, in any text of the decision, presses the first button: this one."""
    case, browser = factories.claimed(ana, max), as_(max)
    url = reverse("initiatives:fill_grid", args=[case.pk])
    typed = filled(page_of(case, browser), answer_recit="yes") | {"third-who": "La mairie", "changes-text": "Un début"}
    page = browser.post(url, typed)
    assert page.status_code == 200
    assert "La mairie" in page.text
    assert "Un début" in page.text
    case.refresh_from_db()
    assert case.grid["answers"]["recit"]["answer"] == "yes"
    again = browser.post(url, filled(page, answer_recit="no") | {"third-who": ""} | {"changes-text": ""})
    assert again.status_code == 302
