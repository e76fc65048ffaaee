"""Calls for initiatives: launched where nothing is known, answered with sheets, closed and opened again."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, Territory
from initiatives import fate
from initiatives.models import Case, Initiative
from initiatives.workflow import Refused
from levers import content, emails
from levers.models import Call, CallAnswer
from tests import factories

NEW = "/appels/lancer/"


def said(**more):
    return {
        "title": "Qui a ouvert une cuisine partagée dans la Creuse ?",
        "question": "Racontez-nous comment vous avez trouvé la salle.",
        "territory": "departement:62",
        "closes_on": "",
        **more,
    }


@pytest.fixture
def call(max):
    place = Territory.objects.get(level="departement", code="62")
    return Call.launch(
        max, title="Qui cuisine à plusieurs ?", question="Où, avec qui ?", territory=place, closes_on=None
    )


def publish(version, ana, max):
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    return case.initiative


# Launching


def test_a_coordinator_launches_a_call_of_her_territory(max, as_):
    answer = as_(max).post(NEW, said(levier="3", proposition="8"), follow=True)
    call = Call.objects.get()
    assert answer.redirect_chain == [(f"/appels/{call.slug}/", 302)]
    assert (call.opened_by, call.lever.number, call.proposal_id, call.territory.code) == (max, 3, 8, "62")
    page = as_(None).get(call.get_absolute_url())
    assert "Racontez-nous comment vous avez trouvé la salle." in page.text
    assert "Pouvoir d’agir" in page.text
    assert "Aucune réponse publiée encore" in page.text
    assert f'href="{call.get_absolute_url()}"' in as_(None).get(reverse("levers:calls")).text


def test_it_is_prefilled_by_where_one_comes_from(nora, max, as_):
    page = as_(nora).get(NEW, {"proposition": "1", "departement": "23", "methode": "travail-social-de-groupe"})
    form = page.context["form"]
    assert form["territory"].value() == "departement:23"
    assert form["proposition"].value() == "1"
    assert "dans la Creuse" in form["title"].value()
    assert "aucune initiative" in form["question"].value()
    obstacle = as_(nora).get(NEW, {"frein": "3"}).context["form"]
    assert obstacle["frein"].value() == "3"
    gap = as_(nora).get(NEW, {"theme": "alimentation", "public": "familles"}).context["form"]
    assert (gap["theme"].value(), gap["public"].value()) == ("alimentation", "familles")
    elsewhere = as_(max).get(NEW, {"departement": "23"})
    assert "Ce territoire n’est pas le vôtre" in elsewhere.text
    searched = as_(nora).get(NEW, {"q": "épicerie <b>", "commune": "62498"})
    assert "épicerie &lt;b&gt;" in searched.text
    assert searched.context["form"]["territory"].value() == "departement:62"


def test_one_is_told_who_may_and_what_to_do_instead(stan, ana, eve, as_):
    for person in (None, stan, ana, eve):
        page = as_(person).get(NEW, {"levier": "3", "departement": "23"})
        assert page.status_code == 200
        assert "Qui lance un appel" in page.text
        assert "/initiatives/proposer/" in page.text
        assert "levier=3" in page.text
    assert as_(stan).post(NEW, said()).status_code == 404
    assert as_(None).post(NEW, said()).url.startswith("/compte/connexion/")
    assert not Call.objects.exists()


def test_one_calls_in_ones_own_territories(max, gaby, as_):
    refused = as_(max).post(NEW, said(territory="departement:23"))
    assert refused.status_code == 200
    assert "Choisissez parmi les réponses proposées" in refused.text
    nowhere = as_(max).post(NEW, said(territory=""))
    assert "Choisissez le territoire" in nowhere.text
    assert not Call.objects.exists()
    as_(gaby).post(NEW, said(territory=""))
    assert Call.objects.get().territory is None


def test_a_region_opens_its_departements(as_, db):
    person = factories.person("Rita")
    region = Territory.objects.get(level="region", code="32")
    factories.role(person, "coordinator", territory=region, organisation=factories.organisation("Le réseau du Nord"))
    as_(person).post(NEW, said(territory="departement:59"))
    assert Call.objects.get().territory.code == "59"
    assert Call.objects.manageable_by(person).exists()


def test_pressing_twice_opens_one(max, as_):
    for _ in range(2):
        assert as_(max).post(NEW, said()).status_code == 302
    assert Call.objects.count() == 1


def test_two_calls_of_the_same_title_have_each_an_address(max, nora, as_):
    as_(max).post(NEW, said())
    as_(nora).post(NEW, said())
    assert len(set(Call.objects.values_list("slug", flat=True))) == 2
    as_(nora).post(NEW, said(title="Lancer"))
    assert Call.objects.filter(slug="lancer-2").exists()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("closes_on", "2020-01-01", "Cette date est passée"),
        ("closes_on", "31/02/2027", "Écrivez une date comme"),
        ("closes_on", "demain", "Écrivez une date comme"),
        ("closes_on", "9999-12-31", "dans les deux ans"),
        ("closes_on", "\x00", "Écrivez une date comme"),
        ("title", "", "obligatoire"),
        ("title", "x" * 121, "gardez-en 120 au plus"),
        ("question", "x" * 2001, "gardez-en 2000 au plus"),
        ("territory", "commune:62498", "Choisissez parmi"),
        ("territory", "departement:62'; --", "Choisissez parmi"),
        ("levier", "7", "Choisissez parmi"),
        ("proposition", "huit", "Choisissez parmi"),
        ("methode", "non-renseigne", "Choisissez parmi"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_erased(max, as_, field, value, why):
    page = as_(max).post(NEW, said(**{field: value}))
    assert page.status_code == 200
    assert why in unescape(page.text)
    assert "<title>Erreur" in page.text
    assert "Racontez-nous comment" in page.text or field == "question"
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "query", ["levier=99", "departement=%00", "frein=a", "theme=" + "x" * 4000, "levier=3&levier=4"]
)
def test_odd_addresses_prefill_what_they_can(max, as_, query):
    page = as_(max).get(f"{NEW}?{query}")
    assert page.status_code == 200


# Extending, closing, opening again


def test_it_is_extended_closed_and_opened_again(call, max, as_):
    until = timezone.localdate() + timedelta(days=30)
    as_(max).post(reverse("levers:change_call", args=[call.slug]), said(closes_on=f"{until:%Y-%m-%d}"))
    call.refresh_from_db()
    assert call.closes_on == until
    as_(max).post(reverse("levers:close_call", args=[call.slug]))
    page = as_(None).get(call.get_absolute_url())
    assert f"Clos le {timezone.localdate().day}" in page.text
    assert ">Répondre<" not in page.text
    twice = as_(max).post(reverse("levers:close_call", args=[call.slug]), follow=True)
    assert "déjà clos" in twice.text
    as_(max).post(reverse("levers:reopen_call", args=[call.slug]))
    call.refresh_from_db()
    assert call.is_open
    assert call.closes_on == until


def test_a_last_day_that_is_over_closes_it(call, max, as_):
    Call.objects.filter(pk=call.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    assert not Call.objects.open().exists()
    as_(max).post(reverse("levers:reopen_call", args=[call.slug]))
    call.refresh_from_db()
    assert call.is_open
    assert call.closes_on is None


def test_only_its_coordination_changes_it(call, stan, ana, gaby, nora, as_, db):
    lise = factories.person("Lise")
    factories.role(
        lise, "coordinator", territory=factories.departement("42"), organisation=factories.organisation("Loire")
    )
    for person, allowed in ((stan, False), (ana, False), (lise, False), (gaby, True), (nora, True)):
        page = as_(person).get(reverse("levers:change_call", args=[call.slug]))
        assert page.status_code == (200 if allowed else 404)
    assert as_(lise).post(reverse("levers:close_call", args=[call.slug])).status_code == 404
    call.refresh_from_db()
    assert call.is_open


# Answering


def test_an_author_answers_with_a_sheet_and_the_public_reads_it_once_published(call, ana, max, nora, as_):
    version = factories.complete_draft(ana, title="La soupe du mardi")
    page = as_(ana).post(reverse("levers:call_answer", args=[call.slug]), {"sheet": version.initiative_id}, follow=True)
    assert "On l’y lira quand elle sera publiée" in page.text
    assert "La soupe du mardi" in page.text  # hers
    for person in (None, max):
        seen = as_(person).get(call.get_absolute_url())
        assert "La soupe du mardi" not in seen.text
    assert "1 réponse en cours" in as_(max).get(call.get_absolute_url()).text
    for person in (None, ana, nora):
        assert "réponse en cours" not in as_(person).get(call.get_absolute_url()).text
    publish(version, ana, max)
    assert "La soupe du mardi" in as_(None).get(call.get_absolute_url()).text
    feed = as_(None).get(reverse("levers:call_feed", args=[call.slug]))
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "La soupe du mardi" in feed.text


def test_a_draft_begun_for_a_call_is_tied_to_it(call, ana, as_):
    url = reverse("levers:call_answer", args=[call.slug])
    for _ in range(2):
        answer = as_(ana).post(url, {"begin": "1", "key": "0123456789abcdef"})
        assert answer.status_code == 302
        assert "/brouillons/" in answer.url or "/quoi/" in answer.url
    assert CallAnswer.objects.count() == 1
    assert Initiative.objects.written_by(ana).get() == CallAnswer.objects.get().initiative


def test_an_answer_is_given_once_and_may_be_withdrawn(call, ana, stan, as_):
    version = factories.draft(ana, title="Un essai")
    url = reverse("levers:call_answer", args=[call.slug])
    for _ in range(2):
        as_(ana).post(url, {"sheet": version.initiative_id})
    answer = CallAnswer.objects.get()
    withdraw = reverse("levers:withdraw_answer", args=[call.slug, answer.pk])
    assert as_(stan).post(withdraw).status_code == 404
    assert as_(ana).get(withdraw).status_code == 405
    as_(ana).post(withdraw)
    assert not CallAnswer.objects.exists()
    assert as_(ana).post(withdraw).status_code == 404
    assert Initiative.objects.filter(pk=version.initiative_id).exists()


@pytest.mark.parametrize("forged", ["0", "999999999", "-1", "abc", "", "1" * 40, "\x00", "１"])
def test_a_forged_sheet_is_refused(call, ana, as_, forged):
    answer = as_(ana).post(reverse("levers:call_answer", args=[call.slug]), {"sheet": forged})
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert "<title>Erreur : " in answer.text
    assert not CallAnswer.objects.exists()


def test_nobody_answers_with_the_sheet_of_another(call, ana, stan, as_):
    version = factories.draft(ana, title="À Ana")
    assert (
        as_(stan).post(reverse("levers:call_answer", args=[call.slug]), {"sheet": version.initiative_id}).status_code
        == 404
    )
    assert "À Ana" not in as_(stan).get(reverse("levers:call_answer", args=[call.slug])).text
    assert as_(None).get(reverse("levers:call_answer", args=[call.slug])).url.startswith("/compte/connexion/")


def test_a_closed_call_takes_no_answer(call, ana, as_):
    version = factories.draft(ana, title="Trop tard")
    call.close()
    answer = as_(ana).post(
        reverse("levers:call_answer", args=[call.slug]), {"sheet": version.initiative_id}, follow=True
    )
    assert "Cet appel est clos" in answer.text
    assert not CallAnswer.objects.exists()
    with pytest.raises(Refused):
        call.answer_with(version.initiative)


def test_what_is_masked_vanishes(call, ana, max, as_):
    sheet = factories.published(ana, max, title="Une fiche où quelqu’un se reconnaît")
    call.answer_with(sheet)
    feed = reverse("levers:call_feed", args=[call.slug])
    assert "quelqu’un se reconnaît" in as_(None).get(feed).text
    fate.mask(sheet, None)
    for url in (call.get_absolute_url(), feed, reverse("levers:calls")):
        assert "quelqu’un se reconnaît" not in as_(None).get(url).text
    assert "réponse en cours" not in as_(max).get(call.get_absolute_url()).text


# The letter


def test_who_opened_the_call_is_told_once(call, ana, max, nora, as_):
    version = factories.complete_draft(ana, title="La soupe du mardi")
    call.answer_with(version.initiative)
    assert emails.tell_answers() == 0
    publish(version, ana, max)
    assert emails.tell_answers() == 1
    letter = Letter.objects.get(key__startswith="levers/answer_published")
    assert letter.to == max.email
    assert "La soupe du mardi" in letter.subject
    assert call.get_absolute_url() in letter.body
    assert emails.tell_answers() == 0
    case = version.initiative
    case.refresh_from_db()
    working = factories.fill(case.version_to_edit(ana), title="La soupe du mercredi")
    publish(working, ana, max)
    assert emails.tell_answers() == 0
    assert Letter.objects.filter(key__startswith="levers/answer_published").count() == 1


def test_nobody_is_told_of_ones_own_answer_nor_for_a_closed_account(ana, max, nora, db):
    mine = Call.launch(nora, title="À moi", question="?", territory=None, closes_on=None)
    own = factories.published(nora, max, title="Celle de Nora")
    mine.answer_with(own)
    gone = Call.launch(max, title="À personne", question="?", territory=None, closes_on=None)
    Call.objects.filter(pk=gone.pk).update(opened_by=None)
    gone.answer_with(factories.published(ana, max, title="Celle d’Ana"))
    assert emails.tell_answers() == 2
    assert not Letter.objects.filter(key__startswith="levers/answer_published").exists()


# Found, and light


def test_the_site_search_finds_open_calls(call, max, as_):
    Call.launch(max, title="Qui a bricolé un zygomatron ?", question="Où ?", territory=None, closes_on=None)
    assert "/appels/qui-a-bricole-un-zygomatron/" in as_(None).get(reverse("search"), {"q": "zygomatron"}).text
    Call.objects.get(slug="qui-a-bricole-un-zygomatron").close()
    assert "/appels/qui-a" not in as_(None).get(reverse("search"), {"q": "zygomatron"}).text
    Call.objects.filter(pk=call.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    content.each_day(timezone.localdate())
    assert "/appels/qui-cuisine" not in as_(None).get(reverse("search"), {"q": "cuisine plusieurs"}).text


def test_few_queries(call, ana, max, as_, django_assert_max_num_queries):
    for n in range(3):
        call.answer_with(factories.published(ana, max, title=f"Une réponse {n}"))
    for n in range(5):
        call.answer_with(factories.draft(ana, title=f"En cours {n}").initiative)
        factories.draft(ana, title=f"Ailleurs {n}")
    urls = {
        call.get_absolute_url(): (None, ana, max),
        reverse("levers:calls"): (None, max),
        reverse("levers:call_feed", args=[call.slug]): (None,),
        reverse("levers:call_answer", args=[call.slug]): (ana,),
        reverse("levers:change_call", args=[call.slug]): (max,),
        f"{NEW}?levier=3&departement=62": (None, max),
    }
    for url, people in urls.items():
        for person in people:
            browser = as_(person)
            browser.get(url)
            with django_assert_max_num_queries(12):
                assert browser.get(url).status_code == 200, url
