"""What every answer says to browsers and to caches, whatever the answer."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests import factories
from tests.test_matrix import READING, askers, expected
from tests.world import PUBLIC

POLICY = {
    "default-src": {"'none'"}, "script-src": {"'self'"}, "style-src": {"'self'"}, "img-src": {"'self'"},
    "font-src": {"'self'"}, "connect-src": {"'self'"}, "manifest-src": {"'self'"}, "worker-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"}, "base-uri": {"'none'"},
}  # fmt: skip
OWED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The address of a secret link goes nowhere, not even to ourselves.
STRICTER = {"Referrer-Policy": "no-referrer"}
# What someone sent is shown as a file and never as a page: nothing in it runs or asks for anything.
POLICIES = {"file": {**{part: set() for part in POLICY}, "default-src": {"'none'"}, "sandbox": set()}}
# Forms that anyone may send need a token; no other public page leaves a trace in a browser.
WITH_TOKEN = {
    "account_login", "account_signup", "account_reset_password", "account_reset_password_from_key",
    "account_confirm_email", "accounts:request_link", "accounts:follow_link", "training:join",
    "training:join_code", "training:decline", "initiatives:report", "initiatives:contact", "initiatives:call_me",
    "agreement",
    "accounts:stop_letters", "initiatives:collect", "collect_fiche", "initiatives:alert_new", "alert", "alert_stop",
    "edition", "edition_pdf", "edition_epub", "edition_pages", "guide_pdf", "guide_epub", "guide_pages",
    "guide:feedback", "attestations", "attestation",
}  # fmt: skip


def faults(answer, *, framed: bool = True, **more: set[str]) -> list[str]:
    wanted = {**OWED, **({"X-Frame-Options": "DENY"} if framed else {})}
    found = [
        f"{name}: {answer.get(name)}"
        for name, value in wanted.items()
        if answer.get(name) not in (value, STRICTER.get(name))
    ]
    said, wanted_policy = policy(answer), {**POLICY, **more}
    found += [
        f"Content-Security-Policy, {part}: {' '.join(sorted(said.get(part, ['nothing'])))}"
        for part in said.keys() | wanted_policy.keys()
        if said.get(part, set()) != wanted_policy.get(part, set())
    ]
    for feature in ("camera", "microphone", "geolocation", "payment"):
        if f"{feature}=()" not in answer.get("Permissions-Policy", ""):
            found.append(f"Permissions-Policy allows {feature}")
    if "charset=" not in answer.get("Content-Type", "charset=") and answer.get("Content-Type", "").startswith("text/"):
        found.append(f"Content-Type: {answer['Content-Type']}")
    return found


def policy(answer) -> dict[str, set[str]]:
    parts = [part.split() for part in answer.get("Content-Security-Policy", "").split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def test_every_page_says_what_it_owes(everything):
    """Each address, by the first person who may read it: the headers, and no cache for who is signed in."""
    wrong = []
    for name, of, others, exceptions in READING:
        path = everything.path(name, of)
        for person in askers(name, exceptions):
            if expected(person, path, others, exceptions) in (200, 410) and person != "mia":
                answer = everything.browser(person).get(path)
                wrong += [f"{path} by {person}: {fault}" for fault in faults(answer, **POLICIES.get(name, {}))]
                if person != PUBLIC and answer.get("Cache-Control") != "private, no-store":
                    wrong.append(f"{path} by {person}: Cache-Control: {answer.get('Cache-Control')}")
                if person != PUBLIC:
                    break
    assert not wrong, "\n".join(wrong[:40])


def test_images_inside_a_page_are_for_the_second_factor_alone(everything):
    """Its QR code is drawn in the page; a picture in a text would be somebody's trick."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": everything.stan.email, "password": factories.PASSWORD})
    answer = browser.get(reverse("mfa_activate_totp"))
    assert answer.status_code == 200
    assert not faults(answer, **{"img-src": {"'self'", "data:"}})


def test_refusals_and_breakdowns_say_it_too(everything, monkeypatch):
    nobody, stan = everything.browser(PUBLIC), everything.browser("stan")
    answers = {
        404: nobody.get("/nulle-part/"),
        "404 signed in": stan.get(everything.path("initiatives:draft", "sheet:draft")),
        302: nobody.get(reverse("initiatives:mine")),
        405: nobody.post(reverse("help")),
        400: nobody.get("/initiatives/%00/"),
        403: everything.browser(PUBLIC, enforce_csrf_checks=True).post(reverse("account_login")),
        410: nobody.get(everything.path("initiatives:sheet", "sheet:withdrawn")),
    }
    monkeypatch.setattr("config.views.ask", broken)
    answers[500] = nobody.get("/")
    wrong = []
    for said, answer in answers.items():
        assert str(answer.status_code) == str(said).split()[0]
        wrong += [f"{said}: {fault}" for fault in faults(answer)]
    assert not wrong, "\n".join(wrong)
    assert answers["404 signed in"]["Cache-Control"] == "private, no-store"
    assert "Traceback" not in answers[500].text
    assert "broken on purpose" not in answers[500].text


def broken(*_: object) -> None:
    raise RuntimeError("broken on purpose")


def test_another_host_is_refused(everything, settings):
    for host in ("evil.example", "evil.example:80", "127.0.0.1@evil.example", "testserver.evil.example"):
        answer = Client(raise_request_exception=False).get("/", headers={"host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert not faults(answer, framed=False)
    answer = everything.browser(PUBLIC).get("/", headers={"x-forwarded-host": "evil.example", "x-original-url": "/x"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


def test_visitors_get_no_cookie(everything):
    wrong = []
    for name, of, others, exceptions in READING:
        path = everything.path(name, of)
        if expected(PUBLIC, path, others, exceptions) not in (200, 404, 410):
            continue
        browser = everything.browser(PUBLIC)
        answer = browser.get(path)
        left = set(answer.cookies) - ({"csrftoken"} if name in WITH_TOKEN else set())
        wrong += [f"{path} leaves {cookie}" for cookie in left]
    assert not wrong, "\n".join(wrong)


def test_cookies_are_kept_from_scripts_and_other_sites(everything):
    browser = Client()
    browser.post(reverse("account_login"), {"login": everything.ana.email, "password": factories.PASSWORD})
    session = browser.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert browser.get(reverse("initiatives:mine")).status_code == 200


def test_what_one_reads_signed_in_is_never_what_a_visitor_reads(everything):
    """Alternating: nothing of one's page stays for the next."""
    for _ in range(5):
        for path in ("/", "/initiatives/", "/guide/", "/leviers/couverture/", "/formation/"):
            assert everything.browser("ana").get(path).text.count("Ana") >= 1
            assert ">Ana<" not in everything.browser(PUBLIC).get(path).text
