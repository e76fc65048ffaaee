"""Subgroups of a cohort, and students by hand."""

import pytest

from accounts.models import Letter, Person
from tests import factories
from tests.training.gestures import url
from training.models import MAX_GROUPS, Group


@pytest.fixture
def enrolment(cohort, ilan):
    return cohort.enrolments.get(student=ilan)


def test_a_group_is_made_filled_renamed_and_removed(tess, cohort, enrolment, as_):
    browser = as_(tess)
    zoe = cohort.enrol(factories.person("Zoé"))
    made = browser.post(url("groups", cohort.pk), {"name": "  TD  1 "})
    group = cohort.groups.get()
    assert group.name == "TD 1"
    assert made.headers["Location"] == url("group", cohort.pk, group.pk)
    path = url("group", cohort.pk, group.pk)
    browser.post(path, {"members": "1", "enrolment": [enrolment.pk, zoe.pk]})
    assert set(group.enrolments.all()) == {enrolment, zoe}
    browser.post(path, {"members": "1", "enrolment": [zoe.pk], "was": [enrolment.pk, zoe.pk]})
    assert set(group.enrolments.all()) == {zoe}
    browser.post(path, {"name": "Site de Lille"})
    group.refresh_from_db()
    assert group.name == "Site de Lille"
    remove = url("remove_group", cohort.pk, group.pk)
    assert "Personne ne quitte la promotion" in browser.get(remove).text
    assert Group.objects.exists()
    browser.post(remove)
    assert not Group.objects.exists()
    assert cohort.enrolments.current().count() == 2


def test_someone_is_in_several_groups_at_once(tess, cohort, enrolment, as_):
    one, two = (cohort.groups.create(name=name) for name in ("TD 1", "TD 2"))
    page = as_(tess).post(url("student", cohort.pk, enrolment.pk), {"group": [one.pk, two.pk]}, follow=True)
    assert "enregistrés" in page.text
    assert set(enrolment.groups.all()) == {one, two}
    assert "TD 1, TD 2" in as_(tess).get(url("students", cohort.pk)).text
    assert "Ilan" in as_(tess).get(url("students", cohort.pk) + f"?groupe={two.pk}").text


def test_two_windows_add_up(tess, cohort, enrolment, as_):
    """Each window changes the boxes one touched there, and no other."""
    zoe, yves = (cohort.enrol(factories.person(name)) for name in ("Zoé", "Yves"))
    group = cohort.groups.create(name="TD 1")
    path = url("group", cohort.pk, group.pk)
    as_(tess).post(path, {"members": "1", "enrolment": [zoe.pk]})
    as_(tess).post(path, {"members": "1", "enrolment": [yves.pk]})
    assert set(group.enrolments.all()) == {zoe, yves}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "obligatoire"),
        ("\u200b", "Écrivez le nom"),
        ("x" * 61, "60"),
        ("td-1", "porte déjà ce nom"),
        ("TD 1", "porte déjà ce nom"),
        ("Lille, site nord", "virgule"),
        ("a\x00b", "nul"),
    ],
)
def test_a_name_that_makes_no_sense_is_refused(name, said, tess, cohort, as_):
    kept, other = cohort.groups.create(name="TD 1"), cohort.groups.create(name="Site B")
    for path in (url("groups", cohort.pk), url("group", cohort.pk, other.pk)):
        answer = as_(tess).post(path, {"name": name})
        assert answer.status_code == 200
        assert said in answer.text
        assert "Erreur : " in answer.text
    assert {group.name for group in cohort.groups.all()} == {kept.name, other.name}


def test_a_cohort_has_so_many_groups_and_no_more(tess, cohort, as_):
    Group.objects.bulk_create(Group(cohort=cohort, name=f"TD {n}") for n in range(MAX_GROUPS))
    assert "au plus" in as_(tess).post(url("groups", cohort.pk), {"name": "Un de trop"}).text


def test_a_group_that_has_an_assignment_stays(tess, cohort, assignment, as_):
    group = cohort.groups.create(name="TD 1")
    assignment.groups.add(group)
    path = url("remove_group", cohort.pk, group.pk)
    assert "1 devoir est donné" in as_(tess).get(path).text
    as_(tess).post(path)
    assert Group.objects.filter(pk=group.pk).exists()


