"""The question one asks of the catalogue: one form for the page, its feed, and later the API, exports and alerts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.models import Territory
from accounts.models.territories import Level
from accounts.territories import located
from initiatives import around
from initiatives.search import PAGE_SIZE, Answer, Question, ask, facets, version
from initiatives.search.terms import UNKNOWN
from initiatives.search.text import MAX_QUERY, MAX_SIGNS, legible

MAX_VALUES, MAX_SHOWN, FEED_SIZE = 40, 5, 30
FIRST_YEAR = 1950
ORDERS = {"pertinence": "pertinence", "recentes": "vérifiées récemment", "titre": "titre"}
# What an address may say besides the facets; `format` is no question about initiatives.
UNDERSTOOD = ("q", "commune", "epci", "lieu", "depuis", "tri", "page", "format")


@dataclass(frozen=True)
class Chip:
    """A choice in force, and the address of the same question without it."""

    name: str
    value: str
    label: str
    url: str


class CatalogueFilter:
    """Validates the parameters of a request and says the question, its chips, its title and what was ignored.

    Nothing here raises on bad input: what isn't understood is left aside and `notices` says so.
    """

    def __init__(self, data: Mapping[str, Any] | None = None, *, at: int | None = None) -> None:
        """`at` is the catalogue's version, when it is already known."""
        self.data: Mapping[str, Any] = data if data is not None else {}
        self.notices: list[str] = []
        self.at = version() if at is None else at

    def _typed(self, name: str) -> list[str]:
        """What the address says under a name, without the signs nobody types; each once, and nothing empty."""
        data = self.data
        given = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        values = [given] if isinstance(given, str) else given
        said = (legible(str(value)[:MAX_QUERY]).strip() for value in values)
        return list(dict.fromkeys(value for value in said if value))

    def _last(self, name: str) -> str:
        return (self._typed(name) or [""])[-1]

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        return {facet.name: self._typed(facet.name) for facet in facets.all_facets() if facet.name in self.data}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """{facet: {value: label}}: all of them, but for the facets too long to be read whole."""
        return facets.labels(self.at) | facets.some({n: v[:MAX_VALUES] for n, v in self._values.items()})

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What is chosen in each facet, once what doesn't exist has been left aside."""
        chosen: dict[str, tuple[str, ...]] = {}
        for facet in facets.all_facets():
            values = self._values.get(facet.name)
            if not values:
                continue
            known = [value for value in values[:MAX_VALUES] if value in self.labels[facet.name]]
            unknown = [value for value in values if value not in self.labels[facet.name]]
            if unknown:
                self._ignore(facet.label, unknown)
            elif len(values) > MAX_VALUES:
                self.notices.append(f"{facet.label} : seules les {MAX_VALUES} premières valeurs ont été retenues.")
            if known:
                chosen[facet.name] = tuple(known)
        return chosen

    @cached_property
    def place(self) -> Territory | None:
        """The commune or intercommunalité asked by its code, or by its name or postal code as typed in `lieu`."""
        for level, label in ((Level.COMMUNE, "Commune"), (Level.EPCI, "Intercommunalité")):
            codes = self._typed(level.value)[:MAX_VALUES]
            if codes:
                found = around.coded(level.value, codes)
                if found is None:
                    self._ignore(label, codes)
                elif len(codes) > 1 or (level == Level.COMMUNE and self._typed("epci")):
                    self.notices.append(f"On cherche autour d’un lieu à la fois : ici, {found.label}.")
                return found
        typed = self._last("lieu")[: around.MOST_TYPED]
        if not typed:
            return None
        named = around.named(typed)
        if named is None:
            self.notices.append(f"Aucune commune ne s’appelle « {shown(typed)} » : ce lieu a été laissé de côté.")
            return None
        if named.others:
            others = ", ".join(place.label for place in named.others)
            self.notices.append(
                f"Nous avons pris {named.territory.label}. Il y a aussi : {others}. Précisez le département."
            )
        return named.territory

    @cached_property
    def since(self) -> int | str | None:
        """The year from which sheets began, `UNKNOWN` for those that don't say, or None."""
        typed = self._last("depuis")
        if typed == UNKNOWN:
            return UNKNOWN
        if re.fullmatch(r"[0-9]{4}", typed, re.ASCII) and FIRST_YEAR <= int(typed) <= timezone.localdate().year + 1:
            return int(typed)
        if typed:
            self._ignore("Depuis", [typed])
        return None

    @cached_property
    def question(self) -> Question:
        """The question, as asked of the search. Completes `notices`."""
        choices, place, since = self.choices, self.place, self.since
        self._notice_unknown()
        page, order = self._last("page"), self._last("tri")
        if page and not re.fullmatch(r"0*[1-9][0-9]{0,8}", page, re.ASCII):
            self._ignore("Page", [page])
            page = ""
        if order and order not in ORDERS:
            self._ignore("Tri", [order])
            order = ""
        return Question(
            text=self._last("q"),
            choices={**choices, "annee": (UNKNOWN,)} if since == UNKNOWN else choices,
            since=since if isinstance(since, int) else None,
            near=around.tiers(place),
            order=order,
            page=int(page or 1),
            size=PAGE_SIZE,
        )

    @property
    def words(self) -> str:
        """What was read of the text."""
        return self.question.text[:MAX_SIGNS]

    def ask(self) -> Answer:
        answer = ask(self.question)
        self.notices += answer.ignored
        if self.question.page > answer.page:
            self.notices.append(f"Il n’y a pas de page {self.question.page} : voici la dernière.")
        return answer

    @cached_property
    def is_empty(self) -> bool:
        return not (self.question.text or self.question.wanted())

    # The same question elsewhere

    @cached_property
    def query(self) -> QueryDict:
        """The question as an address: what is in force, in one order, and nothing else."""
        question = self.question
        query: QueryDict = QueryDict(mutable=True)
        if question.text:
            query["q"] = self.words
        for name, values in self.choices.items():
            query.setlist(name, list(values))
        if self.place:
            query[self.place.level] = self.place.code
        if self.since:
            query["depuis"] = str(self.since)
        if question.order and question.order != ("pertinence" if question.text else "recentes"):
            query["tri"] = question.order
        return query

    def url(self, name: str = "initiatives:catalogue", **changes: str | None) -> str:
        """An address of this question with some parameters changed, or dropped when None; the page starts again."""
        query = self.query.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = value
        return _address(name, query)

    def page_url(self, page: int) -> str:
        return self.url(page=str(page)) if page > 1 else self.url()

    def url_without(self, name: str, value: str = "") -> str:
        query = self.query.copy()
        kept = [v for v in query.getlist(name) if value and v != value]
        if kept:
            query.setlist(name, kept)
        else:
            query.pop(name, None)
        return _address("initiatives:catalogue", query)

    def url_with(self, name: str) -> str:
        """The address of this question with one more value of a facet, which is to be written at its end."""
        query = self.query.copy()
        values = query.pop(name, [])
        query.setlist(name, [*values, ""])
        return _address("initiatives:catalogue", query)

    @cached_property
    def chips(self) -> list[Chip]:
        names = {facet.name: facet for facet in facets.all_facets()}
        chips = [
            Chip(name, value, self._chip_label(name, value), self.url_without(name, value))
            for name, values in sorted(self.choices.items(), key=lambda item: names[item[0]].order)
            for value in values
        ]
        if self.place:
            level = self.place.level
            chips.append(Chip(level, self.place.code, around.said(self.place), self.url_without(level)))
        if self.since:
            label = "Année non renseignée" if self.since == UNKNOWN else f"Depuis {self.since}"
            chips.append(Chip("depuis", str(self.since), label, self.url_without("depuis")))
        return chips

    def _chip_label(self, name: str, value: str) -> str:
        label = self.labels[name][value]
        if value == UNKNOWN:
            return f"{facets.named(name).label} : {label}"
        if name == "levier":
            return f"{value} · {label}"
        return {"frein": f"Frein : {label}", "proposition": f"Proposition {value}"}.get(name, label)

    @cached_property
    def title(self) -> str:
        """« Travail social de groupe dans le Pas-de-Calais », « Initiatives : « jardin » ». Plain text."""
        chosen = {
            name: [self.labels[name][value] for value in values if value != UNKNOWN]
            for name, values in self.choices.items()
        }
        head = _one_of(chosen.get("methode", [])) or "Initiatives"
        words = [*chosen.get("theme", []), *chosen.get("public", []), *chosen.get("etiquette", [])]
        words += [f"levier {value}" for value in self.choices.get("levier", ())]
        words += [f"proposition {value}" for value in self.choices.get("proposition", ())]
        words += [f"frein {label.lower()}" for label in chosen.get("frein", [])]
        words += [f"récit de profondeur {label}" for label in chosen.get("profondeur", [])]
        words += [label.lower() for label in chosen.get("accueil", [])]
        words += [self._chip_label(name, UNKNOWN).lower() for name, v in self.choices.items() if UNKNOWN in v]
        where = [
            located(level, code, self.labels[level][code])
            for level in ("departement", "region")
            for code in self.choices.get(level, ())
            if code != UNKNOWN
        ]
        if self.place:
            where.append(around.said(self.place)[0].lower() + around.said(self.place)[1:])
        parts = [head]
        if self.question.text:
            parts.append(f"« {shown(self.question.text)} »")
        if words:
            parts.append(f": {', '.join(words)}" if not self.question.text else f"({', '.join(words)})")
        if where:
            parts.append(_one_of(where))
        if self.since:
            parts.append("(année non renseignée)" if self.since == UNKNOWN else f"depuis {self.since}")
        return " ".join(parts)

    @property
    def cleared_url(self) -> str:
        """The address of the words alone, without a filter."""
        query: QueryDict = QueryDict(mutable=True)
        if self.words:
            query["q"] = self.words
        return _address("initiatives:catalogue", query)

    # Notices

    def _ignore(self, label: str, values: Iterable[str]) -> None:
        values = list(values)
        said = ", ".join(f"« {shown(value)} »" for value in values[:MAX_SHOWN])
        what = "n’existent pas ici : ces valeurs ont" if len(values) > 1 else "n’existe pas ici : cette valeur a"
        self.notices.append(f"{label} : {said} {what} été laissée{'s' if len(values) > 1 else ''} de côté.")

    def _notice_unknown(self) -> None:
        known = {*UNDERSTOOD, *(facet.name for facet in facets.all_facets())}
        unknown = [name for name in self.data if name not in known]
        if unknown:
            names = ", ".join(f"« {shown(name)} »" for name in unknown[:MAX_SHOWN])
            more = " et d’autres" if len(unknown) > MAX_SHOWN else ""
            self.notices.append(f"L’adresse contient {names}{more}, que le catalogue ne connaît pas : c’est ignoré.")


_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """What someone typed, short enough to be said back; what reads from right to left turns nothing around it."""
    text = _TURNING.sub("", " ".join(legible(text).split()))
    text = text if len(text) <= 60 else f"{text[:59]}…"
    return f"\u2068{text}\u2069" if any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in text) else text


def _one_of(words: list[str]) -> str:
    return " ou ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _address(name: str, query: MultiValueDict[str, str]) -> str:
    path = _path(name)
    return f"{path}?{query.urlencode()}" if query else path  # type: ignore[attr-defined]


@cache
def _path(name: str) -> str:
    return reverse(name)
