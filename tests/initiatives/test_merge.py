"""Two sheets of one action become one: addresses lead on, teams are thanked, and another coordinator may part them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails, fate
from initiatives.models import Case, Entry, Initiative, Report
from initiatives.workflow import CaseStatus, Refused, SheetStatus
from tests import factories

WHY = "C’est la même cuisine, racontée par deux équipes."


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def twin(stan, nora):
    return factories.published(stan, nora, title="La cuisine du mardi", organisation_name="Secours du Bassin")


def join(browser, sheet, other, keep, **data):
    address = reverse("initiatives:merge", args=[sheet.pk])
    return browser.post(address, {"fiche": other.slug, "garder": keep.pk, "text": WHY, **data})


def test_both_are_read_side_by_side_first(sheet, twin, max, as_, django_assert_max_num_queries):
    browser, url = as_(max), f"http://testserver{twin.get_absolute_url()}"
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("initiatives:merge", args=[sheet.pk]), {"fiche": url})
    assert "La soupe du mardi" in page.text
    assert "La cuisine du mardi" in page.text
    assert as_(None).get(twin.get_absolute_url()).status_code == 200


def test_the_other_address_leads_to_the_one_that_stays(sheet, twin, max, as_):
    revision = Case.submit(factories.fill(twin.version_to_edit(twin.authors.get()), title="Encore"), twin.authors.get())
    assert join(as_(max), sheet, twin, keep=sheet).status_code == 302
    moved = as_(None).get(twin.get_absolute_url())
    assert (moved.status_code, moved.url) == (301, sheet.get_absolute_url())
    page = as_(None).get(sheet.get_absolute_url())
    assert "Réunie avec la fiche de Secours du Bassin." in page.text
    assert not Entry.objects.filter(initiative=twin).exists()
    assert Case.objects.get(pk=revision.pk).status == CaseStatus.CANCELLED
    emails.tell_moves()
    told = Letter.objects.filter(key__startswith="initiatives/merged:").values_list("person__name", flat=True)
    assert set(told) == {"Ana", "Stan"}


def test_one_chooses_which_stays(sheet, twin, max, as_):
    assert join(as_(max), sheet, twin, keep=twin).status_code == 302
    assert as_(None).get(sheet.get_absolute_url()).url == twin.get_absolute_url()
    third = factories.published(factories.person("Zoé"), max, title="Encore une soupe", organisation_name="Chez Zoé")
    fate.merge(Initiative.objects.get(pk=twin.pk), third, max)
    page = as_(None).get(third.get_absolute_url()).text
    assert "Réunie avec les fiches de Centre social du Bassin, Secours du Bassin." in page
    assert as_(None).get(sheet.get_absolute_url()).url == third.get_absolute_url()


@pytest.mark.parametrize("keep", ["", "0", "x"])
def test_nothing_is_joined_without_a_choice(sheet, twin, max, as_, keep):
    answer = as_(max).post(
        reverse("initiatives:merge", args=[sheet.pk]), {"fiche": twin.slug, "garder": keep, "text": WHY}
    )
    assert answer.status_code == 409
    assert WHY in answer.text
    assert Initiative.objects.filter(status=SheetStatus.MERGED).count() == 0


def test_another_coordinator_parts_them(sheet, twin, max, nora, as_):
    fate.merge(twin, sheet, max)
    address, data = reverse("initiatives:unmerge", args=[twin.pk]), {"unmerge-text": "Ce sont deux cuisines."}
    assert as_(max).post(address, data).status_code == 409
    assert as_(nora).post(address, data).status_code == 302
    assert as_(None).get(twin.get_absolute_url()).status_code == 200
    assert "Réunie avec" not in as_(None).get(sheet.get_absolute_url()).text
    assert Entry.objects.filter(initiative=twin).exists()


def test_only_sheets_of_ones_territories(sheet, stan, nora, max, as_):
    far = factories.published(stan, nora, title="Loin d’ici", place=factories.commune("42218"))
    assert join(as_(max), sheet, far, keep=sheet).status_code == 409
    assert Initiative.objects.get(pk=far.pk).status == SheetStatus.PUBLISHED
    assert join(as_(nora), sheet, far, keep=sheet).status_code == 302


def test_what_is_hidden_or_reported_waits(sheet, twin, max):
    made = Report.send(twin, kind="other", sender="s", field="", text="Un doute.", email="")
    with pytest.raises(Refused):
        fate.merge(twin, sheet, max)
    made.case.claim(max)
    made.dismiss(max, "Rien à changer ici.")
    fate.mask(twin, max, text="Le temps de voir.")
    with pytest.raises(Refused):
        fate.merge(twin, sheet, max)
    with pytest.raises(Refused):
        fate.merge(sheet, sheet, max)


def test_nobody_joins_their_own(sheet, max, nora, as_):
    own = factories.published(max, nora, title="Écrite par Max")
    assert join(as_(max), sheet, own, keep=sheet).status_code == 409
    assert Initiative.objects.get(pk=own.pk).status == SheetStatus.PUBLISHED


def test_the_team_of_the_other_writes_no_more(sheet, twin, stan, max):
    fate.merge(twin, sheet, max)
    assert not Initiative.objects.editable_by(stan).filter(pk__in=[sheet.pk, twin.pk]).exists()
