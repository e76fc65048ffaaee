"""An official list, once found, replaces our split: nothing is said official without a source, no address changes."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from levers import content
from levers.forms.supports import proposal_choices
from levers.models import Mapping, Proposal

SOURCE = "Rapport complet, annexe 2, Documentation française"
HISTORY = "Jusqu’en novembre 2026, cette page portait une ligne que nous avions isolée nous-mêmes."


def url(number):
    return reverse("levers:edit_proposal", args=[number])


def listed(**more):
    return {
        "official_status": "listed",
        "official_source": SOURCE,
        "official_number": "12 bis",
        "official_wording": "Permettre à des collectifs autonomes d’agir",
        "history": HISTORY,
        "read_at": "",
        **more,
    }


def test_a_row_takes_its_official_words_and_keeps_its_address(gaby, as_):
    assert as_(gaby).get(reverse("levers:edition")).text.count("/leviers/edition/") >= 24
    assert as_(gaby).post(url(9), listed()).status_code == 302
    page = as_(None).get(reverse("levers:proposal", args=[9]))
    assert page.status_code == 200
    for said in ("12 bis", "Permettre à des collectifs autonomes d’agir", SOURCE, HISTORY):
        assert said in unescape(page.text).replace("\xa0", " "), said
    assert "Le numéro 9 de cette page est le nôtre, et ne change pas" in page.text
    assert Proposal.objects.get(number=9).wording in unescape(page.text).replace("\xa0", " ")
    found = as_(None).get(reverse("search"), {"q": "permettre à des collectifs autonomes d’agir"})
    assert "/leviers/propositions/9/" in found.text


def test_a_row_the_list_does_without_stays_at_its_address(gaby, as_):
    supported = Mapping.objects.supporting().filter(proposal=24).count()
    data = {
        "official_status": "replaced",
        "official_source": SOURCE,
        "replaced_by": "23",
        "history": HISTORY,
        "read_at": "",
    }
    as_(gaby).post(url(24), data)
    page = as_(None).get(reverse("levers:proposal", args=[24]))
    assert page.status_code == 200
    assert HISTORY in page.text
    assert reverse("levers:proposal", args=[23]) in page.text
    assert Mapping.objects.supporting().filter(proposal=24).count() == supported
    for listing in (reverse("levers:lever", args=[6]), reverse("levers:frameworks")):
        assert 'href="/leviers/propositions/24/"><span class="contents-number">' not in as_(None).get(listing).text
    choices = [value for _, rows in proposal_choices()[1:] for value, _ in rows]
    assert "24" not in choices
    assert "24" in [value for _, rows in proposal_choices([24])[1:] for value, _ in rows]
    assert as_(None).get("/initiatives/?proposition=24").status_code == 200


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"official_source": ""}, "rien n’est dit officiel sans source"),
        ({"official_wording": ""}, "Recopiez la formulation"),
        ({"history": ""}, "Dites en une phrase"),
        ({"official_status": "inventee"}, "Choisissez parmi"),
        ({"official_status": "replaced", "replaced_by": "9"}, "Choisissez parmi"),
        ({"official_number": "12345678901"}, "gardez-en 10 au plus"),
    ],
)
def test_nothing_is_official_by_halves(gaby, as_, change, why):
    page = as_(gaby).post(url(9), listed(**change))
    assert page.status_code == 200
    assert why in unescape(page.text)
    assert "Numéro officiel" not in as_(None).get(reverse("levers:proposal", args=[9])).text


def test_the_database_refuses_it_too(db):
    for fields in (
        {"official_number": "3"},
        {"official_wording": "Des mots"},
        {"official_status": "listed", "official_source": "x", "history": "y"},
        {"official_status": "replaced", "official_source": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(number=9).update(**fields)


def test_without_a_list_the_row_is_again_what_the_synthesis_says(gaby, as_):
    as_(gaby).post(url(9), listed())
    again = {
        "official_status": "",
        "official_number": "12",
        "read_at": Proposal.objects.get(number=9).edited_at.isoformat(),
    }
    as_(gaby).post(url(9), again)
    proposal = Proposal.objects.get(number=9)
    assert (proposal.official_status, proposal.official_number, proposal.history) == ("", "", "")
    assert "découpage éditorial" in as_(None).get(proposal.get_absolute_url()).text


def test_a_deploy_takes_nothing_back(gaby, as_):
    as_(gaby).post(url(9), listed())
    content.load_frameworks()
    proposal = Proposal.objects.get(number=9)
    assert (proposal.official_number, proposal.status) == ("12 bis", "isolated")


def test_two_editors_at_once(gaby, nora, as_):
    as_(gaby).post(url(9), listed())
    late = as_(nora).post(url(9), listed(official_number="13"))
    assert "rechargez la page" in late.text
    assert Proposal.objects.get(number=9).official_number == "12 bis"


def test_only_editors(stan, max, as_):
    for path in (reverse("levers:edition"), url(9)):
        assert as_(stan).get(path).status_code == 404
        assert as_(max).get(path).status_code == 404
        assert as_(None).get(path).url.startswith("/compte/connexion/")
    assert as_(max).post(url(9), listed()).status_code == 404


def test_few_queries(gaby, as_, django_assert_max_num_queries):
    browser = as_(gaby)
    for path in (reverse("levers:edition"), url(9)):
        with django_assert_max_num_queries(12):
            assert browser.get(path).status_code == 200
    assert browser.get(url(25)).status_code == 404
