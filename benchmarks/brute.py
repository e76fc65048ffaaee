"""G14. The honesty gate: totals, counts and first twenty recomputed in plain Python from the rows of the sheets.

Nothing of the index is read but the number a sheet was given, which is its place in time, and for the words asked in a
row the normal forms of the first hundred. What is shared with the search is the French normaliser, the weights of the
order, and the spelling offered once nothing was found.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import Any

import django

# (facet, value, sheet): where each facet is written.
_VERSIONS = "initiatives_initiative i JOIN initiatives_version v ON v.id = i.public_version_id"
_FILED = f"""
SELECT 'methode', m.slug, i.id FROM {_VERSIONS} JOIN initiatives_version_methods x ON x.version_id = v.id
  JOIN guide_method m ON m.id = x.method_id
UNION ALL SELECT 'theme', t.code, i.id FROM {_VERSIONS} JOIN initiatives_version_themes x ON x.version_id = v.id
  JOIN initiatives_theme t ON t.id = x.theme_id
UNION ALL SELECT 'public', p.code, i.id FROM {_VERSIONS} JOIN initiatives_version_publics x ON x.version_id = v.id
  JOIN initiatives_public p ON p.id = x.public_id
UNION ALL SELECT 'etiquette', t.slug, i.id FROM {_VERSIONS} JOIN initiatives_taggedversion x
  ON x.content_object_id = v.id JOIN initiatives_tag t ON t.id = x.tag_id
UNION ALL SELECT 'frein', o.number::text, i.id FROM {_VERSIONS} JOIN initiatives_obstaclemet x ON x.version_id = v.id
  JOIN initiatives_obstacle o ON o.number = x.obstacle_id
UNION ALL SELECT 'levier', l.number::text, i.id FROM {_VERSIONS} JOIN levers_mapping x ON x.version_id = v.id
  JOIN levers_lever l ON l.id = x.lever_id
  WHERE x.status = 'validated' AND x.strength <> 'counter_example' AND l.framework_id = 'dagbert-2015'
UNION ALL SELECT 'proposition', x.proposal_id::text, i.id FROM {_VERSIONS} JOIN levers_mapping x ON x.version_id = v.id
  WHERE x.status = 'validated' AND x.strength <> 'counter_example' AND x.proposal_id IS NOT NULL
UNION ALL SELECT 'departement', d.code, i.id FROM {_VERSIONS} JOIN accounts_territory p ON p.id = v.place_id
  JOIN accounts_territory d ON d.id = p.departement_id OR (d.id = p.id AND p.level = 'departement')
UNION ALL SELECT 'region', r.code, i.id FROM {_VERSIONS} JOIN accounts_territory p ON p.id = v.place_id
  JOIN accounts_territory r ON r.id = p.region_id OR (r.id = p.id AND p.level = 'region')
UNION ALL SELECT 'annee', v.start_year::text, i.id FROM {_VERSIONS} WHERE v.start_year IS NOT NULL
UNION ALL SELECT 'profondeur', v.depth, i.id FROM {_VERSIONS}
UNION ALL SELECT 'accueil', offer, i.id FROM {_VERSIONS}, unnest(v.hosting) offer
"""  # noqa: S608  # one constant in another
_TEXTS = f"""
SELECT i.id, e.doc, v.title,
  concat_ws(E'\\n', v.organisation_name, v.place_note, p.name, d.name, r.name,
    (SELECT string_agg(t.name, E'\\n') FROM initiatives_taggedversion x JOIN initiatives_tag t ON t.id = x.tag_id
      WHERE x.content_object_id = v.id),
    (SELECT string_agg(m.name, E'\\n') FROM initiatives_version_methods x JOIN guide_method m ON m.id = x.method_id
      WHERE x.version_id = v.id),
    (SELECT string_agg(t.label, E'\\n') FROM initiatives_version_themes x JOIN initiatives_theme t
      ON t.id = x.theme_id WHERE x.version_id = v.id),
    (SELECT string_agg(t.label, E'\\n') FROM initiatives_version_publics x JOIN initiatives_public t
      ON t.id = x.public_id WHERE x.version_id = v.id)),
  concat_ws(E'\\n', v.summary, v.beginning, v.story, v.participation, v.effects, v.effects_people,
    v.effects_professionals, v.effects_territory, v.conditions, v.means, v.objectives, v.if_again,
    (SELECT string_agg(concat_ws(E'\\n', o.text, o.lifted), E'\\n') FROM initiatives_obstaclemet o
      WHERE o.version_id = v.id),
    (SELECT string_agg(s.title, E'\\n') FROM initiatives_source s WHERE s.version_id = v.id))
