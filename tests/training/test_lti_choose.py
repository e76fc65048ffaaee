"""Deep linking: in the platform's own page, who prepares a course chooses what its activities will open."""

from __future__ import annotations

import html
import re
from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse
from lti_tool.models import LtiUser

from tests import factories
from tests.training.lti_platform import INSTRUCTOR, LEARNER, SITE
from tests.training.test_lti_refused import refused
from training import deadlines
from training.models import Launch

PROF = {"sub": "7", "name": "Tess", "roles": [INSTRUCTOR]}
SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"


def choosing(moodle, browser, who=PROF, **what):
    """The page of choice, as the platform's frame shows it: no cookie, no session."""
    return moodle.launch(browser, who, choosing=True, headers={"Sec-Fetch-Dest": "iframe"}, **what)


def action(page) -> str:
    return html.unescape(re.search(r'<form[^>]* action="([^"]+)"', page.text)[1])


def token(page) -> str:
    return re.search(r'name="JWT" value="([^"]+)"', page.text)[1]


def bare() -> Client:
    """A browser whose frame keeps no cookie, and whose forms carry no token."""
    return Client(enforce_csrf_checks=True)


def test_a_trainer_chooses_fiches_initiatives_and_an_assignment(moodle, tied, recognised, tess, assignment, ana, max):
    initiative = factories.published(ana, max)
    type(assignment).objects.update(
        opens_at=deadlines.opening(date(2027, 3, 1), time(8)), due_at=deadlines.closing(date(2027, 3, 28), time(23, 59))
    )
    recognised(tess, "7")
    page = choosing(moodle, bare())
    assert page.status_code == 200
    assert assignment.title in page.text
    where = action(page)
    said = {
        "assignments": [assignment.pk],
        "fiches": ["10", "21"],
        "initiatives": f"{SITE}{reverse('initiatives:sheet', args=[initiative.slug])}",
    }
    done = bare().post(where, said)
    assert f'action="{moodle.url}/return"' in done.text
    items = moodle.conf().validate_deeplinking_resp({"JWT": token(done)})
    assert [each["custom"] for each in items] == [
        {"essaim_devoir": str(assignment.pk)}, {"essaim_fiche": "10"}, {"essaim_fiche": "21"},
        {"essaim_initiative": initiative.slug},
    ]  # fmt: skip
    assert all(each["type"] == "ltiResourceLink" and each["url"] == f"{SITE}/lti/lancer/" for each in items)
    assert items[0]["lineItem"] == {
        "scoreMaximum": 1, "label": assignment.title, "resourceId": f"devoir-{assignment.pk}"
    }  # fmt: skip
    assert "lineItem" not in items[1]
    # A course that keeps dates writes the last second that passes.
    assert items[0]["submission"] == {"endDateTime": "2027-03-28T21:59:59Z"}
    assert items[0]["available"] == {"startDateTime": "2027-03-01T07:00:00Z"}
    assert not {"submission", "available"} & set(items[1])
    # What the platform asked to be given back is given back, and the same form serves once.
    words = moodle.conf().tool_validate_and_decode(token(done))
    assert words["https://purl.imsglobal.org/spec/lti-dl/claim/data"] == {"csrf": "abc"}
    assert (words["iss"], words["aud"]) == ("client-abc", [moodle.url])
    assert refused(bare().post(where, said), "replayed")
    # The activity chosen leads where it says.
    browser = Client()
    answer = moodle.launch(browser, {"sub": "50", "roles": [LEARNER]}, custom=items[1]["custom"])
    assert answer["Location"] == "/guide/fiches/10/"


def test_an_assignment_taken_back_is_no_longer_proposed(moodle, tied, recognised, tess, stan, assignment):
    """Neither to choose, nor to tie to an activity; one that was tied says what became of it."""
    recognised(tess, "7")
    recognised(stan, "42")
    learner = {"sub": "42", "name": "Stan", "roles": [LEARNER]}
    custom = {"essaim_devoir": str(assignment.pk)}
    moodle.launch(Client(), learner, custom=custom)
    assignment.withdraw()
    assert "Aucun devoir n’est encore donné" in choosing(moodle, bare()).text
    browser = Client()
    page = browser.get(moodle.launch(browser, learner, custom=custom)["Location"], follow=True)
    assert "n’est plus demandé à personne" in page.text
    assert "une partie de la promotion" not in page.text


