"""What is measured must be the same each time, or two results say nothing of one another."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks import load, weight
from benchmarks.corpus import Corpus
from benchmarks.questions import QUESTIONS
from benchmarks.vocabulary import NEEDLES, RAREST, THEMES
from initiatives.models import Entry, Initiative, Theme
from initiatives.search import Question, ask, index
from initiatives.search.facets import read

SOME = (0, 7, 499, 998)


@pytest.fixture
def corpus(db) -> Corpus:
    return Corpus(load.references())


def test_a_sheet_is_the_same_however_many_there_are(corpus):
    again = Corpus(corpus.references)
    assert [corpus.sheet(n) for n in SOME] == [again.sheet(n) for n in reversed(SOME)][::-1]
    assert corpus.sheet(1) != corpus.sheet(2)
    assert Corpus(corpus.references, seed=1).sheet(0) != corpus.sheet(0)


def test_order_of_the_references_is_what_counts(corpus):
    refs = corpus.references
    turned = Corpus(replace(refs, methods=refs.methods[::-1]))
    assert [turned.sheet(n).fields for n in SOME] == [corpus.sheet(n).fields for n in SOME]


def test_the_vocabularies_are_ours(corpus):
    assert set(THEMES) == set(Theme.objects.values_list("code", flat=True))
    assert len(corpus.needles) == len(NEEDLES) == len(set(NEEDLES))
    assert len(set(corpus.vocabulary.rare)) == RAREST


def test_every_facet_asked_exists(db):
    labels = read({})
    assert len(QUESTIONS) == 60
    for asked in QUESTIONS:
        for name, values in parse_qs(urlsplit(asked.url).query).items():
            assert name not in labels or set(values) <= set(labels[name]), asked.url


def test_what_is_loaded_is_published_indexed_and_found(corpus):
    before = ask(Question()).total
    written, _ = load.load(corpus, 12)
    load.index(written)
    assert Initiative.objects.published().filter(pk__in=written).count() == 12
    assert ask(Question()).total == before + 12
    title = Initiative.objects.get(pk=written[3]).public_version.title
    assert written[3] in ask(Question(text=f'"{title}"')).ids


def test_indexing_in_bulk_says_what_publishing_says(corpus):
    """The entry of a generated sheet is the one `search.index` makes, but for the order of its free tags."""
    written, _ = load.load(corpus, 2)
    load.index(written)
    in_bulk = entries(written)
    for initiative in Initiative.objects.filter(pk__in=written):
        index(initiative)
    assert entries(written) == in_bulk


def entries(keys: list[int]) -> list[tuple[object, ...]]:
    return [
        (sorted(re.findall(r"'([^']+)'", row.vector)), row.terms, row.words, row.verified_on, row.title_key)
        for row in Entry.objects.filter(pk__in=keys).order_by("pk")
    ]


def test_another_site_in_a_page_is_seen(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("@font-face{src:url(https://fonts.example/x.woff2)} p{color:red}")
    (tmp_path / "a.js").write_text('import "./b.js"\n')
    (tmp_path / "b.js").write_text("1\n")
    html = """<link rel="stylesheet" href="/static/a.css"><script src="/static/a.js"></script>
        <img src="//cdn.example/i.png">"""
    monkeypatch.setattr(weight.pages, "body", lambda url: html.encode())
    seen = weight.weigh("/")
    assert sorted(seen.third_party) == ["http://cdn.example/i.png", "https://fonts.example/x.woff2"]
    assert (seen.requests, seen.js) == (4, len('import "./b.js"\n') + 2)
