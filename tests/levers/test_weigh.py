"""What a sheet supports: proposed, settled with the publication, counted where it counts."""

import pytest
from django.urls import reverse

from initiatives import fate, search
from initiatives.models import Case, Entry
from levers.models import Lever, Mapping, Proposal
from tests import factories


@pytest.fixture
def case_with_support(ana, max):
    version = factories.complete_draft(ana)
    proposal = Proposal.objects.get(number=8)
    Mapping.objects.create(
        version=version, lever=proposal.lever, proposal=proposal, sentence="Le groupe vote ses dépenses."
    )
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


ISOLATED = {6, 9, 10, 13, 14, 21, 24}


def test_each_proposal_says_what_it_is(as_):
    """Seventeen stated by the synthesis, a bullet each, and the seven isolated by us."""
    stated = Proposal.objects.filter(status="stated")
    isolated = Proposal.objects.filter(status="isolated")
    assert sorted(stated.values_list("bullet", flat=True)) == list(range(1, 18))
    assert set(isolated.values_list("number", flat=True)) == ISOLATED
    for proposal in Proposal.objects.all():
        page = as_(None).get(proposal.get_absolute_url()).text
        assert ("découpage éditorial" in page) == (proposal.number in ISOLATED)
        assert f"Le numéro {proposal.number} est le nôtre" in page
        assert "Numéro officiel" not in page
        assert f"puce {proposal.bullet} sur 17" in page


def test_the_frameworks_page_lists_the_24_rows(as_):
    page = as_(None).get(reverse("levers:frameworks")).text
    for proposal in Proposal.objects.all():
        assert f'href="{proposal.get_absolute_url()}"' in page
    assert "17 propositions sont énoncées" in page
    assert "7 autres ont été isolées" in page
    assert "Lecture éditoriale" in page


def test_direct_supports_come_first_and_each_sheet_once(ana, max, as_):
    proposal = Proposal.objects.get(number=2)
    for title, strength in (("Celle qui touche de loin", "indirect"), ("Celle qui le fait", "direct")):
        sheet = factories.published(ana, max, title=title)
        said = {"version": sheet.public_version, "lever": proposal.lever, "strength": strength, "status": "validated"}
        Mapping.objects.create(proposal=proposal, sentence=f"Preuve : {title}.", **said)
        Mapping.objects.create(sentence=f"Aussi : {title}.", **said)
        search.index(sheet)
    page = as_(None).get(proposal.get_absolute_url())
    assert [support.version.title for support in page.context["page"]] == [
        "Celle qui le fait",
        "Celle qui touche de loin",
    ]
    assert "(appui indirect)" in page.text
    lever = as_(None).get(proposal.lever.get_absolute_url())
    ours = [support for support in lever.context["page"] if support.version.title == "Celle qui le fait"]
    assert [len(support.mappings) for support in ours] == [2]
    assert ours[0].ring == [1]


def test_a_masked_sheet_leaves_the_lists(case_with_support, max, as_):
    as_(max).post(accept(case_with_support), settle(case_with_support))
    case_with_support.initiative.refresh_from_db()
    fate.mask(case_with_support.initiative, None)
    assert "Le groupe vote ses dépenses." not in as_(None).get(reverse("levers:proposal", args=[8])).text


def test_fiches_that_help_are_on_the_lever_and_the_proposal(as_, db):
    proposal = Proposal.objects.get(number=8)
    titles = [fiche.current.title for fiche in proposal.fiches.readable()]
    assert titles
    for url in (proposal.get_absolute_url(), proposal.lever.get_absolute_url()):
        page = as_(None).get(url)
        assert set(titles) <= {fiche.current.title for fiche in page.context["fiches"]}
        assert "Des fiches pour s’y mettre" in page.text


def test_what_is_missing_leads_to_a_call(as_, db):
    page = as_(None).get(reverse("levers:proposal", args=[1]))
    assert not page.context["known"].total
    assert "Aucune initiative connue, nulle part" in page.text
    assert 'href="/appels/lancer/?proposition=1"' in page.text
    known = as_(None).get(reverse("levers:proposal", args=[8]))
    without = {code for code, _ in known.context["known"].without_places}
    assert without
    assert not without & set(known.context["known"].counts)
    assert len(without) + len(known.context["known"].counts) == 101
    assert f'href="/appels/lancer/?proposition=8&amp;departement={min(without)}"' in known.text


def test_an_obstacle_says_what_was_met_how_it_was_lifted_and_by_whom(ana, max, as_):
    version = factories.complete_draft(ana, title="Une salle enfin")
    factories.tell_story(version)
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    page = as_(None).get(reverse("levers:obstacle", args=[3]))
    assert "Pas de salle." in page.text
    assert "Un prêt." in page.text
    assert "Centre social du Bassin, Lens (62)" in page.text
    assert 'href="/initiatives/?frein=3"' in page.text
    assert 'href="/appels/lancer/?frein=3"' in page.text
    lifted = [bool(met.lifted) for met in page.context["page"]]
    assert lifted == sorted(lifted, reverse=True)


def test_a_counter_example_counts_as_no_support(as_):
    counter = Mapping.objects.filter(strength="counter_example").first()
    if counter is None:
        pytest.fail("the reference sheets hold one counter-example")
    assert counter not in Mapping.objects.supporting()


def test_a_counter_example_is_told_apart(as_, db):
    counter = Mapping.objects.filter(strength="counter_example").exclude(proposal=None).first()
    assert counter
    page = as_(None).get(counter.proposal.get_absolute_url())
    assert counter.version.initiative_id in [row.sheet.pk for row in page.context["counter_examples"]]
    assert counter.pk not in [mapping.pk for row in page.context["page"] for mapping in row.mappings]
    assert "n’est compté nulle part comme un appui" in page.text


@pytest.mark.parametrize(
    "url",
    [
        "/leviers/",
        "/leviers/3/",
        "/leviers/dubasque/2/",
        "/leviers/propositions/8/",
        "/appels/",
        "/notes/",
        "/appels/lancer/?levier=3&departement=62",
        "/freins/3/",
    ],
)
def test_few_queries(url, as_, stan, django_assert_max_num_queries):
    for person in (None, stan):
        browser = as_(person)
        browser.get("/leviers/")
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
