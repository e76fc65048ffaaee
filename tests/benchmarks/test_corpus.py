"""What is measured must be the same each time, or two results say nothing of one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection, transaction

from benchmarks import brute, goals, load, weight
from benchmarks.corpus import SEED, Corpus
from benchmarks.queries import queries, sample
from benchmarks.references import OUR_LEVERS, references
from benchmarks.vocabulary import RAREST, Vocabulary, feminine, plural
from initiatives.models import Entry, Initiative, Version, Word
from initiatives.search import Question, ask, index, writing
from initiatives.search.facets import read

SOME = (0, 7, 499, 998)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(SEED)


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker, vocabulary) -> Iterator[Corpus]:
    """Read once, in a transaction that each story only adds a savepoint to: it refers to tags that are added here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Corpus(references(vocabulary.tags), vocabulary)
        transaction.set_rollback(True)


@pytest.fixture
def loaded(corpus, db, monkeypatch) -> list[int]:
    """A dozen sheets, one of them with a name of its own."""
    corpus.vocabulary.needles[3] = "Ricochet"
    monkeypatch.setattr(load, "corpus", lambda: corpus)
    load.load(12)
    yield [load.FIRST + number for number in range(12)]
    del corpus.vocabulary.needles[3]


def test_a_sheet_is_the_same_however_many_there_are(corpus):
    again = Corpus(corpus.references, corpus.vocabulary)
    assert [corpus.sheet(n) for n in SOME] == [again.sheet(n) for n in reversed(SOME)][::-1]
    assert corpus.sheet(1) != corpus.sheet(2)
    assert Corpus(corpus.references, corpus.vocabulary, seed=1).sheet(0) != corpus.sheet(0)


def test_what_is_told_does_not_depend_on_what_a_sheet_is_filed_under(corpus):
    refs = corpus.references
    turned = Corpus(replace(refs, methods=refs.methods[::-1]), corpus.vocabulary)
    assert [turned.sheet(n).fields for n in SOME] == [corpus.sheet(n).fields for n in SOME]


def test_the_words_are_those_the_questions_were_written_for(vocabulary):
    assert len(set(vocabulary.rare)) == RAREST
    assert len(vocabulary.of_theme) == 20
    assert len(vocabulary.tags) == 400
    assert [plural("journal"), plural("jeu"), feminine("collectif"), feminine("essentiel")] == [
        "journaux", "jeux", "collective", "essentielle",
    ]  # fmt: skip
    for query in queries():
        if query.kind == "needle" and query.text[0].isupper():
            assert vocabulary.needles[query.expected] == query.text


def test_every_facet_asked_exists(corpus, db):
    asked = queries()
    assert len(asked) == 160
    labels = read({})
    assert len(corpus.references.levers) == OUR_LEVERS
    for query in asked:
        for name, values in query.choices:
            if name != "etiquette":  # offered once a published sheet wears it
                assert set(values) <= set(labels[name]), query.url
    assert {query.kind for query in sample(40)} == {query.kind for query in asked}


def test_what_is_loaded_is_published_indexed_and_found(loaded):
    assert Initiative.objects.published().filter(pk__in=loaded).count() == 12
    before = Initiative.objects.published().count()
    assert ask(Question()).total == before
    assert ask(Question()).ids[:12] == loaded[::-1]
    assert ask(Question(text="ricochet")).ids == [loaded[3]]


def test_loading_in_bulk_leaves_what_publishing_leaves(loaded):
    """The entry, the terms and the words are those of `search.index`, but for the order of free tags."""
    in_bulk, words = _entries(loaded), set(Word.objects.values_list("key", flat=True))
    _agree(loaded)
    Entry.objects.filter(pk__in=loaded[:4]).delete()
    Version.objects.filter(pk__in=loaded[:4]).update(place_note="")
    for initiative in Initiative.objects.filter(pk__in=loaded[:4]):
        index(initiative)
    assert _entries(loaded) == in_bulk
    assert set(Word.objects.values_list("key", flat=True)) == words
    _agree(loaded)


def _entries(keys: list[int]) -> list[tuple[object, ...]]:
    return [
        (row.terms, sorted(row.said.split()), row.card, row.verified_on, row.title_key)
        for row in Entry.objects.filter(pk__in=keys).order_by("pk")
    ]


def _agree(keys: list[int]) -> None:
    """The postings say of these sheets what their entries say."""
    from initiatives.search.index import terms_of

    found = writing.whole()
    for entry in Entry.objects.filter(pk__in=keys):
        assert entry.doc in found["all"]
        said = {term for term, docs in found.items() if entry.doc in docs} - {"all"}
        assert said == set(terms_of(entry))


def test_the_plain_recount_agrees_and_would_say_otherwise(loaded):
    result = brute.main(160)
    assert result["mismatches"] == 0, result["first"]
    assert result["checks"] > 5_000
    with connection.cursor() as cursor:
        cursor.execute("UPDATE initiatives_version SET title = 'Ricochet' WHERE id = %s", [loaded[5]])
        cursor.execute("DELETE FROM initiatives_version_methods WHERE version_id = %s", [loaded[6]])
    result = brute.main(160)
    assert any("ricochet: total 1, not 2" in one.lower() for one in result["first"]) or result["mismatches"] > 5


def test_a_goal_is_held_or_not():
    layer = {"p50": 1.0, "p95": 2.0}
    kept = {
        "layer": {
            "10000": {
                "asks": {"ours": layer, "floor": {"p50": 0.9, "p95": 1.0}},
                "pages": {"ours": layer, "floor": layer, "textbook": {"p50": 90.0, "p95": 500.0}},
            }
        }
    }
    said = {(line.goal, line.measured): line.held for line in goals.lines(kept)}
    assert said == {("G1", "1.11× / 2×"): False, ("G1", "1× / 1×"): True, ("G2", "90× / 250×"): True}


def test_another_site_in_a_page_is_seen(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("@font-face{src:url(https://fonts.example/x.woff2)} p{color:red}")
    (tmp_path / "a.js").write_text('import "./b.js"\n')
    (tmp_path / "b.js").write_text("1\n")
    html = """<link rel="stylesheet" href="/static/a.css"><script src="/static/a.js"></script>
        <img src="//cdn.example/i.png">"""
    monkeypatch.setattr(weight.pages, "body", lambda url: html.encode())
    monkeypatch.setattr(weight.pages, "get", lambda url, **_: type("R", (), {"content": b"", "headers": {}}))
    seen = weight.weigh("/")
    assert sorted(re.sub("^.*//", "", one) for one in seen.third_party) == [
        "cdn.example/i.png",
        "fonts.example/x.woff2",
    ]
    assert (seen.requests, seen.stylesheets, seen.js) == (4, 1, len('import "./b.js"\n') + 2)
