"""A sheet on paper: all it tells, in the order of its page; and nothing, at once, when the page is no longer read."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from guide.print import keeping
from initiatives import fate, printing
from initiatives.models import Initiative, Voice
from initiatives.workflow import SheetStatus
from levers.models import Lever, Mapping, Proposal
from tests import factories
from tests.guide.tagged import Tagged, flat, in_order
from tests.initiatives.test_sheet_depths import publish

ADDRESS = "equipe.cuisine@exemple.fr"


@pytest.fixture(autouse=True)
def nothing_made(settings, tmp_path):
    settings.MADE_ROOT = tmp_path / "made"


@pytest.fixture
def told(ana, max):
    version = factories.capitalise(
        factories.complete_draft(ana, title="La soupe du mardi", contact_mode="public", contact_address=ADDRESS)
    )
    Voice.objects.create(version=version, text="Ces mots attendent.", speaker="Un voisin", position=1)
    return publish(version, ana, max)


def url_of(sheet: Initiative) -> str:
    return reverse("initiatives:sheet_pdf", args=[sheet.slug])


def read(client, sheet: Initiative) -> Tagged:
    answer = client.get(url_of(sheet))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return Tagged(answer.content)


def test_all_three_depths_are_told_in_the_order_of_the_page(as_, told):
    said = read(as_(None), told).said
    in_order(
        [
            "Initiative · Lens (62)", "La soupe du mardi", "En un coup d’œil", "Portée par", "Centre social du Bassin",
            "Temps par mois", "assistante sociale\u00a0: 8\u00a0h", "14,5\u00a0h en tout", "Temps accordé par",
            "La responsable du service", "1 frein", "de 10 à 24\u00a0personnes", "de 500 à 2\u00a0000\u00a0€",
            "français, arabe", "capitalisation", "En mots simples", "Le mardi, nous cuisinons", "FALC, facile à lire",
            "Au départ…", "Que chacune ose", "mars 2024", "Elles sont associées.", "Le groupe a choisi le jour.",
            "Je rangeais les lettres dans le four.", "Une participante", "Pas de salle.",
            "Comment on s’en est sorti", "Un prêt.", "Huit sur douze", "Nous recevons à deux.",
            "Le bailleur a réécrit", "observé par l’équipe", "Commencer à six.", "Une cuisine libre le matin.",
            "autour d’une bouilloire", "On n’ouvre jamais", "L’émission", "On entend des casseroles.",
            "Travail social de groupe", "Alimentation", "D’où cela vient", "Vérifiée le", "Pour citer",
            "Centre social du Bassin, «\u00a0La soupe du mardi\u00a0», Essaim, version du",
        ],
        said,
    )  # fmt: skip


def test_its_words_are_in_the_order_of_its_page(as_, told):
    page = as_(None).get(told.get_absolute_url()).text
    story = page[page.index('<div class="story">') : page.index('<aside class="margin margin-rest"')]
    paragraphs = re.findall(r'<p class="written">(.*?)</p>|<h2[^>]*>([^<]+)</h2>', story, re.DOTALL)
    words = [re.sub(r"<[^>]+>|\s+", " ", one or two).replace("&nbsp;", " ").strip() for one, two in paragraphs]
    in_order([each for each in words if "&" not in each], read(as_(None), told).said)


def test_no_address_to_write_to_is_printed(as_, told):
    assert ADDRESS in as_(None).get(told.get_absolute_url()).text
    answer = as_(None).get(url_of(told))
    assert flat(ADDRESS) not in flat(Tagged(answer.content).said)
    assert ADDRESS.encode() not in answer.content
    assert "exemple.fr" not in str(printing.chapter(told, told.public_version).blocks).replace("radio.example.fr", "")


def test_words_that_wait_for_an_agreement_are_not_printed(as_, told):
    assert "Cesmotsattendent" not in flat(read(as_(None), told).said)


def test_it_is_tagged_with_its_ring_its_code_and_its_levers(as_, told):
    lever = Lever.objects.of_dagbert().get(number=3)
    proposal = Proposal.objects.filter(lever=lever).first()
    Mapping.objects.create(version=told.public_version, lever=lever, proposal=proposal, sentence="Le groupe décide.",
                           origin=Mapping.Origin.EDITORIAL, status=Mapping.Status.VALIDATED)  # fmt: skip
    paper = read(as_(None), told)
    assert str(paper.root.Lang).startswith("fr")
    assert bool(paper.root.ViewerPreferences.DisplayDocTitle)
    assert str(paper.pdf.docinfo["/Title"]) == "La soupe du mardi"
    ring, code = (tag.alternative for tag in paper.tags if tag.kind == "Figure")
    assert ring == "Leviers soutenus\u00a0: 3 Pouvoir d’agir"
    assert code.endswith(told.get_absolute_url())
    in_order(
        ["Ce que cela soutient", lever.short, f"Le groupe décide (proposition {proposal.pk}).", "C’est notre lecture"],
        paper.said,
    )
    assert paper.kinds().count("H1") == 1


def test_a_sheet_masked_a_moment_ago_is_in_no_kept_file(as_, told, nora):
    url = url_of(told)
    first = as_(None).get(url)
    assert keeping.of(keeping.single(printing.chapter(told, told.public_version))).path.exists()
    fate.mask(told, nora)
    masked = as_(None).get(url, headers={"If-None-Match": first["ETag"]})
    assert masked.status_code == 404
    assert not masked.content.startswith(b"%PDF")
    assert "soupe" not in masked.text
    fate_of = Initiative.objects.get(pk=told.pk)
    Initiative.objects.filter(pk=fate_of.pk).update(masked_at=None)
    assert as_(None).get(url).status_code == 200


def test_withdrawn_joined_or_never_published_it_follows_its_page(as_, told, ana, max):
    draft = factories.complete_draft(ana, title="Un brouillon").initiative
    assert as_(ana).get(url_of(draft)).status_code == 404
    other = factories.published(ana, max, title="La soupe du jeudi")
    Initiative.objects.filter(pk=told.pk).update(status=SheetStatus.MERGED, merged_into=other)
    answer = as_(None).get(url_of(told))
    assert answer.status_code == 301
    assert answer["Location"] == url_of(other)
    Initiative.objects.filter(pk=other.pk).update(status=SheetStatus.WITHDRAWN)
    assert as_(None).get(url_of(other)).status_code == 410
    assert as_(None).get(url_of(told)).status_code == 404


def test_what_is_unknown_is_said_and_what_is_absent_is_not(as_, ana, max):
    said = flat(read(as_(None), factories.published(ana, max)).said)
    assert said.count(flat("non renseigné")) >= 2
    assert flat("Non renseigné.") in said
    for absent in ("En mots simples", "Les étapes", "Ce que disent", "À voir, à écouter", "De la même famille"):
        assert flat(absent) not in said, absent


def test_stale_and_archived_are_said(as_, told):
    Initiative.objects.filter(pk=told.pk).update(status=SheetStatus.STALE)
    assert flat("attend d’être actualisée") in flat(read(as_(None), told).said)
    Initiative.objects.filter(pk=told.pk).update(status=SheetStatus.ARCHIVED)
    assert flat("Cette fiche est archivée") in flat(read(as_(None), told).said)


def test_its_page_leads_there_and_it_asks_few_queries(as_, told, django_assert_max_num_queries):
    assert url_of(told) in as_(None).get(told.get_absolute_url()).text
    with django_assert_max_num_queries(8):
        answer = as_(None).get(url_of(told))
    assert answer["Content-Disposition"] == f'inline; filename="essaim-{told.slug}.pdf"'
    assert as_(None).get(url_of(told), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert as_(None).post(url_of(told)).status_code == 405


def test_hostile_words_of_a_sheet_are_only_words(as_, ana, max, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("le canari chante")
    words = f'#read("{secret}") <script>alert(1)</script> ![x](file://{secret}) 😀 \u202etxet ' + "m" * 300
    sheet = factories.published(ana, max, story=words, beginning=words, title='Des #mots "et" <b>des signes</b>')
    paper = read(as_(None), sheet)
    assert flat("le canari chante") not in flat(paper.said)
    in_order(['Des #mots "et" <b>des signes</b>', '#read("', "<script>alert(1)</script>"], paper.said)
