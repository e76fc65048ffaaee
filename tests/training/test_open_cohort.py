"""A centre is opened, then a cohort, then its door: the join link and code."""

import pytest
from django.core.cache import cache

from accounts.models import Organisation
from tests import factories
from tests.training.gestures import url
from training import guesses
from training.forms import CohortForm, CompetenceForm, GroupForm, saved
from training.models import Centre, Cohort

DATES = {"curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30"}


def test_the_national_team_opens_a_centre(nora, as_):
    answer = as_(nora).post(url("centres"), {"name": "  IRTS  de Bretagne ", "siret": ""}, follow=True)
    assert "est ouvert" in answer.text
    assert "/compte/roles/" in answer.text
    centre = Centre.objects.get()
    assert (str(centre), centre.opened_by) == ("IRTS de Bretagne", nora)
    assert "IRTS de Bretagne" in answer.text


def test_a_centre_is_opened_once(nora, centre, as_):
    for name in ("IRTS des Hauts-de-France", "irts des hauts-de-france"):
        answer = as_(nora).post(url("centres"), {"name": name, "siret": ""})
        assert "Ce centre est déjà ouvert" in answer.text
    assert Centre.objects.count() == 1


def test_a_siret_finds_the_organisation_already_known(nora, as_):
    factories.organisation("Institut Saint-Simon", siret="73282932000074")
    answer = as_(nora).post(url("centres"), {"name": "Erasme", "siret": "732 829 320 00074"}, follow=True)
    assert "c’est le nom retenu" in answer.text
    assert Organisation.objects.filter(siret="73282932000074").count() == 1


@pytest.mark.parametrize("siret", ["12345", "73282932000075", "a" * 14, "\x00"])
def test_a_wrong_siret_is_said_and_nothing_is_opened(siret, nora, as_):
    answer = as_(nora).post(url("centres"), {"name": "IRTS", "siret": siret})
    assert answer.status_code == 200
    assert "Erreur : " in answer.text
    assert not Centre.objects.exists()


def test_a_trainer_opens_a_cohort_in_their_centre_only(tess, centre, other_centre, as_):
    page = as_(tess).get(url("new_cohort"))
    assert str(centre) in page.text
    assert str(other_centre) not in page.text
    answer = as_(tess).post(
        url("new_cohort"), {**DATES, "name": "ASS première année", "centre": other_centre.pk}, follow=True
    )
    cohort = Cohort.objects.get()
    assert (cohort.centre, cohort.created_by) == (centre, tess)
    assert cohort.spoken_code in answer.text
    assert f"/formation/rejoindre/{cohort.join_code}/" in answer.text


def test_a_trainer_of_two_centres_chooses(tess, centre, other_centre, as_):
    factories.role(tess, "trainer", organisation=other_centre.organisation)
    third = factories.centre("Ailleurs")
    refused = as_(tess).post(url("new_cohort"), {**DATES, "name": "ES", "centre": third.pk})
    assert "Choisissez un centre où vous formez" in refused.text
    as_(tess).post(url("new_cohort"), {**DATES, "name": "ES", "centre": other_centre.pk})
    assert Cohort.objects.get().centre == other_centre


def test_a_trainer_whose_centre_is_not_open_is_told_so(as_):
    person = factories.person("Tim")
    factories.role(person, "trainer", organisation=factories.organisation("École pas ouverte"))
    for answer in (as_(person).get(url("new_cohort")), as_(person).post(url("new_cohort"), DATES)):
        assert "n’est pas encore ouvert" in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_on": "2026-08-01"}, "La fin de la promotion vient après son début"),
        ({"ends_on": "2060-08-01"}, "dix ans au plus"),
        ({"starts_on": "0001-01-01"}, "Vérifiez l’année"),
        ({"starts_on": "demain"}, "date"),
        ({"name": ""}, "obligatoire"),
        ({"name": "\u200b"}, "Écrivez le nom"),
        ({"name": "a\x00b"}, "nul"),
        ({"name": "x" * 500}, "120"),
        ({"curriculum": "1995"}, "choix"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(wrong, said, tess, as_):
    answer = as_(tess).post(url("new_cohort"), {**DATES, "name": "Ma promotion", **wrong})
    assert answer.status_code == 200
    assert said in answer.text
    assert "name" in wrong or "Ma promotion" in answer.text
    assert not Cohort.objects.exists()


def test_the_same_name_twice_in_a_centre_is_refused(tess, cohort, as_):
    answer = as_(tess).post(url("new_cohort"), {**DATES, "name": cohort.name})
    assert "porte déjà ce nom" in answer.text


def test_a_student_joins_by_the_link(stan, cohort, as_):
    link = url("join_code", cohort.join_code)
    page = as_(None).get(link)
    assert cohort.name in page.text
    assert str(cohort.centre) in page.text
    assert "Chaque note que vous envoyez" in page.text
    assert as_(None).post(link).headers["Location"] == f"/compte/connexion/?next={link}"
    browser = as_(stan)
    assert "Stan" in browser.get(link).text
    for _ in range(2):
        answer = browser.post(link, follow=True)
    assert "Rien à faire pour le moment" in answer.text
    assert cohort.enrolments.count() == 1
    assert "Vous êtes dans cette promotion" in browser.get(link).text


@pytest.mark.parametrize("spell", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda c: " ".join(c)])
def test_a_code_is_typed_as_one_hears_it(spell, stan, cohort, as_):
    answer = as_(stan).post(url("join"), {"code": spell(cohort.join_code)})
    assert answer.headers["Location"] == url("join_code", cohort.join_code)


