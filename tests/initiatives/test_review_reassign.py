"""A case that isn't ours: another territory, or the national team; one, or several at once."""

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Case
from initiatives.workflow import CaseStatus, Overtaken
from tests import factories


@pytest.fixture
def lise(db):
    """Coordinates the Loire."""
    person = factories.person("Lise")
    factories.role(person, "coordinator", territory=factories.departement("42"))
    return person


def reassign(case, browser, **data):
    return browser.post(reverse("initiatives:reassign", args=[case.pk]), data, follow=True)


@pytest.mark.parametrize("typed", ["Loire", "loire", "42", "Loire (42)"])
def test_to_a_departement_by_its_name_or_its_number(typed, ana, max, lise, as_):
    case = factories.sent(ana)
    answer = reassign(case, as_(max), place=typed, text="L’action se passe à Saint-Étienne.")
    assert "Loire (42)" in answer.text
    assert as_(max).get(reverse("initiatives:case", args=[case.pk])).status_code == 404
    assert as_(lise).get(reverse("initiatives:case", args=[case.pk])).status_code == 200


def test_to_a_region_or_to_nobody(ana, max, nora, as_):
    case = factories.claimed(ana, max)
    reassign(case, as_(max), place="Bretagne")
    case.refresh_from_db()
    assert (case.territory.name, case.status, case.claimed_by) == ("Bretagne", CaseStatus.RECEIVED, None)
    reassign(case, as_(nora), nowhere="on")
    case.refresh_from_db()
    assert case.territory is None
    assert Case.objects.moderable_by(nora).view("sans-territoire", nora).get() == case


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"place": "Atlantide"}, "Aucun département ni région"),
        ({"place": "Pas"}, "est déjà sur ce territoire"),
        ({}, "Dites à quel territoire"),
        ({"place": "Loire", "nowhere": "on"}, "l’un ou l’autre"),
        ({"place": "Haute"}, "Voulez-vous dire"),
        ({"place": "a\x00b"}, "Erreur"),
    ],
)
def test_what_isnt_understood_is_said_and_kept(data, said, ana, max, as_):
    case = factories.sent(ana)
    answer = reassign(case, as_(max), text="Voici pourquoi.", **data)
    assert said in answer.text
    assert "Voici pourquoi." in answer.text
    case.refresh_from_db()
    assert case.territory.code == "62"


def test_those_concerned_are_told_and_the_dates_stay(ana, max, lise):
    case = factories.sent(ana)
    due = case.decision_due_at
    emails.tell_moves()
    case.reassign(max, factories.departement("42"), "Elle raconte Saint-Étienne.")
    emails.tell_moves()
    case.refresh_from_db()
    assert case.decision_due_at == due
    arrived = Letter.objects.get(person=lise)
    assert "Elle raconte Saint-Étienne." in arrived.body
    assert "Loire (42)" in Letter.objects.get(person=ana, subject__startswith="Une autre coordination").body


def test_someone_elses_claim_is_not_given_away(ana, max, nora):
    case = factories.claimed(ana, nora)
    with pytest.raises(Overtaken):
        case.reassign(max, None)
    mine = factories.claimed(ana, max, title="Une autre")
    mine.reassign(nora, None)
    assert mine.claimed_by is None


def test_several_at_once_after_a_confirmation(ana, max, nora, lise, as_):
    one, two = factories.sent(ana, title="Une"), factories.sent(ana, title="Deux")
    held = factories.claimed(ana, nora, title="Prise par Nora")
    elsewhere = factories.sent(ana, title="Ailleurs", place=factories.commune("35238"))
    browser, url = as_(max), reverse("initiatives:bulk")
    asked = {"geste": "confier", "dossier": [one.pk, two.pk, held.pk, elsewhere.pk, "x", "9" * 50]}
    page = browser.get(url, asked)
    assert "Confier 3 dossiers" in page.text
    assert "Ailleurs" not in page.text
    one.refresh_from_db()
    assert one.territory.code == "62"
    answer = browser.post(url, {**asked, "place": "Loire"}, follow=True)
    assert "2 dossiers confiés." in answer.text
    assert f"Dossier {held.number}" in answer.text
    assert set(Case.objects.filter(territory__code="42")) == {one, two}
    elsewhere.refresh_from_db()
    assert elsewhere.territory.code == "35"


def test_without_a_tick_or_with_a_forged_gesture_nothing_happens(ana, max, as_):
    case = factories.claimed(ana, max)
    for data in ({}, {"geste": "publier", "dossier": case.pk}, {"geste": "confier"}):
        answer = as_(max).post(reverse("initiatives:bulk"), data, follow=True)
        assert "Cochez d’abord" in answer.text
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED
