"""The pages every site owes: they answer everyone, say what is true, and count without naming anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import Person, Territory
from config import figures
from config.pages import duration
from config.register import REGISTER
from initiatives.models import Case, Initiative, Move
from initiatives.workflow import CaseStatus, Verb
from tests import factories

PAGES = {
    "/aide/": "Aide",
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles",
    "/accessibilite/": "Accessibilité\xa0: non conforme",
    "/securite/": "Sécurité",
    "/statistiques/": "Statistiques",
}


def text_of(response) -> str:
    return response.content.decode().replace("&nbsp;", "\xa0")


def read(as_, path: str) -> str:
    """What a visitor reads, with ordinary spaces."""
    return text_of(as_(None).get(path)).replace("\xa0", " ")


@pytest.mark.parametrize("path", PAGES)
def test_anyone_reads_them_with_few_queries(path, as_, ana, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        response = as_(None).get(path)
    assert response.status_code == 200
    page = text_of(response)
    assert f"<title>{PAGES[path]}" in page
    assert page.count("<h1>") == 1
    assert " style=" not in page
    assert as_(ana).get(path).status_code == 200
    assert as_(None).post(path).status_code == 405


def test_titles_differ(as_):
    titles = {read(as_, path).split("<title>")[1].split("</title>")[0] for path in PAGES}
    assert len(titles) == len(PAGES)


# Who publishes


def test_nothing_is_invented_when_the_publisher_said_nothing(as_, settings, db):
    settings.PUBLISHER = settings.PUBLISHER_ADDRESS = settings.PUBLICATION_DIRECTOR = settings.HOST_NAME = ""
    page = read(as_, "/mentions-legales/")
    assert page.count("à compléter par l’éditeur") == 4
    assert "Cette page est incomplète" in page
    assert "à compléter par l’éditeur" in read(as_, "/donnees-personnelles/")


def test_the_publisher_is_named_once_known(as_, settings, db):
    settings.PUBLISHER, settings.PUBLISHER_ADDRESS = "GIP <Ruche>", "1 rue du Miel, 62000 Arras"
    settings.PUBLICATION_DIRECTOR, settings.HOST_NAME = "Une directrice", "Un hébergeur"
    page = read(as_, "/mentions-legales/")
    assert "GIP &lt;Ruche&gt;" in page
    assert "Un hébergeur" in page
    assert "à compléter" not in page
    assert "GIP &lt;Ruche&gt;" in read(as_, "/accessibilite/")


def test_one_knows_where_to_write(as_, settings, db):
    settings.CONTACT_EMAIL = "ecrire@reseau.example"
    for path in ("/aide/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/securite/"):
        page = read(as_, path)
        assert 'href="mailto:ecrire@reseau.example"' in page
        assert "adresse d’exemple" not in page
    assert 'id="nous-ecrire"' in read(as_, "/aide/")


def test_an_example_address_is_said_to_be_one(as_, settings, db):
    settings.CONTACT_EMAIL = "bonjour@essaim.test"
    assert "adresse d’exemple" in read(as_, "/aide/")


def test_the_geographic_code_is_credited_with_its_vintage(as_, db):
    page = read(as_, "/mentions-legales/")
    assert "Insee" in page
    assert "Licence Ouverte 2.0, millésime 20" in page
    for licence in ("CC BY 4.0", "MIT", "SIL Open Font", "data·inclusion"):
        assert licence in page


# Personal data


def test_the_page_shows_the_whole_register(as_, db):
    page = read(as_, "/donnees-personnelles/")
    for treatment in REGISTER:
        assert f'id="{treatment.slug}"' in page
        assert treatment.kept.split(" :")[0] in page


def test_no_table_about_people_is_out_of_the_register():
    """A new model that points at a person, or keeps an address, must be declared."""
    declared = {name for treatment in REGISTER for name in treatment.models}
    about_people = {
        model._meta.label
        for model in apps.get_models()
        if any(
            model is Person
            or field.related_model is Person
            or isinstance(field, models.EmailField | models.GenericIPAddressField)
            for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many)
        )
    }
    # Authors are rows of Authorship; events are read through a view of RoleEvent, which is no table.
    about_people -= {"initiatives.Initiative", "pghistory.MiddlewareEvents"}
    assert about_people - declared == set()
    assert declared - {model._meta.label for model in apps.get_models()} == set()


def test_only_needed_cookies_are_set(as_, ana, db):
    browser = as_(None)
    for path in PAGES:
        browser.get(path)
    assert set(browser.cookies) == set()


# Accessibility and security


def test_the_declaration_says_everything_it_must(as_, db):
    page = read(as_, "/accessibilite/")
    for owed in (
        "article 47", "2005-102", "schéma pluriannuel", "plan d’actions", "non conforme", "RGAA", "Aucun organisme",
        "Contenus non accessibles", "Dérogations pour charge disproportionnée", "Contenus non soumis",
        "Aides techniques", "Défenseur des droits", "Libre réponse 71120",
    ):  # fmt: skip
        assert owed in page, owed


def test_security_leads_to_its_file(as_, db):
    assert "/.well-known/security.txt" in read(as_, "/securite/")
    assert "/securite/" in text_of(as_(None).get("/.well-known/security.txt"))


# Statistics


def decided(initiative: Initiative, *steps: tuple[str, float], status: str = CaseStatus.ACCEPTED) -> Case:
    """A case whose journal says these verbs, so many days after `begun`."""
    begun: datetime = timezone.now() - timedelta(days=200)
    case = Case.objects.create(
        initiative=initiative,
        version=initiative.versions.get(),
        status=status,
        received_at=begun,
        first_sign_due_at=begun,
        decision_due_at=begun,
    )
    for verb, day in steps:
        Move.objects.create(initiative=initiative, case=case, verb=verb, at=begun + timedelta(days=day))
    return case


@pytest.fixture
def sheet(ana) -> Initiative:
    return factories.draft(ana, title="Une fiche").initiative


def quick(sheet: Initiative, days: float) -> Case:
    return decided(sheet, (Verb.SUBMIT, 0), (Verb.CLAIM, days / 2), (Verb.ACCEPT, days))


def test_published_sheets_are_counted_and_drafts_are_not(as_, ana, max):
    before = figures.sheets()
    factories.published(ana, max)
    factories.draft(ana, title="Un brouillon secret")
    after = figures.sheets()
    assert after.total == before.total + 1
    assert dict(after.origins)["racontée par son équipe"] == dict(before.origins)["racontée par son équipe"] + 1
    assert sum(number for _, number in after.depths) == after.total
    assert sum(number for _, number in after.regions) == after.total
    assert after.departements["62"] == before.departements.get("62", 0) + 1
    page = read(as_, "/statistiques/")
    assert f"<strong>{after.total}</strong>" in page
    assert "brouillon secret" not in page


def test_delays_wait_for_five_decisions(as_, sheet):
    for _ in range(4):
        quick(sheet, 4)
    page = read(as_, "/statistiques/")
    assert "Pas encore assez de décisions" in page
    assert "durée médiane" not in page
    quick(sheet, 4)
    page = read(as_, "/statistiques/")
    assert "Pas encore assez de décisions" not in page
    assert "durée médiane" in page


def test_delays_are_medians_of_what_people_waited(sheet):
    for days in (2, 4, 6, 8, 40):
        quick(sheet, days)
    delays = figures.delays()
    assert delays.decisions == 5
    assert delays.first_sign == timedelta(days=3)
    assert delays.decision == timedelta(days=6)
    assert (delays.in_time, delays.awaited, delays.share_in_time) == (4, 5, 80)


def test_time_spent_by_the_author_is_not_counted(sheet):
    decided(
        sheet,
        (Verb.SUBMIT, 0), (Verb.CLAIM, 1), (Verb.REQUEST_CHANGES, 2),
        (Verb.RESUBMIT, 60), (Verb.CLAIM, 63), (Verb.ACCEPT, 65),
    )  # fmt: skip
    delays = figures.delays()
    assert delays.decision == timedelta(days=5)
    assert delays.first_sign == timedelta(days=2)
    assert (delays.in_time, delays.awaited) == (2, 2)


def test_time_spent_by_a_third_party_is_not_counted_and_the_rest_is(sheet):
    decided(
        sheet,
        (Verb.SUBMIT, 0), (Verb.CLAIM, 1), (Verb.ASK_THIRD_PARTY, 4), (Verb.WRITE, 5), (Verb.RESUME, 14),
        (Verb.ACCEPT, 16),
    )  # fmt: skip
    delays = figures.delays()
    assert delays.decision == timedelta(days=6)
    assert (delays.in_time, delays.awaited) == (1, 1)


def test_a_decision_undone_begins_again(sheet):
    decided(
        sheet, (Verb.SUBMIT, 0), (Verb.ACCEPT, 4), (Verb.REOPEN, 30), (Verb.CLAIM, 31), (Verb.REFUSE, 36),
        status=CaseStatus.REFUSED,
    )  # fmt: skip
    delays = figures.delays()
    assert (delays.decisions, delays.decision) == (2, timedelta(days=5))


def test_delays_by_territory_single_nobody_out(as_, sheet, django_assert_max_num_queries):
    def here(code, days, level="departement"):
        place = Territory.objects.get(level=level, code=code) if code else None
        case = quick(sheet, days)
        Case.objects.filter(pk=case.pk).update(territory=place)

    for days in (2, 4, 6, 8, 10):
        here("62", days)
    for days in (1, 1, 1):
        here("59", days)
    for days in (3, 3):
        here("80", days)
    here("35", 40)
    found = dict(figures.delays_by_territory())
    assert list(found) == ["Hauts-de-France, autres départements", "Pas-de-Calais (62)"]
    assert found["Pas-de-Calais (62)"].decision == timedelta(days=6)
    assert found["Pas-de-Calais (62)"].decision_90 == timedelta(days=9, hours=4, minutes=48)
    assert found["Hauts-de-France, autres départements"].decisions == 5
    with django_assert_max_num_queries(12):
        page = as_(None).get("/statistiques/").text
    assert "Pas-de-Calais (62)" in page
    assert "Ille-et-Vilaine (35)</th>" not in page
    for days in (1, 2, 3):
        here(None, days)
    here("11", 5, level="region")
    assert dict(figures.delays_by_territory())["Ailleurs"].decisions == 5


def test_a_sending_left_unanswered_is_a_late_answer(sheet):
    decided(sheet, (Verb.SUBMIT, 0), (Verb.CLAIM, 1), (Verb.LAPSE, 5), status=CaseStatus.RECEIVED)
    delays = figures.delays()
    assert (delays.decisions, delays.in_time, delays.awaited) == (0, 0, 1)


def test_a_case_taken_back_by_its_author_is_not_counted(sheet):
    decided(sheet, (Verb.SUBMIT, 0), (Verb.CANCEL, 3), status=CaseStatus.CANCELLED)
    assert figures.delays().awaited == 0


def test_the_real_moves_are_understood(ana, max):
    """Nothing made by hand: the verbs of a case, as they are said."""
    for _ in range(5):
        factories.claimed(ana, max).refuse(max, "", "Dites qui a décidé, et nous publierons.")
    delays = figures.delays()
    assert delays.decisions == 5
    assert delays.share_in_time == 100


def test_training_is_counted_from_five(as_, cohort, centre):
    assert dict(figures.teaching()) == {"Promotions": None, "Devoirs donnés": None}
    assert "moins de 5" in read(as_, "/statistiques/")
    for number in range(4):
        factories.cohort(centre, f"Promotion {number}")
    assert dict(figures.teaching()) == {"Promotions": 5, "Devoirs donnés": None}


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (None, ""),
        (timedelta(minutes=20), "moins d’une heure"),
        (timedelta(hours=1), "1 heure"),
        (timedelta(hours=5), "5 heures"),
        (timedelta(hours=23, minutes=50), "1 jour"),
        (timedelta(days=2.5), "2,5 jours"),
        (timedelta(days=6), "6 jours"),
    ],
)
def test_durations_are_said_in_words(time, said):
    assert duration(time) == said
