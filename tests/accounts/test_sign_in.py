"""Signing in and out with a password; where one lands; and what is counted."""

import pytest

REDIRECTIONS = [
    "https://evil.example/", "//evil.example", "///evil.example/%2f..", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "https://evil.example@essaim.test/", "\thttps://evil.example",
    "/\t/evil.example", "/\n/evil.example", "https://essaim.test\r\nSet-Cookie: x=1", "http://127.0.0.1.evil.example/",
    "http://testserver/aide/",
    " //evil.example", "http://essaim.test:80@evil.example/",
]  # fmt: skip


def test_signing_in_leads_to_ones_work(ana, sign_in, client):
    answer = sign_in(ana)
    assert answer["Location"] == "/compte/bienvenue/"
    assert client.get("/compte/bienvenue/")["Location"] == "/initiatives/mes-initiatives/"


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("max", "/initiatives/moderation/"),
        ("nora", "/initiatives/moderation/"),
        ("tess", "/formation/"),
        ("ilan", "/formation/"),
        ("stan", "/initiatives/mes-initiatives/"),
        ("eve", "/initiatives/mes-initiatives/"),
        ("ada", "/initiatives/mes-initiatives/"),
    ],
)
def test_everyone_is_welcomed_where_their_work_is(who, where, request, as_):
    assert as_(request.getfixturevalue(who)).get("/compte/bienvenue/")["Location"] == where


def test_nobody_is_not_welcomed(as_, db):
    assert as_(None).get("/compte/bienvenue/")["Location"] == "/compte/connexion/?next=/compte/bienvenue/"


def test_what_was_asked_for_comes_first(ana, sign_in):
    assert sign_in(ana, next="/leviers/3/?a=1")["Location"] == "/leviers/3/?a=1"


@pytest.mark.parametrize("address", REDIRECTIONS)
def test_next_never_leaves_the_site(ana, sign_in, address):
    assert sign_in(ana, next=address)["Location"] == "/compte/bienvenue/"


@pytest.mark.parametrize("address", REDIRECTIONS)
def test_nor_does_the_welcome(ana, as_, address):
    answer = as_(ana).get("/compte/bienvenue/", {"next": address})
    assert answer["Location"] == "/initiatives/mes-initiatives/"


def test_wrong_word_and_unknown_person_read_the_same(ana, as_):
    wrong = as_(None).post("/compte/connexion/", {"login": ana.email, "password": "autre chose de long"})
    unknown = as_(None).post("/compte/connexion/", {"login": "x@y.fr", "password": "autre chose de long"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "inexact" in wrong.text


def test_ten_wrong_words_an_hour_then_a_link_is_proposed(ana, sign_in, counting):
    for _ in range(10):
        assert "inexact" in sign_in(ana, "autre chose de long").text
    answer = sign_in(ana)
    assert "Trop d’essais" in answer.text
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_a_forged_proxy_header_does_not_start_the_count_again(ana, client, counting, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "3/h/ip"}
    for number in range(4):
        form = {"login": f"x{number}@y.fr", "password": "autre chose de long"}
        answer = client.post("/compte/connexion/", form, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert "Trop d’essais" in answer.text


def test_a_closed_account_stays_out(ana, sign_in, client):
    ana.is_active = False
    ana.save()
    assert sign_in(ana)["Location"] == "/compte/desactive/"
    assert "Ce compte est fermé" in client.get("/compte/desactive/").text


def test_signing_out_is_a_post(ana, as_):
    browser = as_(ana)
    assert "Me déconnecter" in browser.get("/compte/deconnexion/").text
    assert "_auth_user_id" in browser.session
    assert browser.post("/compte/deconnexion/")["Location"] == "/"
    assert "_auth_user_id" not in browser.session


def test_without_staying_signed_in_the_session_ends_with_the_browser(ana, sign_in, client):
    sign_in(ana)
    assert client.session.get_expire_at_browser_close()


def test_staying_signed_in_lasts_twelve_hours(ana, sign_in, client):
    sign_in(ana, remember="on")
    assert client.session.get_expiry_age() == 12 * 3600


@pytest.mark.parametrize(("login", "password"), [("a\0@b.fr", "x"), ("é" * 300 + "@b.fr", "x"), ("x@y.fr", "\0" * 20)])
def test_nonsense_is_refused_with_a_sentence(client, db, login, password):
    answer = client.post("/compte/connexion/", {"login": login, "password": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors
