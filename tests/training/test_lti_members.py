"""Who is in a course and not yet here: asked of the platform when a trainer looks, and kept nowhere."""

from __future__ import annotations

import pytest
from django.urls import reverse
from lti_tool.models import LtiContext, LtiMembership, LtiRegistration, LtiUser

from accounts.models import Person
from tests.training.lti_platform import INSTRUCTOR, LEARNER
from training.lti import members


@pytest.fixture
def course(moodle, tied):
    LtiContext.objects.update(memberships_url=f"{moodle.url}/CourseSection/Members")
    return tied


def member(sub: str, name: str, *roles: str, **more: str) -> dict[str, object]:
    return {"user_id": sub, "name": name, "roles": list(roles) or [LEARNER], "status": "Active", **more}


def test_who_is_in_the_course_and_not_yet_here(moodle, course, recognised, tess, ilan, stan, cohort, as_):
    recognised(ilan, "42")
    cohort.enrol(stan)
    moodle.members = [
        member("42", "Ilan"),
        member("43", "Stan", email=stan.email.upper()),
        member("44", "Zoé <b>Petit</b>"),
        member("45", "Partie", status="Inactive"),
        member("46", "Tess", INSTRUCTOR),
        member("47", "Aude", "Learner"),
        *[member(f"n{number}", f"Nom {number}") for number in range(60)],
    ]
    browser, path = as_(tess), course.get_absolute_url()
    before = Person.objects.count()
    assert moodle.asked.count("GET /CourseSection/Members") == 0
    page = browser.get(path)
    assert "Demander la liste" in page.text
    assert moodle.asked.count("GET /CourseSection/Members") == 0
    text = browser.get(path, {"membres": "1"}).text
    assert "2 personnes du cours sont dans la promotion" in text
    found = text.split('id="membres"')[1].split("</section>")[0]
    assert "Zoé b Petit /b" in found
    assert "Aude" in found
    assert found.count("<li>Nom ") == 60  # the second page of the list too
    for other in ("Ilan", "Stan", "Partie", "Tess"):
        assert f"<li>{other}" not in found
    assert (Person.objects.count(), LtiUser.objects.count(), LtiMembership.objects.count()) == (before, 1, 0)


def test_a_platform_that_does_not_say(moodle, course, tess, as_):
    browser, path = as_(tess), course.get_absolute_url()
    moodle.down = 403
    assert "n’a pas donné la liste" in browser.get(path, {"membres": "1"}).text
    moodle.down = 0
    for answer in ([], {"members": [1, None, "x"]}, {"members": "x"}, "x", None):
        with pytest.MonkeyPatch.context() as patch:
            real = type(moodle).respond
            patch.setattr(
                type(moodle),
                "respond",
                lambda self, path, *rest, answer=answer, real=real: (
                    (200, answer) if path.endswith("Members") else real(self, path, *rest)
                ),
            )
            assert browser.get(path, {"membres": "1"}).status_code == 200
    LtiRegistration.objects.update(is_active=False)
    assert "n’a pas donné la liste" in browser.get(path, {"membres": "1"}).text
    LtiContext.objects.update(memberships_url="")
    assert "n’autorise pas" in browser.get(path).text


def test_a_list_that_takes_too_long_is_not_waited_for(moodle, course, tess, as_, monkeypatch):
    """Half a list would name as absent who is on its next page."""
    moodle.members = [member(f"n{number}", f"Nom {number}") for number in range(60)]
    browser, path = as_(tess), course.get_absolute_url()
    assert "Nom 7" in browser.get(path, {"membres": "1"}).text
    monkeypatch.setattr(members, "PATIENCE", -1)
    assert "n’a pas donné la liste" in browser.get(path, {"membres": "1"}).text


def test_a_course_is_its_trainers(course, tess, otto, hugo, nora, ada, ilan, stan, cohort, as_):
    path = course.get_absolute_url()
    for person in (otto, hugo, nora, ada, ilan, stan):
        assert as_(person).get(path).status_code == 404
        assert as_(person).post(path, {"do": "untie"}).status_code == 404
    assert as_(None).get(path)["Location"].startswith(reverse("account_login"))
    browser = as_(tess)
    assert f'href="{path}"' in browser.get(cohort.get_absolute_url()).text
    assert 'value="untie"' not in browser.get(path).text  # asked first, on a page that says what it does
    assert 'value="untie"' in browser.get(path, {"delier": "1"}).text
    assert browser.post(path, {"do": "untie"})["Location"] == cohort.get_absolute_url()
    assert browser.get(path).status_code == 404
