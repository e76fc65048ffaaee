"""From a click in a course: who learns enters the cohort and finds the assignment; who teaches ties the course."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lti_tool.models import LtiContext, LtiUser

from accounts.models import Letter, Person
from tests import factories
from tests.training.lti_platform import INSTRUCTOR, LEARNER
from training.lti import courses
from training.models import Cohort, CourseLink, Launch, Placement

ZOE = {"sub": "42", "name": "Zoé Petit", "email": "zoe.petit@exemple.test", "roles": [LEARNER]}
PROF = {"sub": "7", "name": "Tess", "email": "prof@exemple.test", "roles": [INSTRUCTOR]}


def devoir(assignment):
    return {"essaim_devoir": str(assignment.pk)}


def here(browser):
    """Whose session this browser has."""
    return browser.session.get("_auth_user_id")


def test_a_newcomer_opens_an_account_enters_the_cohort_and_finds_the_assignment(moodle, tied, assignment, cohort):
    browser = Client()
    answer = moodle.launch(browser, ZOE, custom=devoir(assignment))
    assert answer.status_code == 302
    arrival = answer["Location"]
    page = browser.get(arrival)
    assert "Première visite" in page.text
    assert "Zoé Petit" in page.text
    assert "Chaque note que vous envoyez" in page.text
    assert not Person.objects.filter(name="Zoé Petit").exists()
    done = browser.post(arrival, {"do": "create", "name": "Zoé Petit", "email": ZOE["email"]}, follow=True)
    assert done.redirect_chain[-1][0] == assignment.get_absolute_url()
    zoe = Person.objects.get(name="Zoé Petit")
    assert here(browser) == str(zoe.pk)
    assert cohort.enrolments.current().filter(student=zoe).exists()
    # The platform vouches for who clicked, not for an address: it is to be confirmed.
    assert not EmailAddress.objects.get(user=zoe).verified
    assert Letter.objects.filter(to=ZOE["email"]).exists()
    assert not zoe.has_usable_password()
    # Nothing of what the platform said is left but its own number.
    kept = LtiUser.objects.get(sub="42")
    assert (kept.name, kept.email, kept.given_name, kept.family_name, kept.picture_url) == ("", "", "", "", "")
    assert Launch.objects.get().said == {}


def test_the_next_click_opens_the_assignment_at_once(moodle, tied, recognised, assignment, ilan, stan, cohort):
    recognised(stan, "42")
    for _ in range(2):
        browser = Client()
        done = browser.get(moodle.launch(browser, ZOE, custom=devoir(assignment))["Location"], follow=True)
        assert done.redirect_chain[-1][0] == assignment.get_absolute_url()
        assert here(browser) == str(stan.pk)
    assert cohort.enrolments.filter(student=stan).count() == 1
    assert Person.objects.filter(email=ZOE["email"]).count() == 0
    assert Placement.objects.get().lineitem_url == f"{moodle.url}/items/1"


def test_a_click_does_not_bring_back_who_has_the_diploma(moodle, tied, recognised, assignment, ilan, cohort):
    """A course stays in a platform after its year: what a trainer noted isn't undone by reading it again."""
    recognised(ilan, "42")
    enrolment = cohort.enrolments.get(student=ilan)
    enrolment.leave(graduated=True)
    browser = Client()
    done = browser.get(moodle.launch(browser, ZOE, custom=devoir(assignment))["Location"], follow=True)
    assert done.redirect_chain[-1][0] == f"/formation/promotions/{cohort.pk}/mes-notes/"
    assert "avec votre diplôme" in done.text
    enrolment.refresh_from_db()
    assert (enrolment.is_current, enrolment.graduated) == (False, True)


def test_an_address_that_has_an_account_is_never_taken(moodle, tied, assignment, stan, as_):
    """The account is confirmed by signing in, then by a button; the address alone opens nothing."""
    browser, taken = Client(), {**ZOE, "email": stan.email.upper()}
    arrival = moodle.launch(browser, taken, custom=devoir(assignment))["Location"]
    page = browser.get(arrival)
    assert "Vous avez déjà un compte" in page.text
    assert stan.email not in page.text
    browser.post(arrival, {"do": "create", "name": "Zoé", "email": "autre@exemple.test"})
    browser.post(arrival, {"do": "link"})
    assert here(browser) is None
    assert not LtiUser.objects.exists()
    signed = browser.post(
        reverse("account_login"), {"login": stan.email, "password": factories.PASSWORD, "next": arrival}
    )
    assert signed["Location"] == arrival
    assert "Relier votre compte" in browser.get(arrival).text
    assert not LtiUser.objects.exists()
    done = browser.post(arrival, {"do": "link"}, follow=True)
    assert done.redirect_chain[-1][0] == assignment.get_absolute_url()
    assert LtiUser.objects.get().auth_user == stan


