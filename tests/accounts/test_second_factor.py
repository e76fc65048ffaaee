"""A code of one's phone, for who has power over others' texts."""

import pytest
from allauth.mfa.models import Authenticator

from tests import factories


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def cleo(db):
    """Coordinates since this morning, and has no second factor yet."""
    person = factories.person("Cleo")
    factories.role(person, "coordinator", territory=factories.departement("59"))
    Authenticator.objects.filter(user=person).delete()
    return person


def test_from_nothing_to_the_queue_and_back_in(cleo, client, sign_in, code_now):
    sign_in(cleo)
    asked = client.get("/initiatives/moderation/?vue=en-retard")
    assert asked["Location"] == "/compte/second-facteur/activer/"
    page = client.get(asked["Location"])
    assert "un second facteur doit d’abord protéger votre compte" in page.text
    secret = page.context["form"].secret
    assert secret in page.text
    activated = client.post("/compte/second-facteur/activer/", {"code": code_now(secret)})
    assert activated["Location"] == "/compte/second-facteur/codes/"
    codes = client.get(activated["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert "Continuer" in codes.text
    assert client.get("/compte/bienvenue/")["Location"] == "/initiatives/moderation/?vue=en-retard"
    assert client.get("/initiatives/moderation/").status_code == 200

    client.post("/compte/deconnexion/")
    assert sign_in(cleo)["Location"] == "/compte/second-facteur/verifier/"
    assert client.get("/initiatives/moderation/").status_code == 302
    wrong = client.post("/compte/second-facteur/verifier/", {"code": "000 000"})
    assert "Ce code n’est pas le bon" in wrong.text
    spare = codes.context["unused_codes"][0]
    assert client.post("/compte/second-facteur/verifier/", {"code": spare})["Location"] == "/compte/bienvenue/"
    assert client.get("/initiatives/moderation/").status_code == 200


def test_a_spare_code_serves_once(cleo, client, sign_in, code_now):
    sign_in(cleo)
    secret = client.get("/compte/second-facteur/activer/").context["form"].secret
    client.post("/compte/second-facteur/activer/", {"code": code_now(secret)})
    spare = client.get("/compte/second-facteur/codes/").context["unused_codes"][0]
    for expected in (302, 200):
        client.post("/compte/deconnexion/")
        sign_in(cleo)
        assert client.post("/compte/second-facteur/verifier/", {"code": spare}).status_code == expected


def test_the_code_asked_for_leads_to_what_was_wanted(max, sign_in, client, code_now):
    answer = sign_in(max, next="/leviers/3/")
    assert answer["Location"] == "/compte/second-facteur/verifier/"
    code = code_now()
    spaced = f"{code[:3]} {code[3:]}"
    assert client.post("/compte/second-facteur/verifier/", {"code": spaced})["Location"] == "/leviers/3/"


@pytest.mark.parametrize("who", ["max", "nora", "tess", "hugo", "dan", "ada"])
def test_guarded_roles_are_stopped_until_they_have_one(who, request, as_):
    person = request.getfixturevalue(who)
    Authenticator.objects.filter(user=person).delete()
    browser = as_(person)
    for path in ("/", "/initiatives/moderation/", "/formation/", "/compte/roles/", "/compte/roles/ajouter/"):
        assert browser.get(path)["Location"] == "/compte/second-facteur/activer/"
    assert browser.get("/compte/").status_code == 200


@pytest.mark.parametrize("who", ["ana", "ilan", "stan", "eve", "gaby"])
def test_others_are_not(who, request, as_):
    assert as_(request.getfixturevalue(who)).get("/compte/profil/").status_code == 200
    assert as_(request.getfixturevalue(who)).get("/compte/bienvenue/")["Location"].startswith(("/init", "/form"))


def test_the_demo_asks_for_none(cleo, as_, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    assert as_(cleo).get("/initiatives/moderation/").status_code == 200


def test_a_draft_begun_before_the_role_is_still_saved(cleo, as_):
    version = factories.draft(cleo)
    answer = as_(cleo).get(f"/initiatives/brouillons/{version.initiative_id}/", follow=True)
    assert not any("second-facteur" in url for url, _ in answer.redirect_chain)


def test_setting_it_up_long_after_signing_in_asks_who_one_is(stan, as_):
    answer = as_(stan).get("/compte/second-facteur/activer/")
    assert answer["Location"] == "/compte/confirmer-identite/?next=%2Fcompte%2Fsecond-facteur%2Factiver%2F"
    browser = as_(stan)
    wrong = browser.post(answer["Location"], {"password": "pas celui-là"})
    assert "Ce n’est pas votre mot de passe." in wrong.text
    right = browser.post(answer["Location"], {"password": factories.PASSWORD})
    assert right["Location"] == "/compte/second-facteur/activer/"
    assert browser.get(right["Location"]).status_code == 200


def test_taking_it_away_is_said_by_letter(max, sign_in, client, code_now, last_letter):
    sign_in(max)
    client.post("/compte/second-facteur/verifier/", {"code": code_now()})
    assert "Retirer le second facteur" in client.get("/compte/second-facteur/desactiver/").text
    client.post("/compte/second-facteur/desactiver/")
    assert not Authenticator.objects.filter(user=max).exists()
    assert last_letter(max.email).subject == "Votre second facteur est retiré"
    assert client.get("/initiatives/moderation/")["Location"] == "/compte/second-facteur/activer/"


def test_new_spare_codes_replace_the_old(max, sign_in, client, code_now):
    sign_in(max)
    client.post("/compte/second-facteur/verifier/", {"code": code_now()})
    assert "Faire dix nouveaux codes" in client.get("/compte/second-facteur/codes/nouveaux/").text
    client.post("/compte/second-facteur/codes/nouveaux/")
    old = client.get("/compte/second-facteur/codes/").context["unused_codes"]
    client.post("/compte/second-facteur/codes/nouveaux/")
    assert old != client.get("/compte/second-facteur/codes/").context["unused_codes"]
    assert client.get("/compte/second-facteur/codes/texte/")["Content-Type"].startswith("text/plain")
    assert "Il vous en reste 10 sur dix" in client.get("/compte/second-facteur/").text


def test_the_wrong_code_is_counted(max, sign_in, client, counting, code_now):
    sign_in(max)
    for _ in range(10):
        client.post("/compte/second-facteur/verifier/", {"code": "000000"})
    answer = client.post("/compte/second-facteur/verifier/", {"code": code_now()})
    assert "Trop d’essais" in answer.text
    assert "_auth_user_id" not in client.session
