"""The search of the whole site, and what is suggested as one types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from accounts.models import Territory
from accounts.models.territories import Level
from accounts.territories import key_of
from guide import passages
from guide.models import Method, Passage, Term
from initiatives.cards import Card, cards
from initiatives.models import Theme
from initiatives.search import Question, ask, saying, spelling
from initiatives.search.excerpts import LONG, marked, passage
from initiatives.search.facets import rows
from initiatives.search.text import MAX_QUERY, MAX_SIGNS, Reading, legible

BEST, SHOWN = 10, 6
KINDS = {
    "fiche": ("fiches", "Fiches du guide"),
    "methode": ("methodes", "Méthodes"),
    "terme": ("termes", "Glossaire"),
    "proposition": ("propositions", "Propositions"),
    "note": ("notes", "Notes transversales"),
    "appel": ("appels", "Appels à initiatives"),
}
MOST_TYPOS, MOST_ALONE = 3, 6


@dataclass(frozen=True)
class Hit:
    """A page of the guide or of the levers: its address is that of the part shown."""

    title: str | SafeString
    heading: str | SafeString
    url: str
    note: str
    excerpt: str | SafeString
    parts: tuple[tuple[str, str], ...]
    """(heading, address) of other parts that say as much."""


@dataclass(frozen=True)
class Group:
    anchor: str
    label: str
    hits: list[Hit]
    others: list[Passage]
    """Pages that answer too, by their names alone."""

    @property
    def total(self) -> int:
        return len(self.hits) + len(self.others)


@dataclass(frozen=True)
class Results:
    """What the whole site answers to a text."""

    cards: list[Card] = field(default_factory=list)
    initiatives: int = 0
    nearest: bool = False
    spelling: str = ""
    """What was searched when a typo was forgiven, among the initiatives at least."""
    spelled_everywhere: bool = False
    """In the guide too, which had nothing of what was typed either."""
    notices: tuple[str, ...] = ()
    groups: list[Group] = field(default_factory=list)
    nearest_pages: bool = False
    alone: tuple[str, ...] = ()
    """When nothing is found of several words: those that find something by themselves."""

    @cached_property
    def total(self) -> int:
        return self.initiatives + sum(group.total for group in self.groups)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = legible(request.GET.get("q", "")[:MAX_QUERY]).strip()
    results = find(text) if text else Results()
    return render(request, "search.html", {"q": text[:MAX_SIGNS], "results": results})


def find(text: str) -> Results:
    answer = ask(Question(text=text, size=BEST))
    if not answer.asked:
        return Results(notices=answer.ignored)
    # A word the initiatives don't say may well be one of the guide's: it is read as typed first.
    said, reading = answer.spelling, answer.asked
    found = passages.find(reading.clauses, SHOWN)
    if not found.pages or found.nearest:
        if not said and (said := _corrected(text, answer.asked)):
            answer = ask(Question(text=said, size=BEST))
        again = passages.find(answer.reading.clauses, SHOWN) if said else found
        if again.pages and not (again.nearest and found.pages):
            found, reading = again, answer.reading
    return Results(
        cards=cards(answer.found, answer.reading),
        initiatives=answer.total,
        nearest=answer.nearest,
        spelling=said if found.pages or answer.total else "",
        spelled_everywhere=reading is answer.reading,
        notices=answer.ignored,
        groups=list(_groups(found, reading)),
        nearest_pages=found.nearest,
        alone=() if found.pages or answer.total else _alone(answer.asked),
    )


def _groups(found: passages.Found, reading: Reading) -> Iterator[Group]:
    for kind, (anchor, label) in KINDS.items():
        if pages := found.pages.get(kind):
            others = [page.passage for page in pages[SHOWN:]]
            yield Group(anchor, label, [_hit(page, reading) for page in pages[:SHOWN]], others)


def _hit(page: passages.Page, reading: Reading) -> Hit:
    row, marks = page.passage, reading.marks
    excerpt = passage([row.text], marks) or Truncator(row.text).chars(LONG)
    return Hit(marked(row.title, marks), marked(row.heading, marks), row.url, row.note, excerpt, page.parts)


def _alone(reading: Reading) -> tuple[str, ...]:
    typed = [clause for clause in reading.clauses if clause.typed and not clause.excluded]
    if len(typed) < 2:
        return ()
    known = passages.known({key for clause in typed for key in clause.keys})
    totals = saying([clause.typed for clause in typed])
    return tuple(clause.typed for clause, total in zip(typed, totals, strict=True) if total or clause.keys & known)[
        :MOST_ALONE
    ]


def _corrected(text: str, reading: Reading) -> str:
    """The text with its first words nobody says put right from those of the guide; "" when there is nothing better."""
    typed = [clause for clause in reading.clauses if clause.typed and not clause.excluded][:MOST_TYPOS]
    known = passages.known({key for clause in typed for key in clause.keys})
    wrong = {clause.typed: key_of(clause.typed) for clause in typed if not clause.keys & known}
    keys = {word: key for word, key in wrong.items() if spelling.allowed(key) and len(key) <= spelling.LONGEST}
    better: dict[str, tuple[int, str]] = {}
    for key, written in passages.like(set(keys.values())).items():
        for word, typed_key in keys.items():
            away = spelling.distance(typed_key, key, spelling.allowed(typed_key))
            if away <= spelling.allowed(typed_key):
                better[word] = min(better.get(word, (away, written)), (away, written))
    said = {word: written for word, (_, written) in better.items()}
    return spelling.put_right(text[:MAX_SIGNS], said) if said else ""


# As one types

LEAST, EACH = 2, 3


@dataclass(frozen=True)
class Suggestion:
    label: str
    url: str
    note: str = ""


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few addresses a text may mean, grouped. Two statements; nothing about who asks."""
    typed = legible(request.GET.get("q", ""))[:80].strip()
    groups = [group for group in _suggested(typed) if group[1]] if len(key_of(typed)) >= LEAST else []
    return render(request, "_suggestions.html", {"groups": groups})


