"""Who reaches what in training, beside the table of the whole site (tests/test_matrix.py)."""

from datetime import timedelta

from django.utils import timezone

from tests import factories
from tests.training.gestures import answer, save, sent, url
from training.models import Offer


def test_a_student_of_another_cohort_finds_nothing(centre, assignment, stan, as_):
    factories.cohort(centre, "ES 2026").enrol(stan)
    assert as_(stan).get(assignment.get_absolute_url()).status_code == 404
    assert save(as_(stan), assignment, "x").status_code == 404


def test_another_centre_finds_nothing_among_many_ids(otto, tess, ilan, assignment, other_centre, as_):
    factories.assignment(factories.cohort(other_centre, "La leur"), title="Un autre devoir")
    work = sent(assignment, ilan, "Une note tout à fait privée.")
    browser = as_(otto)
    for pk in range(max(1, work.pk - 5), work.pk + 20):
        assert browser.get(url("work", pk)).status_code == 404
    for pk in (0, 2**31, 2**63, 10**30):
        for name in ("work", "cohort", "cohort_table", "assignment", "assignment_table", "save_note", "send_note"):
            assert browser.get(url(name, pk)).status_code == 404, (name, pk)
        assert as_(ilan).get(url("assigned_fiche", assignment.pk, pk)).status_code == 404
        assert as_(ilan).post(url("declare_read", assignment.pk, pk)).status_code == 404
    assert "La leur" in browser.get(url("home")).text
    assert assignment.title not in browser.get(url("home")).text


def test_a_role_that_ends_closes_the_door(tess, ilan, assignment, as_):
    work = sent(assignment, ilan)
    tess.roles.update(
        from_on=timezone.localdate() - timedelta(days=9), until_on=timezone.localdate() - timedelta(days=1)
    )
    assert as_(tess).get(url("work", work.pk)).status_code == 404
    assert as_(tess).get(url("cohort", assignment.cohort_id)).status_code == 404


def test_a_head_sees_cohorts_and_counts_never_a_note(hugo, ilan, assignment, as_):
    sent(assignment, ilan, "Une note tout à fait privée.")
    page = as_(hugo).get(url("home")).text
    assert assignment.cohort.name in page
    assert "Ilan" not in page
    assert assignment.title not in page
    assert "privée" not in page


def test_pages_of_students_cost_few_queries(ilan, tess, cohort, as_, django_assert_max_num_queries):
    given = [factories.assignment(cohort, fiches=(1, 2, 3, 10), title=f"Devoir {n}") for n in range(8)]
    for assignment in given[:4]:
        answer(as_(tess), sent(assignment, ilan), "Reprenez.", "to_redo")
    browser = as_(ilan)
    for address in (
        url("home"),
        url("assignment", given[0].pk),
        url("assigned_fiche", given[0].pk, given[0].fiches.first().pk),
        url("send_note", given[0].pk),
        url("join_code", cohort.join_code),
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_pages_of_others_cost_few_queries(tess, nora, hugo, ilan, assignment, as_, django_assert_max_num_queries):
    work = sent(assignment, ilan)
    cases = [(tess, url("work", work.pk)), (tess, url("new_assignment", assignment.cohort_id)), (nora, url("centres"))]
    cases += [(tess, url("new_cohort")), (hugo, url("home")), (nora, url("home")), (None, url("home"))]
    for person, address in cases:
        browser = as_(person)
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_a_student_who_trains_there_meanwhile_does_not_answer_themselves(ilan, tess, centre, assignment, as_):
    """Named after they sent: neither their note, nor its way to the catalogue, nor their date is theirs to decide."""
    work = sent(assignment, ilan)
    factories.role(ilan, "trainer", organisation=centre.organisation)
    browser = as_(ilan)
    assert "Cette note est la vôtre" in answer(browser, work).text
    work.refresh_from_db()
    assert work.status == "sent"
    later = {"student": ilan.pk, "due_on": str(timezone.localdate() + timedelta(days=30)), "due_time": "23:59"}
    assert "à soi-même" in browser.post(url("extensions", assignment.pk), later).text
    answer(as_(tess), work)
    browser.post(url("offer_note", work.pk), {"action": "ask"})
    offer = Offer.objects.get()
    assert "Cette note est la vôtre" in browser.post(url("offer", offer.pk), {"answer": "agree"}).text
    assert as_(tess).post(url("offer", offer.pk), {"answer": "agree"}).status_code == 302
    offer.refresh_from_db()
    assert offer.is_agreed
