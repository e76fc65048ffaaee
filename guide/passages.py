"""The texts the site's search reads beside the initiatives: cut in passages, as normal forms, in one small table.

passages.register("fiche", source)      # in AppConfig.ready(); source() yields the drafts of a kind, in order
passages.renew("fiche")                 # when its texts changed
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from accounts.territories import key_of
from guide.models import Passage
from guide.stems import normal, normals


@dataclass(frozen=True)
class Draft:
    """A passage to be: `title` names the page it stands on, `heading` its part, `note` what kind of page it is."""

    url: str
    title: str
    text: str
    heading: str = ""
    note: str = ""
    also: str = ""
    """Other names of the page: found as its title, not shown."""


class Clause(Protocol):
    """One thing asked for, as the reading of a question gives it: alternatives and phrases are normal forms."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def phrase(self) -> tuple[str, ...]: ...
    @property
    def excluded(self) -> bool: ...


type Source = Callable[[], Iterable[Draft]]
_sources: dict[str, Source] = {}
TITLE, HEADING, TEXT = 4, 2, 1


def register(kind: str, source: Source) -> None:
    _sources[kind] = source


def renew(*kinds: str) -> None:
    """Make the passages of these kinds again from their texts; of all kinds when none is named."""
    with transaction.atomic():
        for kind in kinds or _sources:
            Passage.objects.filter(kind=kind).delete()
            Passage.objects.bulk_create(_passage(kind, n, draft) for n, draft in enumerate(_sources[kind]()))


def _passage(kind: str, position: int, draft: Draft) -> Passage:
    title, heading, text = normals(f"{draft.title} {draft.also}"), normals(draft.heading), normals(draft.text)
    said = [*title, *heading, *text]
    written = re.findall(r"[^\W\d_]{4,40}", f"{draft.title} {draft.heading} {draft.text}".lower())
    return Passage(
        kind=kind,
        position=position,
        url=draft.url,
        title=draft.title,
        heading=draft.heading,
        note=draft.note,
        text=draft.text,
        title_words=sorted(set(title)),
        heading_words=sorted(set(heading)),
        said=f" {' '.join(said)} ",
        words=sorted({word[:80] for word in said}),
        spellings=sorted(set(written)),
    )


def find(clauses: Sequence[Clause], most: int) -> dict[str, tuple[int, list[Passage]]]:
    """{kind: (how many passages say all that is asked, the best of them)}. One statement.

    What a page is called comes first, then what its part is called, then what it says; rare words count for more.
    """
    wanted = [clause for clause in clauses if not clause.excluded]
    if not wanted:
        return {}
    matching = Q()
    for clause in clauses:
        said = _said(clause)
        matching &= ~said if clause.excluded else said
    found = list(Passage.objects.filter(matching).defer("spellings").order_by("kind", "position"))
    rarity = {word: 1 / (1 + sum(word in row.words for row in found)) for word in _keys(wanted)}
    kinds: dict[str, tuple[int, list[Passage]]] = {}
    for kind in dict.fromkeys(row.kind for row in found):
        rows = [row for row in found if row.kind == kind]
        rows.sort(key=lambda row: (-_score(row, rarity), row.position))
        kinds[kind] = len(rows), rows[:most]
    return kinds


def _said(clause: Clause) -> Q:
    """As SQL: each word bound as a value of an array, or as a text to be contained."""
    if clause.phrase:
        return Q(words__contains=list(clause.phrase), said__contains=f" {' '.join(clause.phrase)} ")
    said = Q(words__overlap=[words[0] for words in clause.alternatives if len(words) == 1])
    for words in clause.alternatives:
        if len(words) > 1:
            said |= Q(words__contains=list(words), said__contains=f" {' '.join(words)} ")
            said |= Q(title_words__contains=list(words))
    return said


def _keys(clauses: Iterable[Clause]) -> set[str]:
    return {word for clause in clauses for words in (*clause.alternatives, clause.phrase) for word in words}


def _score(row: Passage, rarity: dict[str, float]) -> float:
    places = ((TITLE, row.title_words), (HEADING, row.heading_words), (TEXT, row.words))
    return sum(worth * rarity[word] for worth, words in places for word in rarity.keys() & set(words))


def known(keys: Collection[str]) -> set[str]:
    """Those of these normal forms that some passage says."""
    rows = Passage.objects.filter(words__overlap=list(keys)).values_list("words", flat=True) if keys else ()
    return {word for words in rows for word in words if word in keys}


def spellings(first_letters: Collection[str]) -> set[str]:
    """The words of the passages that begin so, as written: few enough to be compared with a typo one by one."""
    rows = Passage.objects.values_list("spellings", flat=True) if first_letters else ()
    return {word for words in rows for word in words if key_of(word)[:1] in first_letters and normal(word)}
