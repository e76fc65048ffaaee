"""The question one asks of the catalogue: one form for the page, its feed, and later the API, exports and alerts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.models import Territory
from accounts.territories import key_of, located
from initiatives.models import Initiative
from initiatives.search import PAGE_SIZE, Answer, Question, ask, facets
from initiatives.search.text import MAX_QUERY, legible

MAX_VALUES, MAX_SHOWN, FEED_SIZE = 40, 5, 30
FIRST_YEAR = 1950
ORDERS = {"pertinence": "pertinence", "recentes": "vérifiées récemment", "titre": "titre"}
# What stands in an address without being a question about initiatives.
SILENT = {"format"}


class ValuesWidget(forms.SelectMultiple):
    """Values may repeat; there is no list of choices here, the vocabularies are read with the answer."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values: list[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return values


class ValuesField(forms.Field):
    widget = ValuesWidget

    def clean(self, value: Iterable[str] | None) -> list[str]:
        said = (legible(str(item)).strip() for item in value or ())
        return list(dict.fromkeys(item for item in said if item))


class LooseText(forms.CharField):
    """Text that is never refused: what can't be stored is dropped, what is too long is cut when read."""

    def to_python(self, value: Any) -> str:
        return legible(str(value or "")[:MAX_QUERY]).strip()

    def run_validators(self, value: Any) -> None:
        return


class LooseInteger(forms.Field):
    """An integer, or None with the text kept aside for a notice."""

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValidationError("not a number")
        return int(text)

    def run_validators(self, value: Any) -> None:
        return


class Values(django_filters.Filter):
    field_class = ValuesField


class Text(django_filters.Filter):
    field_class = LooseText


class Number(django_filters.Filter):
    field_class = LooseInteger


@dataclass(frozen=True)
class Chip:
    """A choice in force, and the address of the same question without it."""

    name: str
    value: str
    label: str
    url: str