FROM {_VERSIONS} JOIN initiatives_entry e ON e.initiative_id = i.id
LEFT JOIN accounts_territory p ON p.id = v.place_id LEFT JOIN accounts_territory d ON d.id = p.departement_id
LEFT JOIN accounts_territory r ON r.id = p.region_id
WHERE i.status IN ('published', 'stale') AND i.masked_at IS NULL
"""  # noqa: S608  # one constant in another

type Words = tuple[str, ...]
type Ways = list[Words]


@dataclass
class Rows:
    """The sheets as rows say them, by key."""

    doc: dict[int, int] = field(default_factory=dict)
    title: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    head: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    anywhere: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    filed: dict[str, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def places(self) -> tuple[dict[str, set[int]], ...]:
        return self.title, self.head, self.anywhere


def read(wanted: set[str]) -> Rows:
    """Every sheet; of its words, those some question asks for."""
    from django.db import connection, transaction

    from guide.stems import normals
    from initiatives.search.terms import SAID_OR_NOT, UNKNOWN

    rows = Rows()
    with transaction.atomic():
        with connection.chunked_cursor() as cursor:
            cursor.execute(_TEXTS)
            for pk, doc, title, head, body in cursor:
                rows.doc[pk] = doc
                said_in_title = wanted.intersection(normals(title))
                said_in_head = wanted.intersection(normals(head)) | said_in_title
                for place, words in (
                    (rows.title, said_in_title),
                    (rows.head, said_in_head),
                    (rows.anywhere, wanted.intersection(normals(body)) | said_in_head),
                ):
                    for word in words:
                        place[word].add(pk)
        with connection.chunked_cursor() as cursor:
            cursor.execute(_FILED)
            for name, value, pk in cursor:
                if pk in rows.doc:
                    rows.filed[name][value].add(pk)
    for name in SAID_OR_NOT:
        rows.filed[name][UNKNOWN] = set(rows.doc).difference(*rows.filed[name].values())
    return rows


class Synonyms:
    def __init__(self) -> None:
        from guide.models import SynonymGroup
        from guide.stems import normals

        self.groups = [
            list(dict.fromkeys(tuple(normals(said)) for said in words if normals(said)))
            for words in SynonymGroup.objects.values_list("words", flat=True)
        ]

    def clauses(self, text: str) -> list[Ways]:
        """What must be said, each in any of several ways, as typed first; the editor's longest expressions first."""
        from guide.stems import normals

        words, found = tuple(normals(text)), []
        while words:
            for length in range(min(6, len(words)), 0, -1):
                said = words[:length]
                others = [way for group in self.groups if said in group for way in group]
                if others or length == 1:
                    found.append(list(dict.fromkeys([said, *others])))
                    words = words[length:]
                    break
        return found


def saying(ways: Ways, where: dict[str, set[int]]) -> set[int]:
    return set().union(*(set.intersection(*(where.get(word, set()) for word in words)) for words in ways))


