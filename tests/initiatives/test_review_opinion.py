"""An expert is asked what they think: they read the sheet while the case is open, and decide nothing."""

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Opinion
from initiatives.workflow import CaseStatus, Refused
from tests import factories

QUESTION = "Le cadre juridique est-il bien posé ?"
ADVICE = "Oui, à condition de dire qui a signé la convention."


@pytest.fixture
def asked(ana, max, eve):
    return Opinion.ask(factories.claimed(ana, max), eve, max, QUESTION)


def test_ask_by_the_role_and_answer(ana, max, eve, as_):
    case = factories.claimed(ana, max)
    url = reverse("initiatives:ask_opinion", args=[case.pk])
    assert "Eve" in as_(max).get(url).text
    as_(max).post(url, {"expert": eve.pk, "question": QUESTION})
    opinion = Opinion.objects.get(case=case)
    emails.tell_moves()
    assert QUESTION in Letter.objects.get(person=eve).body
    assert case.version.title in as_(eve).get(reverse("initiatives:opinions")).text
    page = as_(eve).get(reverse("initiatives:opinion", args=[opinion.pk]))
    assert case.version.story[:40] in page.text
    as_(eve).post(reverse("initiatives:opinion", args=[opinion.pk]), {"advice": "reserves", "text": ADVICE})
    emails.tell_moves()
    assert ADVICE in Letter.objects.get(person=max, subject__startswith="Un avis est arrivé").body
    review = as_(max).get(reverse("initiatives:case", args=[case.pk])).text
    assert ADVICE in review
    assert "favorable, avec des réserves" in review
    case.refresh_from_db()
    assert case.status == CaseStatus.CLAIMED


def test_an_expert_reads_their_own_and_nothing_else(asked, ana, eve, as_):
    other = factories.person("Zoé")
    factories.role(other, "expert")
    url = reverse("initiatives:opinion", args=[asked.pk])
    assert as_(other).get(url).status_code == 404
    assert as_(ana).get(url).status_code == 404
    assert as_(eve).get(reverse("initiatives:case", args=[asked.case_id])).status_code == 404
    assert as_(ana).get(reverse("initiatives:opinions")).status_code == 404


def test_after_the_case_closes_it_is_no_longer_theirs(asked, max, eve, as_):
    asked.case.accept(max)
    assert as_(eve).get(reverse("initiatives:opinion", args=[asked.pk])).status_code == 404
    assert asked.case.version.title not in as_(eve).get(reverse("initiatives:opinions")).text
    with pytest.raises(Refused):
        asked.give("for", ADVICE)
    emails.tell_moves()
    assert Letter.objects.filter(person=eve, subject__startswith="Plus d’avis").count() == 1


def test_a_role_that_ended_reads_nothing(asked, eve, as_):
    eve.roles.update(from_on="2020-01-01", until_on="2020-12-31")
    assert as_(eve).get(reverse("initiatives:opinion", args=[asked.pk])).status_code == 404


def test_authors_never_read_an_opinion(asked, ana, max, eve, as_):
    asked.give("against", ADVICE)
    asked.case.refresh_from_db()
    asked.case.request_changes(max, "Presque.", {})
    emails.tell_moves()
    page = as_(ana).get(reverse("initiatives:follow", args=[asked.case.initiative_id])).text
    assert ADVICE not in page
    assert "Eve" not in page
    assert not Letter.objects.filter(person=ana, body__contains=ADVICE).exists()


def test_given_once(asked, eve, as_):
    asked.give("for", ADVICE)
    answer = as_(eve).post(
        reverse("initiatives:opinion", args=[asked.pk]),
        {"advice": "against", "text": "J’ai changé d’avis depuis hier."},
    )
    assert answer.status_code == 409
    asked.refresh_from_db()
    assert asked.advice == "for"


def test_nobody_tied_to_the_sheet_is_asked(ana, max, eve, stan, as_):
    case = factories.claimed(ana, max)
    factories.co_author(case.initiative, eve)
    url = reverse("initiatives:ask_opinion", args=[case.pk])
    assert "Personne à qui demander" in as_(max).get(url).text
    for person in (eve, stan):
        assert as_(max).post(url, {"expert": person.pk, "question": QUESTION}).status_code == 200
        with pytest.raises(Refused):
            Opinion.ask(case, person, max, QUESTION)
    assert not Opinion.objects.exists()


def test_only_who_holds_the_case_asks(ana, max, nora, eve, as_):
    case = factories.claimed(ana, max)
    answer = as_(nora).post(
        reverse("initiatives:ask_opinion", args=[case.pk]), {"expert": eve.pk, "question": QUESTION}
    )
    assert answer.status_code == 409
    assert not Opinion.objects.exists()
