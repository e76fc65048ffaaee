"""The search of the whole site, and what is suggested as one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import Territory
from accounts.models.territories import Level
from accounts.territories import key_of
from guide import passages
from guide.models import Method, Passage, Term
from initiatives.cards import Card, cards
from initiatives.models import Theme
from initiatives.search import Question, ask, spelling
from initiatives.search.excerpts import marked, passage
from initiatives.search.facets import rows
from initiatives.search.text import Reading, legible

BEST, FOUND = 10, 8
KINDS = {
    "fiche": ("fiches", "Fiches du guide"),
    "methode": ("methodes", "Méthodes"),
    "terme": ("termes", "Glossaire"),
    "proposition": ("propositions", "Propositions"),
}
MOST_TYPOS = 3


@dataclass(frozen=True)
class Hit:
    title: str | SafeString
    heading: str | SafeString
    url: str
    note: str
    excerpt: str | SafeString


@dataclass(frozen=True)
class Group:
    anchor: str
    label: str
    total: int
    hits: list[Hit]


@dataclass(frozen=True)
class Results:
    """What the whole site answers to a text."""

    cards: list[Card] = field(default_factory=list)
    initiatives: int = 0
    nearest: bool = False
    spelling: str = ""
    """What was searched when a typo was forgiven."""
    notices: tuple[str, ...] = ()
    groups: list[Group] = field(default_factory=list)

    @cached_property
    def total(self) -> int:
        return self.initiatives + sum(group.total for group in self.groups)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = legible(request.GET.get("q", "")).strip()
    results = find(text) if text else Results()
    return render(request, "search.html", {"q": text[:200], "results": results})


def find(text: str) -> Results:
    answer = ask(Question(text=text, size=BEST))
    if not answer.asked:
        return Results(notices=answer.ignored)
    # A word the initiatives don't say may well be one of the guide's: it is read as typed first.
    groups, said = _groups(answer.asked), ""
    if not groups and answer.spelling:
        groups = _groups(answer.reading)
    elif not groups and not answer.total and (said := _corrected(text, answer.asked)):
        answer = ask(Question(text=said, size=BEST))
        groups = _groups(answer.reading)
    return Results(
        cards=cards(answer.found, answer.reading),
        initiatives=answer.total,
        nearest=answer.nearest,
        spelling=answer.spelling or (said if groups or answer.total else ""),
        notices=answer.ignored,
        groups=groups,
    )


def _groups(reading: Reading) -> list[Group]:
    found = passages.find(reading.clauses, FOUND)
    return [
        Group(anchor, label, found[kind][0], [_hit(row, reading) for row in found[kind][1]])
        for kind, (anchor, label) in KINDS.items()
        if kind in found
    ]


def _hit(row: Passage, reading: Reading) -> Hit:
    shown = passage([row.text], reading.marks) or row.text
    return Hit(marked(row.title, reading.marks), marked(row.heading, reading.marks), row.url, row.note, shown)


def _corrected(text: str, reading: Reading) -> str:
    """The text with its first words nobody says put right from those of the guide; "" when there is nothing better."""
    typed = [clause for clause in reading.clauses if clause.typed and not clause.excluded][:MOST_TYPOS]
    known = passages.known({key for clause in typed for key in clause.keys})
    wrong = [clause.typed for clause in typed if not clause.keys & known]
    keys = {word: key_of(word) for word in wrong if spelling.allowed(key_of(word))}
    better: dict[str, tuple[int, str]] = {}
    for one in passages.spellings({key[:1] for key in keys.values()}):
        for word, key in keys.items():
            away = spelling.distance(key, key_of(one), spelling.allowed(key))
            if away <= spelling.allowed(key):
                better[word] = min(better.get(word, (away, one)), (away, one))
    return spelling.put_right(text, {word: one for word, (_, one) in better.items()}) if better else ""


# As one types

LEAST, EACH = 2, 4


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
