"""Drawings of the fiches: only what was foreseen, with a text that says them, and ids nobody else has."""

import re

import pytest

from guide import content, diagrams, french, rendering

GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200"><title>Un chemin</title><desc>Deux pas.</desc>'
    '<rect class="d-box" x="1" y="1" width="9" height="9"/><text class="d-text" x="2" y="2" font-size="14">Pas &amp; '
    "pas</text></svg>"
)


@pytest.mark.parametrize("name", diagrams.names())
def test_every_drawing_of_ours_is_read(name):
    drawn = diagrams.read(name)
    assert drawn.title
    figure = drawn.figure("Ce qu’il dit.", "1-1")
    assert french.clean_fiche(figure).count("<text") == figure.count("<text")


def test_a_drawing_says_what_it_shows():
    figure = diagrams.parse(GOOD, "x").figure("D’abord <ici>, puis là.", "3-1")
    assert 'role="img" aria-labelledby="schema-3-1-titre schema-3-1-desc"' in figure
    assert '<title id="schema-3-1-titre">Un chemin</title>' in figure
    assert figure.count("D’abord &lt;ici&gt;, puis là.") == 2, "for who doesn't see it, and for who asks"
    assert "Pas &amp; pas" in figure
    assert french.clean_fiche(figure).count("aria-labelledby") == 2


def test_twice_the_same_drawing_has_twice_its_own_ids():
    name = diagrams.names()[0]
    sections, _ = rendering.rendered(4, f"## Repères\n\n![A](schema:{name})\n\n![B](schema:{name})", [], [])
    assert 'id="schema-4-1-titre"' in sections[0]["html"]
    assert 'id="schema-4-2-titre"' in sections[0]["html"]
    assert "<p><figure" not in sections[0]["html"]


def test_a_drawing_among_words_is_only_words():
    html = rendering.rendered(4, f"## Repères\n\nVoir ![A](schema:{diagrams.names()[0]}) ici.", [], [])[0][0]["html"]
    assert "<svg" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "evil",
    [
        GOOD.replace("<rect", "<script>alert(1)</script><rect"),
        GOOD.replace("<rect", '<a href="javascript:alert(1)"><rect x="1"/></a><rect'),
        GOOD.replace("<rect", '<image href="http://exemple.test/x.png"/><rect'),
        GOOD.replace("<rect", '<use href="#x"/><rect'),
        GOOD.replace("<rect", "<style>*{}</style><rect"),
        GOOD.replace("<rect", "<foreignObject><p>x</p></foreignObject><rect"),
        GOOD.replace("<rect", '<rect onload="alert(1)" x="1"/><rect'),
        GOOD.replace("<rect", '<rect style="x" x="1"/><rect'),
        GOOD.replace("<rect", '<rect fill="url(http://exemple.test)" x="1"/><rect'),
        GOOD.replace("<rect", '<rect class="card" x="1"/><rect'),
        GOOD.replace("<svg ", '<svg onload="alert(1)" '),
        GOOD.replace("viewBox", "viewbox"),
        GOOD.replace("<title>Un chemin</title>", ""),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + GOOD.replace("Deux", "&a;"),
        GOOD + "x",
        GOOD.replace("Deux", "Deux" * 5000),
    ],
)
def test_anything_else_is_refused_in_french(evil):
    with pytest.raises(diagrams.Unknown, match="Le schéma « x »"):
        diagrams.parse(evil, "x")


@pytest.mark.parametrize("name", ["nulle-part", "../../settings", "", "A", "x" * 300, "a/b", "a\x00b"])
def test_an_unknown_drawing_is_said_to_be_so(name):
    with pytest.raises(diagrams.Unknown, match="n’existe pas"):
        diagrams.read(name)


def test_what_is_stored_is_cleaned_again_when_it_is_shown():
    evil = (
        '<figure class="diagram"><svg viewBox="0 0 1 1" onload="alert(1)"><script>alert(1)</script>'
        '<a href="javascript:alert(1)">x</a><text class="d-text card" x="1">ok</text><style>*{}</style></svg></figure>'
    )
    html = french.clean_fiche(evil)
    for trace in ("onload", "<script", "javascript", "<style", "card", "alert(1)</"):
        assert trace not in html
    assert "<text" in html


def test_every_drawing_is_shown_somewhere():
    shown = {
        name for path in content.FICHES.glob("*.md") for name in re.findall(r"\(schema:([^)]+)\)", path.read_text())
    }
    assert shown == set(diagrams.names())
