"""python -m benchmarks.peers.fulltext: tantivy in the process, on the same normal forms, a question a line.

One segment, its best case. The same sheets match as in ours: every word asked is somewhere in the sheet; a title and
what a sheet is filed under weigh more. Counts are disjunctive: one aggregation for the facets not in use, one for each
of those in use.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import psycopg
import tantivy

from benchmarks.peers.serving import serve

FACETS = ("methode", "theme", "public", "levier", "region", "departement", "annee")
KEPT = (*FACETS, "etiquette")
ROOT = Path(__file__).parent.parent.parent / ".data" / "bench"


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("title", "head", "anywhere"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in KEPT:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("doc", fast=True)
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def opened(made_by: str) -> tantivy.Index:
    place = ROOT / f"tantivy-{os.environ['BENCH_NUMBER']}-{made_by}"
    if (place / "whole").exists():
        return tantivy.Index.open(str(place))
    place.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema(), path=str(place))
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor("sheets") as cursor:
        cursor.itersize = 2_000
        cursor.execute("SELECT doc, said, terms, card FROM initiatives_entry ORDER BY doc")
        for doc, said, terms, card in cursor:
            title, head, body = said.split("\n")
            one = tantivy.Document()
            one.add_unsigned("doc", doc)
            one.add_text("title", title)
            one.add_text("head", head)
            one.add_text("anywhere", f"{title} {head} {body}")
            one.add_text("card", json.dumps(card))
            for term in terms:
                name, _, value = term.partition(":")
                if name in KEPT:
                    one.add_text(name, value)
            writer.add_document(one)
    writer.commit()
    writer.wait_merging_threads()
    (place / "whole").touch()
    index.reload()
    return index


def main(made_by: str) -> None:
    index = opened(made_by)
    known = index.schema
    searcher = index.searcher()
    must, should = tantivy.Occur.Must, tantivy.Occur.Should

    def term(name: str, value: str) -> Any:
        return tantivy.Query.term_query(known, name, value, index_option="basic" if name in KEPT else "freq")

    def asked_for(words: list[str]) -> list[Any]:
        clauses = []
        for word in words:
            clauses.append((must, term("anywhere", word)))
            clauses.append((should, tantivy.Query.boost_query(term("title", word), 10.0)))
            clauses.append((should, tantivy.Query.boost_query(term("head", word), 5.0)))
        return clauses or [(must, tantivy.Query.all_query())]

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        words = asked_for(asked["words"])
        chosen = dict(asked["choices"])
        if asked["since"]:
            chosen["annee"] = [str(year) for year in range(asked["since"], 2028)]
        each = {
            name: (must, tantivy.Query.boolean_query([(should, term(name, value)) for value in values]))
            for name, values in chosen.items()
        }

        def without(but: str = "") -> Any:
            return tantivy.Query.boolean_query([*words, *(one for name, one in each.items() if name != but)])

        def counted(names: list[str], query: Any) -> dict[str, Any]:
            return searcher.aggregate(query, {name: {"terms": {"field": name, "size": 200}} for name in names})

        result = without()
        ordered = {} if asked["words"] else {"order_by_field": "doc"}
        found = searcher.search(result, limit=20, count=True, **ordered)
        counts = counted([name for name in FACETS if name not in each], result)
        for name in each:
            if name in FACETS:
                counts |= counted([name], without(name))
        cards = [json.loads(searcher.doc(address)["card"][0]) for _, address in found.hits]
        values = sum(len(said["buckets"]) for said in counts.values())
        return {"total": found.count, "found": len(cards), "values": values}

    serve(answer)


if __name__ == "__main__":
    main(sys.argv[1])