def test_rows_of_another_cohort_are_not_found_and_nothing_changes(tess, cohort, enrolment, other_centre, as_):
    theirs = factories.cohort(other_centre)
    sam = theirs.enrol(factories.person("Sam"))
    group, their_group = cohort.groups.create(name="TD 1"), theirs.groups.create(name="TD 1")
    their_invitation = theirs.invitations.create(email="x@exemple.test")
    browser = as_(tess)
    posted = [
        (url("group", cohort.pk, group.pk), {"members": "1", "enrolment": [sam.pk]}),
        (url("group", cohort.pk, group.pk), {"members": "1", "was": [sam.pk]}),
        (url("group", cohort.pk, group.pk), {"members": "1", "enrolment": ["x"]}),
        (url("group", cohort.pk, group.pk), {"members": "1", "enrolment": ["9" * 40]}),
        (url("group", cohort.pk, their_group.pk), {"name": "Pirate"}),
        (url("student", cohort.pk, enrolment.pk), {"group": [their_group.pk]}),
        (url("student", cohort.pk, sam.pk), {"group": []}),
        (url("student_leaves", cohort.pk, sam.pk), {"why": "left"}),
        (url("graduates", cohort.pk), {"enrolment": [enrolment.pk, sam.pk]}),
        (url("invitation", cohort.pk, their_invitation.pk), {"action": "withdraw"}),
        (url("remove_group", cohort.pk, their_group.pk), {}),
    ]
    for path, data in posted:
        assert browser.post(path, data).status_code == 404, (path, data)
    assert theirs.enrolments.current().count() == cohort.enrolments.current().count() == 1
    assert (theirs.groups.get().name, theirs.invitations.count()) == ("TD 1", 1)
    assert not enrolment.groups.exists()


def test_a_student_is_added_by_hand(tess, stan, cohort, as_):
    browser = as_(tess)
    cohort.groups.create(name="TD 1")
    said = browser.post(url("add_student", cohort.pk), {"email": stan.email.upper(), "groups": ["TD 1"]}, follow=True)
    assert "Stan est dans la promotion" in said.text
    assert cohort.enrolments.get().groups.get().name == "TD 1"
    said = browser.post(url("add_student", cohort.pk), {"email": "lea@exemple.test", "name": "Léa Roy"}, follow=True)
    assert "Une lettre invite lea@exemple.test" in said.text
    assert Letter.objects.count() == 2
    assert not Person.objects.filter(email="lea@exemple.test").exists()
    there = {stan.email: "déjà dans la promotion", "lea@exemple.test": "déjà invitée", tess.email: "forme"}
    for email, why in there.items():
        assert why in browser.post(url("add_student", cohort.pk), {"email": email}).text
    for wrong, why in (
        ({"email": "faux"}, "Erreur"),
        ({"email": f"{'x' * 64}@{'y' * 200}.fr"}, "Erreur"),
        ({"email": "a@b.fr", "name": "=1+1"}, "formule"),
        ({"email": "a@b.fr", "groups": ["Ailleurs"]}, "n’existe plus"),
        ({"email": "a@b.fr", "name": "a\x00b"}, "nul"),
        ({"email": ""}, "Erreur"),
    ):
        assert why in browser.post(url("add_student", cohort.pk), wrong).text
    assert (cohort.enrolments.count(), cohort.invitations.count()) == (1, 1)


def test_an_invitation_is_written_again_once_a_day_and_withdrawn(tess, cohort, as_):
    browser = as_(tess)
    browser.post(url("add_student", cohort.pk), {"email": "lea@exemple.test"})
    path = url("invitation", cohort.pk, cohort.invitations.get().pk)
    assert "attendez demain" in browser.post(path, {"action": "again"}, follow=True).text
    Letter.objects.update(key="hier")
    assert "Une nouvelle lettre part" in browser.post(path, {"action": "again"}, follow=True).text
    assert Letter.objects.count() == 2
    browser.post(path, {"action": "withdraw"})
    assert not cohort.invitations.exists()
    assert browser.post(path, {"action": "withdraw"}).status_code == 404


@pytest.mark.parametrize("query", ["liste=morts", "groupe=abc", "groupe=999999", "page=999", "page=-1"])
def test_addresses_that_make_no_sense_are_ignored(query, tess, cohort, enrolment, as_):
    answer = as_(tess).get(url("students", cohort.pk) + f"?{query}")
    assert answer.status_code == 200
    assert "Ilan" in answer.text
    assert ("ignorée" in answer.text) == ("page" not in query)