def _suggested(typed: str) -> Iterable[tuple[str, list[Suggestion]]]:
    catalogue, key = reverse("initiatives:catalogue"), key_of(typed)
    named = [row for row in _names() if any(begins.startswith(key) for begins in _beginnings(row[2]))]
    named.sort(key=lambda row: (not key_of(row[2]).startswith(key), len(row[2])))

    def of(kind: str) -> list[tuple[str, str]]:
        return [(slug, name) for what, slug, name in named if what == kind][:EACH]

    yield "Thèmes", [Suggestion(name, f"{catalogue}?{urlencode({'theme': code})}") for code, name in of("theme")]
    yield "Méthodes", [Suggestion(name, reverse("guide:method", args=[slug])) for slug, name in of("methode")]
    yield "Lieux", [_place(place, catalogue) for place in _places(typed)]
    glossary = reverse("guide:glossary")
    yield "Glossaire", [Suggestion(name, f"{glossary}#{slug}") for slug, name in of("terme")]


def _names() -> list[tuple[str, str, str]]:
    """(kind, slug, name) of all that has a name and is not a place: a hundred or so, in one statement."""
    themes = rows("theme", Theme.objects.all(), "code", "label")
    methods = rows("methode", Method.objects.all(), "slug", "name")
    return list(themes.union(methods, rows("terme", Term.objects.all(), "slug", "name"), all=True).order_by())


def _beginnings(name: str) -> list[str]:
    """The name as it may be begun: from its first word, or from another."""
    words = key_of(name).split()
    return [" ".join(words[place:]) for place in range(len(words))]


def _places(typed: str) -> list[Territory]:
    levels = [Level.REGION, Level.DEPARTEMENT, Level.COMMUNE]
    return list(Territory.objects.named_like(typed).filter(level__in=levels).order_by("-population", "key")[:EACH])


def _place(place: Territory, catalogue: str) -> Suggestion:
    address = f"{catalogue}?{urlencode({place.level: place.code})}"
    return Suggestion(place.label, address, place.get_level_display().lower())
