"""Who reaches what: the cast × the addresses of training."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.training.gestures import answer, save, sent, url
from training.models import Attestation, Calendar, Comment, Extension, Offer, SentNote, Work

CAST = ["nobody", "ana", "max", "nora", "tess", "ilan", "stan", "eve", "hugo", "gaby", "dan", "ada", "otto"]
# What each address answers to a GET; whoever isn't named gets `else`. Nobody is sent to sign in unless told otherwise.
GIVEN = ("edit_assignment", "preview_assignment", "withdraw_assignment", "extensions", "reuse_assignment")
MATRIX = {
    "home": {"else": 200, "nobody": 200},
    "join": {"else": 200, "nobody": 200},
    "join_code": {"else": 200, "nobody": 200},
    "what_my_trainer_sees": {"else": 200, "nobody": 200},
    "centres": {"nora": 200},
    "new_cohort": {"tess": 200, "otto": 200},
    "cohort": {"tess": 200},
    **{name: {"tess": 200} for name in ("cohort_table", "table_csv", "table_ods")},
    "calendar": {"tess": 200, "ilan": 200, "otto": 200},
    **{name: {"tess": 200, "ilan": 200} for name in ("assignment_pdf", "assignment_epub")},
    **{name: {"ilan": 200} for name in ("dossier_odt", "dossier_pdf")},
    "note_versions": {"ilan": 302},
    "typing_note": {"else": 405, "nobody": 405},
    "calendar_feed": {"else": 200, "nobody": 200},
    "new_assignment": {"tess": 200},
    "assignment": {"tess": 302, "ilan": 200},
    "assignment_table": {"tess": 200},
    "assigned_fiche": {"tess": 200, "ilan": 200},
    "save_note": {"ilan": 302},
    "send_note": {"ilan": 200},
    "work": {"tess": 200},
    "renew_code": {"else": 405},
    "declare_read": {"else": 405},
    "attest": {"ilan": 200},
    "own_attestations": {"else": 200},
    "attestation_pdf": {"ilan": 200},
    "revoke_attestation": {"ilan": 200, "tess": 200},
    "offer_note": {"ilan": 200},
    "offers": {"tess": 200, "otto": 200},
    "offer": {"tess": 200},
    "statistics": {"hugo": 200, "nora": 200},
    # Keeping centres and people.
    "centre": {"tess": 200, "hugo": 200},
    "closures": {"tess": 200, "hugo": 200},
    "remove_closure": {"tess": 200, "hugo": 200},
    "competences": {"tess": 200, "hugo": 200},
    "competence": {"tess": 200, "hugo": 200},
    "name_trainer": {"hugo": 200},
    "end_trainer": {"hugo": 200},
    "become_trainer": {"else": 404},
    "decline": {"else": 404, "nobody": 404},
    "leave_cohort": {"ilan": 200},
    "own_notes": {"ilan": 200},
    **{name: {"tess": 200} for name in ("edit_cohort", "students", "add_student", "import_students", "graduates")},
    **{name: {"tess": 200} for name in ("student", "student_leaves", "invitation", "groups", "group", "remove_group")},
    "student_import": {"tess": 200},
    "student_returns": {"else": 405},
    # Giving, and all that one then does with an assignment.
    **{name: {"tess": 200} for name in GIVEN},
    **{name: {"tess": 200} for name in ("change_extension", "withdraw_extension", "clone_assignments")},
    "newer_fiche": {"tess": 302},
}
POSTS = ["cohort", "cohort_table", "new_assignment", "renew_code", "declare_read", "save_note", "send_note", "work"]
POSTS += [*GIVEN, "change_extension", "withdraw_extension", "clone_assignments", "newer_fiche"]
POSTS += ["attest", "revoke_attestation", "offer_note", "offer"]


@pytest.fixture
def cast(request):
    return {name: None if name == "nobody" else request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def addresses(cohort, assignment, ilan, tess):
    accepted = sent(factories.assignment(cohort, title="Un devoir accepté"), ilan)
    accepted.answer(accepted.notes.get(), tess, text="", verdict="accepted")
    number, offer = Attestation.make(accepted).spoken, Offer.ask(accepted)
    group, enrolment = cohort.groups.create(name="TD 1"), cohort.enrolments.get(student=ilan)
    extension = Extension.grant(assignment, ilan, tess, due_at=assignment.due_at + timedelta(days=9))
    invitation = cohort.invitations.create(email="zoe@exemple.test")
    reading = cohort.imports.create(by=tess, file_name="liste.csv", rows=[])
    closure = cohort.centre.closures.create(name="Hiver", first_on="2026-12-20", last_on="2027-01-03")
    competence = cohort.centre.competences.create(code="C1", label="Animer un groupe")
    of_centre = {name: url(name, cohort.centre_id) for name in ("centre", "closures", "competences", "name_trainer")}
    of_cohort = (
        "edit_cohort",
        "students",
        "add_student",
        "import_students",
        "graduates",
        "groups",
        "leave_cohort",
        "own_notes",
    )
    return {
        **of_centre,
        **{name: url(name, cohort.pk) for name in (*of_cohort, "leave_cohort", "own_notes")},
        **{name: url(name, cohort.pk, enrolment.pk) for name in ("student", "student_leaves", "student_returns")},
        **{name: url(name, cohort.pk, group.pk) for name in ("group", "remove_group")},
        **{name: url(name, assignment.pk) for name in GIVEN},
        **{name: url(name, assignment.pk, extension.pk) for name in ("change_extension", "withdraw_extension")},
        "newer_fiche": url("newer_fiche", assignment.pk, assignment.fiches.first().pk),
        "clone_assignments": url("clone_assignments", cohort.pk),
        "invitation": url("invitation", cohort.pk, invitation.pk),
        "student_import": url("student_import", cohort.pk, reading.pk),
        "remove_closure": url("remove_closure", cohort.centre_id, closure.pk),
        "competence": url("competence", cohort.centre_id, competence.pk),
        "end_trainer": url("end_trainer", cohort.centre_id, tess.roles.get().pk),
        "become_trainer": url("become_trainer", "jamais-signe"),
        "decline": url("decline", "jamais-signe"),
        "home": url("home"),
        "join": url("join"),
        "join_code": url("join_code", cohort.join_code),
        "what_my_trainer_sees": url("what_my_trainer_sees"),
        "centres": url("centres"),
        "new_cohort": url("new_cohort"),
        "cohort": url("cohort", cohort.pk),
        **{name: url(name, cohort.pk) for name in ("cohort_table", "table_csv", "table_ods")},
        **{name: url(name, accepted.pk) for name in ("attest", "offer_note")},
        **{name: url(name, number) for name in ("attestation_pdf", "revoke_attestation")},
        **{name: url(name) for name in ("own_attestations", "offers", "statistics")},
        "offer": url("offer", offer.pk),
        "calendar": url("calendar"),
        **{name: url(name, cohort.pk) for name in ("dossier_odt", "dossier_pdf")},
        **{
            name: url(name, assignment.pk)
            for name in ("assignment_pdf", "assignment_epub", "note_versions", "typing_note")
        },
        "calendar_feed": url("calendar_feed", Calendar.open(ilan).key),
        "new_assignment": url("new_assignment", cohort.pk),
        "renew_code": url("renew_code", cohort.pk),
        "assignment": url("assignment", assignment.pk),
        "assignment_table": url("assignment_table", assignment.pk),
        "assigned_fiche": url("assigned_fiche", assignment.pk, assignment.fiches.first().pk),
        "declare_read": url("declare_read", assignment.pk, assignment.fiches.first().pk),
        "save_note": url("save_note", assignment.pk),
        "send_note": url("send_note", assignment.pk),
        "work": url("work", sent(assignment, ilan, "Une note tout à fait privée.").pk),
    }


def test_every_address_of_training_is_in_the_matrix():
    from training.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


def test_the_cast_on_every_address(cast, addresses, as_):
    for name, address in addresses.items():
        for who, person in cast.items():
            wanted = MATRIX[name].get(who, 302 if who == "nobody" else MATRIX[name].get("else", 404))
            assert as_(person).get(address).status_code == wanted, (name, who)


def test_nothing_is_done_by_who_may_not(cast, addresses, cohort, assignment, as_):
    before = (cohort.join_code, Work.objects.get(assignment=assignment).draft, SentNote.objects.count())
    for name in POSTS:
        for who in set(CAST) - {"nobody", "tess", "ilan"}:
            data = {"action": "renew", "text": "Pirate", "edition": "1", "verdict": "accepted", "number": "1"}
            assert as_(cast[who]).post(addresses[name], data).status_code in (404, 405), (name, who)
    cohort.refresh_from_db()
    assert (cohort.join_code, Work.objects.get(assignment=assignment).draft, SentNote.objects.count()) == before
    assert Work.objects.count() == 2
    assert Comment.objects.count() == 1
    # A trainer doesn't do a student's gestures, nor a student a trainer's.
    for name in ("declare_read", "save_note", "send_note"):
        assert as_(cast["tess"]).post(addresses[name], {"text": "x", "edition": "0"}).status_code == 404
    for name in ("new_assignment", "renew_code", "work"):
        assert as_(cast["ilan"]).post(addresses[name], {"action": "renew"}).status_code == 404


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
