"""Once, an author asks that somebody else read what was refused."""

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case
from initiatives.workflow import CaseStatus, Refused, SheetStatus
from tests import factories

WHY = "La fiche raconte bien un groupe : relisez le deuxième paragraphe."
REASON = "Racontez une séance entière, du début à la fin."


@pytest.fixture
def refused(ana, max):
    case = factories.claimed(ana, max)
    case.refuse(max, "hors-champ", REASON)
    return case


def appeal(case, browser, text=WHY):
    return browser.post(reverse("initiatives:appeal", args=[case.initiative_id]), {"appeal-text": text}, follow=True)


def test_the_follow_page_offers_it_and_it_comes_back_to_the_queue(refused, ana, as_):
    browser = as_(ana)
    page = browser.get(reverse("initiatives:follow", args=[refused.initiative_id]))
    assert "Demander une seconde lecture" in page.text
    assert "une autre personne lira votre fiche" in appeal(refused, browser).text
    refused.refresh_from_db()
    assert refused.status == CaseStatus.RECEIVED
    assert refused.initiative.status == SheetStatus.IN_REVIEW
    assert refused.decided_at is None
    assert refused.grid == {}


def test_who_refused_doesnt_read_it_again(refused, ana, max, nora, as_):
    refused.appeal(ana, WHY)
    page = as_(max).get(reverse("initiatives:case", args=[refused.pk]))
    assert "Vous avez déjà décidé de ce dossier" in page.text
    assert as_(max).post(reverse("initiatives:claim", args=[refused.pk])).status_code == 409
    refused.claim(nora)
    refused.accept(nora)
    assert refused.initiative.cases.get().status == CaseStatus.ACCEPTED


def test_where_nobody_else_is_on_the_territory_the_national_team_is_told(refused, ana, max, nora):
    emails.tell_moves()
    refused.appeal(ana, WHY)
    emails.tell_moves()
    second = Letter.objects.filter(subject__startswith="Seconde lecture avant")
    assert [letter.person for letter in second] == [nora]
    receipt = Letter.objects.get(person=ana, subject__startswith="Seconde lecture demandée")
    assert "Équipe nationale" in receipt.body
    assert not Letter.objects.filter(person=max, subject__startswith="Seconde").exists()


def test_a_colleague_of_the_territory_is_told_first(refused, ana, nora):
    lou = factories.person("Lou")
    factories.role(lou, "coordinator", territory=factories.departement("62"))
    refused.appeal(ana, WHY)
    people, _ = refused.answering()
    assert people == [lou]


def test_only_once(refused, ana, nora, as_):
    refused.appeal(ana, WHY)
    refused.claim(nora)
    refused.refuse(nora, "hors-champ", REASON)
    answer = appeal(refused, as_(ana))
    assert answer.status_code == 409
    assert "il n’y en a qu’une" in answer.text
    assert WHY in answer.text or "déjà été demandée" in answer.text
    refused.refresh_from_db()
    assert refused.status == CaseStatus.REFUSED


def test_the_address_is_not_a_way_round(ana, max, stan, as_, refused):
    other = factories.claimed(ana, max, title="Une autre")
    answer = appeal(other, as_(ana))
    assert answer.status_code == 409
    assert other.moves.filter(verb="attempt", motive="appeal", by=ana).count() == 1
    assert appeal(refused, as_(stan)).status_code == 404
    with pytest.raises(Refused):
        refused.appeal(stan, WHY)


def test_a_few_words_are_asked_and_kept_when_too_short(refused, ana, as_):
    answer = appeal(refused, as_(ana), "Non.")
    assert answer.status_code == 200
    assert "Erreur : " in answer.text
    assert "Non." in answer.text


def test_a_sheet_sent_again_has_its_own_case(refused, ana):
    again = Case.submit(factories.fill(refused.initiative.version_to_edit(ana), title="Reprise"), ana)
    assert again.pk != refused.pk
    with pytest.raises(Refused, match="envoyée de nouveau"):
        refused.appeal(ana, WHY)


def test_what_was_begun_since_the_refusal_waits(refused, ana, nora):
    working = factories.fill(refused.initiative.version_to_edit(ana), title="Une reprise commencée")
    refused.appeal(ana, WHY)
    with pytest.raises(Refused, match="déjà en relecture"):
        Case.submit(working, ana)
    refused.claim(nora)
    refused.accept(nora)
    working.refresh_from_db()
    assert working.frozen_at is None
    assert refused.initiative.versions.filter(frozen_at=None).get() == working


def test_a_refused_change_is_read_again_beside_the_page(ana, max, nora, as_):
    initiative = factories.published(ana, max)
    case = Case.submit(factories.fill(initiative.version_to_edit(ana), title="Un titre disputé"), ana)
    case.claim(nora)
    case.refuse(nora, "promotion", REASON)
    case.appeal(ana, WHY)
    initiative.refresh_from_db()
    assert initiative.status == SheetStatus.PUBLISHED
    assert "Un titre disputé" not in as_(None).get(initiative.get_absolute_url()).text
    case.claim(max)
    case.accept(max)
    assert "Un titre disputé" in as_(None).get(initiative.get_absolute_url()).text