class CatalogueFilter(django_filters.FilterSet):
    """Validates the parameters of a request and says the question, its chips, its title and what was ignored.

    Nothing here raises on bad input: what isn't understood is left aside and `notices` says so.
    """

    q = Text()
    methode = Values()
    theme = Values()
    public = Values()
    region = Values()
    departement = Values()
    commune = Values()
    lieu = Text()
    levier = Values()
    proposition = Values()
    etiquette = Values()
    frein = Values()
    accueil = Values()
    profondeur = Values()
    depuis = Number()
    tri = Text()
    page = Number()

    class Meta:
        model = Initiative
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data if data is not None else {}, queryset=Initiative.objects.none(), **kwargs)
        self.notices: list[str] = []

    @cached_property
    def _said(self) -> dict[str, Any]:
        # A number that isn't one lacks from cleaned_data: it is as if it had not been said, but for the notice.
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """{facet: {value: label}}, read once."""
        return facets.read({facet.name: self._said.get(facet.name, [])[:MAX_VALUES] for facet in facets.all_facets()})

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What is chosen in each facet, once what doesn't exist has been left aside."""
        chosen: dict[str, tuple[str, ...]] = {}
        for facet in facets.all_facets():
            values: list[str] = self._said.get(facet.name, [])
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
        """The commune asked by its code, or by its name or postal code as typed in `lieu`."""
        communes = Territory.objects.communes().select_related("epci", "departement", "region")
        codes: list[str] = self._said.get("commune", [])
        typed: str = self._said.get("lieu", "")[:80]
        if codes:
            found = communes.filter(code__in=codes[:MAX_VALUES]).first()
            if found is None:
                self._ignore("Commune", codes)
            elif len(codes) > 1:
                self.notices.append(f"On cherche autour d’une commune à la fois : ici, {found.label}.")
            return found
        if not typed:
            return None
        named = re.fullmatch(r"(.+?)\s*\((\w{2,3})\)", typed)
        matches = communes.named_like(named[1] if named else typed)
        if named:
            matches = matches.filter(departement__code=named[2].upper())
        near = list(matches.order_by("-population")[:50])
        exact = [place for place in near if place.key == key_of(named[1] if named else typed)] or near
        if not near:
            self.notices.append(f"Aucune commune ne s’appelle « {shown(typed)} » : ce lieu a été laissé de côté.")
            return None
        if len(exact) > 1:
            others = ", ".join(place.label for place in exact[1:4])
            self.notices.append(f"Nous avons pris {exact[0].label}. Il y a aussi : {others}. Précisez le département.")
        return exact[0]

    @cached_property
    def question(self) -> Question:
        """The question, as asked of the search. Completes `notices`."""
        said, choices, place = self._said, self.choices, self.place
        self._notice_unknown()
        since, page = said.get("depuis"), said.get("page")
        if since is not None and not FIRST_YEAR <= since <= timezone.localdate().year + 1:
            self._ignore("Depuis", [str(since)])
            since = None
        if page is not None and page < 1:
            self._ignore("Page", [str(page)])
            page = None
        for name, label in (("depuis", "Depuis"), ("page", "Page")):
            if name in self.form.errors:
                self._ignore(label, self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]])
        order = said.get("tri", "")
        if order and order not in ORDERS:
            self._ignore("Tri", [order])
            order = ""
        return Question(
            text=said.get("q", ""),
            choices=choices,
            since=since,
            near=tiers(place),
            order=order,
            page=page or 1,
            size=PAGE_SIZE,
        )

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
            query["q"] = question.text
        for name, values in question.choices.items():
            query.setlist(name, list(values))
        if self.place:
            query["commune"] = self.place.code
        if question.since:
            query["depuis"] = str(question.since)
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

    @cached_property
    def map_url(self) -> str:
        """The question for one département, to which the map adds its code."""
        address = self.url(departement=None)
        return f"{address}{'&' if '?' in address else '?'}departement="

    @cached_property
    def chips(self) -> list[Chip]:
        names = {facet.name: facet for facet in facets.all_facets()}
        chips = [
            Chip(name, value, self._chip_label(name, value), self.url_without(name, value))
            for name, values in sorted(self.choices.items(), key=lambda item: names[item[0]].order)
            for value in values
        ]
        if self.place:
            label = f"Autour de {self.place.label}"
            chips.append(Chip("commune", self.place.code, label, self.url_without("commune")))
        if self.question.since:
            since = str(self.question.since)
            chips.append(Chip("depuis", since, f"Depuis {since}", self.url_without("depuis")))
        return chips

    def _chip_label(self, name: str, value: str) -> str:
        label = self.labels[name][value]
        if name == "levier":
            return f"{value} · {label}"
        return {"frein": f"Frein : {label}", "proposition": f"Proposition {value}"}.get(name, label)

    @cached_property
    def title(self) -> str:
        """« Travail social de groupe dans le Pas-de-Calais », « Initiatives : « jardin » ». Plain text."""
        chosen = {name: [self.labels[name][value] for value in values] for name, values in self.choices.items()}
        head = _one_of(chosen.get("methode", [])) or "Initiatives"
        words = [*chosen.get("theme", []), *chosen.get("public", []), *chosen.get("etiquette", [])]
        words += [f"levier {value}" for value in self.choices.get("levier", ())]
        words += [f"proposition {value}" for value in self.choices.get("proposition", ())]
        words += [f"frein {label.lower()}" for label in chosen.get("frein", [])]
        words += [f"récit de profondeur {label}" for label in chosen.get("profondeur", [])]
        words += [label.lower() for label in chosen.get("accueil", [])]
        where = [
            located(level, code, self.labels[level][code])
            for level in ("departement", "region")
            for code in self.choices.get(level, ())
        ]
        if self.place:
            where.append(f"autour de {self.place.name}")
        parts = [head]
        if self.question.text:
            parts.append(f"« {shown(self.question.text)} »")
        if words:
            parts.append(f": {', '.join(words)}" if not self.question.text else f"({', '.join(words)})")
        if where:
            parts.append(_one_of(where))
        if self.question.since:
            parts.append(f"depuis {self.question.since}")
        return " ".join(parts)

    # Notices

    def _ignore(self, label: str, values: Iterable[str]) -> None:
        values = list(values)
        said = ", ".join(f"« {shown(value)} »" for value in values[:MAX_SHOWN])
        what = "n’existent pas ici : ces valeurs ont" if len(values) > 1 else "n’existe pas ici : cette valeur a"
        self.notices.append(f"{label} : {said} {what} été laissée{'s' if len(values) > 1 else ''} de côté.")

    def _notice_unknown(self) -> None:
        unknown = [name for name in self.data if name not in self.filters and name not in SILENT]
        if unknown:
            names = ", ".join(f"« {shown(name)} »" for name in unknown[:MAX_SHOWN])
            more = " et d’autres" if len(unknown) > MAX_SHOWN else ""
            self.notices.append(f"L’adresse contient {names}{more}, que le catalogue ne connaît pas : c’est ignoré.")


def tiers(place: Territory | None) -> tuple[str, ...]:
    """A commune, what holds it, and the country, as terms, the nearest first."""
    if place is None:
        return ()
    around = (place, place.epci, place.departement, place.region)
    return (*(f"{level.level}:{level.code}" for level in around if level), "nation:FR")


def tier_labels(place: Territory) -> list[str]:
    """What each tier is called, in the order of `tiers`."""
    labels = [located("commune", place.code, place.name)]
    if place.epci:
        labels.append(f"ailleurs dans l’intercommunalité ({place.epci.name})")
    if place.departement:
        labels.append(f"ailleurs {located('departement', place.departement.code, place.departement.name)}")
    if place.region:
        labels.append(f"ailleurs {located('region', place.region.code, place.region.name)}")
    return [label[0].upper() + label[1:] for label in [*labels, "dans tout le pays"]]


def shown(text: str) -> str:
    """What someone typed, short enough to be said back."""
    text = " ".join(legible(text).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _one_of(words: list[str]) -> str:
    return " ou ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _address(name: str, query: MultiValueDict[str, str]) -> str:
    path = reverse(name)
    return f"{path}?{query.urlencode()}" if query else path  # type: ignore[attr-defined]
