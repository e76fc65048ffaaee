"""Giving a role, and ending it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import rights
from accounts.models import Letter, Organisation, Role
from accounts.models.roles import RoleKind
from tests import factories

OTHERS = ["ana", "max", "tess", "ilan", "stan", "eve", "hugo", "gaby", "dan", "otto"]


@pytest.fixture
def proved(sign_in, client, code_now):
    """A browser where someone has just signed in, second factor included."""

    def browser(person):
        answer = sign_in(person)
        if "second-facteur" in answer["Location"]:
            client.post(answer["Location"], {"code": code_now()})
        assert client.session["_auth_user_id"] == str(person.pk)
        return client

    return browser


def form(person, kind="expert", **more):
    return {"email": person.email, "kind": kind, "from_on": timezone.localdate().isoformat(), **more}


def give(browser, *args, **more):
    return browser.post("/compte/roles/ajouter/", form(*args, **more))


# Who


@pytest.mark.parametrize("who", OTHERS)
def test_others_find_no_roles_page(who, request, as_, eve):
    browser = as_(request.getfixturevalue(who))
    role = eve.roles.get()
    for path in ("/compte/roles/", "/compte/roles/ajouter/", f"/compte/roles/{role.pk}/terminer/"):
        assert browser.get(path).status_code == 404
    assert Role.objects.filter(pk=role.pk, until_on=None).exists()


def test_nobody_is_sent_to_sign_in(as_, db):
    for path in ("/compte/roles/", "/compte/roles/ajouter/", "/compte/roles/1/terminer/"):
        assert as_(None).get(path)["Location"].startswith("/compte/connexion/")


def test_administrators_see_all_roles_and_the_national_team_those_of_content(ada, nora, dan, eve, max, as_):
    all_seen = as_(ada).get("/compte/roles/")
    assert {role.person for role in all_seen.context["page"]} == {ada, nora, dan, eve, max}
    some_seen = as_(nora).get("/compte/roles/")
    assert {role.person for role in some_seen.context["page"]} == {nora, eve, max}


@pytest.mark.parametrize("kind", ["administrator", "dpo", "student"])
def test_the_national_team_gives_no_power_over_accounts(nora, ana, proved, kind):
    answer = give(proved(nora), ana, kind)
    assert answer.status_code == 200
    assert answer.context["form"].errors["kind"]
    assert not ana.roles.exists()


def test_nor_ends_them(nora, dan, as_):
    assert as_(nora).get(f"/compte/roles/{dan.roles.get().pk}/terminer/").status_code == 404


@pytest.mark.parametrize("kind", [kind.value for kind in RoleKind])
def test_administrators_give_every_role(ada, ana, centre, proved, kind):
    more = {"organisation": centre.pk} if kind in ("trainer", "centre_head") else {}
    assert give(proved(ada), ana, kind, **more)["Location"] == "/compte/roles/"
    role = ana.roles.get()
    assert (role.kind, role.granted_by) == (kind, ada)


def test_nobody_gives_themselves_a_role(ada, nora, proved):
    answer = give(proved(ada), ada, "coordinator")
    assert "On ne se donne pas un rôle" in answer.text


def test_nobody_ends_their_own_administrator_role(ada, as_, proved):
    role = ada.roles.get()
    assert f"/compte/roles/{role.pk}/terminer/" not in as_(ada).get("/compte/roles/").text
    assert proved(ada).post(f"/compte/roles/{role.pk}/terminer/", {"when": "now"}).status_code == 404


def test_another_administrator_does(ada, proved):
    other = factories.person("Abel")
    role = factories.role(other, "administrator", from_on=timezone.localdate() - timedelta(days=9))
    proved(ada).post(f"/compte/roles/{role.pk}/terminer/", {"when": "now"})
    assert not rights.has_role(other, "administrator")


def test_a_proof_of_ones_own_is_asked_long_after_signing_in(ada, ana, as_):
    browser = as_(ada)
    assert browser.get("/compte/roles/ajouter/").status_code == 200
    asked = browser.post("/compte/roles/ajouter/", form(ana))
    assert asked["Location"].startswith("/compte/confirmer-identite/")
    assert not ana.roles.exists()
    done = browser.post(asked["Location"], {"password": factories.PASSWORD})
    assert done["Location"] == "/compte/roles/"
    assert ana.roles.get().kind == "expert"


# What


def test_a_coordinator_of_a_territory_and_a_network(nora, ana, proved):
    pas_de_calais = factories.departement("62")
    browser = proved(nora)
    text = browser.get("/compte/roles/ajouter/").text
    assert "Pas-de-Calais (62)" in text
    assert "Hauts-de-France" in text
    give(browser, ana, "coordinator", territory=pas_de_calais.pk, deputy="on", new_organisation="Réseau neuf")
    role = ana.roles.get()
    assert (role.territory, role.organisation.name, role.deputy) == (pas_de_calais, "Réseau neuf", True)
    assert rights.coordinated_territories(ana) == [pas_de_calais]
    letter = Letter.objects.get(to=ana.email)
    assert letter.subject == "Un rôle vous est donné : coordination"
    assert "Nora vous donne un rôle" in letter.body
    assert "Pas-de-Calais (62), Réseau neuf" in letter.body
    assert "second facteur" in letter.body


def test_a_name_already_known_makes_no_second_organisation(nora, ana, network, proved):
    give(proved(nora), ana, "coordinator", new_organisation=network.name.upper())
    assert ana.roles.get().organisation == network
    assert Organisation.objects.filter(name__iexact=network.name).count() == 1


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"email": "personne@essaim.test"}, "email", "Aucun compte"),
        ({"email": "pas une adresse"}, "email", ""),
        ({"kind": "empereur"}, "kind", ""),
        ({"kind": "trainer"}, "organisation", "Indiquez le centre"),
        ({"kind": "guide_editor", "territory": "62"}, "territory", "ne dépend pas d’un territoire"),
        ({"kind": "coordinator", "territory": "commune"}, "territory", ""),
        ({"kind": "coordinator", "territory": "0"}, "territory", ""),
        ({"kind": "expert", "deputy": "on"}, "deputy", "suppléance"),
        ({"organisation": "999999999"}, "organisation", ""),
        ({"from_on": "2026-02-31"}, "from_on", ""),
        ({"from_on": "0001-01-01"}, "from_on", "il y a un an"),
        ({"until_on": "2020-01-01"}, None, "La fin d’un rôle ne peut pas précéder son début."),
        ({"new_organisation": "x" * 201}, "new_organisation", ""),
        ({"new_organisation": "a\0b"}, "new_organisation", ""),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(nora, ana, proved, more, field, said):
    if more.get("territory") in ("62", "commune"):
        place = factories.commune() if more["territory"] == "commune" else factories.departement("62")
        more = {**more, "territory": place.pk}
    answer = proved(nora).post("/compte/roles/ajouter/", {**form(ana), **more})
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert said in str(errors[field or "__all__"])
    assert "Erreur : Donner un rôle" in answer.text
    assert not ana.roles.exists()


def test_the_same_role_is_not_given_twice(nora, ana, proved):
    browser = proved(nora)
    give(browser, ana)
    assert "a déjà ce rôle" in give(browser, ana).text
    assert ana.roles.count() == 1


def test_forged_fields_are_not_read(nora, ana, stan, proved):
    forged = {"person": stan.pk, "granted_by": stan.pk, "id": 1}
    proved(nora).post("/compte/roles/ajouter/", {**form(ana), **forged})
    role = ana.roles.get()
    assert (role.person, role.granted_by) == (ana, nora)


# Until when


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [(0, None, True), (-3, 0, True), (-3, -1, False), (1, None, False), (0, 0, True), (-9, 1, True)],
)
def test_a_role_counts_from_its_first_day_to_its_last(ana, start, end, counts):
    today = timezone.localdate()
    until = None if end is None else today + timedelta(days=end)
    factories.role(ana, "coordinator", from_on=today + timedelta(days=start), until_on=until)
    assert rights.is_national_coordinator(ana) is counts


def test_ending_a_role_at_once(nora, eve, proved):
    role = eve.roles.get()
    Role.objects.filter(pk=role.pk).update(from_on=timezone.localdate() - timedelta(days=30))
    page = proved(nora).get(f"/compte/roles/{role.pk}/terminer/")
    assert "Terminer le rôle de Eve" in page.text
    answer = nora_ends(page, role, "now")
    assert answer["Location"] == "/compte/roles/"
    role.refresh_from_db()
    assert role.is_over
    assert not rights.has_role(eve, "expert")
    assert Letter.objects.get(to=eve.email).subject == "Votre rôle se termine : expert ou experte"


def nora_ends(page, role, when):
    return page.client.post(f"/compte/roles/{role.pk}/terminer/", {"when": when})


def test_ending_it_tonight(nora, eve, proved):
    role = eve.roles.get()
    nora_ends(proved(nora).get("/compte/roles/"), role, "tonight")
    assert rights.has_role(eve, "expert")
    role.refresh_from_db()
    assert role.until_on == timezone.localdate()
    assert "Ce soir est son dernier jour" in Letter.objects.get(to=eve.email).body


def test_a_role_of_less_than_a_day_is_taken_back_and_its_history_stays(nora, eve, proved):
    eve.roles.all().delete()
    role = factories.role(eve, "expert", from_on=timezone.localdate())
    nora_ends(proved(nora).get("/compte/roles/"), role, "now")
    assert not Role.objects.filter(pk=role.pk).exists()
    events = Role.pgh_event_model.objects.filter(pgh_obj_id=role.pk)
    assert sorted(events.values_list("pgh_label", flat=True)) == ["delete", "insert"]


@pytest.mark.parametrize("when", ["", "hier", "now\0"])
def test_a_forged_answer_ends_nothing(nora, eve, proved, when):
    role = eve.roles.get()
    answer = nora_ends(proved(nora).get("/compte/roles/"), role, when)
    assert answer.status_code == 200
    assert Role.objects.filter(pk=role.pk, until_on=None).exists()


def test_a_role_already_over_is_not_ended_again(nora, eve, as_):
    role = eve.roles.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    Role.objects.filter(pk=role.pk).update(from_on=yesterday, until_on=yesterday)
    assert as_(nora).get(f"/compte/roles/{role.pk}/terminer/").status_code == 404


def test_those_who_registered_are_told(max, nora, proved, monkeypatch):
    told = []
    monkeypatch.setattr(rights.on_role_ended, "_listeners", [])
    rights.on_role_ended.register(told.append)
    rights.on_role_ended.register(told.append)
    role = max.roles.get()
    Role.objects.filter(pk=role.pk).update(from_on=timezone.localdate() - timedelta(days=30))
    nora_ends(proved(nora).get("/compte/roles/"), role, "tonight")
    assert told == []
    nora_ends(proved(nora).get("/compte/roles/"), role, "now")
    assert [ended.pk for ended in told] == [role.pk]
    assert not rights.has_role(told[0].person, "coordinator")


# The list


def test_one_searches_by_name_kind_and_state(nora, eve, gaby, max, as_):
    browser = as_(nora)

    def people(**query):
        return {str(role.person) for role in browser.get("/compte/roles/", query).context["page"]}

    assert people(q="eve") == {"Eve"}
    assert people(q=gaby.email.upper()) == {"Gaby"}
    assert people(role="coordinator") == {"Max", "Nora"}
    yesterday = timezone.localdate() - timedelta(days=1)
    eve.roles.update(from_on=yesterday, until_on=yesterday)
    assert people() == {"Gaby", "Max", "Nora"}
    assert people(etat="passes") == {"Eve"}
    assert people(etat="tous") == {"Eve", "Gaby", "Max", "Nora"}


@pytest.mark.parametrize("query", ["role=empereur", "etat=x", "q=" + "x" * 500, "role=dpo"])
def test_a_question_without_sense_is_ignored_and_said(nora, as_, query):
    answer = as_(nora).get(f"/compte/roles/?{query}")
    assert answer.status_code == 200
    assert "n’avait pas de sens" in answer.text


@pytest.mark.parametrize("page", ["-1", "0", "9999999999999", "x", "%00"])
def test_absurd_pages_are_the_nearest(nora, as_, page):
    assert as_(nora).get(f"/compte/roles/?page={page}").status_code == 200


def test_the_pages_ask_few_queries(nora, ana, as_, django_assert_max_num_queries):
    for number in range(12):
        factories.role(ana, "coordinator", territory=factories.departement(f"{number + 30}"), granted_by=nora)
    browser = as_(nora)
    for path in ("/compte/roles/", "/compte/roles/ajouter/", f"/compte/roles/{ana.roles.first().pk}/terminer/"):
        with django_assert_max_num_queries(12):
            assert browser.get(path).status_code == 200
