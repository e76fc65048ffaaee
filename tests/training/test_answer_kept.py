"""An answer while its trainer writes it: kept for them alone, window by window, until it is sent; then nowhere."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts import kept
from accounts.models import Letter
from tests import factories
from tests.training.gestures import answer, sent, url
from training.models import MAX_COMMENT, Comment

ONE, TWO, THREE = "a" * 24, "b" * 24, "c" * 24
BACK = "Voici ce que vous écriviez"


@pytest.fixture
def work(ilan, cohort):
    return sent(factories.assignment(cohort, grid=["Le contexte est décrit"]), ilan)


@pytest.fixture
def types(tess, work):
    """What a page of Tess's tells while she types."""

    def typed(browser, text, *, window=ONE, count=2, **more):
        data = {"text": text, "number": 1, "seen": 0, "window": window, "count": count, "carried": ""}
        data |= {"writer": kept.mark_of(tess.pk), **more}
        return browser.post(url("typing_answer", work.pk), data)

    return typed


def page(browser, work):
    return browser.get(url("work", work.pk)).text


def test_text_verdict_and_grid_come_back_until_they_are_sent(tess, work, types, as_):
    browser = as_(tess)
    criterion = re.search(r'name="(grid-\w+)"', page(browser, work))[1]
    told = types(browser, "Votre description", verdict="to_redo", **{criterion: "en partie"})
    assert (told.status_code, told.json()["elsewhere"]) == (200, "")
    back = page(browser, work)
    assert BACK in back
    assert "Votre description" in back
    assert re.search(r'value="to_redo"[^>]* checked', back)
    assert '<option value="en partie" selected>' in back
    assert "error-summary" not in back  # what isn't finished isn't wrong
    assert f'name="carried" value="{ONE}:2"' in back
    done = answer(browser, work, "Votre description est claire.", window=TWO, count=2, carried=f"{ONE}:2")
    assert set(done.cookies["ended"].value.split(".")) == {ONE, TWO}
    assert not browser.session.get(kept.KEPT)
    assert BACK not in page(browser, work)


def test_nothing_of_it_is_anywhere_before(tess, ilan, hugo, nora, work, types, as_):
    """Neither the student, nor a colleague, nor a letter: no row holds it."""
    colleague = factories.person("Théa")
    factories.role(colleague, "trainer", organisation=work.assignment.cohort.centre.organisation)
    types(as_(tess), "Canari-tapé")
    assert not Comment.objects.exists()
    assert not Letter.objects.filter(person=ilan).exists()
    places = [work.assignment.get_absolute_url(), url("home"), url("own_notes", work.assignment.cohort_id), "/compte/"]
    for someone in (ilan, colleague, hugo, nora):
        for place in (*places, url("work", work.pk), url("cohort_table", work.assignment.cohort_id)):
            assert "Canari-tapé" not in as_(someone).get(place).text
    work.refresh_from_db()
    assert work.status == "sent"


def test_two_windows_have_two_texts_and_the_second_is_told(tess, work, types, as_):
    browser = as_(tess)
    types(browser, "Dans la première")
    told = types(browser, "Dans la seconde", window=TWO)
    assert "dans une autre fenêtre" in told.json()["elsewhere"]
    both = page(browser, work)
    assert "Dans la première" in both
    assert re.search(r"<textarea[^>]*>\s*Dans la seconde", both)
    # One is sent, the other still waits; erased, it is gone.
    answer(browser, work, "Dans la seconde", window=TWO, count=4)
    assert re.search(r"<textarea[^>]*>\s*Dans la première", page(browser, work))
    browser.post(url("work", work.pk), {"forget": "1", "carried": f"{ONE}:2"})
    assert BACK not in page(browser, work)


def test_the_other_text_alone_may_be_erased(tess, work, types, as_):
    browser = as_(tess)
    types(browser, "Dans la première")
    types(browser, "Dans la seconde", window=TWO)
    browser.post(url("work", work.pk), {"drop": ONE, "carried": f"{ONE}:2"})
    left = page(browser, work)
    assert "Dans la première" not in left
    assert "Dans la seconde" in left


def test_a_page_made_from_a_text_goes_on_with_it(tess, work, types, as_):
    """Opened again, it replaces the text it shows; were the first page still typing, both would stay."""
    browser = as_(tess)
    types(browser, "Un début")
    assert not types(browser, "Un début, une suite", window=TWO, carried=f"{ONE}:2").json()["elsewhere"]
    assert len(browser.session[kept.KEPT]) == 1
    assert types(browser, "Un début, ailleurs", count=4).json()["elsewhere"]
    assert "une suite" in page(browser, work)
    assert "ailleurs" in page(browser, work)