@pytest.mark.parametrize("code", ["", "AAAA", "BBBBBBBB", "x" * 39, "x" * 5000, "é\x00", "%", "🙂" * 8])
def test_a_wrong_code_is_said_plainly(code, stan, cohort, as_):
    answer = as_(stan).post(url("join"), {"code": code})
    assert answer.status_code == 200
    assert "Erreur : " in answer.text


def test_a_wrong_link_is_said_plainly(cohort, as_):
    answer = as_(None).get(url("join_code", "ZZZZZZZZ"))
    assert answer.status_code == 404
    assert "Aucune promotion n’a ce code" in answer.text
    assert as_(None).post(url("join_code", "x" * 3000)).status_code == 404


def test_codes_guessed_at_speed_are_slowed(stan, ana, cohort, as_, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    browser = as_(stan)
    for _ in range(guesses.MOST_A_PERSON):
        assert browser.post(url("join"), {"code": "ZZZZZZZZ"}).status_code == 200
    slowed = browser.post(url("join"), {"code": cohort.join_code})
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "600"
    assert browser.get(url("join_code", cohort.join_code)).status_code == 429
    assert not cohort.enrolments.exists()
    # Someone else of the same classroom isn't held back.
    assert as_(ana).post(url("join"), {"code": cohort.join_code}).status_code == 302
    for _ in range(guesses.MOST_A_PERSON):
        as_(None).get(url("join_code", "ZZZZZZZZ"))
    assert as_(None).get(url("join_code", "ZZZZZZZZ")).status_code == 429
    cache.clear()


def test_right_codes_are_never_counted(cohort, as_, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    for _ in range(guesses.MOST_A_PERSON + 5):
        assert as_(None).get(url("join_code", cohort.join_code)).status_code == 200
    cache.clear()


def test_a_renewed_code_replaces_the_old_one(tess, stan, cohort, as_):
    old = cohort.join_code
    as_(tess).post(url("renew_code", cohort.pk), {"action": "renew"})
    cohort.refresh_from_db()
    assert cohort.join_code != old
    assert as_(stan).post(url("join_code", old)).status_code == 404
    assert as_(stan).post(url("join_code", cohort.join_code)).status_code == 302


def test_a_closed_cohort_lets_nobody_in(tess, stan, cohort, as_):
    as_(tess).post(url("renew_code", cohort.pk), {"action": "close"})
    answer = as_(stan).post(url("join_code", cohort.join_code))
    assert "Les inscriptions à cette promotion sont fermées" in answer.text
    assert not cohort.enrolments.exists()
    as_(tess).post(url("renew_code", cohort.pk), {"action": "open"})
    as_(stan).post(url("join_code", cohort.join_code))
    assert cohort.enrolments.count() == 1
    as_(tess).post(url("renew_code", cohort.pk), {"action": "explode"})


def test_a_cohort_that_is_over_lets_nobody_in(stan, centre, as_):
    over = factories.cohort(centre, "Les anciens", starts_on="2020-09-01", ends_on="2023-06-30")
    answer = as_(stan).post(url("join_code", over.join_code))
    assert "Cette promotion est terminée" in answer.text
    assert not over.enrolments.exists()


def test_a_trainer_does_not_join_their_own_cohort(tess, cohort, as_):
    answer = as_(tess).post(url("join_code", cohort.join_code))
    assert "Vous formez dans ce centre" in answer.text
    assert not cohort.enrolments.exists()


@pytest.mark.parametrize("what", ["cohort", "group", "competence"])
def test_the_same_name_at_the_same_instant_is_a_sentence(what, tess, cohort, centre):
    """A button pressed twice: both were found right, one was written."""
    dates = {"starts_on": "2026-09-01", "ends_on": "2029-06-30"}
    first, second = (
        {
            "cohort": lambda: CohortForm({"name": "ES", "curriculum": "2026", **dates}, by=tess),
            "group": lambda: GroupForm({"name": "TD 1"}, cohort=cohort),
            "competence": lambda: CompetenceForm({"code": "C1", "label": "Écouter"}, centre=centre),
        }[what]()
        for _ in range(2)
    )
    assert first.is_valid()
    assert second.is_valid()
    assert saved(first)
    assert not saved(second)
    assert "porte déjà ce" in str(second.errors)


def test_the_same_closure_twice_is_one(tess, centre, as_):
    said = {"name": "Hiver", "first_on": "2026-12-20", "last_on": "2027-01-03"}
    for _ in range(2):
        page = as_(tess).post(url("closures", centre.pk), said)
    assert "Cette fermeture est déjà notée" in page.text
    assert centre.closures.count() == 1
