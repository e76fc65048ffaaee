"""Where a sheet comes from and what it became: what the public reads, whatever is joined, hidden or turns in rings."""

from __future__ import annotations

import itertools
import re

import pytest
from django.utils import timezone

from initiatives import lineage
from initiatives.models import Initiative, Kinship, Reuse
from initiatives.workflow import SheetStatus
from tests import factories

_count = itertools.count(1)


@pytest.fixture
def sheet(ana, max):
    """`sheet("Soupe", parent, …)`: a published sheet that says it comes from others."""

    def made(title: str, *parents: Initiative) -> Initiative:
        found = factories.published(ana, max, title=title)
        for parent in parents:
            Kinship.objects.create(version=found.public_version, other=parent, kind="inspiree")
        return found

    return made


def change(sheet: Initiative, **fields: object) -> None:
    Initiative.objects.filter(pk=sheet.pk).update(**fields)


def before(sheet: Initiative) -> list[list[str]]:
    return [[node.title for node in generation] for generation in lineage.of(sheet.pk).before]


def after(sheet: Initiative) -> list[str]:
    return [node.title for node in lineage.each(lineage.of(sheet.pk).after)]


def take_up(sheet: Initiative, number: int = 1, **fields: object) -> list[Reuse]:
    people = [factories.person(f"Repreneuse {next(_count)}") for _ in range(number)]
    return [Reuse.objects.create(initiative=sheet, person=person, **fields) for person in people]


def test_parents_then_this_then_children(sheet):
    old = sheet("L’aïeule")
    parent = sheet("La mère", old)
    here = sheet("Ici", parent)
    child = sheet("La fille", here)
    sheet("La petite-fille", child)
    assert before(here) == [["L’aïeule"], ["La mère"]]
    assert after(here) == ["La fille", "La petite-fille"]
    assert (before(old), after(sheet("Seule"))) == ([], [])


def test_what_a_draft_says_is_no_lineage(sheet, ana):
    here = sheet("Ici")
    Kinship.objects.create(version=factories.complete_draft(ana, title="Un brouillon"), other=here, kind="inspiree")
    other = sheet("Une autre")
    Kinship.objects.create(version=other.version_to_edit(ana), other=here, kind="inspiree")
    for kind in ("suite", "partie", "proche"):
        Kinship.objects.create(version=other.public_version, other=here, kind=kind)
    assert after(here) == []
    assert not lineage.of(here.pk).sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"masked_at": timezone.now()}, {"status": "withdrawn", "withdrawn_reason": "author"}, {"status": "archived"},
        {"status": "in_review"},
    ],
)  # fmt: skip
def test_a_sheet_hidden_or_gone_leaves_every_lineage_at_once(sheet, as_, fields):
    parent = sheet("Zibeline mère")
    here = sheet("Ici", parent)
    child = sheet("Zibeline fille", here)
    sheet("Petite", child)
    change(parent, **fields)
    change(child, **fields)
    assert (before(here), after(here)) == ([], [])
    assert "Zibeline" not in as_(None).get(here.get_absolute_url()).text
    change(parent, status="published", masked_at=None)
    assert before(here) == [["Zibeline mère"]]


def test_a_sheet_joined_to_another_is_that_other(sheet):
    kept, joined, first = sheet("Gardée"), sheet("Réunie"), sheet("Réunie d’abord")
    here = sheet("Ici", first)
    born = sheet("Née de la réunie", joined)
    change(first, status=SheetStatus.MERGED, merged_into=joined)
    change(joined, status=SheetStatus.MERGED, merged_into=kept)
    assert before(here) == [["Gardée"]]
    assert after(kept) == ["Ici", "Née de la réunie"]
    take_up(first, 2)
    take_up(joined, 1)
    assert lineage.of(kept.pk).people == 3
    change(kept, masked_at=timezone.now())
    assert (before(here), before(born)) == ([], [])


def test_joined_in_a_ring_leads_nowhere(sheet):
    one, two = sheet("Une"), sheet("Deux")
    here = sheet("Ici", one)
    change(one, status=SheetStatus.MERGED, merged_into=two)
    change(two, status=SheetStatus.MERGED, merged_into=one)
    assert before(here) == []
    assert lineage.followed([one.pk, two.pk]) == {}


