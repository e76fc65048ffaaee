"""Coordinators find the cases of their territory, and only those."""

import pytest
from django.urls import reverse

from initiatives.models import Case
from tests import factories


def titles(answer):
    return [case.version.title for case in answer.context["page"]]


def test_a_case_lands_in_the_queue_of_its_territory(ana, max, as_):
    factories.sent(ana)
    answer = as_(max).get(reverse("initiatives:queue"))
    assert titles(answer) == ["La cuisine partagée qui ouvre les boîtes aux lettres"]


def test_elsewhere_is_not_found(ana, max, as_):
    case = factories.sent(ana, place=factories.commune("35238"))
    assert titles(as_(max).get(reverse("initiatives:queue"))) == []
    assert as_(max).get(reverse("initiatives:case", args=[case.pk])).status_code == 404


def test_the_national_team_has_them_all_and_the_undetermined(ana, nora, as_):
    from accounts.models import Territory

    factories.sent(ana)
    lost = factories.sent(ana, place=Territory.objects.get(level="nation"))
    assert lost.territory is None
    assert len(titles(as_(nora).get(reverse("initiatives:queue")))) == 2
    assert len(titles(as_(nora).get(reverse("initiatives:queue") + "?vue=sans-territoire"))) == 1


@pytest.mark.parametrize("who", ["ana", "tess", "ilan", "stan", "eve", "hugo", "gaby", "dan", "ada"])
def test_others_find_no_queue(who, request, as_):
    person = request.getfixturevalue(who)
    assert as_(person).get(reverse("initiatives:queue")).status_code == 404


def test_nobody_is_sent_to_sign_in(as_):
    answer = as_(None).get(reverse("initiatives:queue"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_an_unknown_view_is_said_to_be(max, as_):
    answer = as_(max).get(reverse("initiatives:queue") + "?vue=n-importe-quoi&page=-3")
    assert answer.status_code == 200
    assert "Cette vue n’existe pas" in answer.text


def test_the_queue_asks_few_queries(ana, max, as_, django_assert_max_num_queries):
    for _ in range(5):
        factories.sent(ana)
    browser = as_(max)
    with django_assert_max_num_queries(12):
        browser.get(reverse("initiatives:queue"))


def test_oldest_first(ana, stan, max, as_):
    first, second = factories.sent(ana, title="Première"), factories.sent(stan, title="Seconde")
    Case.objects.filter(pk=second.pk).update(received_at=first.received_at.replace(year=2025))
    assert titles(as_(max).get(reverse("initiatives:queue"))) == ["Seconde", "Première"]


def test_a_view_counts_what_it_lists(ana, nora, as_):
    from accounts.models import Territory

    case = factories.sent(ana, place=Territory.objects.get(level="nation"))
    Case.objects.filter(pk=case.pk).update(status="waiting_third_party")
    answer = as_(nora).get(reverse("initiatives:queue") + "?vue=sans-territoire")
    assert len(titles(answer)) == 1
    assert ("sans-territoire", "Territoire indéterminé", 1) in answer.context["tabs"]


def test_what_was_decided_comes_without_what_was_taken_back(ana, stan, max, as_):
    factories.sent(ana, title="Reprise par son auteur").cancel(ana)
    factories.published(stan, max, title="Publiée")
    assert titles(as_(max).get(reverse("initiatives:queue") + "?vue=decides")) == ["Publiée"]
