"""« Je reprends cette fiche »: a team writes what a public source told of it, and signs it once it is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives import adoption
from initiatives.models import Authorship, Case, Initiative, Version
from initiatives.workflow import CaseKind, CaseStatus, Refused
from tests import factories

ADOPTER, OWNER = Authorship.Role.ADOPTER, Authorship.Role.OWNER
LABEL = "D’après une source publique, non vérifiée par ses auteurs."


@pytest.fixture
def source(db):
    places = {"public_version__place__departement": factories.departement("62")}
    return Initiative.objects.published().filter(origin="public_source", **places).first()


def adopt(browser, source):
    return browser.post(f"{source.get_absolute_url()}adopter/")


def written(source, by, **fields) -> Version:
    """All that is asked of a team, written on its version."""
    version = adoption.begin(source, by)
    return factories.fill(version, **factories.complete(title="Notre jardin, par nous", **fields))


def page(as_, source) -> str:
    return as_(None).get(source.get_absolute_url()).text


def test_signing_in_comes_back_there(source, as_):
    assert f"{source.get_absolute_url()}adopter/" in page(as_, source)
    answer = as_(None).get(f"{source.get_absolute_url()}adopter/")
    assert (answer.status_code, answer.url) == (
        302, f"{reverse('account_login')}?next={source.get_absolute_url()}adopter/",
    )  # fmt: skip


def test_one_confirms_then_finds_the_text_in_the_screens(source, ana, as_):
    browser = as_(ana)
    assert "Ce qui va se passer" in browser.get(f"{source.get_absolute_url()}adopter/").text
    assert not source.authorships.exists()
    answer = adopt(browser, source)
    assert answer.url.startswith(f"/initiatives/brouillons/{source.pk}/")
    assert browser.get(answer.url).status_code == 200
    working = source.working_version()
    assert working.title == source.public_version.title
    assert [row.url for row in working.source_rows.all()] == [
        row.url for row in source.public_version.source_rows.all()
    ]
    assert {"employer_agrees", "anonymity"} <= set(working.missing())
    assert adopt(browser, source).status_code == 302
    assert source.versions.filter(frozen_at=None).count() == source.authorships.count() == 1
    assert LABEL in page(as_, source)


def test_a_version_sent_is_a_case_of_its_own(source, ana, max, as_):
    before = page(as_, source)
    case = Case.submit(written(source, ana), ana)
    assert (case.kind, case.territory) == (CaseKind.ADOPTION, factories.departement("62"))
    assert page(as_, source) == before
    assert adopt(as_(ana), source).url == reverse("initiatives:follow", args=[source.pk])


def test_accepted_it_is_its_teams(source, ana, max, as_):
    case = Case.submit(written(source, ana), ana)
    case.claim(max)
    case.accept(max)
    sheet = Initiative.objects.get(pk=source.pk)
    assert sheet.origin == Initiative.Origin.AUTHOR
    assert sheet.authorships.get().role == OWNER
    assert sheet.verified_on == timezone.localdate()
    text = page(as_, source)
    assert sheet.slug == source.slug
    assert "Notre jardin, par nous" in text
    assert LABEL not in text
    assert source.public_version.source_rows.first().title in text.replace("&#x27;", "'").replace("&amp;", "&")
    assert "Écrire à l’équipe" in text
    assert as_(ana).get(f"{source.get_absolute_url()}modifier/").status_code == 200
    assert as_(ana).get(f"{source.get_absolute_url()}adopter/").status_code == 404


def test_one_team_at_a_time_and_the_second_is_told_kindly(source, ana, stan, as_):
    adoption.begin(source, ana)
    browser = as_(stan)
    shown = browser.get(f"{source.get_absolute_url()}adopter/")
    assert "déjà en train de la reprendre" in shown.text
    answer = adopt(browser, source)
    assert answer.status_code == 409
    assert source.authorships.get().person == ana


def test_giving_up_frees_the_place(source, ana, stan, as_):
    adoption.begin(source, ana)
    as_(ana).post(reverse("initiatives:discard", args=[source.pk]))
    assert not source.authorships.exists()
    assert adopt(as_(stan), source).status_code == 302


def test_silence_frees_the_place_after_sixty_days(source, ana, stan, as_):
    version = adoption.begin(source, ana)
    Version.objects.filter(pk=version.pk).update(saved_at=timezone.now() - timedelta(days=61))
    assert adopt(as_(stan), source).status_code == 302
    assert source.authorships.get().person == stan


def test_a_refused_team_may_answer_and_leaves_the_place(source, ana, stan, max, as_, db):
    case = Case.submit(written(source, ana, story=f"{factories.STORY} Un secret d’Ana."), ana)
    case.claim(max)
    case.refuse(max, "hors-champ", "Montrez-nous que cette action est bien la vôtre, en deux phrases.")
    assert LABEL in page(as_, source)
    assert as_(ana).get(reverse("initiatives:follow", args=[source.pk])).status_code == 200
    assert adopt(as_(stan), source).status_code == 302
    theirs = source.working_version()
    assert "secret" not in theirs.story
    assert theirs.title == source.public_version.title
    assert not source.authorships.filter(person=ana).exists()
    assert as_(ana).get(reverse("initiatives:follow", args=[source.pk])).status_code == 404


def test_a_team_that_comes_back_finds_what_it_wrote(source, ana, max):
    case = Case.submit(written(source, ana), ana)
    case.cancel(ana)
    assert adoption.begin(source, ana).title == "Notre jardin, par nous"


def test_changes_are_asked_and_made_on_the_same_case(source, ana, max, stan, as_):
    case = Case.submit(written(source, ana), ana)
    case.claim(max)
    case.request_changes(max, "Dites depuis quand.", {})
    assert adopt(as_(stan), source).status_code == 409
    version = source.version_to_edit(ana)
    assert version.title == "Notre jardin, par nous"
    version.refresh_from_db()
    again = Case.submit(version, ana)
    assert (again.pk, again.status, again.kind) == (case.pk, CaseStatus.RECEIVED, CaseKind.ADOPTION)


def test_asking_gives_no_right_on_the_page(source, ana, as_):
    """Until it is accepted: no withdrawal, no edit, no word of the team."""
    adoption.begin(source, ana)
    browser = as_(ana)
    assert browser.post(reverse("initiatives:withdraw", args=[source.pk])).status_code == 404
    assert browser.get(f"{source.get_absolute_url()}modifier/").url == f"{source.get_absolute_url()}adopter/"
    assert "Modifier ma fiche" not in browser.get(source.get_absolute_url()).text
    assert not Initiative.objects.written_by(ana).filter(pk=source.pk).exists()
    assert not Initiative.objects.signed_by(ana).filter(pk=source.pk).exists()
    assert not source.signed_by_someone()
    assert as_(None).get(source.get_absolute_url()).status_code == 200


def test_an_adopter_does_not_decide_their_own(source, max, nora):
    case = Case.submit(written(source, max), max)
    with pytest.raises(Refused):
        case.claim(max)
    case.claim(nora)


def test_what_is_told_by_its_team_is_not_taken_over(ana, max, stan, as_):
    sheet = factories.published(ana, max)
    assert adopt(as_(stan), sheet).status_code == 404
    assert "adopter/" not in page(as_, sheet)


def test_a_hidden_source_is_not_taken_over(source, ana, as_):
    Initiative.objects.filter(pk=source.pk).update(masked_at=timezone.now())
    assert adopt(as_(ana), source).status_code == 404


def test_few_queries(source, ana, as_, django_assert_max_num_queries):
    browser = as_(ana)
    with django_assert_max_num_queries(12):
        browser.get(f"{source.get_absolute_url()}adopter/")
