"""A head of centre names who trains there, until when; its closures and its own competences are kept there too."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, Role
from tests import factories
from tests.training.gestures import url
from training.content import load_competences
from training.models import Centre, Closure, Competence
from training.shifting import OpenDays


@pytest.fixture
def head(hugo, client):
    """Hugo, who has just proved who he is."""
    client.post(reverse("account_login"), {"login": hugo.email, "password": factories.PASSWORD})
    client.force_login(hugo)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session.save()
    return client


def protected(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})


def named(head, centre, email):
    return head.post(url("name_trainer", centre.pk), {"email": email}, follow=True)


def test_a_head_names_someone_who_has_an_account(head, hugo, stan, centre, as_):
    assert url("centre", centre.pk) in head.get(url("home")).text
    answer = named(head, centre, stan.email.upper())
    assert "Stan forme maintenant dans votre centre" in answer.text
    role = Role.objects.get(person=stan)
    assert (role.kind, role.organisation, role.granted_by) == ("trainer", centre.organisation, hugo)
    assert Letter.objects.get(person=stan).subject.startswith("Un rôle vous est donné")
    assert "forme déjà" in named(head, centre, stan.email).text
    assert Role.objects.filter(person=stan).count() == 1
    assert stan.email in head.get(url("centre", centre.pk)).text


def test_who_has_no_account_makes_one_and_accepts(head, centre, as_):
    answer = named(head, centre, "nina@exemple.test")
    assert "une lettre invite nina@exemple.test" in answer.text
    letter = Letter.objects.get(to="nina@exemple.test")
    assert "Hugo dirige « IRTS des Hauts-de-France »" in letter.body
    path = re.search(r"/formation/nommer/\S+", letter.body)[0]
    assert as_(None).get(path).headers["Location"].startswith("/compte/connexion/?next=/formation/nommer/")
    nina = factories.person("Nina", "nina@exemple.test")
    browser = as_(nina)
    assert "Accepter" in browser.get(path).text
    assert not nina.roles.exists()
    browser.post(path)
    assert nina.roles.get().organisation == centre.organisation
    assert "/second-facteur/" in browser.get(path).headers["Location"]
    protected(nina)
    assert "Ce lien ne sert plus" in as_(nina).get(path).text
    named(head, centre, "nina@exemple.test")
    assert nina.roles.count() == 1


def test_a_naming_link_serves_its_address_alone_for_three_days(head, hugo, stan, centre, as_, clock):
    named(head, centre, "nina@exemple.test")
    path = re.search(r"/formation/nommer/\S+", Letter.objects.get().body)[0]
    assert "pour une autre adresse" in as_(stan).get(path).text
    as_(stan).post(path)
    unsure = factories.person("Nina", "nina@exemple.test")
    unsure.emailaddress_set.update(verified=False)
    as_(unsure).post(path)
    for wrong in (path[:-4] + "/", "/formation/nommer/x/", "/formation/nommer/" + "y" * 3000 + "/"):
        assert as_(stan).get(wrong).status_code == 404
    assert not Role.objects.filter(kind="trainer").exists()
    unsure.emailaddress_set.update(verified=True)
    hugo.roles.update(from_on="2020-01-01", until_on="2020-12-31")
    assert as_(unsure).post(path).status_code == 404
    hugo.roles.update(until_on=None)
    assert as_(unsure).get(path).status_code == 200


def test_a_naming_link_too_old_is_dead(head, centre, as_, monkeypatch):
    named(head, centre, "nina@exemple.test")
    path = re.search(r"/formation/nommer/\S+", Letter.objects.get().body)[0]
    nina = factories.person("Nina", "nina@exemple.test")
    monkeypatch.setattr("training.tokens.NAMING", timedelta(seconds=-1))
    assert as_(nina).post(path).status_code == 404
    assert not nina.roles.exists()


def test_a_role_ended_stays_ended_whatever_link_is_left(head, centre, as_):
    """A link already used doesn't give the role a second time."""
    named(head, centre, "nina@exemple.test")
    path = re.search(r"/formation/nommer/\S+", Letter.objects.get().body)[0]
    nina = factories.person("Nina", "nina@exemple.test")
    as_(nina).post(path)
    protected(nina)
    at_once = {"last_on": str(timezone.localdate() - timedelta(days=1))}
    head.post(url("end_trainer", centre.pk, nina.roles.get().pk), at_once)
    assert not nina.roles.exists()
    assert as_(nina).post(path).status_code == 404
    assert not nina.roles.exists()


