"""Asking the catalogue, with PostgreSQL's own search. Three statements for a page, two more when a typo is forgiven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Any, cast

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils import timezone
from psycopg import sql

from guide.models import SynonymGroup
from initiatives.models import Entry, Initiative
from initiatives.models.entry import EntryQuerySet
from initiatives.search import spelling, text
from initiatives.search.facets import all_facets

PAGE_SIZE = 20
ORDERS = ("pertinence", "recentes", "titre")
# Weights of D, C, B, A: what a sheet tells, (unused), what it is filed under, its title.
WEIGHTS = [0.1, 0.2, 0.5, 1.0]


@dataclass(frozen=True)
class Question:
    """What is asked of the catalogue. `near` is a place and what holds it, the nearest first, as terms."""

    text: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    near: tuple[str, ...] = ()
    order: str = ""
    page: int = 1
    size: int = PAGE_SIZE

    def wanted(self) -> dict[str, tuple[str, ...]]:
        """{facet: terms of which a sheet must have one}, the facets in use only."""
        wanted = {name: tuple(f"{name}:{v}" for v in values) for name, values in self.choices.items() if values}
        if self.since:
            wanted["annee"] = tuple(f"annee:{year}" for year in range(self.since, timezone.localdate().year + 2))
        if self.near:
            wanted["commune"] = self.near
        return wanted


@dataclass(frozen=True)
class Found:
    """One sheet of the page: its key, its facet words, and how near it is to the place asked (0: in the place)."""

    pk: int
    terms: tuple[str, ...]
    tier: int = 0

    @property
    def levers(self) -> list[int]:
        return sorted(int(term[7:]) for term in self.terms if term.startswith("levier:"))


@dataclass(frozen=True)
class Answer:
    found: tuple[Found, ...] = ()
    total: int = 0
    page: int = 1
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """{facet: {value: sheets}}, each facet counted with the choices of the others."""
    spelling: str = ""
    """What was really searched when a typo was forgiven."""
    ignored: tuple[str, ...] = ()
    """Sentences about what was left aside in the text."""
    without: Mapping[str, int] = field(default_factory=dict)
    """When nothing is found: {facet: sheets there would be without it}; "q" for the text."""
    reading: text.Reading = field(default_factory=lambda: text.Reading(()))

    @property
    def ids(self) -> list[int]:
        return [found.pk for found in self.found]


_TALLY = """
WITH matched AS MATERIALIZED ({matched}),
told AS (
  SELECT split_part(term, ':', 1) AS facet, term, misses, missed
  FROM matched CROSS JOIN LATERAL unnest(terms) AS term WHERE misses <= 1
)
SELECT term, count(*) FROM told
WHERE facet = ANY(%s) AND (misses = 0 OR missed = facet) GROUP BY term
UNION ALL SELECT '=', count(*) FROM matched WHERE misses = 0
UNION ALL SELECT '*', count(*) FROM matched
UNION ALL SELECT '-' || missed, count(*) FROM matched WHERE misses = 1 GROUP BY missed
"""


def ask(question: Question) -> Answer:
    """Answer a question. A text in which nothing can be searched is as good as none, and `ignored` says so."""
    groups = list(SynonymGroup.objects.values_list("words", flat=True)) if question.text.strip() else []
    reading = text.read(question.text, groups)
    ignored = _left_aside(question.text, reading)
    tally = _tally(question, reading)
    spelled = ""
    if reading and not tally["*"]:
        said = spelling.corrected(question.text[: text.MAX_SIGNS], reading)
        better = text.read(said, groups)
        if said and better and (counted := _tally(question, better))["*"]:
            spelled, reading, tally = said, better, counted
    total = tally["="]
    last = max(1, -(-total // question.size))
    question = replace(question, page=min(max(1, question.page), last))
    return Answer(
        found=_page(question, reading) if total else (),
        total=total,
        page=question.page,
        counts=_counts(tally),
        spelling=spelled,
        ignored=ignored,
        without=_without(question, reading, tally) if not total else {},
        reading=reading,
    )


def _left_aside(said: str, reading: text.Reading) -> tuple[str, ...]:
    notices = []
    if reading.cut:
        notices.append(
            f"Votre recherche est longue : seuls ses {text.MAX_SIGNS} premiers signes et {text.MAX_TERMS} premiers mots"
            " ont été lus."
        )
    if said.strip() and not reading:
        notices.append("Aucun mot à chercher ici : ces mots sont trop courants, ou ce n’en sont pas.")
    return tuple(notices)


def _matching(reading: text.Reading) -> EntryQuerySet:
    entries = Entry.objects.of_catalogue()
    query = reading.query()
    return entries.filter(vector=query) if query is not None else entries


def _tally(question: Question, reading: text.Reading) -> dict[str, int]:
    """Everything counted in one pass: a sheet that misses one facet only still counts for that facet's values."""
    wanted = question.wanted()
    misses: Combinable = Value(0)
    missed: Any = Value("")
    if wanted:
        lacks = {name: ~Q(terms__overlap=list(terms)) for name, terms in wanted.items()}
        misses = reduce(add, (_one_if(lack) for lack in lacks.values()))
        missed = Case(*(When(lack, then=Value(name)) for name, lack in lacks.items()), default=Value(""))
    matched = _matching(reading).annotate(misses=misses, missed=missed).values("terms", "misses", "missed")
    # Django writes the inner statement, with its parameters apart; nothing typed is ever part of this text.
    inner, params = matched.order_by().query.sql_with_params()
    statement = sql.SQL(_TALLY).format(matched=sql.SQL(inner)).as_string(None)
    facets = [*(facet.name for facet in all_facets()), "annee"]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, facets])
        return dict(cursor.fetchall())


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _counts(tally: Mapping[str, int]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for term, number in tally.items():
        name, _, value = term.partition(":")
        if value:
            counts.setdefault(name, {})[value] = number
    return counts


def _without(question: Question, reading: text.Reading, tally: Mapping[str, int]) -> dict[str, int]:
    gained = {term[1:]: number for term, number in tally.items() if term.startswith("-") and number}
    if reading and question.wanted():
        without_text = _tally(question, text.Reading(()))["="]
        if without_text:
            gained["q"] = without_text
    return gained


def _page(question: Question, reading: text.Reading) -> tuple[Found, ...]:
    entries = _matching(reading)
    for terms in question.wanted().values():
        entries = entries.filter(terms__overlap=list(terms))
    nearest = [When(terms__contains=[term], then=Value(tier)) for tier, term in enumerate(question.near)]
    tier: Any = Case(*nearest, default=Value(len(nearest))) if nearest else Value(0)
    start = (question.page - 1) * question.size
    tiered = entries.annotate(tier=Cast(tier, IntegerField()))
    asked = tiered.order_by(*(["tier"] if nearest else []), *_order(question, reading))
    rows = asked.values_list("pk", "terms", "tier")[start : start + question.size]
    return tuple(Found(pk, tuple(terms), tier) for pk, terms, tier in rows)


def _order(question: Question, reading: text.Reading) -> list[Any]:
    recent = [F("verified_on").desc(nulls_last=True), F("initiative__published_at").desc(nulls_last=True), "-pk"]
    order = question.order or ("pertinence" if reading else "recentes")
    mark = reading.mark()
    if order == "titre":
        return ["title_key", "pk"]
    if order == "pertinence" and mark is not None:
        return [SearchRank(F("vector"), mark, weights=WEIGHTS).desc(), *recent]
    return recent


def latest(size: int, a_departement: int = 2) -> list[Found]:
    """Sheets for the home page: the most recently verified, at most so many a département.

    While none is verified, a mix: each differs as much as it can from those before by method, theme and région.
    """
    entries = Entry.objects.of_catalogue().order_by(*_order(Question(), text.Reading(())))
    verified = list(entries.filter(verified_on__isnull=False).values_list("pk", "terms")[: size * 10])
    rest = list(entries.filter(verified_on=None).values_list("pk", "terms")[:200]) if len(verified) < size else []
    chosen: list[Found] = []
    met: dict[str, int] = {}
    seen: dict[str, int] = {}

    def take(pk: int, terms: Sequence[str]) -> None:
        chosen.append(Found(pk, tuple(terms)))
        for term in terms:
            seen[term] = seen.get(term, 0) + 1
        for place in (term for term in terms if term.startswith("departement:")):
            met[place] = met.get(place, 0) + 1

    def allowed(terms: Sequence[str]) -> bool:
        return all(met.get(term, 0) < a_departement for term in terms if term.startswith("departement:"))

    for pk, terms in verified:
        if len(chosen) < size and allowed(terms):
            take(pk, terms)
    while rest and len(chosen) < size:
        rest = [row for row in rest if allowed(row[1])]
        if not rest:
            break
        best = min(rest, key=lambda row: (_likeness(row[1], seen), -len(row[1]), -row[0]))
        take(*best)
        rest.remove(best)
    return chosen


def _likeness(terms: Sequence[str], seen: Mapping[str, int]) -> int:
    heavy = {"departement": 6, "methode": 3, "region": 2, "theme": 1, "levier": 1}
    return sum(heavy.get(term.partition(":")[0], 0) * seen.get(term, 0) for term in terms)


def having(terms: Sequence[str], size: int) -> list[Found]:
    """The most recent sheets of the catalogue filed under one of these terms."""
    if not terms:
        return []
    entries = Entry.objects.of_catalogue().filter(terms__overlap=list(terms))
    recent = entries.order_by(*_order(Question(), text.Reading(())))
    return [Found(pk, tuple(found)) for pk, found in recent.values_list("pk", "terms")[:size]]


def neighbours(initiative: Initiative, terms: Sequence[str], size: int = 3) -> list[Found]:
    """The sheets nearest to one by what they are filed under: methods first, then themes and publics."""
    heavy = {"methode": 3, "theme": 2, "public": 1}
    shared = [term for term in terms if term.partition(":")[0] in heavy]
    if not shared:
        return []
    weights = [
        Case(When(terms__contains=[term], then=Value(heavy[term.partition(":")[0]])), default=Value(0))
        for term in shared
    ]
    entries = Entry.objects.of_catalogue().exclude(pk=initiative.pk).filter(terms__overlap=shared)
    likeness = reduce(add, weights[1:], cast(Combinable, weights[0]))
    asked = entries.annotate(likeness=likeness).order_by("-likeness", *_order(Question(), text.Reading(())))
    return [Found(pk, tuple(terms)) for pk, terms in asked.values_list("pk", "terms")[:size]]
