"""A sheet's page: what it took, what went wrong, how to start; and what becomes of its address."""

import json
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from guide.models import Fiche
from initiatives.models import Initiative, Obstacle, ObstacleMet, Partner, TimeShare
from tests import factories


def read(browser, initiative):
    return browser.get(initiative.get_absolute_url())


def change(initiative, **fields):
    Initiative.objects.filter(pk=initiative.pk).update(**fields)


@pytest.fixture
def told(ana, max):
    case = factories.claimed(ana, max, title="La soupe du mardi", tags=["Soupe"], hosting=["stagiaire"])
    version = case.version
    version.refresh_from_db()
    TimeShare.objects.create(version=version, role="assistante sociale", hours_a_month=Decimal("6.5"))
    TimeShare.objects.create(version=version, role="cuisinier", hours_a_month=Decimal("3"), position=1)
    ObstacleMet.objects.create(
        version=version, obstacle=Obstacle.objects.get(number=3), text="Pas de salle.", lifted="Un prêt."
    )
    Partner.objects.create(version=version, name="Secours local", role="prête la salle")
    version.time_granted_by = "la direction du CCAS"
    version.if_again = "Commencer en septembre."
    version.save()
    version.fiches.set([Fiche.objects.get(number=26)])
    case.accept(max)
    case.initiative.refresh_from_db()
    return case.initiative


def test_a_visitor_reads_what_it_took(as_, told, network):
    text = read(as_(None), told).text
    for said in (
        "La soupe du mardi", "assistante sociale&nbsp;: 6,5&nbsp;h", "9,5&nbsp;h en tout", "la direction du CCAS",
        "Pas de salle.", "Un prêt.", "Secours local", "Commencer en septembre.", "Un stagiaire", "?etiquette=soupe",
        "?theme=alimentation", "/guide/methodes/travail-social-de-groupe/", "/guide/fiches/26/", "/freins/3/",
        "utilisée par l’équipe", "Lens (62)",
        f"par {network}", "Pour citer", "Creative Commons",
    ):  # fmt: skip
        assert said in text, said


def test_what_is_not_told_is_said_so(as_, ana, max):
    text = read(as_(None), factories.published(ana, max)).text
    margin = text[text.index("En un coup d’œil") :]
    assert re.search(r'Temps par mois</dt><dd class="unknown">non renseigné', margin)
    assert re.search(r'Ce qui a coincé</dt><dd class="unknown">non renseigné', margin)


def test_a_public_source_says_what_it_is(as_, db):
    sheet = Initiative.objects.published().filter(origin="public_source").first()
    text = read(as_(None), sheet).text
    assert "D’après une source publique, non vérifiée par ses auteurs." in text
    source = sheet.public_version.source_rows.first()
    assert source.url.replace("&", "&amp;") in text
    assert "Écrire à l’équipe" not in text


def test_levers_are_told_with_their_ring(as_, db):
    sheet = Initiative.objects.published().filter(public_version__mapping_rows__status="validated").first()
    text = read(as_(None), sheet).text
    assert "Ce que cela soutient" in text
    assert re.search(r'class="ring ring-l".*?<title>Soutient : ', text, re.DOTALL)


def test_an_address_is_shown_only_in_public_mode(as_, ana, max):
    private = factories.published(ana, max, contact_mode="coordinator", contact_address="discrete@essaim.test")
    public = factories.published(ana, max, contact_mode="public", contact_address="equipe@essaim.test")
    assert "discrete@" not in read(as_(None), private).text
    text = read(as_(None), public).text
    assert 'href="mailto:equipe@essaim.test"' in text
    assert "equipe@" not in text[text.index("ld+json") : text.index("</script>", text.index("ld+json"))]
    assert ana.email not in text


def test_linked_data_cannot_end_its_element(as_, ana, max):
    sheet = factories.published(ana, max, title='</script><script>alert("x")</script>&', organisation_name="<!--A & B")
    text = read(as_(None), sheet).text
    assert "<script>alert" not in text
    written = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1]
    assert "<" not in written
    data = json.loads(written)
    assert data["headline"] == '</script><script>alert("x")</script>&'
    assert data["author"]["name"] == "<!--A & B"
    assert data["spatialCoverage"]["name"] == "Lens (62)"


def test_neighbours_share_a_method_or_a_theme(as_, ana, max):
    one = factories.published(ana, max, title="La première")
    factories.published(ana, max, title="La jumelle de Lens")
    assert "La jumelle de Lens" in read(as_(None), one).text


@pytest.mark.parametrize("who", [None, "ana", "max", "stan", "ada"])
def test_drafts_and_sheets_in_review_are_not_here(as_, request, ana, max, who):
    person = request.getfixturevalue(who) if who else None
    draft = factories.complete_draft(ana).initiative
    sent = factories.sent(ana).initiative
    for sheet in (draft, sent):
        assert read(as_(person), sheet).status_code == 404


def test_masked(as_, ana, max):
    sheet = factories.published(ana, max, title="Mots à cacher")
    change(sheet, masked_at=timezone.now())
    for person in (None, ana, max):
        answer = read(as_(person), sheet)
        assert answer.status_code == 404
        assert "Cette fiche est masquée pour le moment" in answer.text
        assert "Mots à cacher" not in answer.text


def test_withdrawn(as_, ana, max):
    sheet = factories.published(ana, max, title="Mots à retirer")
    change(sheet, status="withdrawn", withdrawn_reason="author")
    answer = read(as_(None), sheet)
    assert answer.status_code == 410
    assert "Ses auteurs l’ont retirée." in answer.text
    assert "Mots à retirer" not in answer.text


def test_merged(as_, ana, max):
    first, second, third = (factories.published(ana, max, title=f"Jumelle {n}") for n in (1, 2, 3))
    change(first, status="merged", merged_into=second)
    change(second, status="merged", merged_into=third)
    answer = read(as_(None), first)
    assert (answer.status_code, answer["Location"]) == (301, third.get_absolute_url())
    change(third, masked_at=timezone.now())
    assert read(as_(None), first).status_code == 404


def test_archived_and_stale_say_so(as_, ana, max):
    sheet = factories.published(ana, max)
    change(sheet, status="stale")
    assert "attend d’être actualisée" in read(as_(None), sheet).text
    change(sheet, status="archived")
    assert "Cette fiche est archivée" in read(as_(None), sheet).text


def test_a_revision_changes_nothing_until_it_is_accepted(as_, ana, max, told):
    before = read(as_(None), told).text
    factories.fill(told.version_to_edit(ana), title="Un autre titre", story="Autre histoire. " * 30)
    assert read(as_(None), told).text == before


def test_only_authors_are_offered_to_edit(as_, ana, max, stan):
    sheet = factories.published(ana, max)
    assert "Modifier ma fiche" in read(as_(ana), sheet).text
    assert "Modifier ma fiche" not in read(as_(stan), sheet).text


@pytest.mark.parametrize("slug", ["nulle-part", "x" * 300, "proposer-rien"])
def test_unknown(as_, db, slug):
    assert as_(None).get(f"/initiatives/{slug}/").status_code == 404


def test_queries(as_, told, max, django_assert_max_num_queries):
    for person in (None, max):
        browser = as_(person)
        with django_assert_max_num_queries(12):
            read(browser, told)
