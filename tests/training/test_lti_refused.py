"""What is forged, old, replayed or badly made is refused by a plain page in French, and leaves nothing behind."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from unittest.mock import patch

import jwt
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from lti_tool.models import LtiDeployment, LtiRegistration, LtiUser

from accounts.models import Person
from tests.training.lti_platform import CLAIM, CLIENT, INSTRUCTOR, LEARNER, SITE, pair
from training.lti import launching, registering
from training.lti.launching import LTI
from training.models import Launch

ZOE = {"sub": "42", "name": "Zoé", "email": "zoe@exemple.test", "roles": [LEARNER]}


def refused(answer, code: str) -> bool:
    """A whole page in French, that says why."""
    page = answer.text
    return (
        answer.status_code in (400, 403, 502)
        and f"Motif\u00a0: {code}" in page.replace("&nbsp;", "\u00a0")
        and "<h1>" in page
        and 'lang="fr"' in page
        and "Traceback" not in page
    )


def left() -> tuple[int, ...]:
    return (Launch.objects.count(), LtiUser.objects.count(), Person.objects.filter(name="Zoé").count())


def posted(moodle, **what):
    browser = Client()
    return moodle.launch(browser, ZOE, **what)


def test_another_key_under_the_same_name(moodle, tied):
    other, _ = pair("other")
    assert refused(posted(moodle, change=lambda token: moodle.resigned(token, key=other)), "key")
    assert left() == (0, 0, 0)


def test_a_key_the_platform_does_not_publish(moodle, tied):
    def change(token):
        words = jwt.decode(token, options={"verify_signature": False})
        return jwt.encode(words, pair("other")[0], algorithm="RS256", headers={"kid": "inconnue"})

    assert refused(posted(moodle, change=change), "key")


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_signature_anyone_could_make(moodle, tied, algorithm):
    """Unsigned, or signed with the public key as if it were a secret."""

    def change(token):
        head = {"typ": "JWT", "alg": algorithm, "kid": jwt.get_unverified_header(token)["kid"]}
        body = token.split(".")[1]
        first = base64.urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip("=")
        sign = ""
        if algorithm == "HS256":
            import hashlib
            import hmac

            made = hmac.new(moodle.public.encode(), f"{first}.{body}".encode(), hashlib.sha256).digest()
            sign = base64.urlsafe_b64encode(made).decode().rstrip("=")
        return f"{first}.{body}.{sign}"

    assert refused(posted(moodle, change=change), "key")
    assert left() == (0, 0, 0)


def test_words_changed_after_signing(moodle, tied):
    def change(token):
        head, body, sign = token.split(".")
        words = json.loads(base64.urlsafe_b64decode(body + "=="))
        words[f"{CLAIM}roles"] = [INSTRUCTOR]
        return f"{head}.{base64.urlsafe_b64encode(json.dumps(words).encode()).decode().rstrip('=')}.{sign}"

    assert refused(posted(moodle, change=change), "key")


def test_an_answer_posted_twice(moodle, tied):
    browser = Client()
    begun = moodle.click(browser)
    form = moodle.answer_to(begun["Location"], ZOE)
    assert moodle.post(browser, form).status_code == 302
    assert refused(moodle.post(browser, form), "replayed")
    # The same state with another message, freshly signed, is a replay too.
    again = moodle.answer_to(begun["Location"], {**ZOE, "sub": "43"})
    assert refused(moodle.post(browser, again), "replayed")
    assert Launch.objects.count() == 1


def test_a_nonce_of_another_launch(moodle, tied):
    browser = Client()
    first, second = moodle.click(browser), moodle.click(browser)
    forms = [moodle.answer_to(each["Location"], ZOE) for each in (first, second)]
    crossed = {**forms[0], "id_token": forms[1]["id_token"]}
    assert refused(moodle.post(browser, crossed), "nonce")


def test_a_state_that_is_not_ours(moodle, tied):
    browser = Client()
    form = moodle.answer_to(moodle.click(browser)["Location"], ZOE)
    for state in ("inventé", form["state"][:-3] + "abc", "1-x.2.3", "x" * 5000):
        assert refused(moodle.post(browser, {**form, "state": state}), "state")
    assert refused(moodle.post(browser, {**form, "state": ""}), "claims")
    assert left() == (0, 0, 0)


def test_a_state_begun_with_another_platform(moodle, tied, other_centre):
    """A platform can't answer in another's name, even to a question that was asked."""
    addresses = {**moodle.addresses(), "issuer": f"{moodle.url}/autre"}
    registering.keep(other_centre, None, {"name": "Autre", "client_id": CLIENT, **addresses}, "7")
    browser = Client()
    form = moodle.answer_to(moodle.click(browser)["Location"], ZOE)
    form["id_token"] = moodle.resigned(form["id_token"], iss=f"{moodle.url}/autre")
    assert refused(moodle.post(browser, form), "state")


def test_a_message_that_has_expired(moodle, tied):
    past = int(time.time()) - 3600
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, iat=past - 60, exp=past)), "expired")
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, iat=int(time.time()) + 3600)), "expired")


def test_an_answer_too_late(moodle, tied):
    browser = Client()
    begun = moodle.click(browser)
    later = time.time() + Launch.LIFE.total_seconds() + 5
    with patch("django.core.signing.time.time", return_value=later):
        form = moodle.answer_to(begun["Location"], ZOE)
        assert refused(moodle.post(browser, form), "expired")


def test_another_audience(moodle, tied):
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, aud="client-d-un-autre")), "audience")
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, azp="client-d-un-autre")), "audience")
    several = [CLIENT, "autre"]
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, aud=several, drop=("azp",))), "audience")
    assert posted(moodle, change=lambda t: moodle.resigned(t, aud=["autre", CLIENT])).status_code == 302
    assert left()[1:] == (0, 0)


def test_another_deployment_waits_for_the_head(moodle, tied, recognised, stan, monkeypatch):
    """It is written down as waiting, a few times at most, and opens nothing until it is accepted."""
    recognised(stan, "42")
    monkeypatch.setattr(launching, "MOST_UNKNOWN", 3)
    for number in ("8", "8", "100", "101", "102", "103"):
        answer = posted(moodle, change=lambda t, n=number: moodle.resigned(t, **{f"{LTI}deployment_id": n}))
        assert refused(answer, "deployment")
    waiting = LtiDeployment.objects.filter(is_active=False)
    assert waiting.count() == 3
    assert Launch.objects.count() == 0
    waiting.filter(deployment_id="8").update(is_active=True)
    accepted = posted(moodle, change=lambda t: moodle.resigned(t, **{f"{LTI}deployment_id": "8"}))
    assert accepted.status_code == 302


def test_an_unknown_issuer(moodle, tied):
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, iss="https://pirate.example")), "unknown")
    browser = Client()
    asked = {"iss": "https://pirate.example", "login_hint": "1", "target_link_uri": f"{SITE}/lti/lancer/"}
    assert refused(browser.get("/lti/connexion/", asked), "unknown")
    assert refused(browser.post("/lti/connexion/", {**asked, "iss": "a\x00b"}), "unknown")


def test_a_platform_that_was_closed(moodle, tied, recognised, stan):
    recognised(stan, "42")
    browser = Client()
    form = moodle.answer_to(moodle.click(browser)["Location"], ZOE)
    arrival = moodle.launch(browser, ZOE)["Location"]
    LtiRegistration.objects.update(is_active=False)
    assert refused(moodle.post(browser, form), "unknown")
    assert refused(moodle.click(browser), "unknown")
    assert refused(browser.get(arrival), "unknown")


@pytest.mark.parametrize(
    "name",
    [
        "sub", "nonce", "exp", "iat", "aud", "iss", f"{CLAIM}deployment_id", f"{CLAIM}message_type", f"{CLAIM}version",
        f"{CLAIM}roles", f"{CLAIM}resource_link",
    ],
)  # fmt: skip
def test_missing_claims(moodle, tied, name):
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, drop=(name,))), "claims")
    assert left() == (0, 0, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"sub": 42},
        {"sub": "x" * 256},
        {"sub": "a\x00b"},
        {"sub": "\ud800"},
        {"aud": {"a": 1}},
        {"aud": []},
        {"iss": ["https://x"]},
        {"nonce": ["a"]},
        {"name": "a\x00"},
        {f"{CLAIM}roles": "Instructor"},
        {f"{CLAIM}roles": [1, None, {"a": "b"}]},
        {f"{CLAIM}context": "cours"},
        {f"{CLAIM}context": {"id": "x" * 300}},
        {f"{CLAIM}resource_link": ["lien"]},
        {f"{CLAIM}resource_link": {"id": "x" * 300}},
        {f"{CLAIM}deployment_id": 7},
        {f"{CLAIM}version": "1.1"},
        {f"{CLAIM}message_type": "LtiSubmissionReviewRequest"},
        {f"{CLAIM}message_type": "Autre"},
        {f"{CLAIM}message_type": ["LtiResourceLinkRequest"]},
        {f"{CLAIM}custom": {"essaim_devoir": {"a": 1}}},
        {"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": "x"},
        {"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {"scope": "score", "lineitem": 3}},
        {"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": []},
        {"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {"context_memberships_url": "file:///etc"}},
        {"email": {"a": 1}, "name": ["Zoé"]},
    ],
)
def test_claims_of_the_wrong_shape_never_break(moodle, tied, changed):
    """Either refused, or taken without what makes no sense: never a breakdown, whatever a signed message says."""
    browser = Client()
    begun = moodle.click(browser)
    form = moodle.answer_to(begun["Location"], ZOE)
    try:
        form["id_token"] = moodle.resigned(form["id_token"], **changed)
    except (TypeError, UnicodeEncodeError):
        words = {**jwt.decode(form["id_token"], options={"verify_signature": False}), **changed}
        key, head = moodle.private, {"kid": jwt.get_unverified_header(form["id_token"])["kid"]}
        form["id_token"] = jwt.api_jws.encode(json.dumps(words).encode(), key, algorithm="RS256", headers=head)
    answer = moodle.post(browser, form)
    assert answer.status_code in (302, 400, 403)
    if answer.status_code == 302:
        assert browser.get(answer["Location"]).status_code in (200, 302, 403)
    assert connection.is_usable()


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", ".." * 9, "é.é.é", "x" * 200_000, "W10.W10.W10", "bnVsbA.bnVsbA.a"]
)
def test_what_is_no_token(moodle, tied, token):
    browser = Client()
    form = moodle.answer_to(moodle.click(browser)["Location"], ZOE)
    assert refused(moodle.post(browser, {**form, "id_token": token}), "claims")
    assert refused(browser.post("/lti/lancer/"), "claims")


def test_nested_without_end(moodle, tied):
    deep: object = "x"
    for _ in range(300):
        deep = [deep]
    assert refused(posted(moodle, change=lambda t: moodle.resigned(t, **{f"{CLAIM}custom": {"a": deep}})), "claims")


def test_the_platform_says_no(moodle, tied):
    browser = Client()
    begun = moodle.click(browser)
    state = begun["Location"].split("state=")[1].split("&")[0]
    answer = browser.post("/lti/lancer/", {"error": "access_denied", "error_description": "<b>", "state": state})
    assert refused(answer, "platform")


def test_roles_that_open_nothing(moodle, tied):
    for roles in ([], ["http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"], ["Observer"], ["x" * 500]):
        browser = Client()
        answer = moodle.launch(browser, {**ZOE, "roles": roles})
        assert refused(browser.get(answer["Location"]), "role")
    short = Client()
    assert "Première visite" in short.get(moodle.launch(short, {**ZOE, "roles": ["Learner"]})["Location"]).text


def test_html_in_names(moodle, tied, stan):
    """Markup in what a platform says is words, and loses its brackets."""
    browser = Client()
    name = "<script>alert(1)</script>Zoé\u202e\n<img src=x onerror=alert(1)>"
    arrival = moodle.launch(browser, {**ZOE, "name": name}, context=("cours-1", "<b>Cours</b>"))["Location"]
    page = browser.get(arrival)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "onerror=alert(1)&gt;" not in page.text
    assert "<img src=x" not in page.text
    browser.post(arrival, {"do": "create", "name": "<b>Zoé</b>", "email": ZOE["email"]})
    assert "<b>" not in browser.get("/formation/").text


def test_keys_the_platform_does_not_give(moodle, tied):
    for address in (f"{moodle.url}/nulle-part", f"{moodle.url}/elsewhere", "http://127.0.0.1:9/keys"):
        LtiRegistration.objects.update(keyset_url=address)
        assert refused(posted(moodle), "keys")
    assert "GET /secret" not in moodle.asked


def test_keys_that_are_no_keys(moodle, tied):
    for answer in ([], {"keys": "x"}):
        with patch.object(type(moodle), "respond", return_value=(200, answer)):
            assert refused(posted(moodle), "keys")
    for answer in ({"keys": []}, {"keys": [1]}, {"keys": [{"kid": "k", "kty": "RSA"}]}):
        with patch.object(type(moodle), "respond", return_value=(200, answer)):
            assert refused(posted(moodle), "key")


def test_keys_changed_by_the_platform_are_read_again(moodle, tied, settings):
    """They are kept a moment; a message signed by a new one has them read anew."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "lti"}}
    assert posted(moodle).status_code == 302
    assert posted(moodle).status_code == 302
    assert moodle.asked.count("GET /keys") == 1
    moodle.private, moodle.public = pair("next")
    assert posted(moodle).status_code == 302
    assert moodle.asked.count("GET /keys") == 2


