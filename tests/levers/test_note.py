"""Transversal notes: what several sheets show together, and nothing of a sheet that is no longer public."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse

from guide.models import Fiche
from initiatives import fate
from initiatives.models import Theme
from levers import citing
from levers.models import Lever, Note
from tests import factories

NEW = "/notes/nouvelle/"


@pytest.fixture
def sheets(ana, max):
    return [factories.published(ana, max, title=title) for title in ("La soupe", "Le jardin", "Le four")]


def body(sheets, more=""):
    soup, garden, oven = (sheet.slug for sheet in sheets)
    return (
        "## Ce qui se ressemble\n\nOn y mange avant de parler.\n\n"
        f"- Chez [[{soup}]], la soupe vient d’abord.\n- Au jardin, dit [[{garden}]], on bêche.\n\n"
        f"> [[{oven}|On a rallumé le four à trois.]]\n\n{more}"
    )


def said(sheets, **more):
    return {
        "title": "Commencer par manger",
        "summary": "Trois équipes ont commencé par un repas.",
        "body": body(sheets),
        "levers": [Lever.objects.of_dagbert().get(number=3).pk],
        "themes": [Theme.objects.get(code="alimentation").pk],
        "fiches": ["10"],
        **more,
    }


@pytest.fixture
def note(sheets, gaby, as_):
    as_(gaby).post(NEW, said(sheets, publish="1"))
    return Note.objects.get()


def test_an_editor_writes_looks_keeps_and_publishes(sheets, gaby, as_):
    browser = as_(gaby)
    looked = browser.post(NEW, said(sheets, look="1"))
    assert "Rien n’est encore enregistré" in looked.text
    assert f'href="{sheets[0].get_absolute_url()}"' in looked.text
    assert not Note.objects.exists()
    browser.post(NEW, said(sheets))
    note = Note.objects.get()
    assert not note.is_published
    assert as_(None).get(note.get_absolute_url()).status_code == 404
    assert "brouillon" in browser.get(note.get_absolute_url()).text
    edit = reverse("levers:edit_note", args=[note.slug])
    browser.post(edit, said(sheets, publish="1", read_at=note.touched_at.isoformat()))
    page = as_(None).get(note.get_absolute_url())
    assert page.status_code == 200
    assert "La soupe" in page.text
    assert "«\xa0On a rallumé le four à trois.\xa0»" in unescape(page.text)
    assert set(note.sheets.all()) == set(sheets)
    assert note.title in as_(None).get(reverse("levers:notes")).text


def test_three_different_public_sheets_at_least(sheets, gaby, ana, as_):
    soup, garden, _ = sheets
    twice = f"[[{soup.slug}]] et [[{soup.slug}]] et [[{garden.slug}]]"
    page = as_(gaby).post(NEW, said(sheets, body=twice, publish="1"))
    assert "celle-ci en cite 2" in unescape(page.text)
    assert "<title>Erreur : " in page.text
    draft = factories.draft(ana, title="Un secret").initiative
    hidden = as_(gaby).post(NEW, said(sheets, body=body(sheets, f"[[{draft.slug}]] [[jamais-vue]]"), publish="1"))
    assert "ne mènent à aucune fiche publique" in unescape(hidden.text)
    assert "Un secret" not in hidden.text
    assert not Note.objects.exists()


def test_a_published_note_keeps_its_three_sheets(note, sheets, gaby, as_):
    edit = reverse("levers:edit_note", args=[note.slug])
    page = as_(gaby).post(edit, said(sheets, body=f"[[{sheets[0].slug}]]", read_at=note.touched_at.isoformat()))
    assert "celle-ci en cite 1" in unescape(page.text)
    note.refresh_from_db()
    assert "On y mange" in note.body


def test_the_words_and_title_of_a_masked_sheet_vanish_at_once(note, sheets, gaby, as_):
    soup, _, oven = sheets
    for sheet in (soup, oven):
        fate.mask(sheet, None)
    page = as_(None).get(note.get_absolute_url())
    for lost in ("La soupe", "la soupe vient d’abord", "Le four", "rallumé le four", soup.slug, oven.slug):
        assert lost not in page.text
    assert page.text.count("Un passage a été retiré") == 2
    assert "on bêche" in page.text
    assert "On y mange avant de parler." in page.text
    for words in ("soupe", "rallumé"):
        found = as_(None).get(reverse("search"), {"q": words}).text
        assert "rallumé le four" not in found
        assert note.get_absolute_url() not in found
    fate.unmask(soup, None)
    assert "La soupe" in as_(None).get(note.get_absolute_url()).text


def test_what_stands_under_a_masked_sheet_goes_with_it(db):
    text = (
        "## [[cachee]]\n\nElle raconte tout.\n\n### Et plus\n\nEncore.\n\n## Ensuite\n\n- vue\n- [[cachee]] dit\n"
        "  - le détail\n  et sa fin\n- après\n\n| a | b |\n|---|---|\n| [[cachee]] | x |\n| y | z |\n\n"
        "Deux lignes\nsur [[cachee]]."
    )
    shown = citing.resolved(text, {})
    for lost in ("Elle raconte", "Et plus", "Encore", "le détail", "et sa fin", "| x |", "Deux lignes"):
        assert lost not in shown, lost
    for kept in ("## Ensuite", "- vue", "- après", "| y | z |"):
        assert kept in shown, kept


def test_a_sheet_joined_to_another_leads_there(note, sheets, ana, max, nora, as_):
    soup = sheets[0]
    other = factories.published(ana, max, title="La grande soupe")
    type(soup).objects.filter(pk=soup.pk).update(status="merged", merged_into=other)
    page = as_(None).get(note.get_absolute_url())
    assert "La grande soupe" in page.text
    assert other.get_absolute_url() in page.text


def test_a_title_is_never_markup(sheets, gaby, as_):
    version = sheets[0].public_version
    type(version).objects.filter(pk=version.pk).update(title="[x](javascript:alert) **gras** <img src=x onerror=1>")
    as_(gaby).post(NEW, said(sheets, publish="1"))
    page = as_(None).get(Note.objects.get().get_absolute_url()).text
    prose = page[page.index('<div class="prose">') :][:2500]
    assert "<img" not in prose
    assert 'href="javascript' not in prose
    assert "<strong>gras" not in prose


def test_hostile_markdown_is_text(sheets, gaby, as_):
    bad = body(
        sheets,
        "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n![i](https://evil.example/x.png)\n\n[[|]] [[[[",
    )
    as_(gaby).post(NEW, said(sheets, body=bad, publish="1"))
    page = as_(None).get(Note.objects.get().get_absolute_url()).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page[page.index('<div class="prose">') :][:3000]


def test_what_is_read_elsewhere_cites_no_sheet(sheets, gaby, as_):
    page = as_(gaby).post(NEW, said(sheets, summary=f"Voyez [[{sheets[0].slug}]].", publish="1"))
    assert "Citez les fiches dans le texte" in unescape(page.text)


def test_only_editors_write(note, stan, max, nora, as_):
    for url in (NEW, reverse("levers:edit_note", args=[note.slug])):
        assert as_(stan).get(url).status_code == 404
        assert as_(max).post(url, {}).status_code == 404
        assert as_(None).get(url).url.startswith("/compte/connexion/")
        assert as_(nora).get(url).status_code == 200
    assert as_(max).post(reverse("levers:unpublish_note", args=[note.slug])).status_code == 404
    as_(nora).post(reverse("levers:unpublish_note", args=[note.slug]))
    assert as_(None).get(note.get_absolute_url()).status_code == 404
    assert note.title not in as_(None).get(reverse("levers:notes")).text


def test_two_editors_at_once_lose_nothing(note, sheets, gaby, nora, as_):
    edit, read_at = reverse("levers:edit_note", args=[note.slug]), note.touched_at.isoformat()
    as_(gaby).post(edit, said(sheets, title="Celle de Gaby", read_at=read_at))
    late = as_(nora).post(edit, said(sheets, title="Celle de Nora", read_at=read_at))
    assert "changée pendant que vous écriviez" in unescape(late.text)
    assert "Celle de Nora" in late.text
    note.refresh_from_db()
    assert note.title == "Celle de Gaby"
    assert note.slug == "commencer-par-manger"


def test_it_is_shown_on_the_lever_the_fiche_and_the_theme(note, as_):
    fiche = Fiche.objects.get(number=10)
    for url in (reverse("levers:lever", args=[3]), fiche.get_absolute_url(), "/initiatives/?theme=alimentation"):
        assert note.get_absolute_url() in as_(None).get(url).text, url
    for url in (reverse("levers:lever", args=[2]), "/initiatives/?theme=numerique", "/initiatives/"):
        assert note.get_absolute_url() not in as_(None).get(url).text, url


def test_the_catalogue_a_browser_keeps_is_drawn_again_when_a_note_is_retired(note, nora, as_):
    browser, url = as_(None), "/initiatives/?theme=alimentation"
    tag = browser.get(url)["ETag"]
    assert browser.get(url, headers={"if-none-match": tag}).status_code == 304
    as_(nora).post(reverse("levers:unpublish_note", args=[note.slug]))
    again = browser.get(url, headers={"if-none-match": tag})
    assert again.status_code == 200
    assert note.title not in again.text


def test_the_site_search_finds_it(note, as_):
    page = as_(None).get(reverse("search"), {"q": "commencer par manger"})
    assert note.get_absolute_url() in page.text
    assert "Notes transversales" in page.text


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("title", "", "obligatoire"),
        ("summary", "x" * 301, "gardez-en 300 au plus"),
        ("body", "x" * 40001, "gardez-en 40000 au plus"),
        ("levers", ["99999"], "Choisissez parmi"),
        ("fiches", ["abc"], ""),
    ],
)
def test_what_is_wrong_is_said(sheets, gaby, as_, field, value, why):
    page = as_(gaby).post(NEW, said(sheets, **{field: value}))
    assert page.status_code == 200
    assert why in unescape(page.text).replace("\u202f", "").replace("\xa0", " ")
    assert not Note.objects.exists()


def test_few_queries(note, gaby, as_, django_assert_max_num_queries):
    for url, person in (
        (note.get_absolute_url(), None), (note.get_absolute_url(), gaby), ("/notes/", gaby),
        (reverse("levers:edit_note", args=[note.slug]), gaby), (NEW, gaby), (reverse("levers:lever", args=[3]), gaby),
    ):  # fmt: skip
        browser = as_(person)
        browser.get(url)
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200, url
