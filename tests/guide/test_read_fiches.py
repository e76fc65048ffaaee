"""Reading the guide: every fiche says why, how and from where; a text keeps its past versions."""

import re

import pytest
from django.urls import reverse

from guide import content
from guide.models import Fiche, FicheVersion, Method, Term


def fiche_url(number):
    return reverse("guide:fiche", args=[number])


def test_twenty_six_fiches_in_three_parts(as_):
    page = as_(None).get(reverse("guide:contents"))
    assert page.context["count"] == 26
    assert len(page.context["parts"]) == 3


@pytest.mark.parametrize("number", range(1, 27))
def test_each_fiche_is_whole(number, as_):
    version = Fiche.objects.get(number=number).current
    assert [section["title"] for section in version.sections] == content.SECTION_TITLES
    assert 300 <= len(re.findall(r"\w+", version.body)) <= 700
    assert version.sources
    page = as_(None).get(fiche_url(number)).text
    assert "Intitulé de travail" in page
    assert version.title in page.replace("&#x27;", "'")
    for source in range(1, len(version.sources) + 1):
        assert f'id="source-{source}"' in page
    for called in set(re.findall(r'href="#(source-\d+)"', page)):
        assert f'id="{called}"' in page


def test_no_fiche_names_a_proposal_by_number(db):
    """Other rooms link them: the guide's files name none."""
    for version in FicheVersion.objects.filter(current_of__isnull=False):
        assert not re.search(r"[Pp]roposition (n° ?)?\d", version.body), version.title


def test_terms_are_defined_where_they_stand(as_):
    page = as_(None).get(fiche_url(10)).text
    marked = re.findall(r'class="term" href="#terme-([\w-]+)"', page)
    assert marked
    assert len(marked) == len(set(marked)), "a term is marked once"
    for slug in marked:
        assert f'id="terme-{slug}"' in page


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
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200


def test_initiatives_that_did_it(as_):
    page = as_(None).get(fiche_url(10))
    assert len(page.context["cards"]) == 3


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
