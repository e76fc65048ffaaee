"""What a platform shows in a frame, and who may frame it; nothing else is framed, nor any cookie loosened."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.test_headers import faults, policy
from tests.training.lti_platform import INSTRUCTOR, LEARNER
from training.models import RegistrationLink

ZOE = {"sub": "42", "name": "Zoé", "roles": [LEARNER]}
FRAME = {"Sec-Fetch-Dest": "iframe"}


def ancestors(answer) -> set[str]:
    return policy(answer)["frame-ancestors"]


def test_a_click_in_a_frame_goes_on_in_a_window_of_its_own(moodle, registered):
    """There, the browser keeps the mark of where it began, whatever it does with the cookies of frames."""
    browser = Client()
    page = moodle.click(browser, **FRAME)
    assert page.status_code == 200
    assert 'target="_blank"' in page.text
    assert "Ouvrir dans un nouvel onglet" in page.text
    assert not page.cookies
    assert ancestors(page) == {"'self'", moodle.url}
    assert "X-Frame-Options" not in page
    where = page.text.split('href="/lti/connexion/')[1].split('"')[0].replace("&amp;", "&")
    begun = browser.get(f"/lti/connexion/{where}", headers={"Sec-Fetch-Dest": "document"})
    arrived = moodle.post(browser, moodle.answer_to(begun["Location"], ZOE))
    assert "Première visite" in browser.get(arrived["Location"]).text


def test_the_choice_alone_stays_in_its_frame(moodle, registered):
    page = moodle.launch(Client(), {"sub": "7", "roles": [INSTRUCTOR]}, choosing=True, headers=FRAME)
    assert ancestors(page) == {"'self'", moodle.url}
    assert policy(page)["form-action"] == {"'self'"}
    where = page.text.split('action="')[1].split('"')[0]
    done = Client().post(where, {"fiches": ["10"]})
    assert policy(done)["form-action"] == {"'self'", moodle.url}
    assert ancestors(done) == {"'self'", moodle.url}
    assert "sessionid" not in done.cookies


def test_a_refusal_is_read_where_it_happens(moodle, registered):
    """In the frame of a platform we don't know too: there is nothing in that page to be clicked by trickery."""
    unknown = {"iss": "https://inconnue.example", "login_hint": "1"}
    framed, alone = Client().get("/lti/connexion/", unknown, headers=FRAME), Client().get("/lti/connexion/", unknown)
    assert ancestors(framed) == {"'self'", "*"}
    assert not {"<form", "<button", "<script", "<a "} & set(framed.text.split('id="contenu"')[1].split())
    assert "<a " not in framed.text
    assert not faults(alone)


def test_a_registration_is_framed_by_who_registers(moodle, centre, hugo):
    path = reverse("lti:register", args=[RegistrationLink.make(centre, hugo)])
    asked = {"openid_configuration": f"{moodle.url}/openid-configuration"}
    page = Client().get(path, asked)
    assert ancestors(page) == {"'self'", moodle.url}
    assert page["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert not faults(Client().get(path))
    for wrong in ("javascript:alert(1)", "https://x;script-src *", "https://a b", "https://x' *", "https://[::1]'/"):
        answer = Client().get(path, {"openid_configuration": wrong})
        assert policy(answer)["script-src"] == {"'self'"}
        assert ancestors(answer) <= {"'none'", "'self'", "https://[::1]"}


def test_what_follows_is_framed_by_nobody(moodle, tied, recognised, stan):
    recognised(stan, "42")
    browser = Client()
    arrival = moodle.launch(browser, ZOE)["Location"]
    signed = browser.get(arrival)
    assert signed.cookies["sessionid"]["samesite"] == "Lax"
    assert not faults(browser.get(arrival, follow=True))
    assert not faults(Client().get(arrival))


@pytest.mark.parametrize(("secure", "samesite"), [(True, "None"), (False, "Lax")])
def test_the_mark_of_a_click_is_the_only_cookie_another_site_brings(moodle, registered, settings, secure, samesite):
    """Its answer is posted from the platform's own page: over https it is sent along, and our sessions aren't."""
    if secure:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    else:
        settings.LTI_LOCAL_PLATFORMS = False  # browsers trust this machine as they trust https: it is set apart
    headers = {"X-Forwarded-Proto": "https"} if secure else {}
    answer = moodle.click(Client(), **headers)
    ((name, cookie),) = answer.cookies.items()
    assert name.startswith("lti-")
    assert (cookie["samesite"], bool(cookie["secure"]), cookie["path"]) == (samesite, secure, "/lti/")
    assert cookie["httponly"]
    assert answer["Cache-Control"] == "private, no-store"


def test_a_trainer_without_a_second_factor_comes_in_by_setting_it_up(moodle, tied, recognised, tess, as_):
    """What the platform calls is never turned away; the page that follows is, and waits."""
    recognised(tess, "7")
    tess.authenticator_set.all().delete()
    browser = as_(tess)
    answer = moodle.launch(browser, {"sub": "7", "roles": [INSTRUCTOR]})
    assert answer["Location"].startswith("/lti/arrivee/")
    assert browser.get(answer["Location"])["Location"] == reverse("mfa_activate_totp")
    assert browser.session["wanted_page"] == answer["Location"]