def test_one_letter_a_day_at_most(head, centre):
    for said in ("une lettre invite", "attendez demain"):
        assert said in named(head, centre, "nina@exemple.test").text
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("email", ["", "faux", "a@b.fr\x00", "x" * 300 + "@exemple.test"])
def test_an_address_that_makes_no_sense_is_said(email, head, centre):
    answer = named(head, centre, email)
    assert "Erreur : " in answer.text
    assert not Letter.objects.exists()


def test_nobody_names_themselves(head, hugo, centre):
    assert "On ne se donne pas un rôle à soi-même" in named(head, centre, hugo.email).text
    assert not Role.objects.filter(kind="trainer").exists()


def test_a_role_ends_on_a_day(head, hugo, tess, centre, cohort, as_):
    role = tess.roles.get()
    Role.objects.update(from_on=timezone.localdate() - timedelta(days=30))
    path = url("end_trainer", centre.pk, role.pk)
    assert "Mettre fin au rôle de Tess" in head.get(path).text
    today = timezone.localdate()
    for wrong in ("", "demain", str(today - timedelta(days=2)), "3000-01-01"):
        assert "Erreur : " in head.post(path, {"last_on": wrong}).text
    head.post(path, {"last_on": str(today + timedelta(days=10))})
    assert as_(tess).get(url("cohort", cohort.pk)).status_code == 200
    assert "jusqu’au" in head.get(url("centre", centre.pk)).text
    head.post(path, {"last_on": str(today - timedelta(days=1))})
    assert as_(tess).get(url("cohort", cohort.pk)).status_code == 404
    assert head.get(path).status_code == 404
    assert Letter.objects.filter(person=tess, subject__contains="rôle").exists()


def test_only_who_heads_names_and_only_there(head, hugo, tess, otto, stan, other_centre, centre, as_):
    theirs = otto.roles.get()
    assert named(head, other_centre, stan.email).status_code == 404
    for path in (url("end_trainer", centre.pk, theirs.pk), url("end_trainer", other_centre.pk, theirs.pk)):
        assert head.post(path, {"last_on": str(timezone.localdate())}).status_code == 404
    for pk in range(max(1, hugo.roles.get().pk - 30), theirs.pk + 30):
        if pk != tess.roles.get().pk:
            assert head.get(url("end_trainer", centre.pk, pk)).status_code == 404
    assert as_(tess).get(url("name_trainer", centre.pk)).status_code == 404
    assert not stan.roles.exists()
    assert otto.roles.get().until_on is None


def test_a_proof_is_asked_of_a_session_that_is_old(hugo, stan, centre, as_):
    answer = as_(hugo).post(url("name_trainer", centre.pk), {"email": stan.email})
    assert "confirmer" in answer.headers["Location"]
    assert not stan.roles.exists()


def test_closures_are_typed_and_removed(head, tess, centre, as_):
    browser = as_(tess)
    said = {"name": " Fin  d’année ", "first_on": "2026-12-19", "last_on": "2027-01-03"}
    assert "est notée" in browser.post(url("closures", centre.pk), said, follow=True).text
    closure = Closure.objects.get()
    assert OpenDays.of(centre).why_closed(closure.last_on) == "fermé (Fin d’année)"
    assert "Fin d’année" not in OpenDays.of(centre).why_closed(closure.last_on + timedelta(days=1))
    assert "Fin d’année" in head.get(url("centre", centre.pk)).text
    remove = url("remove_closure", centre.pk, closure.pk)
    assert "gardent leurs dates" in head.get(remove).text
    assert Closure.objects.exists()
    head.post(remove)
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "obligatoire"),
        ({"last_on": "2026-12-01"}, "ne peut pas précéder"),
        ({"last_on": "2028-12-30"}, "un an au plus"),
        ({"first_on": "0001-01-01"}, "Vérifiez l’année"),
        ({"name": "a\x00b"}, "nul"),
        ({"first_on": "x"}, "date"),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(wrong, said, tess, centre, as_):
    good = {"name": "Fin d’année", "first_on": "2026-12-19", "last_on": "2027-01-03"}
    answer = as_(tess).post(url("closures", centre.pk), {**good, **wrong})
    assert "Erreur : " in answer.text
    assert said in answer.text
    assert not Closure.objects.exists()


