"""Reading the guide: every fiche says why, how and from where; a text keeps its past versions."""

import html
import re

import pytest
from django.urls import reverse

from guide import content, rendering
from guide.models import Fiche, FicheVersion, Method, Term
from guide.templatetags import french as tags


def fiche_url(number):
    return reverse("guide:fiche", args=[number])


def test_twenty_six_fiches_in_three_parts(as_):
    page = as_(None).get(reverse("guide:contents"))
    assert page.context["count"] == 26
    assert len(page.context["parts"]) == 3


@pytest.mark.parametrize("number", range(1, 27))
def test_each_fiche_is_whole(number, as_):
    version = Fiche.objects.get(number=number).current
    assert [section["title"] for section in version.sections] == rendering.SECTION_TITLES
    assert rendering.faults(version.summary, version.body, version.sources) == []
    said = re.sub(r"\[\^[\w.-]+\]|!\[.*?\]\(schema:.*?\)", " ", version.body)
    assert 700 <= sum(bool(re.search(r"\w", word)) for word in said.split()) <= 1250
    assert version.sources
    page = as_(None).get(fiche_url(number)).text
    assert "Intitulé de travail" in page
    assert version.title in page.replace("&#x27;", "'")
    for source in range(1, len(version.sources) + 1):
        assert f'id="source-{source}"' in page
    for called in set(re.findall(r'(?:href="#|popovertarget="|aria-labelledby=")([\w-]+)', page)):
        assert f'id="{called}"' in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "<strong>En bref.</strong>" in page


def test_no_fiche_names_a_proposal_by_number(db):
    """Other rooms link them: the guide's files name none."""
    for version in FicheVersion.objects.filter(current_of__isnull=False):
        assert not re.search(r"[Pp]roposition (n° ?)?\d", version.body), version.title


def test_a_word_opens_its_definition_where_it_stands(as_):
    """A button and what it shows, side by side; all of them again in the margin, for paper and older browsers."""
    page = as_(None).get(fiche_url(10)).text
    marked = re.findall(r'<button type="button" class="term" popovertarget="mot-([\w-]+)">', page)
    assert marked
    assert len(marked) == len(set(marked)), "a term is marked once"
    for slug in marked:
        assert re.search(rf'</button>(</span>)?<span class="definition" id="mot-{slug}" popover role="note">', page)
        assert f'id="terme-{slug}"' in page


def test_an_article_is_not_left_alone_before_the_word_it_belongs_to():
    term = Term(slug="aide-mutuelle", name="Aide mutuelle", definition="Des gens s’aident.")
    html = tags.fiche_html('<p>De l’<a class="term" href="#terme-aide-mutuelle">aide mutuelle</a>.</p>', [term])
    assert '<span class="elided">l’<button type="button" class="term"' in html
    gone = tags.fiche_html('<p>De l’<a class="term" href="#terme-autre">autre</a>.</p>', [term])
    assert "<p>De l’autre.</p>" in gone


TABLE = "## Repères\n\n### Qui fait quoi\n\n| | Avant | Après[^a] |\n|---|:-:|--:|\n| Elle | x | y |\n| | x | y |\n"


def rendered(body, **more):
    sections, _ = rendering.rendered(7, body, [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}], [], **more)
    return sections[0]["html"]


def test_a_table_has_a_name_headers_and_a_frame_one_scrolls():
    html = rendered(TABLE + "\n| a | b |\n|---|---|\n| c | d |\n")
    assert '<h3 id="reperes-qui-fait-quoi">' in html
    assert 'role="region" tabindex="0" aria-label="Tableau&nbsp;: Qui fait quoi"' in html
    assert 'aria-label="Tableau&nbsp;: Qui fait quoi (2)"' in html
    assert '<caption class="visually-hidden">Qui fait quoi</caption>' in html
    assert '<th scope="col">Avant</th>' in html
    assert '<th scope="row">Elle</th>' in html
    assert html.count("<td></td>") == 2
    assert "style" not in html


def test_calls_that_follow_one_another_are_told_apart():
    html = rendered("## Repères\n\nUn fait[^a][^b]. Un autre[^b].")
    assert html.count('<sup class="note">') == 2
    assert re.search(r'1</a>, <a href="#source-2"', html)


@pytest.mark.parametrize("body", ["## Repères\n\nUn fait[^z].", "## Repères\n\n![Rien](schema:nulle-part)"])
def test_a_text_that_names_what_does_not_exist_is_refused_by_name(body):
    with pytest.raises(rendering.Faulty, match=r"z|nulle-part"):
        rendered(body)
    assert "z" in rendered(body, strict=False) or "nulle-part" in rendered(body, strict=False)


def test_an_error_of_a_file_names_the_file(db):
    fiche = Fiche.objects.get(number=10)
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    wrong = content.FicheFile(file.about, file.body + " Un fait[^inconnu].", "x", file.name)
    with pytest.raises(rendering.Faulty, match=r"Fiche 10, 10-.*\.md : Aucune source ne s’appelle « inconnu »"):
        content.publish_from_file(fiche, wrong, [])


@pytest.mark.parametrize("number", [0, 27, 999999])
def test_a_fiche_that_does_not_exist(number, as_):
    assert as_(None).get(f"/guide/fiches/{number}/").status_code == 404


