"""French text: spaces, apostrophes, safe Markdown, and words defined once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide import french

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("l'accueil d'été", "l’accueil d’été"),
        ("« bonjour »", f"«{NBSP}bonjour{NBSP}»"),
        ("Pourquoi ?", f"Pourquoi{NBSP}?"),
        ("deux points : oui ; non !", f"deux points{NBSP}: oui{NBSP}; non{NBSP}!"),
        ("12 personnes, 50 %", f"12{NBSP}personnes, 50{NBSP}%"),
        ("http://exemple.fr:8000/a?b", "http://exemple.fr:8000/a?b"),
    ],
)
def test_typeset(typed, set_):
    assert french.typeset(typed) == set_


@given(st.text(max_size=300))
def test_typeset_is_idempotent(text):
    once = french.typeset(text)
    assert french.typeset(once) == once


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("Cœur d’été", "coeur-d-ete"), ("L'Œuvre à Saint-Étienne !", "l-oeuvre-a-saint-etienne"), ("…", "")],
)
def test_slugs_know_their_letters(typed, slug):
    assert french.slug_of(typed) == slug


@pytest.mark.parametrize(
    "evil",
    [
        "<script>window.__xss=1</script>",
        "[clic](javascript:alert(1))",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="x" onclick="alert(1)">x</a>',
        "<svg onload=alert(1)>",
    ],
)
def test_markdown_lets_nothing_through(evil):
    html = french.markdown(evil)
    assert "<script" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'onclick="' not in html or "&lt;a" in html


@given(st.text(max_size=300))
def test_markdown_never_fails(text):
    french.markdown(text)


def test_a_term_is_marked_once_and_never_in_a_link():
    terms = [french.Definition("groupe", ("groupe",)), french.Definition("travail-de-groupe", ("travail de groupe",))]
    seen = set()
    html = french.link_terms(
        "<p>Le travail de groupe, le <a href='#'>groupe</a>, un groupe, des groupes.</p>", terms, seen
    )
    assert html.count('class="term"') == 2
    assert "<a href='#'>groupe</a>" in html
    assert seen == {"groupe", "travail-de-groupe"}


def test_a_short_term_is_not_marked_inside_a_longer_one_already_marked():
    terms = [
        french.Definition("dsl", ("développement social local",)),
        french.Definition("ds", ("développement social",)),
    ]
    seen = {"dsl"}
    assert "class" not in french.link_terms("<p>Le développement social local.</p>", terms, seen)
    assert seen == {"dsl"}


def test_sections_are_cut_at_their_headings():
    parts = french.sections("intro\n\n## Pourquoi\n\nparce que\n\n## À lire\n\n- un livre")
    assert [(part.id, part.markdown) for part in parts] == [("pourquoi", "parce que"), ("a-lire", "- un livre")]


def test_no_term_is_marked_in_a_drawing_a_heading_or_a_head_of_table():
    terms = [french.Definition("groupe", ("groupe",))]
    for html in ("<h3>Le groupe</h3>", "<th>Le groupe</th>", "<figure><svg><text>groupe</text></svg></figure>"):
        assert french.link_terms(html, terms, set()) == html


def test_long_blanks_are_read_at_once():
    french.typeset(" " * 200_000 + "fin")