def test_a_centre_keeps_its_own_competences(tess, hugo, centre, other_centre, assignment, as_):
    browser = as_(tess)
    page = browser.get(url("competences", centre.pk)).text
    assert "La liste de votre centre est vide" in page
    browser.post(url("competences", centre.pk), {"code": "C1", "label": "Animer un groupe", "curriculum": ""})
    competence = centre.competences.get()
    assert (competence.centre, competence.source) == (centre, "")
    again = browser.post(url("competences", centre.pk), {"code": "c1", "label": "Encore"})
    assert "porte déjà ce code" in again.text
    path = url("competence", centre.pk, competence.pk)
    as_(hugo).post(path, {"code": "C1", "label": "Animer un groupe de parole", "curriculum": "2026"})
    competence.refresh_from_db()
    assert (competence.label, competence.curriculum) == ("Animer un groupe de parole", "2026")
    assert competence in Competence.objects.offered_to(assignment.cohort)
    assert competence not in Competence.objects.offered_to(factories.cohort(other_centre))
    assert competence not in Competence.objects.offered_to(factories.cohort(centre, "ES", curriculum="2018"))
    assignment.competences.add(competence)
    browser.post(path, {"action": "withdraw"})
    assert competence not in Competence.objects.offered_to(assignment.cohort)
    assert assignment.competences.get() == competence
    assert browser.get(path).status_code == 404


def test_a_competence_never_used_is_deleted(tess, centre, as_):
    competence = centre.competences.create(code="C1", label="Animer")
    as_(tess).post(url("competence", centre.pk, competence.pk), {"action": "withdraw"})
    assert not centre.competences.exists()


def test_what_is_national_says_where_it_was_read(tess, centre, as_):
    """Both reference texts stand side by side, each line with its decree and its page; none is made up."""
    load_competences()
    national = Competence.objects.national()
    assert {each.curriculum for each in national} == {"2018", "2026"}
    assert all("rrêté" in each.source or "éférentiel" in each.source for each in national)
    assert all("lu" in each.source for each in national)
    page = as_(tess).get(url("competences", centre.pk)).text
    assert "La liste n’est pas entière" in page
    for each in national.valid_on_today():
        assert each.label in page


def test_an_assignment_is_offered_those_of_its_own_reference_text(cohort):
    load_competences()
    type(cohort).objects.update(curriculum="2026")
    cohort.refresh_from_db()
    offered = Competence.objects.offered_to(cohort)
    assert {each.curriculum for each in offered} == {"2026"}


def test_a_national_row_without_its_source_is_refused(db, tmp_path, monkeypatch):
    file = tmp_path / "competences.toml"
    monkeypatch.setattr("training.content.COMPETENCES", file)
    row = '[[competence]]\ncurriculum = "2018"\ncode = "X1"\nlabel = "Y"\nvalid_from = 2018-09-01\n'
    file.write_text(row)
    with pytest.raises(ValueError, match="no source"):
        load_competences()
    file.write_text(row + 'source = "Un arrêté"\n')
    load_competences()
    assert Competence.objects.national().get().source == "Un arrêté"
    file.write_text("competence = []\n")
    load_competences()
    assert not Competence.objects.national().exists()


def test_another_centre_keeps_nothing_here(otto, centre, as_):
    closure = centre.closures.create(name="Hiver", first_on="2026-12-20", last_on="2027-01-03")
    competence = centre.competences.create(code="C1", label="Animer")
    browser = as_(otto)
    for path in (
        url("centre", centre.pk),
        url("closures", centre.pk),
        url("competences", centre.pk),
        url("remove_closure", centre.pk, closure.pk),
        url("competence", centre.pk, competence.pk),
        url("remove_closure", otto.roles.get().organisation_id, closure.pk),
        url("competence", otto.roles.get().organisation_id, competence.pk),
    ):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"action": "withdraw", "name": "x", "code": "x", "label": "x"}).status_code in (
            404,
            405,
        )
    assert (Closure.objects.count(), centre.competences.get().label) == (1, "Animer")


def test_the_page_of_a_centre_asks_few_questions(head, tess, centre, django_assert_max_num_queries):
    for number in range(20):
        factories.role(factories.person(f"Formateur {number}"), "trainer", organisation=centre.organisation)
        factories.cohort(centre, f"Promotion {number}")
    cache.clear()
    with django_assert_max_num_queries(12):
        assert head.get(Centre.objects.get(pk=centre.pk).get_absolute_url()).status_code == 200
