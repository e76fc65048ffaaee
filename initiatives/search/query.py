"""Asking the catalogue: sets of sheets, intersected in the process. One statement, one more to forgive a typo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from math import log

from django.utils import timezone
from pyroaring import BitMap

from accounts.statements import cursor
from guide import passages
from guide.models import SynonymGroup
from guide.stems import normal
from initiatives.models import Entry
from initiatives.search import postings, ranking, spelling, text
from initiatives.search.postings import HEAD, NONE, TITLE, WORD, Docs, Shelf

PAGE_SIZE = 20
# From so many words, most of them are enough when no sheet says them all; the rarest of them are weighed, so finely.
FEW, MOST_WEIGHED, FINE = 3, 6, 3
# Sheets whose texts one question reads again for the phrases it asks: some fifty millionths of a second each.
MOST_READ = 5_000
ORDERS = ("pertinence", "recentes", "titre")


@dataclass(frozen=True)
class Question:
    """What is asked of the catalogue. `near` is a place and what holds it, the nearest first, as terms."""

    text: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    near: tuple[str, ...] = ()
    among: tuple[int, ...] | None = None
    """The only numbers that may be found: what is new, for an alert."""
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
    """One sheet of the page: its number in the index, and how near it is to the place asked (0: in the place)."""

    doc: int
    tier: int = 0


@dataclass(frozen=True)
class Answer:
    found: tuple[Found, ...] = ()
    total: int = 0
    page: int = 1
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """{facet: {value: sheets}}, each facet counted with the choices of the others."""
    spelling: str = ""
    """What was really searched when a typo was forgiven."""
    nearest: bool = False
    """No sheet says all that is asked: these say most of it."""
    ignored: tuple[str, ...] = ()
    """Sentences about what was left aside in the text."""
    without: Mapping[str, int] = field(default_factory=dict)
    """When nothing is found: {facet: sheets there would be without it}; "q" for the text."""
    asked: text.Reading = field(default_factory=text.Reading)
    """The text as it was typed, and `reading` as it was answered: they differ when a typo was forgiven."""
    reading: text.Reading = field(default_factory=text.Reading)
    version: int = 0
    """The catalogue's version answered from."""

    @property
    def docs(self) -> list[int]:
        return [found.doc for found in self.found]

    @property
    def ids(self) -> list[int]:
        """The keys of the sheets of the page, in its order. One statement."""
        pks = dict(Entry.objects.filter(doc__in=self.docs).values_list("doc", "pk"))
        return [pks[doc] for doc in self.docs if doc in pks]


