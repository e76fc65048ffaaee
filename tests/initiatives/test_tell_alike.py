"""Before sending, the sheets that look like one's own: the same, its sequel, or another one."""

import pytest
from django.urls import reverse

from initiatives.models import Kinship, Likeness
from tests import factories

TITLE = "La cuisine partagée du mardi"


@pytest.fixture
def known(stan, max):
    return factories.published(stan, max, title=TITLE)


@pytest.fixture
def mine(ana):
    return factories.draft(ana, title="La cuisine partagée du mardi soir")


def check(version):
    return reverse("initiatives:check", args=[version.initiative_id])


def say(version, other, answer):
    return reverse("initiatives:alike", args=[version.initiative_id]), {"other": other.slug, "answer": answer}


def shown(page):
    return [one.initiative.pk for one in page.context["alike"]]


def test_a_look_alike_is_shown_with_its_reasons(known, mine, ana, as_):
    page = as_(ana).get(check(mine))
    assert shown(page) == [known.pk]
    assert "titre voisin" in page.context["alike"][0].reasons
    assert "ressemble à la vôtre" in page.text


def test_what_has_nothing_to_do_with_it_is_not(ana, stan, max, as_):
    factories.published(stan, max, title="Un film sur le quartier", place=factories.commune("35238"))
    assert shown(as_(ana).get(check(factories.complete_draft(ana, title="La cuisine du mardi")))) == []


@pytest.mark.parametrize("answer", ["same", "sequel", "different"])
def test_once_answered_it_is_not_asked_again(answer, known, mine, ana, as_):
    browser = as_(ana)
    browser.post(*say(mine, known, answer))
    browser.post(*say(mine, known, answer))
    assert Likeness.objects.get().answer == answer
    assert shown(browser.get(check(mine))) == []
    assert Kinship.objects.filter(version=mine, other=known).count() == (1 if answer == "sequel" else 0)


def test_ones_own_published_sheet_is_no_look_alike_of_its_revision(known, stan, as_):
    version = known.version_to_edit(stan)
    assert shown(as_(stan).get(check(version))) == []


def test_only_its_authors_answer(known, mine, stan, as_):
    assert as_(stan).post(*say(mine, known, "same")).status_code == 404
    assert not Likeness.objects.exists()


def test_neither_a_draft_nor_an_unknown_answer(mine, ana, stan, as_):
    draft = factories.draft(stan)
    assert as_(ana).post(*say(mine, draft.initiative, "same")).status_code == 404
    assert as_(ana).post(*say(mine, mine.initiative, "same")).status_code == 404
    assert not Likeness.objects.exists()


def test_an_answer_that_was_not_offered(known, mine, ana, as_):
    assert as_(ana).post(*say(mine, known, "peut-être")).status_code == 302
    assert not Likeness.objects.exists()
