"""Lists of sheets that no question asked: the latest, those filed under something, those like another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log

from pyroaring import BitMap

from guide.stems import normals
from initiatives.models import Entry, Initiative
from initiatives.search import postings
from initiatives.search.postings import NONE, WORD, Docs
from initiatives.search.query import Found
from initiatives.search.terms import UNKNOWN
from initiatives.search.writing import VERIFIED

READ_AT_MOST = 200
COUNTED_AT_MOST = 4_000


def latest(size: int, a_departement: int = 2) -> list[Found]:
    """Sheets for the home page: the most recently verified, at most so many a département.

    While none is verified, a mix: each differs as much as it can from those before by method, theme and région.
    """
    numbers = list(_recent(postings.read().all, READ_AT_MOST))
    known = dict(Entry.objects.filter(doc__in=numbers).values_list("doc", "terms"))
    rows = [(doc, known[doc]) for doc in numbers if doc in known]
    verified = [row for row in rows if row[0] >= VERIFIED][: size * 10]
    rest = [row for row in rows if row[0] < VERIFIED] if len(verified) < size else []
    chosen: list[int] = []
    seen: Counter[str] = Counter()

    def take(doc: int, terms: Sequence[str]) -> None:
        chosen.append(doc)
        seen.update(terms)

    def allowed(terms: Sequence[str]) -> bool:
        return all(
            seen[term] < a_departement
            for term in terms
            if term.startswith("departement:") and not term.endswith(UNKNOWN)
        )

    for doc, terms in verified:
        if len(chosen) < size and allowed(terms):
            take(doc, terms)
    while rest and len(chosen) < size:
        rest = [row for row in rest if allowed(row[1])]
        if not rest:
            break
        best = min(rest, key=lambda row: (_likeness(row[1], seen), -len(row[1]), -row[0]))
        take(*best)
        rest.remove(best)
    return [Found(doc) for doc in chosen]


def _likeness(terms: Sequence[str], seen: Mapping[str, int]) -> int:
    heavy = {"departement": 6, "methode": 3, "region": 2, "theme": 1, "levier": 1}
    return sum(heavy.get(term.partition(":")[0], 0) * seen.get(term, 0) for term in terms)


def having(terms: Sequence[str], size: int) -> list[Found]:
    """The most recent sheets of the catalogue filed under one of these terms."""
    shelf = postings.read(terms)
    return [Found(doc) for doc in _recent(shelf.any_of(terms) & shelf.all, size)] if terms else []


def sharing(title: str, terms: Sequence[str]) -> list[int]:
    """The numbers of the sheets that have a word of this title in theirs, or one of these terms; the latest of many."""
    asked = [*terms, *(f"t:{word}" for word in normals(title))]
    shelf = postings.read(asked)
    return list(_recent(shelf.any_of(asked) & shelf.all, COUNTED_AT_MOST))


def neighbours(initiative: Initiative, size: int = 3) -> list[Found]:
    """« À peu près » : the sheets most like one, by what they are filed under and the words of their titles.

    A rare thing shared says more than a common one: terms are taken from the rarest, and once enough sheets are met,
    the common ones only decide between them.
    """
    entry = Entry.objects.filter(pk=initiative.pk).first()
    if entry is None:
        return []
    title, head, _ = entry.said.split("\n")
    heads = {"methode": 3.0, "theme": 2.0, "public": 1.0, "etiquette": 1.5, "frein": 0.5}
    said = [term.partition(":") for term in entry.terms]
    weights = {f"{name}:{value}": heads[name] for name, _, value in said if name in heads and value != UNKNOWN}
    weights |= {f"h:{word}": 0.7 for word in {*title.split(), *head.split()}}
    shelf = postings.read(list(weights))
    sheets = {term: shelf.get(term) & shelf.all for term in weights}
    score: defaultdict[int, float] = defaultdict(float)
    met = shelf.all - shelf.all
    for term, docs in sorted(sheets.items(), key=lambda pair: (len(pair[1]), pair[0])):
        if len(score) < COUNTED_AT_MOST:
            met = met | docs
        worth = weights[term] * log(1 + len(shelf.all) / max(1, len(docs)))
        for doc in docs & met if len(score) >= COUNTED_AT_MOST else _first(docs):
            score[doc] += worth
    score.pop(entry.doc, None)
    best = sorted(score, key=lambda doc: (-score[doc], -doc))[:size]
    return [Found(doc) for doc in best]


def _first(docs: Docs) -> Docs:
    return docs if len(docs) <= COUNTED_AT_MOST else docs[-COUNTED_AT_MOST:]


def _recent(docs: Docs, size: int) -> Iterator[int]:
    return reversed(docs[max(0, len(docs) - size) :])


def saying(expressions: Sequence[str]) -> list[int]:
    """How many sheets say each of these expressions, whatever its synonyms. One statement."""
    keys = [normals(expression) for expression in expressions]
    shelf = postings.read({f"{WORD}:{key}" for words in keys for key in words})
    each = (BitMap.intersection(*(shelf.get(f"{WORD}:{key}") for key in words)) if words else NONE for words in keys)
    return [len(docs & shelf.all) for docs in each]