def ask(question: Question) -> Answer:
    """Answer a question. A text in which nothing can be searched is as good as none, and `ignored` says so."""
    reading, shelf = _read(question.text, question.near)
    asked = reading
    ignored = _left_aside(question.text, reading)
    match = _matching(reading, shelf)
    spelled = ""
    if reading and (match.groups or not match.docs) and (said := _corrected(question.text, reading, shelf)):
        better, again = _read(said, question.near)
        found = _matching(better, again)
        if found.docs:
            spelled, reading, shelf, match = said, better, again, found
    if match.skimmed:
        ignored = (*ignored, SKIMMED)
    matched, nearest = match.docs, match.groups
    wanted = {name: shelf.any_of(terms) for name, terms in question.wanted().items()}
    result = _cut(matched, wanted.values())
    if question.among is not None:
        result = result & BitMap(question.among)
    total = len(result)
    page = min(max(1, question.page), max(1, -(-total // question.size)))
    question = replace(question, page=page)
    return Answer(
        found=tuple(_page(question, reading, shelf, result, nearest)),
        total=total,
        page=page,
        counts=_counts(matched, result, wanted, shelf),
        spelling=spelled,
        nearest=bool(nearest),
        ignored=ignored,
        without=_without(matched, wanted, shelf, bool(reading)) if not total else {},
        asked=asked,
        reading=reading,
        version=shelf.version,
    )


_synonyms: tuple[int, text.Synonyms] = (-1, text.Synonyms(()))


def _read(said: str, places: Iterable[str] = ()) -> tuple[text.Reading, Shelf]:
    """The text understood with the synonyms of the version answered from, and the postings it needs."""
    global _synonyms
    known, synonyms = _synonyms
    while True:
        reading = text.read(said, synonyms)
        asked = [f"{where}:{key}" for key in reading.keys for where in (TITLE, HEAD, WORD)]
        shelf = postings.read([*asked, *places])
        if not said.strip() or shelf.synonyms == known:
            return reading, shelf
        known, synonyms = shelf.synonyms, text.Synonyms(SynonymGroup.objects.values_list("words", flat=True))
        if not shelf.writing:
            _synonyms = known, synonyms


SKIMMED = (
    "Ces mots sont dans beaucoup d’initiatives : ceux entre guillemets ont été cherchés à la suite l’un de l’autre dans"
    f" les {MOST_READ} plus récentes."
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


def _cut(docs: Docs, others: Iterable[Docs]) -> Docs:
    for other in others:
        docs = docs & other
    return docs


# Words


@dataclass(frozen=True)
class _Match:
    """The sheets that answer a text; when none says all of it, the nearest, in groups from the best."""

    docs: Docs
    groups: tuple[Docs, ...] = ()
    skimmed: bool = False
    """A phrase was looked for in the most recent sheets alone, too many having its words."""


def _matching(reading: text.Reading, shelf: Shelf) -> _Match:
    """The sheets that say all that is asked and nothing excluded; if none, the nearest.

    « Comment lutter contre l’isolement des personnes âgées » is a sentence: most of it is enough then. Words weigh by
    how rare they are; the nearest weigh at least half of the best.
    """
    clauses = [clause for clause in reading.clauses if not clause.excluded]
    unwanted = [clause for clause in reading.clauses if clause.excluded]
    said = [shelf.saying(clause) & shelf.all for clause in clauses]
    found, skimmed = _in_a_row([clause.phrase for clause in clauses if clause.phrase], _cut(shelf.all, said))
    found, left = _without_any(unwanted, found, shelf)
    if found or len(clauses) < FEW:
        return _Match(found, skimmed=skimmed or left)
    allowed, left = _without_any(unwanted, BitMap.union(NONE, *said), shelf)
    skimmed = skimmed or left
    for place, clause in enumerate(clauses):
        phrases = [clause.phrase] if clause.phrase else []
        said[place], left = _in_a_row(phrases, said[place] & allowed, len(clauses))
        skimmed = skimmed or left
    groups = _nearest(said, shelf)
    return _Match(BitMap.union(NONE, *groups), groups, skimmed)


def _nearest(said: Sequence[Docs], shelf: Shelf) -> tuple[Docs, ...]:
    rarest = sorted(filter(None, said), key=len)[:MOST_WEIGHED]
    levels = [shelf.all]
    for docs in rarest:
        weight = round(FINE * log(1 + len(shelf.all) / len(docs)))
        longer = [*levels, *(NONE for _ in range(weight))]
        levels = [(here - docs) | (longer[n - weight] & docs if n >= weight else NONE) for n, here in enumerate(longer)]
    best = max((n for n, docs in enumerate(levels) if n and docs), default=0)
    return tuple(levels[n] for n in range(best, max(1, best // 2) - 1, -1) if n and levels[n])


def _without_any(unwanted: Sequence[text.Clause], docs: Docs, shelf: Shelf) -> tuple[Docs, bool]:
    """These sheets without those that say something excluded."""
    skimmed = False
    for clause in unwanted:
        said, more = _in_a_row([clause.phrase] if clause.phrase else [], shelf.saying(clause) & docs, len(unwanted))
        docs, skimmed = docs - said, skimmed or more
    return docs, skimmed


_ROWS = "SELECT doc FROM initiatives_entry WHERE doc = ANY(%s::int[]) AND said LIKE ALL(%s::text[])"


def _in_a_row(phrases: Sequence[text.Words], candidates: Docs, shared_by: int = 1) -> tuple[Docs, bool]:
    """The candidates that say these phrases, and whether only the most recent were read. Keys are letters and digits.

    Their texts are read again in the index, as many as a question may read, shared between what it asks apart.
    """
    if not phrases or not candidates:
        return candidates, False
    most = MOST_READ // shared_by
    read = candidates[max(0, len(candidates) - most) :]
    with cursor() as rows:
        rows.execute(_ROWS, [list(read), [f"% {' '.join(words)} %" for words in phrases]])
        return BitMap(doc for (doc,) in rows), len(read) < len(candidates)


def _corrected(said: str, reading: text.Reading, shelf: Shelf) -> str:
    """The text with the words nobody says replaced by the nearest said; "" if none is.

    When each word is said by someone, those nobody wrote so are doubted: « solidarie » has the stem of « solidarisé ».
    At the same number of wrong letters, the word that goes with the rest comes first, then the most said. A word of the
    guide is no typo, though no sheet says it.
    """
    typed = {clause.typed: shelf.saying(clause) & shelf.all for clause in reading.clauses if _may_be_wrong(clause)}
    unknown = [word for word, docs in typed.items() if not docs]
    guide = passages.known({normal(word) for word in unknown})
    offered = spelling.near(word for word in unknown or typed if normal(word) not in guide)
    if not unknown:
        offered = {word: words for word, words in offered.items() if 0 not in words.values()}
    said_by = postings.read({f"{WORD}:{normal(word)}" for words in offered.values() for word in words})
    better: dict[str, str] = {}
    for word, others in offered.items():
        rest = _cut(said_by.all, (docs for other, docs in typed.items() if docs and other != word))
        ranked = []
        for other, away in others.items():
            docs = said_by.get(f"{WORD}:{normal(other)}") & said_by.all
            if docs:
                ranked.append((away, -docs.intersection_cardinality(rest), -len(docs), other))
        if ranked:
            better[word] = min(ranked)[-1]
    return spelling.put_right(text.legible(said)[: text.MAX_SIGNS], better) if better else ""


def _may_be_wrong(clause: text.Clause) -> bool:
    return bool(clause.typed) and not clause.excluded


# Facets


def _counts(matched: Docs, result: Docs, wanted: Mapping[str, Docs], shelf: Shelf) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name, values in shelf.facets.values.items():
        base = result
        if name in wanted:
            base = _cut(matched, (docs for other, docs in wanted.items() if other != name))
        each = ((value, base.intersection_cardinality(docs)) for value, docs in values.items())
        if found := {value: number for value, number in each if number}:
            counts[name] = found
    return counts


def _without(matched: Docs, wanted: Mapping[str, Docs], shelf: Shelf, said: bool) -> dict[str, int]:
    gained = {name: len(_cut(matched, (docs for other, docs in wanted.items() if other != name))) for name in wanted}
    if said and wanted:
        gained["q"] = len(_cut(shelf.all, wanted.values()))
    return {name: number for name, number in gained.items() if number}


# The page


def _page(
    question: Question, reading: text.Reading, shelf: Shelf, result: Docs, nearest: Sequence[Docs]
) -> Iterator[Found]:
    """Groups come one after the other, and in each the most recent first, or by title."""
    order = question.order or ("pertinence" if reading else "recentes")
    skip, left = (question.page - 1) * question.size, question.size
    for tier, near in enumerate(_tiers(question, shelf, result)):
        groups: Iterable[Docs | list[int]] = (near,)
        if order == "pertinence":
            nearer = (near & docs for docs in nearest) if nearest else (near,)
            groups = chain.from_iterable(ranking.by_relevance(docs, reading, shelf) for docs in nearer)
        for group in groups:
            if skip >= len(group):
                skip -= len(group)
                continue
            some = _by_title(near, shelf.all, skip, left) if order == "titre" else _slice(group, skip, left)
            yield from (Found(doc, tier) for doc in some)
            skip, left = 0, left - len(some)
            if not left:
                return


def _tiers(question: Question, shelf: Shelf, result: Docs) -> Iterator[Docs]:
    if not question.near:
        yield result
        return
    for term in question.near:
        here = result & shelf.get(term)
        yield here
        result = result - here


def _slice(docs: Docs | list[int], skip: int, size: int) -> list[int]:
    """The most recent first."""
    end = len(docs) - skip
    return list(reversed(docs[max(0, end - size) : end]))


_BY_TITLE = "SELECT doc FROM initiatives_entry WHERE doc {} ORDER BY title_key, doc OFFSET %s LIMIT %s"
_THESE, _NOT_THESE = _BY_TITLE.format("= ANY(%s::int[])"), _BY_TITLE.format("<> ALL(%s::int[])")


def _by_title(docs: Docs, everything: Docs, skip: int, size: int) -> list[int]:
    """Of most of the catalogue, it is quicker to say what is left out."""
    others = everything - docs
    few = len(others) < len(docs)
    with cursor() as rows:
        rows.execute(_NOT_THESE if few else _THESE, [list(others if few else docs), skip, size])
        return [doc for (doc,) in rows if doc in docs]
