"""Words: preferred, former, in dispute; each position has its source, and one reads by letter or by status."""

import re

import pytest

from guide import content, rendering
from guide.models import Term
from guide.views.reading import STATUSES

URL = "/guide/glossaire/"


def test_every_position_about_a_word_in_dispute_has_its_source(db):
    for term in Term.objects.exclude(status="usual"):
        positions = term.positions
        assert positions, term.name
        sourced = [sources for _, sources in positions if sources]
        assert len(sourced) >= (2 if term.status == "contested" else 1), term.name
        if term.status == "contested":
            assert len(positions) - len(sourced) <= 1, f"{term.name}: one line of ours at most"
        assert not re.search(r"\[\^", term.note)


def test_a_position_is_shown_with_what_says_it(as_):
    page = as_(None).get(URL + "?statut=discute").text
    entry = page.split('id="reseau"')[1].split("</article>")[0]
    position = entry.split("<li>")[2]
    assert "Didier Dubasque" in position
    assert "dubasque.org" in position.split("</li>")[0]


@pytest.mark.parametrize("word", STATUSES)
def test_one_reads_the_words_of_one_status(as_, word):
    page = as_(None).get(f"{URL}?statut={word}")
    expected = set(Term.objects.filter(status=STATUSES[word]).values_list("slug", flat=True))
    assert set(re.findall(r'<article class="term-entry" id="([\w-]+)"', page.text)) == expected
    for link in set(re.findall(r'href="#([\w-]+)"', page.text)):
        assert f'id="{link}"' in page.text, "what isn't on the page is a link to the whole glossary"


def test_an_unknown_status_is_ignored_and_said(as_):
    page = as_(None).get(URL + "?statut=faux").text
    assert "Nous ne connaissons pas ce statut" in page
    assert page.count('class="term-entry"') == 75


def test_a_note_of_the_file_is_cut_at_its_calls():
    said = content.positions("Une. Deux.[^a] Trois.[^b][^a] Quatre.", [{"id": "a"}, {"id": "b"}])
    assert said["note"].split("\n") == ["Une. Deux.", "Trois.", "Quatre."]
    assert [source["positions"] for source in said["sources"]] == [[0, 1], [1]]
    with pytest.raises(rendering.Faulty):
        content.positions("Une.[^c]", [{"id": "a"}])
    assert content.positions("", []) == {"note": "", "sources": []}
