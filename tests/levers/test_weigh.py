"""What a sheet supports: proposed, settled with the publication, counted where it counts."""

import pytest
from django.urls import reverse

from initiatives.models import Entry
from levers import coverage
from levers.models import Lever, Mapping, Proposal
from tests import factories


@pytest.fixture
def case_with_support(ana, max):
    version = factories.complete_draft(ana)
    proposal = Proposal.objects.get(number=8)
    Mapping.objects.create(
        version=version, lever=proposal.lever, proposal=proposal, sentence="Le groupe vote ses dépenses."
    )
    from initiatives.models import Case

    case = Case.submit(version, ana)
    case.claim(max)
    return case


def settle(case, **data):
    mapping = Mapping.objects.get(version=case.version)
    return {
        "accept-text": "",
        f"levers-keep_{mapping.pk}": "on",
        f"levers-sentence_{mapping.pk}": mapping.sentence,
        "levers-new_proposal": "",
        "levers-new_sentence": "",
        **data,
    }


def accept(case):
    return reverse("initiatives:accept", args=[case.pk])


def test_a_kept_support_is_public_with_the_sheet(case_with_support, max, as_):
    as_(max).post(accept(case_with_support), settle(case_with_support))
    mapping = Mapping.objects.get(version=case_with_support.version)
    assert mapping.status == "validated"
    entry = Entry.objects.get(initiative=case_with_support.initiative)
    assert {"levier:3", "proposition:8"} <= set(entry.terms)
    page = as_(None).get(reverse("levers:proposal", args=[8]))
    assert "Le groupe vote ses dépenses." in page.text
    sheet = as_(None).get(
        case_with_support.initiative.__class__.objects.get(pk=case_with_support.initiative_id).get_absolute_url()
    )
    assert "Le groupe vote ses dépenses." in sheet.text


def test_a_removed_support_never_shows(case_with_support, max, as_):
    mapping = Mapping.objects.get(version=case_with_support.version)
    data = settle(case_with_support)
    del data[f"levers-keep_{mapping.pk}"]
    as_(max).post(accept(case_with_support), data)
    mapping.refresh_from_db()
    assert mapping.status == "rejected"
    assert "levier:3" not in Entry.objects.get(initiative=case_with_support.initiative).terms


def test_the_coordination_adds_one_with_its_sentence(case_with_support, max, as_):
    alone = as_(max).post(accept(case_with_support), settle(case_with_support, **{"levers-new_proposal": "24"}))
    assert "Écrivez la phrase qui le montre" in alone.text
    case_with_support.refresh_from_db()
    assert case_with_support.status == "claimed"
    as_(max).post(
        accept(case_with_support),
        settle(case_with_support, **{"levers-new_proposal": "24", "levers-new_sentence": "Les habitantes décident."}),
    )
    added = Mapping.objects.get(version=case_with_support.version, proposal=24)
    assert (added.origin, added.status, added.lever.number) == ("coordinator", "validated", 6)


def test_a_forged_proposal_is_refused(case_with_support, max, as_):
    answer = as_(max).post(
        accept(case_with_support),
        settle(case_with_support, **{"levers-new_proposal": "99", "levers-new_sentence": "x"}),
    )
    assert answer.status_code == 200
    case_with_support.refresh_from_db()
    assert case_with_support.status == "claimed"


def test_a_support_not_yet_settled_is_nowhere(case_with_support, as_):
    for url in (reverse("levers:proposal", args=[8]), reverse("levers:lever", args=[3])):
        assert "Le groupe vote ses dépenses." not in as_(None).get(url).text


def test_the_matrix_agrees_with_brute_force(ana, max, case_with_support, as_):
    as_(max).post(accept(case_with_support), settle(case_with_support))
    found = {
        (row.departement.code, cell.lever.number): cell.count for row in coverage.matrix().rows for cell in row.cells
    }
    counted = {}
    for entry in Entry.objects.all():
        for departement in (t for t in entry.terms if t.startswith("departement:")):
            for lever in (t for t in entry.terms if t.startswith("levier:")):
                key = (departement.split(":")[1], int(lever.split(":")[1]))
                counted[key] = counted.get(key, 0) + 1
    on_map = {row.departement.code for row in coverage.matrix().rows}
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in counted.items() if k[0] in on_map}


def test_the_matrix_says_what_is_not_known(as_):
    page = as_(None).get(reverse("levers:coverage"))
    assert "aucune initiative connue" in page.text
    assert len(page.context["matrix"].rows) == 101


def test_the_matrix_as_csv_and_by_region(as_):
    answer = as_(None).get(reverse("levers:coverage") + "?region=32&format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("code;département;")
    assert len(lines) == 6
    odd = as_(None).get(reverse("levers:coverage") + "?region=zz%00")
    assert "Cette région n’existe pas" in odd.text


def test_a_masked_sheet_leaves_the_counts(case_with_support, max, as_):
    as_(max).post(accept(case_with_support), settle(case_with_support))
    before = sum(row.total for row in coverage.matrix().rows)
    type(case_with_support.initiative).objects.filter(pk=case_with_support.initiative_id).update(
        masked_at=case_with_support.received_at
    )
    assert sum(row.total for row in coverage.matrix().rows) == before - 1
    assert "Le groupe vote ses dépenses." not in as_(None).get(reverse("levers:proposal", args=[8])).text


def test_each_proposal_says_what_it_is(as_):
    assert Proposal.objects.filter(status="stated").count() == 17
    isolated = Proposal.objects.filter(status="isolated")
    assert isolated.count() == 7
    for proposal in isolated:
        assert "Isolée d’une proposition composée" in as_(None).get(proposal.get_absolute_url()).text


def test_a_counter_example_counts_as_no_support(as_):
    counter = Mapping.objects.filter(strength="counter_example").first()
    if counter is None:
        pytest.fail("the reference sheets hold one counter-example")
    assert counter not in Mapping.objects.supporting()


@pytest.mark.parametrize(
    "url",
    [
        "/leviers/",
        "/leviers/3/",
        "/leviers/dubasque/2/",
        "/leviers/propositions/8/",
        "/leviers/couverture/",
        "/freins/3/",
    ],
)
def test_few_queries(url, as_, django_assert_max_num_queries):
    browser = as_(None)
    with django_assert_max_num_queries(12):
        assert browser.get(url).status_code == 200


@pytest.mark.parametrize(
    "url", ["/leviers/7/", "/leviers/0/", "/leviers/propositions/25/", "/freins/8/", "/leviers/inconnu/1/"]
)
def test_what_does_not_exist_is_not_found(url, as_):
    assert as_(None).get(url).status_code == 404


def test_six_levers_in_each_framework(db):
    assert Lever.objects.of_dagbert().count() == 6
    assert Lever.objects.filter(framework="dubasque").count() == 6