def test_words_heard_late_replace_nothing(tess, work, types, as_):
    browser = as_(tess)
    types(browser, "Un, deux", count=4)
    types(browser, "Un", count=2)
    assert "Un, deux" in page(browser, work)
    # Nor do those of a page whose answer was sent meanwhile.
    answer(browser, work, "Un, deux, trois.", window=ONE, count=6)
    types(browser, "Un, deux", count=4)
    assert BACK not in page(browser, work)


def test_the_session_ends_while_one_types_then_a_button_is_pressed(tess, work, types, as_):
    browser = as_(None)
    told = types(browser, "Avant la connexion")
    assert told.status_code == 401
    assert told.json()["sign_in"].endswith(url("work", work.pk))
    answer(browser, work, "Avant la connexion, fini", writer=kept.mark_of(tess.pk), window=ONE, count=4)
    browser.force_login(tess)
    back = page(browser, work)
    assert "Avant la connexion, fini" in back
    assert "dans une autre fenêtre" not in back  # one window, one text
    answer(browser, work, "Fini.", window=TWO, count=2, carried=f"{ONE}:4")
    assert not browser.session.get(kept.KEPT)


def test_the_next_person_of_this_browser_finds_nothing(tess, work, types, as_):
    colleague = factories.person("Théa")
    factories.role(colleague, "trainer", organisation=work.assignment.cohort.centre.organisation)
    browser = as_(None)
    types(browser, "Les mots de Tess")
    browser.force_login(colleague)
    assert "Les mots de Tess" not in page(browser, work)
    assert types(browser, "Les mots de Tess").status_code == 403


def test_a_refused_answer_still_waits(tess, work, as_):
    """Its page is closed on an error: it isn't lost."""
    browser, mark = as_(tess), kept.mark_of(tess.pk)
    wrong = answer(browser, work, "Appelez le 06 12 34 56 78.", writer=mark, window=ONE, count=2)
    assert "error-summary" in wrong.text
    assert f'name="carried" value="{ONE}:2"' in wrong.text
    assert "06 12 34 56 78" in page(browser, work)


def test_what_happened_meanwhile_is_told_while_one_types(tess, ilan, work, types, as_):
    colleague = factories.person("Théa")
    factories.role(colleague, "trainer", organisation=work.assignment.cohort.centre.organisation)
    answer(as_(colleague), work, "Précisez.", "to_redo")
    assert "Théa a répondu entre-temps" in types(as_(tess), "Mon avis").json()["elsewhere"]
    work.refresh_from_db()
    work.save_draft("Une autre version.", work.edition)
    work.send()
    assert "Une version plus récente" in types(as_(tess), "Mon avis", count=4).json()["elsewhere"]


def test_what_says_nothing_is_not_kept(tess, work, types, as_):
    browser = as_(tess)
    types(browser, "Un mot")
    types(browser, "  ", count=4)
    assert not browser.session[kept.KEPT]


def test_many_answers_begun_wait_together(tess, cohort, work, types, as_):
    browser, mark = as_(tess), kept.mark_of(tess.pk)
    works = []
    for n in range(8):
        person = factories.person(f"Étudiante {n}")
        cohort.enrol(person)
        works.append(sent(work.assignment, person))
        told = {"text": f"Commencé {n}", "number": 1, "window": ONE[:-1] + str(n), "count": 2, "writer": mark}
        browser.post(url("typing_answer", works[-1].pk), told)
    for n, each in enumerate(works):
        assert f"Commencé {n}" in page(browser, each)


def test_a_text_too_long_is_said_to_be(tess, work, types, as_):
    told = types(as_(tess), "x" * (5 * MAX_COMMENT + 1))
    assert (told.status_code, "copiez-la" in told.json()["says"]) == (413, True)


@pytest.mark.parametrize(
    "forged", [{"window": "'; --"}, {"count": "-1"}, {"seen": "x"}, {"number": "9" * 40}, {"carried": "::"}]
)
def test_forged_marks_break_nothing(forged, tess, work, types, as_):
    browser = as_(tess)
    assert types(browser, "Un mot", **forged).status_code == 200
    assert "Un mot" in page(browser, work)


def test_what_is_not_ours_is_not_found(stan, otto, ilan, work, types, as_):
    for someone in (stan, otto, ilan):
        told = as_(someone).post(url("typing_answer", work.pk), {"text": "x", "writer": kept.mark_of(someone.pk)})
        assert told.status_code == 404
        assert kept.KEPT not in as_(someone).session
    assert timezone.now() > work.notes.get().sent_at


def test_saving_while_typing_is_few_statements(tess, work, types, as_, django_assert_max_num_queries):
    browser = as_(tess)
    types(browser, "Un début")
    with django_assert_max_num_queries(12):
        types(browser, "Un début, une suite", count=4)