def matching(clauses: list[Ways], rows: Rows) -> tuple[set[int], dict[int, int]]:
    """The sheets that say everything; or those that say most, with how much each says of it."""
    from initiatives.search.query import FEW, FINE, MOST_WEIGHED

    each = [saying(ways, rows.anywhere) for ways in clauses]
    found = set(rows.doc).intersection(*each)
    if found or len(each) < FEW:
        return found, {}
    weights: dict[int, int] = defaultdict(int)
    for said in sorted(filter(None, each), key=len)[:MOST_WEIGHED]:
        for pk in said:
            weights[pk] += round(FINE * log(1 + len(rows.doc) / len(said)))
    least = max(1, max(weights.values(), default=0) // 2)
    near = {pk: weight for pk, weight in weights.items() if weight >= least}
    return set(near), near


def expected(query: Any, clauses: list[Ways], rows: Rows) -> tuple[int, dict[str, dict[str, int]], list[int]]:
    """(total, counts, the first twenty)."""
    matched, near = matching(clauses, rows)
    wanted = {name: set().union(*(rows.filed[name][v] for v in values)) for name, values in query.choices}
    if query.since:
        years = rows.filed["annee"].items()
        wanted["annee"] = set().union(*(pks for year, pks in years if year.isdigit() and int(year) >= query.since))
    result = matched.intersection(*wanted.values())
    counts = {}
    for name, values in rows.filed.items():
        base = matched.intersection(*(pks for other, pks in wanted.items() if other != name))
        counted = {value: len(base & pks) for value, pks in values.items()}
        counts[name] = {value: number for value, number in counted.items() if number}
    first: list[int] = []
    for level in sorted({near.get(pk, 0) for pk in result}, reverse=True):
        if len(first) < 20:
            first += ordered({pk for pk in result if near.get(pk, 0) == level}, clauses, rows)
    return len(result), counts, first[:20]


def ordered(sheets: set[int], clauses: list[Ways], rows: Rows) -> list[int]:
    """By what the rarest words weigh where they stand; the first hundred then by the words asked in a row."""
    from initiatives.search.ranking import AS_TYPED, IN_A_ROW, MOST_CLAUSES, READ_AGAIN, WEIGHTS

    many = sorted((len(saying(ways, rows.anywhere)), place) for place, ways in enumerate(clauses))[:MOST_CLAUSES]
    weights = list(WEIGHTS.values())
    rarest = [
        (log(1 + len(rows.doc) / max(1, number)), *(saying(clauses[i], where) for where in rows.places()))
        for number, i in many
    ]
    groups: dict[tuple[float, tuple[int, ...]], list[int]] = defaultdict(list)
    for pk in sheets:
        where = tuple(next((n for n, said in enumerate(said) if pk in said), 3) for _, *said in rarest)
        score = sum(idf * weights[place] for (idf, *_), place in zip(rarest, where, strict=True))
        groups[-score, where].append(pk)
    ranked = sorted(groups.items())
    rows_asked = _in_a_row(clauses)
    others = [saying(ways[:1], rows.anywhere) for ways in clauses if len(ways) > 1]
    scores: dict[int, float] = {}
    while (rows_asked or others) and ranked and len(scores) + len(ranked[0][1]) <= READ_AGAIN:
        (negative, _), some = ranked.pop(0)
        scores |= dict.fromkeys(some, -negative)
    for pk, said in _said(list(scores)) if rows_asked else ():
        scores[pk] += IN_A_ROW * sum(f" {' '.join(words)} " in said for words in rows_asked)
    for typed in others:
        for pk in typed & scores.keys():
            scores[pk] += AS_TYPED
    first = sorted(scores, key=lambda pk: (-scores[pk], -rows.doc[pk]))
    return first + [pk for _, some in ranked for pk in sorted(some, key=lambda pk: -rows.doc[pk])]


def _in_a_row(clauses: list[Ways]) -> set[Words]:
    pairs = {(one[0][-1], other[0][0]) for one, other in pairwise(clauses)}
    return pairs | {words for ways in clauses for words in ways if len(words) > 1}


def _said(pks: list[int]) -> list[tuple[int, str]]:
    from initiatives.models import Entry

    return list(Entry.objects.filter(pk__in=pks).values_list("pk", "said"))


def main(most: int) -> dict[str, Any]:
    from benchmarks.load import FIRST
    from benchmarks.queries import queries, sample
    from initiatives.models import Entry
    from initiatives.search import ask

    synonyms = Synonyms()
    chosen = list(dict.fromkeys((*sample(most), *(query for query in queries() if query.expected is not None))))
    answers = [ask(query.question()) for query in chosen]
    texts = [(synonyms.clauses(q.text), synonyms.clauses(a.spelling)) for q, a in zip(chosen, answers, strict=True)]
    rows = read({word for both in texts for clauses in both for ways in clauses for words in ways for word in words})
    number = Entry.objects.filter(pk__gte=FIRST).count()
    mismatches: list[str] = []
    needles = [0, 0]
    checks = 0
    for query, answer, (typed, spelled) in zip(chosen, answers, texts, strict=True):
        total, counts, first = expected(query, typed, rows)
        if answer.spelling:
            if set(rows.doc).intersection(*(saying(ways, rows.anywhere) for ways in typed)):
                mismatches.append(f"{query.url}: {answer.spelling} offered though found")
            total, counts, first = expected(query, spelled, rows)
        got = {name: dict(values) for name, values in answer.counts.items() if values}
        wanted = {name: values for name, values in counts.items() if values}
        checks += 2 + sum(len(values) for values in wanted.values())
        mismatches += [f"{query.url}: total {answer.total}, not {total}"] if answer.total != total else []
        mismatches += [f"{query.url}: {facet}" for facet in _different(got, wanted)]
        mismatches += [f"{query.url}: order"] if answer.ids != first else []
        if query.expected is not None and query.expected < number:
            needles[1] += 1
            needles[0] += FIRST + query.expected in answer.ids[:10]
    return {
        "sheets": len(rows.doc), "queries": len(chosen), "checks": checks, "mismatches": len(mismatches),
        "first": mismatches[:10], "needles": needles,
    }  # fmt: skip


def _different(got: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    for name in sorted(got.keys() | wanted.keys()):
        if got.get(name) != wanted.get(name):
            one, other = got.get(name, {}), wanted.get(name, {})
            values = [v for v in one.keys() | other.keys() if one.get(v) != other.get(v)]
            yield f"{name}: {', '.join(f'{v} {one.get(v)}≠{other.get(v)}' for v in _few(values))}"


def _few(values: Iterable[str]) -> list[str]:
    return sorted(values)[:3]


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 160), ensure_ascii=False))