def test_rings_are_cut(sheet):
    one = sheet("Une")
    two = sheet("Deux", one)
    three = sheet("Trois", two)
    Kinship.objects.create(version=one.public_version, other=three, kind="inspiree")
    Kinship.objects.create(version=one.public_version, other=one, kind="inspiree")
    assert before(one) == [["Deux"], ["Trois"]]
    assert after(one) == ["Deux", "Trois"]


def test_far_generations_are_left_out(sheet):
    chain = [sheet("0")]
    for n in range(1, 9):
        chain.append(sheet(str(n), chain[-1]))
    assert before(chain[8]) == [["5"], ["6"], ["7"]]
    assert after(chain[0]) == ["1", "2"]


def test_born_of_two_and_told_once(sheet, as_):
    old = sheet("Aïeule")
    left, right = sheet("Gauche", old), sheet("Droite", old)
    here = sheet("Ici", left, right)
    assert before(here) == [["Aïeule"], ["Gauche", "Droite"]]
    text = " ".join(as_(None).get(here.get_absolute_url()).text.split())
    assert "(a inspiré Gauche, Droite)" in text
    assert after(old) == ["Gauche", "Ici", "Droite"]


def test_many_children_are_counted_and_a_few_drawn(sheet, as_):
    here = sheet("Ici")
    for n in range(lineage.MOST + 3):
        sheet(f"Fille {n}", here)
    found = lineage.of(here.pk)
    assert len(found.after) == lineage.MOST
    assert found.born == lineage.MOST + 3
    assert "et 3 autres" in as_(None).get(here.get_absolute_url()).text


def test_people_are_counted_and_never_named(sheet, as_, ana):
    here = sheet("Ici")
    sheet("La fille", here)
    taken = take_up(here, 2) + take_up(here, 2, stage="tried", tried_at=timezone.now())
    take_up(here, 3, stage="dropped", tried_at=timezone.now())
    Reuse.objects.create(initiative=here, person=ana)  # who tells it, since
    text = as_(None).get(here.get_absolute_url()).text
    assert "4 personnes s’en inspirent, 2 l’ont essayée, 1 fiche en est née." in text.replace("\xa0", " ")
    assert not [row for row in taken if row.person.name in text]


def test_one_alone_is_told_in_the_singular(sheet):
    here = sheet("Ici")
    take_up(here, stage="tried", tried_at=timezone.now())
    assert lineage.of(here.pk).sentence == "1 personne s’en inspire, 1 l’a essayée."


def test_a_departement_is_named_from_three_people(sheet, as_):
    here = sheet("Ici")
    loire = factories.departement("42")
    take_up(here, 2, departement=loire)
    take_up(here, 4)
    assert lineage.of(here.pk).places == []
    take_up(here, 1, departement=loire)
    take_up(here, 1, departement=factories.departement("62"))
    assert lineage.of(here.pk).places == [("Loire", 3)]
    assert "Loire (3)" in as_(None).get(here.get_absolute_url()).text


def test_it_is_drawn_as_a_list_that_says_where_one_is(sheet, as_):
    here = sheet("Ici", sheet("La <b>mère</b>"))
    sheet("La fille", here)
    text = " ".join(as_(None).get(here.get_absolute_url()).text.split())
    drawn = text[text.index('<ol class="lineage">') : text.index("</section>", text.index('<ol class="lineage">'))]
    said = " ".join(re.sub("<[^>]+>", " ", drawn).split())
    assert said == "Inspirée de La &lt;b&gt;mère&lt;/b&gt; Cette fiche A inspiré La fille"
    assert 'aria-current="page"' in drawn


def test_nothing_is_drawn_where_there_is_nothing(sheet, as_):
    assert "Sa lignée" not in as_(None).get(sheet("Ici").get_absolute_url()).text


def test_queries(sheet, as_, max, stan, django_assert_max_num_queries, django_assert_num_queries):
    here = sheet("Ici", sheet("La mère", sheet("L’aïeule")))
    for n in range(5):
        sheet(f"Fille {n}", here)
    take_up(here, 5)
    Reuse.objects.create(initiative=here, person=stan)
    with django_assert_num_queries(1):
        lineage.of(here.pk)
    for person in (None, max, stan):
        browser = as_(person)
        with django_assert_max_num_queries(12):
            assert browser.get(here.get_absolute_url()).status_code == 200