def test_few_queries(as_, django_assert_max_num_queries):
    browser = as_(None)
    for url in (
        fiche_url(10),
        fiche_url(21),
        "/guide/",
        "/guide/methodes/",
        "/guide/methodes/dpa-pc/",
        "/guide/glossaire/",
        "/guide/methodes/comparer/?methode=dpa-pc&methode=mediation-sociale",
        "/guide/choisir/?depart=difficulte&but=soutien",
        "/guide/fiches/10/avis/",
        "/guide/hors-ligne/",
        "/guide/sw.js",
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200


def test_three_initiatives_that_did_it_or_go_that_way(as_, django_assert_max_num_queries):
    for number in range(1, 27):
        with django_assert_max_num_queries(12):
            page = as_(None).get(fiche_url(number))
        assert len(page.context["cards"]) == 3, number
        assert ("Des équipes l’ont fait" in page.text) == page.context["did_it"]
    assert as_(None).get(fiche_url(10)).context["did_it"]
    assert not as_(None).get(fiche_url(17)).context["did_it"]


def test_an_older_version_is_read_at_its_date_and_says_so(as_):
    fiche = Fiche.objects.get(number=10)
    old = fiche.current
    new = FicheVersion.objects.get(pk=old.pk)
    new.pk, new.number, new.digest, new.title = None, old.number + 1, "autre", "Un titre neuf"
    new.save()
    Fiche.objects.filter(pk=10).update(current=new)
    assert "Un titre neuf" in as_(None).get(fiche_url(10)).text
    past = as_(None).get(reverse("guide:fiche_version", args=[10, old.number])).text
    assert "Lire la version à jour" in past
    assert f"Vous lisez la version {old.number}" in past
    assert "Cette fiche vous a-t-elle servi" not in past
    today = as_(None).get(fiche_url(10)).text
    assert reverse("guide:fiche_version", args=[10, old.number]) in today
    assert old.change_note in html.unescape(today)
    assert as_(None).get(reverse("guide:fiche_version", args=[10, 99])).status_code == 404


def test_a_proposed_text_is_not_public(as_):
    fiche = Fiche.objects.get(number=10)
    proposed = FicheVersion.objects.get(pk=fiche.current.pk)
    proposed.pk, proposed.number, proposed.digest, proposed.status = None, 77, "autre", "pending"
    proposed.save()
    assert as_(None).get(reverse("guide:fiche_version", args=[10, 77])).status_code == 404


def test_a_deploy_does_not_overwrite_an_edited_fiche(db):
    fiche = Fiche.objects.get(number=10)
    edited = FicheVersion.objects.get(pk=fiche.current.pk)
    edited.pk, edited.number, edited.digest, edited.origin = None, 50, "", FicheVersion.Origin.EDITOR
    edited.save()
    Fiche.objects.filter(pk=10).update(current=edited)
    fiche.refresh_from_db()
    file = content.read_fiche(next((content.HERE / "fiches").glob("10-*.md")))
    changed = content.FicheFile(file.about, file.body + "\n\nUne ligne de plus.", "nouvelle-empreinte")
    content.publish_from_file(fiche, changed, [])
    fiche.refresh_from_db()
    assert fiche.current == edited
    assert fiche.versions.get(digest="nouvelle-empreinte").status == FicheVersion.Status.PENDING


def test_what_comes_before_and_after_names_the_part_when_it_changes(as_):
    within, last = as_(None).get(fiche_url(5)).text, as_(None).get(fiche_url(9)).text
    assert 'rel="prev"' in within
    assert 'rel="next"' in within
    assert "Partie suivante" not in within
    assert "Partie suivante, Méthodes d’intervention collective" in last


def test_a_text_exported_then_back_in_the_repository_is_no_longer_edited_on_line(db):
    """Its next change in a file is published by itself."""
    fiche = Fiche.objects.get(number=10)
    FicheVersion.objects.filter(pk=fiche.current.pk).update(origin="editor", digest="")
    fiche.refresh_from_db()
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    content.publish_from_file(fiche, file, [])
    fiche.refresh_from_db()
    assert (fiche.current.origin, fiche.current.digest) == ("file", file.digest)


def test_a_file_that_goes_back_to_an_older_text_is_published_again(db):
    fiche = Fiche.objects.get(number=10)
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    newer = content.FicheFile(file.about, file.body + "\n\nUne ligne.", "autre", file.name)
    content.publish_from_file(fiche, newer, [])
    fiche.refresh_from_db()
    assert fiche.current.digest == "autre"
    content.publish_from_file(fiche, file, [])
    fiche.refresh_from_db()
    assert fiche.current.digest == file.digest


def test_methods_and_glossary_are_whole(as_):
    assert Method.objects.main().count() == 8
    assert Method.objects.count() == 12
    assert Term.objects.count() == 75
    former = Term.objects.filter(status="former").values_list("aliases", flat=True)
    assert any("ISIC" in aliases for aliases in former)
    page = as_(None).get(reverse("guide:glossary")).text
    for link in set(re.findall(r'href="#([\w-]+)"', page)):
        assert f'id="{link}"' in page


def test_the_original_guide_is_told_apart(as_):
    page = as_(None).get(reverse("guide:original")).text
    assert "Haut Conseil du travail social" in page
    assert "202" in page
