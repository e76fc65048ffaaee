"""A trainer sees who sent, reads, comments, returns; the table is one page however many there are."""

import pytest
from django.urls import reverse

from accounts import kept
from accounts.models import Letter
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training.models import Comment, Work


def test_the_table_says_what_was_sent_and_nothing_else(tess, ilan, stan, ana, cohort, assignment, as_):
    late = factories.assignment(cohort, fiches=(3,), title="Déjà passé", **past())
    for person in (stan, ana):
        cohort.enrol(person)
    sent(assignment, ilan)
    answer(as_(tess), sent(late, stan), "Reprenez.", "to_redo")
    save(as_(ana), assignment, "Un brouillon commencé.")
    as_(ana).post(url("declare_read", assignment.pk, assignment.fiches.first().pk))
    page = as_(tess).get(url("cohort_table", cohort.pk)).text
    assert page.count("à relire") == 1
    assert page.count("à reprendre") == 1
    assert page.count("envoyé en retard") == 1
    assert page.count("pas encore envoyé") == 2
    assert page.count(">en retard<") == 2
    one = as_(tess).get(url("assignment_table", assignment.pk)).text
    assert one.count("pas encore envoyé") == 2
    assert "Un brouillon" not in page + one


def past():
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    return {"opens_at": now - timedelta(days=9), "due_at": now - timedelta(days=2)}


def test_begun_and_untouched_look_the_same(tess, ilan, stan, cohort, assignment, as_):
    cohort.enrol(stan)
    before = [as_(tess).get(page).text for page in pages(cohort, assignment)]
    save(as_(ilan), assignment, "Je commence.")
    as_(ilan).post(url("declare_read", assignment.pk, assignment.fiches.first().pk))
    after = [as_(tess).get(page).text for page in pages(cohort, assignment)]
    assert [without_token(text) for text in after] == [without_token(text) for text in before]
    assert as_(tess).get(url("work", Work.objects.get().pk)).status_code == 404


def pages(cohort, assignment):
    return [
        url("home"),
        cohort.get_absolute_url(),
        url("cohort_table", cohort.pk),
        url("assignment_table", assignment.pk),
    ]


def without_token(text):
    return [line.split("csrfmiddlewaretoken")[0] for line in text.splitlines()]


def test_twelve_students_and_ten_assignments_are_one_page(tess, cohort, as_, django_assert_max_num_queries):
    given = [factories.assignment(cohort, title=f"Devoir {n}") for n in range(10)]
    for n in range(12):
        student = factories.person(f"Étudiante {n}")
        cohort.enrol(student)
        for assignment in given[: n % 10]:
            sent(assignment, student)
    browser = as_(tess)
    with django_assert_max_num_queries(15):
        page = browser.get(url("cohort_table", cohort.pk)).text
    assert page.count("<tr>") == 13
    for address in pages(cohort, given[0]):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200
    home = browser.get(url("home")).text
    assert "2 pas encore envoyés" in home
    assert "10 à relire" in home


