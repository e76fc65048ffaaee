"""Masked in one move, everywhere: whatever anyone can open after the claim says nothing of the page any more."""

from __future__ import annotations

import json
from itertools import islice
from urllib.parse import urlencode

from django.test import Client

from guide.models import Fiche
from initiatives.models import Entry, Initiative, Kinship, Obstacle, ObstacleMet, Report, Tag
from initiatives.search import Question, ask
from levers.models import Lever, Mapping
from tests import factories
from tests.test_leaks import crawl

CANARY = "zibelinemasquee"
SAID = (
    f"soupe {CANARY}",
    f"soupe-{CANARY}",
    f"Association {CANARY}",
    f"{CANARY} au départ",
    f"Sans {CANARY}.",
    f"{CANARY}@",
)
MOST_PAGES = 150  # the first ones, from every list of the site; tests/test_leaks.py goes to the end
STARTS = ("/", "/sitemap.xml", "/initiatives/", "/initiatives/flux.atom", "/statistiques/", "/leviers/couverture/")


def told(author, by) -> Initiative:
    """A sheet that stands wherever a sheet can stand: fiches, levers, obstacles, tags, another sheet's family."""
    case = factories.claimed(
        author, by, title=f"La soupe {CANARY}", beginning=f"{CANARY} au départ.", tags=[CANARY],
        organisation_name=f"Association {CANARY}", fiches=[Fiche.objects.get(number=26)],
        contact_mode="public", contact_address=f"{CANARY}@asso.test",
    )  # fmt: skip
    version = case.version
    ObstacleMet.objects.create(version=version, obstacle=Obstacle.objects.get(number=3), text=f"Sans {CANARY}.")
    lever = Lever.objects.of_dagbert().first()
    Mapping.objects.create(
        version=version, lever=lever, proposal=lever.proposals.first(), sentence=f"{CANARY} vote.", status="validated"
    )
    case.accept(by)
    return Initiative.objects.get(pk=case.initiative_id)


def places(sheet: Initiative) -> list[str]:
    lever = Lever.objects.of_dagbert().first()
    proposal = lever.proposals.first()
    asked = urlencode({"q": CANARY})
    return [
        sheet.get_absolute_url(), f"{sheet.get_absolute_url()}signaler/", f"{sheet.get_absolute_url()}ecrire/",
        f"/initiatives/?{asked}", f"/initiatives/flux.atom?{asked}", f"/recherche/?{asked}", "/initiatives/", "/",
        "/initiatives/flux.atom", "/sitemap.xml", f"/initiatives/?etiquette={CANARY}", "/guide/fiches/26/",
        "/guide/methodes/travail-social-de-groupe/", lever.get_absolute_url(), proposal.get_absolute_url(),
        "/freins/3/",
        "/initiatives/?commune=62498", "/statistiques/",
    ]  # fmt: skip


def saying(paths: list[str]) -> list[str]:
    """Those that say something of the sheet; what one typed, echoed in a search, is no news."""
    found = []
    for path in paths:
        text = Client().get(path).text.replace(f'value="{CANARY}"', "").replace(f"q={CANARY}", "")
        if any(words in text for words in SAID):
            found.append(path)
    return found


def test_one_claim_silences_every_page(ana, max, stan, nora):
    sheet = told(ana, max)
    kin = factories.published(stan, nora, title="Une autre soupe")
    Kinship.objects.create(version=kin.public_version, kind="proche", other=sheet)
    paths = [*places(sheet), kin.get_absolute_url()]
    before = saying(paths)
    assert {"/", "/initiatives/", "/sitemap.xml", "/initiatives/flux.atom", "/guide/fiches/26/"} <= set(before)
    assert {sheet.get_absolute_url(), kin.get_absolute_url(), "/freins/3/"} <= set(before)
    Client().post(f"{sheet.get_absolute_url()}signaler/", {"kind": "personal"})
    assert Report.objects.get().masked
    assert saying(paths) == []
    assert not Entry.objects.filter(initiative=sheet).exists()
    assert ask(Question(CANARY[1:])).spelling == ""
    assert (
        not Tag.objects.filter(name=CANARY)
        .filter(tagged_versions__content_object__public_of__in=Initiative.objects.published())
        .exists()
    )


def test_nothing_says_it_to_who_follows_every_link(ana, max):
    sheet = told(ana, max)
    Client().post(f"{sheet.get_absolute_url()}signaler/", {"kind": "personal"})
    leaks = [path for path, text in islice(crawl(*STARTS), MOST_PAGES) if CANARY in text]
    assert leaks == []


def test_machines_are_told_nothing_more(ana, max):
    sheet = told(ana, max)
    page = Client().get(sheet.get_absolute_url()).text
    assert json.dumps(CANARY)[1:-1] in page
    Client().post(f"{sheet.get_absolute_url()}signaler/", {"kind": "personal"})
    hidden = Client().get(sheet.get_absolute_url())
    assert hidden.status_code == 404
    assert CANARY not in hidden.text
    assert "ld+json" not in hidden.text
