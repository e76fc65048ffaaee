"""Forgetting one's password, and changing it."""

import pytest
from django.test import Client

from accounts.models import Letter
from tests import factories

NEW = "une autre phrase bien longue"


def ask(client, address):
    return client.post("/compte/mot-de-passe/oublie/", {"email": address})


@pytest.fixture
def path(ana, client, last_letter, link_in):
    ask(client, ana.email)
    return link_in(last_letter(ana.email), "/mot-de-passe/oublie/")


def test_a_letter_leads_to_a_new_password(ana, client, path, sign_in):
    form = client.get(path, follow=True)
    assert "Choisir un mot de passe" in form.text
    done = client.post(form.request["PATH_INFO"], {"password1": NEW})
    assert done["Location"] == "/compte/mot-de-passe/oublie/fait/"
    assert "_auth_user_id" not in client.session  # a second factor isn't gone round
    assert sign_in(ana, NEW)["Location"] == "/compte/bienvenue/"


def test_the_link_serves_once(client, path):
    where = client.get(path, follow=True).request["PATH_INFO"]
    assert client.post(where, {"password1": NEW}).status_code == 302
    assert "Ce lien n’est plus valable" in Client().get(path, follow=True).text


def test_the_link_lives_an_hour(client, path, monkeypatch):
    from datetime import timedelta

    from allauth.account.forms import default_token_generator as tokens

    real = tokens._now()
    monkeypatch.setattr(type(tokens), "_now", lambda self: real + timedelta(minutes=59))
    assert "Choisir un mot de passe" in client.get(path, follow=True).text
    monkeypatch.setattr(type(tokens), "_now", lambda self: real + timedelta(minutes=61))
    assert "Ce lien n’est plus valable" in Client().get(path, follow=True).text


def test_a_second_link_leaves_the_first_alive_until_one_serves(ana, client, path, last_letter, link_in):
    ask(client, ana.email)
    second = link_in(last_letter(ana.email), "/mot-de-passe/oublie/")
    where = client.get(second, follow=True).request["PATH_INFO"]
    assert client.post(where, {"password1": NEW}).status_code == 302
    assert "Ce lien n’est plus valable" in Client().get(path, follow=True).text


def test_known_or_not_the_answer_is_the_same(ana):
    known, unknown = Client(), Client()
    first, second = ask(known, ana.email), ask(unknown, "personne@essaim.test")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert known.get(first["Location"]).text == unknown.get(second["Location"]).text
    assert [Letter.objects.filter(to=to).count() for to in (ana.email, "personne@essaim.test")] == [1, 1]


def test_three_letters_an_hour_to_one_address(ana, client, counting):
    for _ in range(3):
        assert ask(client, ana.email).status_code == 302
    answer = ask(client, ana.email)
    assert answer.status_code == 429
    assert "Trop de demandes" in answer.text
    assert answer["Retry-After"]


def test_a_forged_host_changes_no_link(ana, client, settings, last_letter):
    settings.ALLOWED_HOSTS = ["testserver", "autre.test"]
    settings.SITE_URL = "https://essaim.example"
    client.post("/compte/mot-de-passe/oublie/", {"email": ana.email}, headers={"host": "autre.test"})
    body = last_letter(ana.email).body
    assert "https://essaim.example/compte/mot-de-passe/oublie/" in body
    assert "autre.test" not in body
    for address in ("personne@essaim.test",):
        client.post("/compte/mot-de-passe/oublie/", {"email": address}, headers={"host": "autre.test"})
        assert "autre.test" not in last_letter(address).body


@pytest.mark.parametrize("end", ["x-y", "zzzzzzzzzzzzz-abc-def", "0-set-password", "1-", "é-é"])
def test_nonsense_is_a_dead_link(client, db, end):
    answer = client.get(f"/compte/mot-de-passe/oublie/{end}/", follow=True)
    assert answer.status_code in (200, 404)


def test_changing_it_ends_other_sessions_and_says_so(ana, sign_in, client, last_letter):
    sign_in(ana)
    other = Client()
    other.force_login(ana)
    form = {"oldpassword": factories.PASSWORD, "password1": NEW}
    assert client.post("/compte/mot-de-passe/changer/", form).status_code == 302
    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302
    assert last_letter(ana.email).subject == "Votre mot de passe a changé"


def test_changing_it_asks_for_the_present_one(ana, as_):
    answer = as_(ana).post("/compte/mot-de-passe/changer/", {"oldpassword": "pas celui-là", "password1": NEW})
    assert answer.status_code == 200
    assert "Ce n’est pas votre mot de passe actuel." in answer.text
    assert "Erreur : Mot de passe" in answer.text


def test_a_resets_letter_goes_to_people_without_a_name_too(ana, client, last_letter):
    ana.name = ""
    ana.save()
    ask(client, ana.email)
    assert last_letter(ana.email).body.startswith("Bonjour,\n")


@pytest.mark.parametrize("address", ["", "x" * 60 + "@" + "abc." * 60 + "fr", "a\0@b.fr", "a@exemple.fr\nTo: b@c.fr"])
def test_what_is_no_address_or_too_long_is_refused(client, db, address):
    answer = ask(client, address)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert not Letter.objects.exists()
