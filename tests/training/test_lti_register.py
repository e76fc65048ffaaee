"""A platform is registered for one centre: by a link that serves once, or by hand; its head and the national team."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lti_tool.models import LtiDeployment, LtiRegistration

from tests.training.lti_platform import CLIENT, DEPLOYMENT, LEARNER, SITE
from training.lti import net, registering
from training.models import Platform, RegistrationLink

ZOE = {"sub": "42", "name": "Zoé", "roles": [LEARNER]}


@pytest.fixture
def proven(as_):
    """Someone who has just proved who they are."""

    def browser(person):
        client = as_(person)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        return client

    return browser


def opened(link: str, moodle, ticket: str = "jeton-moodle") -> str:
    """The link as a platform opens it."""
    asked = {"openid_configuration": f"{moodle.url}/openid-configuration", "registration_token": ticket}
    return f"{link}?{'&'.join(f'{key}={value}' for key, value in asked.items() if value)}"


@pytest.fixture
def link(lti, centre, hugo):
    return reverse("lti:register", args=[RegistrationLink.make(centre, hugo)])


def test_a_head_makes_a_link_said_once(lti, hugo, centre, other_centre, proven):
    browser = proven(hugo)
    page = browser.post(reverse("lti:home"), {"centre": centre.pk}, follow=True).text
    found = page.split("<code>")[1].split("</code>")[0]
    assert found.startswith(f"{SITE}/lti/inscription/")
    assert found not in browser.get(reverse("lti:home")).text
    assert str(other_centre) not in page
    for wrong in (other_centre.pk, 999999999, "x", ""):
        assert browser.post(reverse("lti:home"), {"centre": wrong}).status_code == 404
    assert RegistrationLink.objects.count() == 1
    kept = RegistrationLink.objects.get()
    assert kept.digest not in found
    assert kept.centre == centre


def test_a_fresh_proof_is_asked_before_trusting_a_platform(lti, hugo, centre, as_):
    for path in (reverse("lti:home"), reverse("lti:new_platform", args=[centre.pk])):
        answer = as_(hugo).post(path, {"centre": centre.pk})
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not RegistrationLink.objects.exists()


def test_a_platform_registers_itself(moodle, link, centre, hugo):
    """Opened in a frame of the platform, without any cookie: it asks, then both know each other."""
    nobody = Client(enforce_csrf_checks=True)
    page = nobody.get(opened(link, moodle))
    assert moodle.url in page.text
    assert str(centre) in page.text
    assert moodle.asked == []
    done = nobody.post(opened(link, moodle))
    assert "est inscrite" in done.text
    assert "data-registered" in done.text
    kept = Platform.objects.get()
    assert (kept.centre, kept.opened_by) == (centre, hugo)
    known = kept.registration
    assert (known.issuer, known.client_id, known.name) == (moodle.url, CLIENT, "Moodle 127.0.0.1")
    assert LtiDeployment.objects.get().deployment_id == DEPLOYMENT
    assert LtiDeployment.objects.get().is_active
    said = moodle.registered[0]
    assert said["redirect_uris"] == [f"{SITE}/lti/lancer/", f"{SITE}/lti/choisir/"]
    assert said["jwks_uri"] == f"{SITE}/lti/cles.json"
    kinds = [each["type"] for each in said["https://purl.imsglobal.org/spec/lti-tool-configuration"]["messages"]]
    assert kinds == ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]
    # And a click works at once.
    browser = Client()
    assert "Première visite" in browser.get(moodle.launch(browser, ZOE)["Location"]).text


def test_a_link_serves_once_and_a_week(moodle, link):
    nobody = Client()
    assert nobody.post(opened(link, moodle)).status_code == 200
    for answer in (nobody.get(opened(link, moodle)), nobody.post(opened(link, moodle))):
        assert answer.status_code == 404
        assert "ne sert plus" in answer.text
    assert Platform.objects.count() == 1


def test_a_link_too_old_or_made_up(moodle, link):
    nobody = Client()
    for wrong in (link[:-3] + "ab/", "/lti/inscription/abc/", "/lti/inscription/a.b.c/", "/lti/inscription/é/"):
        assert nobody.post(opened(wrong, moodle)).status_code == 404
    RegistrationLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert nobody.post(opened(link, moodle)).status_code == 404
    assert moodle.asked == []


def test_opening_a_link_does_nothing(moodle, link):
    """A scanner of mails opens links; without a platform it says where it goes."""
    nobody = Client()
    assert "Ajouter LTI Advantage" in nobody.get(link).text
    assert "depuis la page d’inscription" in nobody.post(link).text
    assert RegistrationLink.objects.get().used_at is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"issuer": "http://autre.example"}, "au nom d’un autre site"),
        ({"jwks_uri": "file:///etc/passwd"}, "incomplète"),
        ({"token_endpoint": "https://x/" + "y" * 300}, "incomplète"),
        ({"authorization_endpoint": None}, "incomplète"),
        ({"registration_endpoint": "https://user:pass@x/"}, "incomplète"),
        ({"registration_endpoint": "http://127.0.0.1:9/"}, "a refusé"),
    ],
)
def test_a_configuration_that_makes_no_sense_keeps_the_link(moodle, link, changed, said, monkeypatch):
    good = moodle.configuration()
    monkeypatch.setattr(moodle, "configuration", lambda: {**good, **changed})
    answer = Client().post(opened(link, moodle))
    assert answer.status_code == 400
    assert said in answer.text
    assert not Platform.objects.exists()
    monkeypatch.undo()
    assert Client().post(opened(link, moodle)).status_code == 200


def test_a_platform_that_refuses_or_is_silent_keeps_the_link(moodle, link):
    assert "a refusé" in Client().post(opened(link, moodle, ticket="faux")).text
    silent = f"{link}?openid_configuration=http://127.0.0.1:9/x&registration_token=a"
    assert "n’a pas donné sa configuration" in Client().post(silent).text
    assert Client().post(opened(link, moodle)).status_code == 200


@pytest.mark.parametrize(
    "said", [{"client_id": "a\0"}, {"client_id": "\ud800"}, {registering.TOOL: {"deployment_id": "\0"}}]
)
def test_signs_no_database_keeps_are_a_refusal(moodle, link, said, monkeypatch):
    monkeypatch.setattr(moodle, "register", lambda *_: (200, {"client_id": CLIENT, **said}))
    assert "a refusé" in Client().post(opened(link, moodle)).text
    monkeypatch.undo()
    assert Client().post(opened(link, moodle)).status_code == 200


def test_a_known_platform_is_not_taken_over(moodle, registered, other_centre, nora):
    """The same platform and client, by another centre's link: what is there stays as it is."""
    token = RegistrationLink.make(other_centre, nora)
    answer = Client().post(opened(reverse("lti:register", args=[token]), moodle))
    assert "déjà inscrite" in answer.text
    assert Platform.objects.get().centre == registered.centre