def test_keys_are_not_asked_for_at_each_forged_message(moodle, tied, settings):
    """Anyone can post one: neither the platform nor our own threads pay for each."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "forged"}}
    other, _ = pair("other")
    said = {"iss": moodle.url, "aud": CLIENT, "sub": "42", "nonce": "n", f"{LTI}deployment_id": "7"}
    for number in range(5):
        token = jwt.encode(said, other, algorithm="RS256", headers={"kid": f"made-up-{number}"})
        assert refused(Client().post("/lti/lancer/", {"id_token": token, "state": "made-up"}), "key")
    assert moodle.asked.count("GET /keys") == 2
    assert posted(moodle).status_code == 302
    cache.clear()
    moodle.asked.clear()
    LtiRegistration.objects.update(keyset_url=f"{moodle.url}/nulle-part")
    for _ in range(3):
        assert refused(posted(moodle), "keys")
    assert moodle.asked.count("GET /nulle-part") == 1


def test_a_click_without_what_it_needs(moodle, registered):
    browser = Client()
    for asked in ({}, {"iss": moodle.url}, {"login_hint": "1"}, {"iss": moodle.url, "login_hint": "x" * 5000}):
        assert refused(browser.get("/lti/connexion/", asked), "claims")
    assert browser.put("/lti/connexion/").status_code == 405
    assert browser.get("/lti/lancer/").status_code == 405
    assert Launch.objects.count() == 0


def test_a_browser_that_did_not_begin_the_click(moodle, tied, recognised, stan):
    """Whoever has someone else's answer doesn't enter with it: the click began in another browser."""
    recognised(stan, "42")
    victim, attacker = Client(), Client()
    form = moodle.answer_to(moodle.click(attacker)["Location"], ZOE)
    assert refused(moodle.post(victim, form), "cookie")
    assert victim.session.get("_auth_user_id") is None


def test_what_was_said_is_forgotten_by_itself(moodle, tied):
    from training.lti import grades

    posted(moodle)
    assert Launch.objects.get().said["name"] == "Zoé"
    Launch.objects.update(received_at=timezone.now() - timedelta(hours=2, minutes=1))
    grades._looked_at = -grades.EVERY
    grades.each_turn()
    assert not Launch.objects.exists()