def test_an_address_typed_that_has_an_account_is_not_taken_either(moodle, tied, stan):
    browser = Client()
    arrival = moodle.launch(browser, {"sub": "42"})["Location"]
    assert "Première visite" in browser.get(arrival).text
    page = browser.post(arrival, {"do": "create", "name": "Zoé", "email": stan.email})
    assert "Vous avez déjà un compte" in page.text
    assert not LtiUser.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "obligatoire"),
        ({"name": "\u200b"}, "Écrivez votre nom"),
        ({"email": "zoe"}, "adresse"),
        ({"email": "a\x00@b.fr"}, "nul"),
    ],
)
def test_what_a_newcomer_types_wrong_is_said(moodle, tied, wrong, said):
    browser = Client()
    arrival = moodle.launch(browser, ZOE)["Location"]
    page = browser.post(arrival, {"do": "create", "name": "Zoé", "email": ZOE["email"], **wrong})
    assert page.status_code == 200
    assert said in page.text
    assert "Erreur" in page.text
    assert not LtiUser.objects.exists()


def test_being_signed_in_as_somebody_else_is_no_agreement(moodle, tied, recognised, stan, ana, as_):
    """A click that arrives in a browser where another account is open neither takes it nor is taken by it."""
    browser = as_(ana)
    arrival = moodle.launch(browser, ZOE)["Location"]
    assert "C’est moi, relier ce compte" in browser.get(arrival).text
    assert not LtiUser.objects.exists()
    recognised(stan, "42")
    page = browser.get(arrival)
    assert "Un autre compte est ouvert ici" in page.text
    browser.post(arrival, {"do": "link"})
    assert LtiUser.objects.get().auth_user == stan
    browser.post(arrival, {"do": "leave"})
    browser.get(arrival)
    assert here(browser) == str(stan.pk)


def test_a_second_factor_is_asked_even_when_the_platform_vouches(moodle, tied, recognised, tess):
    recognised(tess, "7")
    browser = Client()
    arrival = moodle.launch(browser, PROF)["Location"]
    answer = browser.get(arrival)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert here(browser) is None
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", next(iter(yield_hotp_counters_from_time()))))
    assert browser.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert here(browser) is None
    assert browser.post(answer["Location"], {"code": code})["Location"] == arrival
    assert here(browser) == str(tess.pk)


def test_a_click_opened_elsewhere_or_twice_is_gone(moodle, tied, recognised, stan, assignment):
    recognised(stan, "42")
    browser, thief = Client(), Client()
    arrival = moodle.launch(browser, ZOE, custom=devoir(assignment))["Location"]
    for _ in range(2):
        gone = thief.get(arrival)
        assert gone.status_code == 404
        assert "n’est plus ouvert" in gone.text
    assert here(thief) is None
    browser.get(arrival, follow=True)
    assert browser.get(arrival).status_code == 404
    later = moodle.launch(browser, ZOE)["Location"]
    Launch.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    assert browser.get(later).status_code == 404


def test_a_course_that_nobody_tied_is_said(moodle, registered, recognised, stan, as_):
    recognised(stan, "42")
    browser = as_(stan)
    page = browser.get(moodle.launch(browser, ZOE)["Location"])
    assert "n’est pas encore lié" in page.text
    assert not CourseLink.objects.exists()
    assert not LtiContext.objects.exists()


def test_a_cohort_that_is_over_lets_nobody_in(moodle, tied, recognised, stan, cohort, as_):
    Cohort.objects.filter(pk=cohort.pk).update(starts_on="2020-09-01", ends_on="2023-06-30")
    recognised(stan, "42")
    browser = as_(stan)
    assert "terminée" in browser.get(moodle.launch(browser, ZOE)["Location"]).text
    assert not cohort.enrolments.filter(student=stan).exists()


def test_a_closed_account_stays_closed(moodle, tied, recognised, stan):
    recognised(stan, "42")
    Person.objects.update(is_active=False)
    browser = Client()
    assert "Ce compte est fermé" in browser.get(moodle.launch(browser, ZOE)["Location"]).text
    assert here(browser) is None