# By hand

SAID = {
    "name": "Moodle de l’école", "issuer": "https://moodle.exemple.fr", "client_id": "abc", "deployment_id": "3",
    "auth_url": "https://moodle.exemple.fr/mod/lti/auth.php",
    "token_url": "https://moodle.exemple.fr/mod/lti/token.php",
    "keyset_url": "https://moodle.exemple.fr/mod/lti/certs.php",
}  # fmt: skip


def test_a_platform_by_hand(db, settings, hugo, centre, proven):
    settings.LTI_LOCAL_PLATFORMS = False
    browser, path = proven(hugo), reverse("lti:new_platform", args=[centre.pk])
    page = browser.get(path)
    assert f"{settings.SITE_URL}/lti/cles.json" in page.text
    done = browser.post(path, SAID, follow=True)
    assert "est inscrite" in done.text
    assert Platform.objects.get().centre == centre
    assert LtiDeployment.objects.get().deployment_id == "3"
    again = browser.post(path, SAID)
    assert "déjà inscrite" in again.text
    assert Platform.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://moodle.exemple.fr", "ftp://moodle.exemple.fr", "https://127.0.0.1/x", "https://localhost/x",
        "https://10.0.0.1", "https://[::1]/", "https://2130706433/", "https://a:b@moodle.exemple.fr/",
        "https://moodle.exemple.fr:5432/", "javascript:alert(1)", "//moodle.exemple.fr", "https://", "x" * 300,
        "https://moodle.exemple.fr/\x00", "https://moodle exemple.fr/", "https://[",
    ],
)  # fmt: skip
def test_addresses_nobody_asks_anything_of(db, settings, hugo, centre, proven, address):
    settings.LTI_LOCAL_PLATFORMS = False
    answer = proven(hugo).post(reverse("lti:new_platform", args=[centre.pk]), {**SAID, "keyset_url": address})
    assert answer.status_code == 200
    assert "Erreur" in answer.text
    assert "Moodle de l’école" in answer.text
    assert not Platform.objects.exists()