def test_no_session_is_opened_and_nothing_is_written(moodle, tied, recognised, tess):
    recognised(tess, "7")
    browser = bare()
    page = choosing(moodle, browser)
    done = browser.post(action(page), {"fiches": ["10"]})
    assert done.status_code == 200
    assert "sessionid" not in browser.cookies
    assert Launch.objects.get().said == {}


@pytest.mark.parametrize("known", ["nobody", "stan", "otto"])
def test_who_does_not_train_here_chooses_what_is_public(moodle, tied, recognised, assignment, known, request):
    if known != "nobody":
        recognised(request.getfixturevalue(known), "7")
    page = choosing(moodle, bare())
    assert assignment.title not in page.text
    answer = bare().post(action(page), {"assignments": [assignment.pk]})
    assert "Choisissez au moins une chose" in answer.text
    assert 'name="JWT"' not in answer.text
    assert 'name="JWT"' in bare().post(action(page), {"fiches": ["3"]}).text


def test_another_cohorts_assignment_is_not_given(moodle, tied, recognised, tess, centre, other_centre):
    recognised(tess, "7")
    here, there = factories.cohort(centre, "ES"), factories.cohort(other_centre, "La leur")
    page = choosing(moodle, bare())
    for stranger in (factories.assignment(here), factories.assignment(there)):
        answer = bare().post(action(page), {"assignments": [stranger.pk]})
        assert 'name="JWT"' not in answer.text
        assert stranger.cohort.name not in answer.text


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "Choisissez au moins une chose"),
        ({"fiches": ["99"]}, "Choisissez dans la liste"),
        ({"fiches": ["10", "x"]}, "Choisissez dans la liste"),
        ({"initiatives": "https://ailleurs.example/"}, "Aucune initiative publiée"),
        ({"initiatives": "\n".join(["a"] * 30)}, "20 initiatives au plus"),
        ({"initiatives": "a\x00"}, "nul"),
    ],
)
def test_what_makes_no_sense_is_said_and_may_be_corrected(moodle, registered, said, problem):
    page = choosing(moodle, bare())
    answer = bare().post(action(page), said)
    assert answer.status_code == 200
    assert problem in answer.text
    assert 'name="JWT"' in bare().post(action(page), {"fiches": ["10"]}).text


def test_a_platform_that_takes_one_thing_at_a_time(moodle, registered):
    settings = {"deep_link_return_url": f"{moodle.url}/return", "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["iframe"], "accept_multiple": False}  # fmt: skip
    page = choosing(moodle, bare(), change=lambda t: moodle.resigned(t, **{SETTINGS: settings}))
    assert "une seule chose" in page.text
    assert "qu’une chose à la fois" in bare().post(action(page), {"fiches": ["10", "11"]}).text
    assert 'name="JWT"' in bare().post(action(page), {"fiches": ["10"]}).text


@pytest.mark.parametrize("where", ["javascript:alert(1)", "file:///x", "", None, 3, "x" * 3000])
def test_an_answer_that_would_go_nowhere(moodle, registered, where):
    settings = {"deep_link_return_url": where, "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["iframe"]}  # fmt: skip
    answer = choosing(moodle, bare(), change=lambda t: moodle.resigned(t, **{SETTINGS: settings}))
    assert refused(answer, "claims")


def test_a_student_does_not_choose(moodle, registered):
    assert refused(choosing(moodle, bare(), who={"sub": "42", "roles": [LEARNER]}), "role")
    assert not LtiUser.objects.exists()


def test_a_made_up_address_chooses_nothing(moodle, registered):
    assert refused(bare().post("/lti/choisir/inventé/", {"fiches": ["10"]}), "replayed")
    # Nor does the address of a launch that came for something else.
    browser = Client()
    arrival = moodle.launch(browser, {"sub": "42", "roles": [LEARNER]})["Location"]
    state = arrival.rstrip("/").rpartition("/")[2]
    assert refused(bare().post(f"/lti/choisir/{state}/", {"fiches": ["10"]}), "replayed")
