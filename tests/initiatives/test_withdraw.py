"""A page taken away: by its authors whenever they want, by the coordination with a reason, and put back by another."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails, fate
from initiatives.models import Authorship, Case, Entry, Initiative
from initiatives.workflow import CaseStatus, Refused, SheetStatus, Verb
from tests import factories

WHY = "Une habitante nous l’a demandé par courrier."


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


def path(sheet) -> str:
    return reverse("initiatives:withdraw", args=[sheet.pk])


def tended(browser, name, sheet, **data):
    typed = {f"{name}-{field}": value for field, value in data.items()}
    return browser.post(reverse(f"initiatives:{name}", args=[sheet.pk]), typed)


def test_an_author_withdraws_after_reading_what_happens(sheet, ana, stan, as_):
    factories.co_author(sheet, stan)
    revision = Case.submit(factories.fill(sheet.version_to_edit(ana), title="Une autre"), ana)
    browser = as_(ana)
    page = browser.get(path(sheet))
    assert "Ce qui va se passer" in page.text
    assert revision.number in page.text
    assert as_(None).get(sheet.get_absolute_url()).status_code == 200
    assert browser.post(path(sheet)).status_code == 302
    gone = as_(None).get(sheet.get_absolute_url())
    assert gone.status_code == 410
    assert "Ses auteurs l’ont retirée." in gone.text
    assert not Entry.objects.filter(initiative=sheet).exists()
    assert Case.objects.get(pk=revision.pk).status == CaseStatus.CANCELLED
    emails.tell_moves()
    told = Letter.objects.filter(key__startswith="initiatives/withdrawn:").values_list("person__name", flat=True)
    assert set(told) == {"Ana", "Stan"}
    assert browser.post(path(sheet)).status_code == 404


def test_the_follow_up_leads_there(sheet, ana, as_):
    assert path(sheet) in as_(ana).get(reverse("initiatives:follow", args=[sheet.pk])).text


def test_who_typed_for_another_does_not_withdraw(sheet, stan, as_):
    Authorship.objects.create(initiative=sheet, person=stan, role=Authorship.Role.TYPIST)
    assert as_(stan).post(path(sheet)).status_code == 404
    assert path(sheet) not in as_(stan).get(reverse("initiatives:follow", args=[sheet.pk])).text


def test_a_draft_is_thrown_away_otherwise(ana, as_):
    draft = factories.draft(ana, title="Un brouillon").initiative
    assert as_(ana).post(path(draft)).status_code == 302
    assert Initiative.objects.get(pk=draft.pk).status == SheetStatus.DRAFT


def test_a_coordinator_withdraws_with_a_reason(sheet, max, as_):
    browser = as_(max)
    assert tended(browser, "take_down", sheet, text=WHY).status_code == 200
    assert tended(browser, "take_down", sheet, reason="author", text=WHY).status_code == 200
    assert tended(browser, "take_down", sheet, reason="rights", text=WHY).status_code == 302
    gone = as_(None).get(sheet.get_absolute_url())
    assert gone.status_code == 410
    assert "Un droit sur ses textes" in gone.text
    assert WHY not in gone.text
    move = sheet.moves.get(verb=Verb.WITHDRAW)
    assert (move.by, move.motive, move.text, move.from_status) == (max, "rights", WHY, "published")
    emails.tell_moves()
    assert WHY in Letter.objects.get(key__startswith="initiatives/withdrawn:").body


def test_another_coordinator_puts_it_back(sheet, max, nora, as_):
    fate.withdraw(sheet, max, "error", text=WHY)
    assert tended(as_(max), "restore", sheet, text=WHY).status_code == 409
    assert tended(as_(nora), "restore", sheet, text=WHY).status_code == 302
    assert as_(None).get(sheet.get_absolute_url()).status_code == 200
    assert Entry.objects.filter(initiative=sheet).exists()


def test_what_its_authors_withdrew_comes_back_at_their_request(sheet, ana, nora, as_):
    fate.withdraw(sheet, ana, fate.AUTHOR)
    page = tended(as_(nora), "restore", sheet, text=WHY)
    assert page.status_code == 200
    assert "que s’ils le demandent" in page.text
    assert tended(as_(nora), "restore", sheet, text=WHY, asked="on").status_code == 302
    assert as_(None).get(sheet.get_absolute_url()).status_code == 200


def test_a_closed_account_is_final(sheet, nora):
    fate.withdraw(sheet, None, fate.ACCOUNT)
    sheet.refresh_from_db()
    with pytest.raises(Refused):
        fate.restore(sheet, nora, WHY)


def test_nobody_tends_their_own_sheet(max, nora, as_):
    own = factories.published(max, nora)
    browser = as_(max)
    page = browser.get(reverse("initiatives:tend", args=[own.pk]))
    assert "Vous avez écrit cette fiche" in page.text
    assert "Ce que vous pouvez faire" not in page.text
    assert tended(browser, "mask", own, text=WHY).status_code == 409
    assert tended(browser, "take_down", own, reason="error", text=WHY).status_code == 409
    assert as_(None).get(own.get_absolute_url()).status_code == 200


def test_a_territory_tends_its_own_sheets(sheet, ana, nora, as_, django_assert_max_num_queries):
    elsewhere = factories.person("Lise")
    factories.role(elsewhere, "coordinator", territory=factories.departement("42"))
    assert as_(elsewhere).get(reverse("initiatives:tend", args=[sheet.pk])).status_code == 404
    assert as_(ana).get(reverse("initiatives:tend", args=[sheet.pk])).status_code == 404
    browser = as_(nora)
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("initiatives:tend", args=[sheet.pk])).status_code == 200
    draft = factories.draft(ana, title="Un brouillon").initiative
    assert browser.get(reverse("initiatives:tend", args=[draft.pk])).status_code == 404


def test_a_withdrawn_source_is_not_loaded_again(nora, db):
    from initiatives.content import still_from_source

    source = Initiative.objects.published().filter(origin="public_source").first()
    fate.withdraw(source, nora, "error", text=WHY)
    assert not still_from_source(Initiative.objects.get(pk=source.pk))
