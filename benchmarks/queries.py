"""The 160 questions asked, with their facets in our words: the same at every size."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.references import METHODS, OUR_LEVERS, PUBLICS, THEMES
from benchmarks.vocabulary import Vocabulary
from guide.french import slug_of

QUERIES = Path(__file__).parent / "queries.json"


@dataclass(frozen=True)
class Query:
    kind: str
    text: str
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: int | None = None
    expected: int | None = None
    """The place of the generated sheet that must be found."""

    @property
    def url(self) -> str:
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.choices for value in values]
        pairs += [("depuis", str(self.since))] if self.since else []
        return "/initiatives/" + (f"?{urlencode(pairs)}" if pairs else "")

    def question(self, **more: Any) -> Any:
        from initiatives.search import Question

        return Question(text=self.text, choices=dict(self.choices), since=self.since, **more)


@cache
def queries() -> tuple[Query, ...]:
    from benchmarks.corpus import SEED

    tags = Vocabulary(SEED).tags
    return tuple(_query(said, tags) for said in json.loads(QUERIES.read_text(encoding="utf-8")))


def sample(most: int) -> tuple[Query, ...]:
    """At most so many of them, of every kind in its share."""
    every = queries()
    return every if most >= len(every) else tuple(every[place * len(every) // most] for place in range(most))


def _query(said: dict[str, Any], tags: list[str]) -> Query:
    of: dict[str, list[Any]] = said["facets"]
    choices = {
        "methode": [METHODS[n - 1] for n in of.get("methods", ())],
        "theme": [THEMES[n - 1] for n in of.get("themes", ())],
        "public": [PUBLICS[n - 1] for n in of.get("publics", ())],
        "levier": sorted({str((n - 1) % OUR_LEVERS + 1) for n in of.get("levers", ())}),
        "etiquette": [slug_of(tags[n - 1]) for n in of.get("tags", ())],
        "region": of.get("region", []),
        "departement": of.get("department", []),
    }
    return Query(
        kind=said["kind"],
        text=said["q"],
        choices=tuple((name, tuple(values)) for name, values in choices.items() if values),
        since=min(of["year"]) if "year" in of else None,
        expected=said["expect"][0] - 1 if said.get("expect") else None,
    )
