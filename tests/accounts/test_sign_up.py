"""Opening an account: a name, an address, a password; then the address is confirmed."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Letter, Person
from tests import factories

FORM = {"name": "Rose", "email": "rose@essaim.test", "password1": "quatre mots bien longs"}


@pytest.fixture
def letter_to_rose(client, last_letter):
    client.post("/compte/inscription/", FORM)
    return last_letter("rose@essaim.test")


def test_an_account_is_opened_and_waits_for_its_address(client, db, last_letter):
    answer = client.post("/compte/inscription/", FORM)
    assert answer.status_code == 302
    assert answer["Location"] == "/compte/confirmation/"
    rose = Person.objects.get(email="rose@essaim.test")
    assert rose.name == "Rose"
    assert not EmailAddress.objects.get(user=rose).verified
    assert "_auth_user_id" not in client.session
    assert last_letter("rose@essaim.test").subject == "Confirmez votre adresse pour ouvrir votre compte"


def test_opening_the_link_shows_a_button_and_confirms_nothing(client, letter_to_rose, link_in):
    answer = client.get(link_in(letter_to_rose))
    assert "Oui, confirmer cette adresse" in answer.text
    assert not EmailAddress.objects.get(email="rose@essaim.test").verified


def test_the_button_confirms_and_signs_in_the_browser_that_signed_up(client, letter_to_rose, link_in):
    answer = client.post(link_in(letter_to_rose))
    assert EmailAddress.objects.get(email="rose@essaim.test").verified
    assert answer["Location"] == "/compte/bienvenue/"
    assert "_auth_user_id" in client.session


def test_the_button_signs_no_other_browser_in(letter_to_rose, link_in, as_):
    elsewhere = as_(None)
    answer = elsewhere.post(link_in(letter_to_rose))
    assert answer["Location"] == "/compte/connexion/"
    assert "_auth_user_id" not in elsewhere.session


def test_what_was_asked_before_signing_up_comes_back_after(client, db, last_letter, link_in):
    client.post("/compte/inscription/", {**FORM, "next": "/formation/rejoindre/BCDFGHJK/"})
    answer = client.post(link_in(last_letter("rose@essaim.test")))
    assert answer["Location"] == "/formation/rejoindre/BCDFGHJK/"


def test_an_unconfirmed_account_does_not_sign_in(client, letter_to_rose):
    answer = client.post("/compte/connexion/", {"login": FORM["email"], "password": FORM["password1"]})
    assert answer["Location"] == "/compte/confirmation/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("quatorze-sign", "15"),
        ("motdepassemotdepasse", "mots du site"),
        ("essaim-essaim-2026", "mots du site"),
        ("rose@essaim.test", "trop semblable"),
        ("123456789012345678", "trop courant|entièrement numérique|trop"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(client, db, password, said):
    answer = client.post("/compte/inscription/", {**FORM, "password1": password})
    if password.isdigit():  # no composition rule: long digits alone are someone's right
        assert answer.status_code == 302
        return
    assert answer.status_code == 200
    assert "Erreur : Créer un compte" in answer.text
    assert any(part in answer.text for part in said.split("|"))
    assert "Rose" in answer.text  # nothing typed is lost
    assert not Person.objects.exists()


def test_no_composition_is_asked(client, db):
    assert client.post("/compte/inscription/", {**FORM, "password1": "pommier cerise lierre"}).status_code == 302


def test_an_address_already_here_gives_the_same_page(client, ana, as_):
    """T19: same answer, same number of letters, whether the address has an account or not."""
    fresh = client.post("/compte/inscription/", FORM)
    known = as_(None).post("/compte/inscription/", {**FORM, "email": ana.email})
    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])
    assert [Letter.objects.filter(to=to).count() for to in (FORM["email"], ana.email)] == [1, 1]
    assert Letter.objects.get(to=ana.email).subject == "Vous avez déjà un compte"
    ana.refresh_from_db()
    assert ana.name == "Ana"


def test_both_answers_hash_one_password(client, ana, monkeypatch, as_):
    from django.contrib.auth import hashers

    hashed = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or real(self, *args))
    client.post("/compte/inscription/", FORM)
    first = len(hashed)
    as_(None).post("/compte/inscription/", {**FORM, "email": ana.email})
    assert len(hashed) == 2 * first > 0


@pytest.mark.parametrize(
    "address",
    [
        "a@exemple.fr\nSubject: x",
        "a@exemple.fr;b@exemple.fr",
        "@exemple.fr",
        "a@exemple.fr\0",
        "x" * 60 + "@" + "abc." * 60 + "fr",
    ],
)
def test_what_is_no_address_is_refused(client, db, address):
    answer = client.post("/compte/inscription/", {**FORM, "email": address})
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("\u200bpr\u200béno\u200bm", "prénom"),
        ("e\u0301tienne", "étienne"),
        ("ligne1\r\nligne2", "ligne1 ligne2"),
        ("<script>window.__xss=1</script>", "<script>window.__xss=1</script>"),
    ],
)
def test_a_name_keeps_what_can_be_seen(client, db, typed, kept):
    client.post("/compte/inscription/", {**FORM, "name": typed})
    assert Person.objects.get().name == kept


@pytest.mark.parametrize("typed", ["", "   \xa0\u2003 ", "\u200b\u202e", "admin\0", "é" * 121])
def test_a_name_that_says_nothing_is_refused(client, db, typed):
    answer = client.post("/compte/inscription/", {**FORM, "name": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["name"]


def test_a_wrong_link_says_so(client, db):
    for key in ("xx", "MQ:1abc:def", "é\u202e", "a" * 500):
        answer = client.get(f"/compte/confirmation/{key}/")
        assert answer.status_code == 200
        assert "n’est plus valable" in answer.text


def test_a_link_outlives_three_days_and_no_more(client, letter_to_rose, link_in, settings, monkeypatch):
    import time

    real = time.time
    path = link_in(letter_to_rose)
    monkeypatch.setattr(time, "time", lambda: real() + 3 * 24 * 3600 + 60)
    assert "n’est plus valable" in client.get(path).text


def test_someone_signed_in_is_sent_home(ana, as_):
    assert as_(ana).get("/compte/inscription/").status_code == 302


def test_signing_up_needs_no_more_than_a_class_in_an_hour(client, db, counting, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/h/ip"}
    for _ in range(2):
        client.post("/compte/inscription/", {})
    answer = client.post("/compte/inscription/", {})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "Trop de demandes" in answer.text


def test_factories_people_sign_in(ana, sign_in):
    assert sign_in(ana, factories.PASSWORD)["Location"] == "/compte/bienvenue/"
