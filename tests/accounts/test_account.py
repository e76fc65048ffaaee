"""One's account: who one is, where one works, one's addresses and connections."""

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Organisation
from tests import factories

SIRET = "73282932000074"
EVERYONE = ["ana", "max", "nora", "tess", "ilan", "stan", "eve", "hugo", "gaby", "dan", "ada", "otto"]
PAGES = [
    "/compte/", "/compte/profil/", "/compte/adresses/", "/compte/mot-de-passe/changer/", "/compte/sessions/",
    "/compte/second-facteur/", "/compte/deconnexion/",
]  # fmt: skip


@pytest.mark.parametrize("who", EVERYONE)
def test_everyone_has_an_account_page(who, request, as_, django_assert_max_num_queries):
    person = request.getfixturevalue(who)
    browser = as_(person)
    for path in PAGES:
        with django_assert_max_num_queries(12):
            answer = browser.get(path)
        assert answer.status_code == 200, path
    assert person.email in browser.get("/compte/").text


@pytest.mark.parametrize("path", PAGES[:-1])
def test_nobody_is_sent_to_sign_in(path, as_, db):
    assert as_(None).get(path)["Location"].startswith("/compte/connexion/?next=")


def test_roles_are_said_in_words_with_their_dates(max, as_):
    factories.role(
        max, "expert", from_on=timezone.localdate().replace(year=2024), until_on=timezone.localdate().replace(year=2025)
    )
    text = as_(max).get("/compte/").text
    assert "Coordination" in text
    assert "Pas-de-Calais (62), Réseau du travail social collectif du Pas-de-Calais" in text
    assert "Rôles terminés" in text
    assert "2024" in text


def test_only_those_who_give_roles_are_shown_the_way(max, nora, ada, as_):
    assert "/compte/roles/" not in as_(max).get("/compte/").text
    assert "/compte/roles/" in as_(nora).get("/compte/").text
    assert "/compte/roles/" in as_(ada).get("/compte/").text


def test_an_organisation_is_made_once_and_chosen_by_its_siret(ana, stan, as_):
    form = {"name": "Ana M.", "organisation_name": "CCAS de Lens", "organisation_siret": "732 829 320 00074"}
    assert as_(ana).post("/compte/profil/", form)["Location"] == "/compte/"
    ana.refresh_from_db()
    assert (ana.name, ana.organisation.name, ana.organisation.siret) == ("Ana M.", "CCAS de Lens", SIRET)
    browser = as_(stan)
    answer = browser.post("/compte/profil/", {**form, "organisation_name": "Autre nom"}, follow=True)
    assert "c’est l’organisation retenue" in answer.text
    stan.refresh_from_db()
    assert stan.organisation == ana.organisation
    assert Organisation.objects.filter(siret=SIRET).get().name == "CCAS de Lens"


def test_the_same_name_is_the_same_organisation(ana, stan, as_):
    for person, typed in ((ana, "Maison des habitants"), (stan, "maison des HABITANTS")):
        as_(person).post("/compte/profil/", {"name": person.name, "organisation_name": typed})
        person.refresh_from_db()
    assert ana.organisation == stan.organisation


def test_leaving_an_organisation(ana, as_):
    ana.organisation = factories.organisation()
    ana.save()
    as_(ana).post("/compte/profil/", {"name": "Ana"})
    ana.refresh_from_db()
    assert ana.organisation is None


@pytest.mark.parametrize(
    ("siret", "said"),
    [("732829320", "14 chiffres"), ("73282932000075", "sa clé est fausse"), ("abc", "14 chiffres"), ("\0", "nul")],
)
def test_a_wrong_siret_is_said_and_nothing_is_lost(ana, as_, siret, said):
    form = {"name": "Autre", "organisation_name": "CCAS", "organisation_siret": siret}
    answer = as_(ana).post("/compte/profil/", form)
    assert answer.status_code == 200
    assert said in answer.text
    assert "Erreur : Mon profil" in answer.text
    assert 'value="Autre"' in answer.text
    ana.refresh_from_db()
    assert ana.name == "Ana"


def test_a_siret_without_a_name_asks_for_the_name(ana, as_):
    answer = as_(ana).post("/compte/profil/", {"name": "Ana", "organisation_siret": SIRET})
    assert "Nommez l’organisation qui porte ce SIRET." in answer.text


def test_forged_fields_change_nothing_else(ana, as_):
    as_(ana).post(
        "/compte/profil/", {"name": "Ana", "email": "x@y.fr", "is_active": "0", "is_superuser": "1", "id": "1"}
    )
    email = ana.email
    ana.refresh_from_db()
    assert (ana.email, ana.is_active) == (email, True)


# Addresses


def test_a_second_address_is_confirmed_then_made_primary(ana, sign_in, client, last_letter, link_in):
    sign_in(ana)
    first = ana.email
    client.post("/compte/adresses/", {"action_add": "1", "email": "ana@ailleurs.test"})
    letter = last_letter("ana@ailleurs.test")
    assert letter.subject == "Confirmez votre adresse"
    client.post(link_in(letter))
    assert EmailAddress.objects.get(email="ana@ailleurs.test").verified
    client.post("/compte/adresses/", {"action_primary": "1", "email": "ana@ailleurs.test"})
    ana.refresh_from_db()
    assert ana.email == "ana@ailleurs.test"
    assert last_letter(first).subject == "Votre adresse principale a changé"
    client.post("/compte/adresses/", {"action_remove": "1", "email": first})
    assert list(ana.emailaddress_set.values_list("email", flat=True)) == ["ana@ailleurs.test"]


def test_the_primary_address_stays(ana, sign_in, client):
    sign_in(ana)
    client.post("/compte/adresses/", {"action_remove": "1", "email": ana.email})
    assert ana.emailaddress_set.count() == 1


def test_long_after_signing_in_one_proves_who_one_is_first(ana, as_):
    browser = as_(ana)
    answer = browser.post("/compte/adresses/", {"action_add": "1", "email": "ana@ailleurs.test"})
    assert answer["Location"].startswith("/compte/confirmer-identite/")
    browser.post(answer["Location"], {"password": factories.PASSWORD})
    assert ana.emailaddress_set.count() == 2  # what was asked is done, not asked again


def test_someone_elses_address_is_not_touched(ana, stan, sign_in, client):
    sign_in(ana)
    client.post("/compte/adresses/", {"action_remove": "1", "email": stan.email})
    assert stan.emailaddress_set.count() == 1


@pytest.mark.parametrize("address", ["pas une adresse", "", "a\0@b.fr", "x" * 60 + "@" + "abc." * 60 + "fr"])
def test_what_is_no_address_is_refused(ana, sign_in, client, address):
    sign_in(ana)
    answer = client.post("/compte/adresses/", {"action_add": "1", "email": address})
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    for action in ("action_remove", "action_primary", "action_send"):
        assert client.post("/compte/adresses/", {action: "1", "email": address}).status_code == 302


# Connections


def test_other_connections_are_ended(ana, client, sign_in):
    from django.test import Client

    other = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    other.post("/compte/connexion/", {"login": ana.email, "password": factories.PASSWORD})
    sign_in(ana)
    page = client.get("/compte/sessions/").text
    assert "Firefox, sur Linux" in page
    assert "ici et maintenant" in page
    client.post("/compte/sessions/")
    assert other.get("/compte/").status_code == 302
    assert client.get("/compte/").status_code == 200
