"""A sheet told to the end: what it took, what went wrong, the words of people, and what it says to machines."""

import json
import re

import pytest
from django.urls import reverse

from initiatives import reading
from initiatives.difference import snapshot
from initiatives.models import Case, Initiative, Kinship, Voice
from tests import factories
from tests.initiatives.telling import tree


def publish(version, ana, max):
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    return Initiative.objects.get(pk=version.initiative_id)


@pytest.fixture
def told(ana, max):
    version = factories.capitalise(factories.complete_draft(ana, title="La soupe du mardi"))
    Voice.objects.create(version=version, text="Ces mots attendent.", speaker="Un voisin", position=1)
    return publish(version, ana, max)


def test_all_of_it_is_read(as_, told):
    text = as_(None).get(told.get_absolute_url()).text
    for said in (
        "En mots simples", "FALC, facile à lire", "Le mardi, nous cuisinons", "Que chacune ose", "mars 2024",
        '<time datetime="2024-03">', "Elles sont associées.", "Le groupe a choisi le jour.",
        "Je rangeais les lettres dans le four.", "Une participante", "Pas de salle.", "Un prêt.",
        "Huit sur douze", "Nous recevons à deux.", "Le bailleur a réécrit", "observé par l’équipe",
        "Commencer à six.", "<li>Une cuisine libre le matin.</li>", "autour d’une bouilloire", "On n’ouvre jamais",
        "assistante sociale&nbsp;: 8&nbsp;h", "14,5&nbsp;h en tout", "La responsable du service",
        "de 10 à 24\u00a0personnes", "de 500 à 2\u00a0000\u00a0€", "La CAF pour les sorties", "français, arabe",
        "L’émission", "On entend des casseroles.", "Un collègue", "capitalisation",
    ):  # fmt: skip
        assert said in text, said


def test_words_that_wait_for_an_agreement_are_not_public(as_, told, ana, max):
    assert "Ces mots attendent." not in as_(None).get(told.get_absolute_url()).text
    assert [row["text"] for row in reading.told(told.public_version).waiting] == ["Ces mots attendent."]


def test_a_link_is_shown_and_never_embedded(as_, told):
    page = tree(as_(None).get(told.get_absolute_url()))
    link = page.find(".//a[@href='https://radio.example.fr/cuisine']")
    assert "noopener" in link.get("rel")
    assert not [each for each in page.iter() if each.tag in ("iframe", "video", "audio", "embed", "object")]
    assert "On entend" in "".join(page.find(".//ul[@class='plain stack sheet-links']//details").itertext())


def test_what_is_not_told_is_said_so_and_nothing_else_is(as_, ana, max):
    text = as_(None).get(factories.published(ana, max).get_absolute_url()).text
    facts = text[text.index("En un coup d’œil") : text.index("Au départ")]
    assert re.search(r'Temps par mois</dt><dd class="unknown">non renseigné', facts)
    assert re.search(r'Ce qui a coincé</dt><dd class="unknown">non renseigné', facts)
    assert facts.count("non renseigné") == 2
    for absent in ("En mots simples", "Les étapes", "Ce que disent", "À voir, à écouter", "De la même famille"):
        assert absent not in text, absent


def test_time_without_who_granted_it_says_so(as_, ana, max):
    version = factories.complete_draft(ana)
    version.timeshare_rows.create(role="CESF", hours_a_month=3)
    text = as_(None).get(publish(version, ana, max).get_absolute_url()).text
    assert re.search(r'Temps accordé par</dt><dd class="unknown">non renseigné', text)


def test_a_family_is_told_both_ways_and_only_of_what_is_public(as_, ana, max, told):
    version = factories.complete_draft(ana, title="La soupe du jeudi")
    Kinship.objects.create(version=version, kind="suite", other=told)
    child = publish(version, ana, max)
    draft = factories.complete_draft(ana, title="Un brouillon")
    Kinship.objects.create(version=draft, kind="suite", other=told)
    here, there = (" ".join(as_(None).get(sheet.get_absolute_url()).text.split()) for sheet in (told, child))
    assert f'A pour suite</span> <a href="{child.get_absolute_url()}">La soupe du jeudi' in here
    assert f'Suite de</span> <a href="{told.get_absolute_url()}">La soupe du mardi' in there
    assert "Un brouillon" not in here
    for changes in ({"status": "withdrawn"}, {"masked_at": "2026-01-01T00:00Z", "status": "published"}):
        Initiative.objects.filter(pk=child.pk).update(**changes)
        assert "La soupe du jeudi" not in as_(None).get(told.get_absolute_url()).text


def test_what_machines_read_holds_no_voice_and_no_contact(as_, told):
    text = as_(None).get(told.get_absolute_url()).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert data["headline"] == "La soupe du mardi"
    assert "four" not in json.dumps(data)


def test_the_difference_tells_rows_and_codes_in_words(told, ana):
    said = snapshot(told.public_version)
    assert said["participants_band"] == "de 10 à 24 personnes"
    assert said["budget_band"] == "de 500 à 2 000 €"
    assert said["languages"] == "arabe\nfrançais"
    assert said["timeshare"] == "CESF – 6,5\nassistante sociale – 8,0"
    assert "2024 – mars – La première séance." in said["milestone"]
    assert "la personne est d’accord : oui" in said["voice"]
    assert said["plain_with_people"] == "oui"


def test_queries(as_, told, max, django_assert_max_num_queries):
    other = Initiative.objects.published().exclude(pk=told.pk).first()
    Kinship.objects.create(version=told.public_version, kind="proche", other=other)
    for person in (None, max):
        browser = as_(person)
        with django_assert_max_num_queries(12):
            assert browser.get(told.get_absolute_url()).status_code == 200


def test_the_public_sources_are_all_read(as_, db):
    browser = as_(None)
    for sheet in Initiative.objects.published().filter(origin="public_source").order_by("pk")[:20]:
        text = browser.get(reverse("initiatives:sheet", args=[sheet.slug])).text
        assert "Temps par mois" in text
        assert "D’après une source publique" in text
