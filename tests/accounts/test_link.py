"""Signing in by a link received by mail."""

from datetime import timedelta

import pytest

from accounts import links
from accounts.models import Letter


def ask(client, address, **more):
    return client.post("/compte/lien/", {"email": address, **more})


@pytest.fixture
def path(ana, client, last_letter, link_in):
    """The link Ana received."""
    ask(client, ana.email)
    return link_in(last_letter(ana.email), "/compte/lien/")


def test_the_link_shows_a_button_then_signs_in(ana, client, path):
    assert "Me connecter" in client.get(path).text
    assert "_auth_user_id" not in client.session
    assert client.post(path)["Location"] == "/compte/bienvenue/"
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_it_serves_once(client, path, as_):
    client.post(path)
    elsewhere = as_(None)
    assert "n’est plus valable" in elsewhere.post(path).text
    assert "_auth_user_id" not in elsewhere.session


def test_it_lives_a_quarter_of_an_hour(ana, client, path, monkeypatch):
    real = links.tokens._now()
    monkeypatch.setattr(links.tokens, "_now", lambda: real + timedelta(minutes=14))
    assert "Me connecter" in client.get(path).text
    monkeypatch.setattr(links.tokens, "_now", lambda: real + timedelta(minutes=16))
    assert "n’est plus valable" in client.get(path).text


def test_a_new_password_ends_it(ana, client, path):
    ana.set_password("une autre phrase bien longue")
    ana.save()
    assert "n’est plus valable" in client.get(path).text


def test_the_token_of_a_reset_is_no_link(ana, client):
    from allauth.account.forms import default_token_generator

    path = f"/compte/lien/{links.uid_of(ana)}/{default_token_generator.make_token(ana)}/"
    assert "n’est plus valable" in client.post(path).text


def test_it_opens_nobody_elses_account(ana, stan, client, path):
    other = path.replace(f"/lien/{links.uid_of(ana)}/", f"/lien/{links.uid_of(stan)}/")
    assert "n’est plus valable" in client.post(other).text


@pytest.mark.parametrize("uid", ["0", "zzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzzzzz", "é", "-1", "%00"])
def test_nonsense_is_a_dead_link(client, db, uid):
    for token in ("abc-def", "x", "-", "c9s8ab-" + "f" * 400):
        answer = client.get(f"/compte/lien/{uid}/{token}/")
        assert answer.status_code in (200, 400)


def test_known_or_not_the_answer_is_the_same(ana, as_):
    """T19: the same page and one letter each."""
    known, unknown = ask(as_(None), ana.email), ask(as_(None), "personne@essaim.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    first, second = as_(None).get(known["Location"]), as_(None).get(unknown["Location"])
    assert first.text == second.text
    assert [Letter.objects.filter(to=to).count() for to in (ana.email, "personne@essaim.test")] == [1, 1]
    assert "Aucun compte" in Letter.objects.get(to="personne@essaim.test").subject


def test_a_closed_account_gets_the_letter_of_strangers(ana, client, last_letter):
    ana.is_active = False
    ana.save()
    ask(client, ana.email)
    assert "Aucun compte" in last_letter(ana.email).subject


def test_the_case_of_the_address_does_not_matter(ana, client, last_letter):
    ask(client, ana.email.upper())
    assert last_letter(ana.email).subject == "Votre lien de connexion"


def test_a_second_factor_is_still_asked(max, client, last_letter, link_in, code_now):
    ask(client, max.email)
    path = link_in(last_letter(max.email), "/compte/lien/")
    assert client.post(path)["Location"] == "/compte/second-facteur/verifier/"
    assert "_auth_user_id" not in client.session
    answer = client.post("/compte/second-facteur/verifier/", {"code": code_now()})
    assert answer["Location"] == "/compte/bienvenue/"
    assert client.session["_auth_user_id"] == str(max.pk)


def test_an_unconfirmed_address_is_confirmed_first(ana, client, last_letter, link_in):
    ana.emailaddress_set.update(verified=False)
    ask(client, ana.email)
    answer = client.post(link_in(last_letter(ana.email), "/compte/lien/"))
    assert answer["Location"] == "/compte/confirmation/"
    assert "_auth_user_id" not in client.session


def test_what_was_asked_for_comes_back(ana, client, last_letter, link_in):
    ask(client, ana.email, next="/guide/fiches/10/?a=1")
    assert client.post(link_in(last_letter(ana.email), "/lien/"))["Location"] == "/guide/fiches/10/?a=1"


def test_and_never_another_site(ana, client, last_letter, link_in, path):
    ask(client, ana.email, next="//evil.example")
    assert "evil" not in last_letter(ana.email).body
    assert client.post(f"{path}?next=https://evil.example/")["Location"] == "/compte/bienvenue/"


def test_five_letters_an_hour_to_one_address(ana, client, counting):
    for _ in range(5):
        assert ask(client, ana.email).status_code == 302
    assert ask(client, ana.email).status_code == 429
    assert ask(client, "personne@essaim.test").status_code == 302
    assert Letter.objects.filter(to=ana.email).count() == 5


def test_links_point_to_the_site_whatever_the_host(ana, client, settings, last_letter):
    """T29: a forged Host changes no letter; an unknown one is refused."""
    settings.ALLOWED_HOSTS = ["testserver", "autre.test"]
    settings.SITE_URL = "https://essaim.example"
    client.post("/compte/lien/", {"email": ana.email}, headers={"host": "autre.test"})
    assert "https://essaim.example/compte/lien/" in last_letter(ana.email).body
    assert "autre.test" not in last_letter(ana.email).body
    assert client.post("/compte/lien/", {"email": ana.email}, headers={"host": "evil.example"}).status_code == 400


def test_someone_signed_in_needs_no_link(ana, as_):
    assert as_(ana).get("/compte/lien/")["Location"] == "/compte/bienvenue/"


def test_the_page_keeps_what_was_typed(client, db):
    answer = ask(client, "pas une adresse")
    assert answer.status_code == 200
    assert "pas une adresse" in answer.text


@pytest.mark.parametrize("address", ["", "x" * 60 + "@" + "abc." * 60 + "fr", "a\0@b.fr", "a@exemple.fr\nTo: b@c.fr"])
def test_what_is_no_address_or_too_long_is_refused(client, db, address):
    answer = ask(client, address)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert not Letter.objects.exists()