@pytest.mark.parametrize(
    ("before", "fold", "at"),
    [((2027, 3, 28, 1, 59, 59), 0, (2027, 3, 28, 3, 0, 0)), ((2027, 10, 31, 2, 59, 59), 1, (2027, 10, 31, 3, 0, 0))],
)
def test_an_assignment_opens_at_its_second_by_a_course_too(
    moodle, tied, recognised, stan, assignment, clock, before, fold, at
):
    """On the nights clocks change: a second before, the student's page; at the second, the assignment."""
    recognised(stan, "42")
    with clock(*at):
        opens = timezone.now()
    type(assignment).objects.update(opens_at=opens, due_at=opens + timedelta(days=9))
    for wall, twice, wanted in ((before, fold, reverse("training:home")), (at, 0, assignment.get_absolute_url())):
        browser = Client()
        arrival = moodle.launch(browser, ZOE, custom=devoir(assignment))["Location"]
        Launch.objects.update(received_at=opens - timedelta(seconds=30))
        with clock(*wall, fold=twice):
            assert browser.get(arrival, follow=True).redirect_chain[-1][0] == wanted


def test_an_assignment_of_another_cohort_is_not_reached(moodle, tied, recognised, stan, centre, other_centre, as_):
    """What an activity says is what its course may say: another cohort's assignment, or a wrong number, is nothing."""
    recognised(stan, "42")
    elsewhere = factories.assignment(factories.cohort(centre, "ES 2026"))
    far = factories.assignment(factories.cohort(other_centre, "La leur"))
    browser = as_(stan)
    for number in (elsewhere.pk, far.pk, "0", "9" * 30, "-1", "1; DROP", "é", ""):
        answer = browser.get(moodle.launch(browser, ZOE, custom={"essaim_devoir": str(number)})["Location"])
        assert answer["Location"] == reverse("training:home")
    assert not Placement.objects.exists()


def test_fiches_and_initiatives_open_their_public_page_without_an_account(moodle, registered):
    browser = Client()
    for custom, path in (
        ({"essaim_fiche": "10"}, "/guide/fiches/10/"),
        ({"essaim_initiative": "une-fiche"}, "/initiatives/une-fiche/"),
    ):
        assert moodle.launch(browser, ZOE, custom=custom)["Location"] == path
    assert here(browser) is None
    assert not LtiUser.objects.exists()
    assert not Launch.objects.exclude(said={}).exists()
    odd = moodle.launch(browser, ZOE, custom={"essaim_initiative": "//evil.example", "essaim_fiche": "x"})
    assert odd["Location"].startswith("/lti/arrivee/")


def test_a_trainer_of_the_centre_learning_there_is_no_student(moodle, tied, recognised, tess, assignment, cohort, as_):
    recognised(tess, "42")
    browser = as_(tess)
    answer = browser.get(moodle.launch(browser, ZOE, custom=devoir(assignment))["Location"])
    assert answer["Location"] == assignment.get_absolute_url()
    assert not cohort.enrolments.filter(student=tess).exists()


# Who teaches


def test_a_role_in_a_course_is_no_role_here(moodle, registered, recognised, stan, otto, hugo, as_):
    """A stranger, and a trainer of another centre: both are told to ask the centre's head."""
    for person, sub in ((stan, "7"), (otto, "8")):
        recognised(person, sub)
        browser = as_(person)
        arrival = moodle.launch(browser, {**PROF, "sub": sub})["Location"]
        page = browser.get(arrival)
        assert "Il vous manque un rôle" in page.text
        assert "Hugo" in page.text
        for do in ("tie", "open", "place"):
            browser.post(arrival, {"do": do, "cohort": "1", "name": "Pirate"})
        for _ in range(2):
            browser.post(arrival, {"do": "ask"})
    assert Letter.objects.filter(to=hugo.email, key__startswith="training/trainer_asks").count() == 2
    assert not CourseLink.objects.exists()
    assert not Cohort.objects.filter(name="Pirate").exists()


def test_a_trainer_ties_a_course_to_a_cohort_then_an_activity_to_an_assignment(
    moodle, registered, recognised, tess, cohort, assignment, other_centre, as_
):
    recognised(tess, "7")
    theirs = factories.cohort(other_centre, "La leur")
    browser = as_(tess)
    arrival = moodle.launch(browser, PROF)["Location"]
    page = browser.get(arrival)
    assert "Lier ce cours à une promotion" in page.text
    assert cohort.name in page.text
    assert "La leur" not in page.text
    for wrong in (theirs.pk, 999999999, "x", ""):
        assert "promotion" in browser.post(arrival, {"do": "tie", "cohort": wrong}).text
        assert not CourseLink.objects.exists()
    page = browser.post(arrival, {"do": "tie", "cohort": cohort.pk}, follow=True)
    assert CourseLink.objects.get().cohort == cohort
    assert CourseLink.objects.get().context.title == "Le cours"
    assert "Choisir le devoir de cette activité" in page.text
    stranger = factories.assignment(theirs)
    browser.post(arrival, {"do": "place", "assignment": stranger.pk})
    assert not Placement.objects.exists()
    done = browser.post(arrival, {"do": "place", "assignment": assignment.pk}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("training:assignment_table", args=[assignment.pk])
    placement = Placement.objects.get()
    assert (placement.assignment, placement.lineitem_url) == (assignment, f"{moodle.url}/items/1")
    # From now on the activity opens it, for who teaches and for who learns.
    answer = browser.get(moodle.launch(browser, PROF)["Location"])
    assert answer["Location"] == reverse("training:assignment_table", args=[assignment.pk])


def test_a_trainer_opens_a_cohort_from_the_course(moodle, registered, recognised, tess, other_centre, as_):
    recognised(tess, "7")
    browser = as_(tess)
    arrival = moodle.launch(browser, PROF)["Location"]
    assert 'value="Le cours"' in browser.get(arrival).text
    said = {
        "do": "open", "name": "ES 2026", "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30",
        "centre": other_centre.pk,
    }  # fmt: skip
    assert "Erreur" in browser.post(arrival, {**said, "ends_on": "2026-01-01"}).text
    page = browser.post(arrival, said, follow=True)
    cohort = Cohort.objects.get(name="ES 2026")
    assert cohort.centre == registered.centre
    assert CourseLink.objects.get().cohort == cohort
    assert "Aucun devoir n’est donné à cette promotion" in page.text
    assert browser.post(arrival, {"do": "later"})["Location"] == cohort.get_absolute_url()


def test_a_course_copied_for_the_next_year_leads_nowhere_until_it_is_said(
    moodle, tied, recognised, tess, stan, assignment, centre, as_
):
    """The copy has another number, and its activities still name last year's assignments."""
    recognised(tess, "7")
    recognised(stan, "42")
    copy = ("cours-2", "Le cours, un an après")
    browser = as_(tess)
    arrival = moodle.launch(browser, PROF, context=copy, custom=devoir(assignment), link="lien-2")["Location"]
    next_year = factories.cohort(centre, "ASS 2027-2030")
    page = browser.post(arrival, {"do": "tie", "cohort": next_year.pk}, follow=True)
    assert "Choisir le devoir de cette activité" in page.text
    student = as_(stan)
    answer = student.get(
        moodle.launch(student, ZOE, context=copy, custom=devoir(assignment), link="lien-2")["Location"]
    )
    assert answer["Location"] == reverse("training:home")
    assert not Placement.objects.exists()


def test_a_course_of_another_centre_is_tied_to_nothing_here(moodle, tied, recognised, otto, other_centre, as_):
    """The platform vouches in its own centre alone: whoever its user is, another centre's cohorts stay shut."""
    recognised(otto, "7")
    browser = as_(otto)
    page = browser.get(moodle.launch(browser, PROF)["Location"])
    assert "Il vous manque un rôle" in page.text


def test_pages_of_an_arrival_cost_few_queries(
    moodle, tied, recognised, cohort, tess, stan, as_, django_assert_max_num_queries
):
    recognised(stan, "42")
    recognised(tess, "7")
    cohort.enrol(stan)
    for person, who in ((stan, ZOE), (tess, PROF), (None, {"sub": "99"})):
        browser = as_(person)
        arrival = moodle.launch(browser, who)["Location"]
        with django_assert_max_num_queries(12):
            browser.get(arrival)


def test_has_account_knows_every_spelling(db, stan):
    assert courses.has_account(stan.email.upper())
    assert not courses.has_account("personne@exemple.test")


def test_addresses_tried_one_after_the_other_are_slowed(moodle, tied, settings):
    """Each would tell whether it has an account."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tried"}}
    browser = Client()
    arrival = moodle.launch(browser, {"sub": "42"})["Location"]
    factories.person("Une", email="une@exemple.test")
    codes = [
        browser.post(arrival, {"do": "create", "name": "Zoé", "email": "une@exemple.test"}).status_code
        for _ in range(7)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_a_user_of_a_platform_who_is_nobody_here_is_forgotten(moodle, tied, recognised, stan):
    recognised(stan, "42")
    call_command("daily")
    assert LtiUser.objects.count() == 1
    stan.delete()
    call_command("daily")
    assert not LtiUser.objects.exists()