def test_a_name_that_leads_to_our_own_network_is_not_asked(settings, moodle):
    """What is looked at is who answers, not the name: it is refused on the open connection, before a word is said."""
    settings.LTI_LOCAL_PLATFORMS = False
    monkey = pytest.MonkeyPatch()
    try:
        monkey.setattr(net, "is_allowed", lambda _: True)
        with pytest.raises(requests.ConnectionError, match="private network"):
            net.Session().get(f"{moodle.url}/keys")
    finally:
        monkey.undo()
    assert moodle.asked == []
    settings.LTI_LOCAL_PLATFORMS = True
    assert net.Session().get(f"{moodle.url}/keys").status_code == 200
    assert net.Session().get(f"{moodle.url}/elsewhere").status_code == 502
    monkey.setattr(net, "MOST", 10)
    with pytest.raises(net.Unreachable):
        net.Session().get(f"{moodle.url}/keys")
    monkey.undo()


@pytest.mark.parametrize(
    ("begins", "then"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    ],
)
def test_an_answer_that_comes_sign_after_sign_is_cut(settings, monkeypatch, begins, then):
    """None of its waits is long; all of them together would hold a page for hours."""
    settings.LTI_LOCAL_PLATFORMS = True
    monkeypatch.setattr(net, "LONGEST", 0.5)

    signs, over = [], threading.Event()

    def drip(door):
        with door, door.accept()[0] as peer, suppress(OSError):
            peer.recv(4096)
            peer.sendall(begins)
            while len(signs) < 60 and not over.wait(0.1):
                peer.sendall(then)
                signs.append(then)

    door = socket.create_server(("127.0.0.1", 0))
    slow = threading.Thread(target=drip, args=[door])
    slow.start()
    try:
        with pytest.raises(requests.RequestException):
            net.Session().get(f"http://127.0.0.1:{door.getsockname()[1]}/")
        assert len(signs) < 60  # it had more to say
    finally:
        over.set()
        slow.join()


# Keeping it


def test_a_head_accepts_a_deployment_and_closes_the_door(moodle, registered, hugo, proven):
    waiting = LtiDeployment.objects.create(registration=registered.registration, deployment_id="8")
    browser, path = proven(hugo), registered.get_absolute_url()
    assert "en attente" in browser.get(path).text
    browser.post(path, {"do": "accept", "deployment": waiting.pk})
    waiting.refresh_from_db()
    assert waiting.is_active
    browser.post(path, {"do": "stop", "deployment": waiting.pk})
    waiting.refresh_from_db()
    assert not waiting.is_active
    browser.post(path, {"do": "add", "deployment_id": "9"})
    assert LtiDeployment.objects.filter(deployment_id="9", is_active=True).exists()
    assert "Erreur" in browser.post(path, {"do": "add", "deployment_id": ""}).text
    for wrong in ("x", "", "999999999", "9" * 40):
        assert browser.post(path, {"do": "accept", "deployment": wrong}).status_code == 404
    browser.post(path, {"do": "close"})
    assert not LtiRegistration.objects.get().is_active
    browser.post(path, {"do": "reopen"})
    assert LtiRegistration.objects.get().is_active


def test_who_keeps_platforms(registered, cohort, hugo, nora, tess, otto, ada, dan, ilan, stan, other_centre, as_):
    paths = [
        reverse("lti:home"),
        registered.get_absolute_url(),
        reverse("lti:new_platform", args=[registered.centre.pk]),
    ]
    for person in (hugo, nora):
        assert [as_(person).get(path).status_code for path in paths] == [200, 200, 200]
    for person in (tess, otto, ada, dan, ilan, stan):
        assert [as_(person).get(path).status_code for path in paths] == [404, 404, 404]
    elsewhere = registering.keep(other_centre, None, {**dict(list(SAID.items())[:3]), **{
        name: SAID[name] for name in ("auth_url", "token_url", "keyset_url")}}, "1")  # fmt: skip
    assert as_(hugo).get(elsewhere.get_absolute_url()).status_code == 404
    assert as_(nora).get(elsewhere.get_absolute_url()).status_code == 200
