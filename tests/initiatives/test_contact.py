"""Writing to a team without knowing its address: relayed to those who tell the sheet, or by the coordination."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Letter
from initiatives.models import Authorship, Initiative, Inquiry
from initiatives.models.reader import INQUIRIES_A_DAY
from tests import factories

TEXT = "Bonjour, comment avez-vous trouvé la salle la première année ?"


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max, title="La soupe du mardi", contact_address="cachee@asso.test")


def write(sheet, browser=None, *, address="203.0.113.7", **said):
    data = {"name": "Zoé", "email": "zoe@exemple.test", "text": TEXT, **said}
    return (browser or Client()).post(f"{sheet.get_absolute_url()}ecrire/", data, REMOTE_ADDR=address)


def letters(name: str) -> dict[str, str]:
    return dict(Letter.objects.filter(key__startswith=f"initiatives/{name}:").values_list("to", "body"))


def test_a_message_reaches_those_who_tell_the_sheet(sheet, ana, stan):
    factories.co_author(sheet, stan)
    page = Client().get(f"{sheet.get_absolute_url()}ecrire/")
    assert "Leur adresse reste cachée" in page.text
    assert not Inquiry.objects.exists()
    answer = write(sheet)
    assert (answer.status_code, answer.url) == (302, sheet.get_absolute_url())
    told = letters("inquiry")
    assert set(told) == {ana.email, stan.email}
    assert TEXT in told[ana.email]
    assert "zoe@exemple.test" in told[ana.email]
    copy = letters("inquiry_copy")["zoe@exemple.test"]
    assert TEXT in copy
    for address in (ana.email, stan.email, "cachee@asso.test"):
        assert address not in copy


def test_the_page_leads_there_and_tells_no_address(sheet, ana):
    page = Client().get(sheet.get_absolute_url()).text
    assert f"{sheet.get_absolute_url()}ecrire/" in page
    assert "cachee@asso.test" not in page
    assert ana.email not in Client().get(f"{sheet.get_absolute_url()}ecrire/").text


@pytest.mark.parametrize("why", ["coordinator mode", "nobody left"])
def test_the_coordination_links_where_it_must(sheet, ana, max, nora, why):
    if why == "nobody left":
        type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    else:
        sheet.public_version.contact_mode = "coordinator"
        sheet.public_version.save()
    assert "passe par la coordination" not in Client().get(sheet.get_absolute_url()).text
    assert "la coordination du territoire" in Client().get(f"{sheet.get_absolute_url()}ecrire/").text
    write(sheet)
    assert set(letters("inquiry")) == {max.email}


def test_who_typed_for_another_is_not_the_team(sheet, ana, stan):
    Authorship.objects.create(initiative=sheet, person=stan, role=Authorship.Role.TYPIST)
    write(sheet)
    assert set(letters("inquiry")) == {ana.email}


def test_an_address_on_the_page_needs_no_form(ana, max):
    shown = factories.published(ana, max, contact_mode="public", contact_address="equipe@asso.test")
    assert "mailto:equipe@asso.test" in Client().get(shown.get_absolute_url()).text
    assert Client().get(f"{shown.get_absolute_url()}ecrire/").url == shown.get_absolute_url()
    assert write(shown).status_code == 302
    assert not Inquiry.objects.exists()


def test_a_public_source_has_nobody_to_write_to(db):
    source = Initiative.objects.published().filter(origin="public_source").first()
    assert write(source).status_code == 404
    assert "/ecrire/" not in Client().get(source.get_absolute_url()).text


def test_a_second_press_sends_one_message(sheet):
    write(sheet)
    write(sheet)
    assert Inquiry.objects.count() == 1
    assert len(letters("inquiry")) == len(letters("inquiry_copy")) == 1


def test_five_a_day_from_one_place_then_nothing_is_lost(sheet):
    for n in range(INQUIRIES_A_DAY):
        assert write(sheet, text=f"{TEXT} ({n})").status_code == 302
    page = write(sheet, text=f"{TEXT} (encore)")
    assert page.status_code == 429
    assert "(encore)" in page.text
    assert Inquiry.objects.count() == INQUIRIES_A_DAY
    assert write(sheet, address="198.51.100.2", text=f"{TEXT} (ailleurs)").status_code == 302


@pytest.mark.parametrize(
    "said", [{"name": ""}, {"email": "zoe"}, {"text": "Court."}, {"text": "\0" * 30}, {"site_web": "http://x.test"}]
)
def test_what_is_wrong_is_said_and_nothing_is_sent(sheet, said):
    page = write(sheet, **said)
    assert page.status_code == 200
    assert "Erreur" in page.text
    assert not Letter.objects.filter(key__startswith="initiatives/inquiry").exists()


def test_a_subject_stays_on_one_line(sheet):
    write(sheet, name="Zoé\r\nBcc: tout@le.monde")
    for letter in Letter.objects.filter(key__startswith="initiatives/inquiry"):
        assert "\n" not in letter.subject
        assert "Bcc:" not in letter.subject
    assert Inquiry.objects.get().name == "Zoé Bcc: tout@le.monde"


def test_someone_signed_in_finds_their_address_there(sheet, stan, as_):
    browser = as_(stan)
    assert f'value="{stan.email}"' in browser.get(f"{sheet.get_absolute_url()}ecrire/").text
    write(sheet, browser)
    assert Inquiry.objects.get().person == stan


def test_a_hidden_page_takes_no_message(sheet):
    Initiative.objects.filter(pk=sheet.pk).update(masked_at=sheet.published_at)
    assert write(sheet).status_code == 404