def test_a_note_is_answered_and_its_student_is_told(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    page = answer(as_(tess), work, "Décrivez le rôle de chacun.", "to_redo")
    assert page.status_code == 302
    work.refresh_from_db()
    assert work.status == "to_redo"
    letter = Letter.objects.get(person=ilan)
    assert "à reprendre" in letter.subject
    # A mailbox may be shared: what was said stays on the site.
    assert "Décrivez" not in letter.body
    seen = as_(ilan).get(assignment.get_absolute_url()).text
    assert "Décrivez le rôle de chacun." in seen
    assert "Tess" in seen
    assert "Une réponse vous attend" in as_(ilan).get(url("home")).text


def test_answering_twice_is_answering_once(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    for _ in range(2):
        answer(as_(tess), work, "Bien vu.", "accepted")
    assert (Comment.objects.count(), Letter.objects.count()) == (1, 1)


def test_a_comment_alone_leaves_it_to_be_reread(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    answer(as_(tess), work, "Je relis demain.", "none")
    work.refresh_from_db()
    assert work.status == "sent"
    assert "commentaire" in Letter.objects.get(person=ilan).subject


def test_accepting_needs_no_comment(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    assert answer(as_(tess), work, "").status_code == 302
    assert "accepté" in as_(ilan).get(url("home")).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": "", "verdict": "to_redo"}, "Dites ce qu’il y a à reprendre"),
        ({"text": "", "verdict": "none"}, "Écrivez un commentaire"),
        ({"verdict": ""}, "Choisissez un avis"),
        ({"verdict": "sent"}, "Choisissez un avis"),
        ({"text": "x" * 4001}, "4000"),
        ({"text": "a\x00b"}, "nul"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(wrong, sentence, tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    page = answer(as_(tess), work, **{"text": "Mon avis détaillé.", **wrong})
    assert page.status_code == 200
    assert sentence in page.text
    assert "text" in wrong or "Mon avis détaillé." in page.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("number", ["0", "-1", "99", "un", "", "9" * 30])
def test_a_version_that_does_not_exist_is_not_answered(number, tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    assert answer(as_(tess), work, number=number).status_code == 200
    assert not Comment.objects.exists()


def test_a_newer_version_is_read_before_one_answers(tess, ilan, assignment, as_):
    work = sent(assignment, ilan, "La première.")
    work.save_draft("La seconde, meilleure.", work.edition)
    work.send()
    page = answer(as_(tess), work, "Sur la première.", "accepted", number=1)
    assert "Une version plus récente est arrivée" in page.text
    assert "La seconde, meilleure." in page.text
    assert "Sur la première." in page.text
    assert 'name="number" value="2"' in page.text
    assert not Comment.objects.exists()


def test_a_session_that_ends_while_answering_loses_nothing(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    browser = as_(None)
    gone = answer(browser, work, "Une longue réponse.", "to_redo", writer=kept.mark_of(tess.pk))
    assert gone.headers["Location"] == f"{reverse('account_login')}?next={url('work', work.pk)}"
    browser.force_login(tess)
    assert "Une longue réponse." in browser.get(url("work", work.pk)).text
    browser.post(url("work", work.pk), {"forget": "1"})
    assert "Une longue réponse." not in browser.get(url("work", work.pk)).text


def test_the_draft_written_after_a_sending_is_not_read(tess, ilan, assignment, as_):
    work = sent(assignment, ilan, "Ce qui est envoyé.")
    save(as_(ilan), assignment, "Ce qui ne l’est pas.", 1)
    page = as_(tess).get(url("work", work.pk)).text
    assert "Ce qui est envoyé." in page
    assert "Ce qui ne l’est pas." not in page
    assert "Ce brouillon a changé" in as_(ilan).get(assignment.get_absolute_url()).text


def test_empty_pages_say_what_to_do(tess, cohort, as_):
    assert "Personne n’a encore rejoint" in as_(tess).get(url("cohort_table", cohort.pk)).text
    assert "Donnez son code" in as_(tess).get(url("home")).text
    cohort.enrol(factories.person("Zoé"))
    assert "Aucun devoir n’est encore donné" in as_(tess).get(url("cohort_table", cohort.pk)).text
    lonely = factories.person("Tom")
    factories.role(lonely, "trainer", organisation=factories.centre("Neuf").organisation)
    assert "Vous n’avez pas encore de promotion" in as_(lonely).get(url("home")).text


def test_a_comment_designates_nobody_either(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    refused = answer(as_(tess), work, "Vous pouviez l’appeler au 06 39 98 12 34.", "to_redo")
    assert refused.status_code == 200
    assert "un numéro de téléphone" in refused.text
    assert "Vous pouviez l’appeler" in refused.text
    assert not Comment.objects.exists()
    assert answer(as_(tess), work, "Relisez Mme Dubasque, sur le collectif.", "to_redo").status_code == 302
