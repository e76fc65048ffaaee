"""A call for initiatives, as it is written: prefilled from where one came, in the words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts import rights
from accounts.models import Person, Territory
from accounts.models.territories import Level
from accounts.territories import located
from guide.french import typeset
from guide.models import Method
from initiatives.models import Obstacle, Public, Theme
from initiatives.search import Question, ask, facets, version
from initiatives.search.terms import UNKNOWN
from initiatives.search.text import legible
from levers.forms.fields import NOT_OFFERED, Day, Line, Text, asked, refused
from levers.models import DAGBERT, Call, Lever, Proposal

MOST_DAYS = 730
# Parameter of the catalogue → field of a call.
SUBJECT = {
    "levier": "lever", "proposition": "proposal", "methode": "method", "theme": "theme", "public": "public",
    "frein": "obstacle",
}  # fmt: skip
LABELS = {
    "levier": "Levier", "proposition": "Proposition", "methode": "Méthode", "theme": "Thème", "public": "Public",
    "frein": "Frein",
}  # fmt: skip
PLACES = (Level.REGION.value, Level.DEPARTEMENT.value)


def labels() -> Mapping[str, Mapping[str, str]]:
    """The catalogue's own words, kept by the process; the database is asked for its version."""
    return facets.labels(version())


def understood(data: QueryDict) -> tuple[dict[str, str], str, bool]:
    """({parameter: value}, the text searched, whether something was left aside) of an address of the catalogue."""
    known, chosen, odd = labels(), {}, False
    for name in (*SUBJECT, *PLACES):
        values = [value for value in data.getlist(name) if value]
        value = values[0] if values else ""
        if value in known.get(name, {}) and value != UNKNOWN:
            chosen[name] = value
            odd = odd or len(values) > 1
        elif value:
            odd = True
    # A call is of a département or wider: a commune stands in one, which its code says.
    commune = data.get(Level.COMMUNE.value, "")
    code = commune[:3] if commune.startswith(("97", "98")) else commune[:2]
    if code in known[Level.DEPARTEMENT.value]:
        chosen.setdefault(Level.DEPARTEMENT.value, code)
    if Level.DEPARTEMENT.value in chosen:
        chosen.pop(Level.REGION.value, None)
    return chosen, " ".join(legible(data.get("q", "")[:200]).split())[:60], odd


def said(chosen: Mapping[str, str], text: str = "") -> tuple[str, str]:
    """(what is sought in a few words, where) of a subject."""
    known = labels()
    words = [f"« {text} »"] if text else []
    if "proposition" in chosen:
        words.append(known["proposition"][chosen["proposition"]])
    elif "levier" in chosen:
        words.append(f"le levier « {known['levier'][chosen['levier']]} »")
    words += [known[name][chosen[name]] for name in ("methode", "theme", "public") if name in chosen]
    if "frein" in chosen:
        words.append(f"lever le frein « {known['frein'][chosen['frein']]} »")
    where = next(
        (located(level, chosen[level], known[level][chosen[level]]) for level in PLACES[::-1] if level in chosen), ""
    )
    return ", ".join(words), where


def prefilled(data: QueryDict) -> tuple[dict[str, str], bool]:
    """The first words of a call, from the address it is launched from."""
    chosen, text, odd = understood(data)
    what, where = said(chosen, text)
    initial: dict[str, str] = {name: value for name, value in chosen.items() if name in SUBJECT}
    place = next((f"{level}:{chosen[level]}" for level in PLACES if level in chosen), "")
    if place:
        initial["territory"] = place
    if what or where:
        known = ask(Question(text=text, choices={name: (value,) for name, value in chosen.items()})).total
        heading = (
            f"Qui l’a fait {where or 'près de chez vous'} ? {what}" if what else f"Qu’avez-vous fait ensemble {where} ?"
        )
        initial["title"] = typeset(heading)[:120].rstrip(" ,")
        about = f"sur ce sujet ({what})" if what else ""
        number = "Nous ne connaissons aucune initiative" if not known else "Nous connaissons peu d’initiatives"
        first = " ".join(filter(None, [number, about, where]))
        initial["question"] = typeset(
            f"{first}. Si vous en menez une, ou si vous en avez mené une, racontez-la : un premier récit tient en dix"
            " minutes, et dire ce qui a coincé aide autant que le reste."
        )
    return initial, odd


class CallForm(forms.Form):
    """`by` says where one may call: everywhere, or in one's own territories."""

    title = asked(
        Line(label="Votre question, en une ligne", max_length=120),
        good=typeset("Qui a ouvert une cuisine partagée dans la Creuse ?"),
    )
    question = Text(
        label="Ce que vous cherchez",
        help_text="Qui a pu le faire, où, et ce que vous aimeriez savoir. Les équipes liront cela d’abord.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    territory = asked(
        forms.ChoiceField(label="Territoire", required=False, error_messages={"invalid_choice": NOT_OFFERED}),
        mark_optional=False,
    )
    closes_on = asked(
        Day(
            label="Jusqu’au",
            required=False,
            help_text="Sans date, l’appel reste ouvert tant que vous ne le fermez pas.",
        ),
        small=True,
    )

    def __init__(self, data: Any = None, *, by: Person, call: Call | None = None, **kwargs: Any) -> None:
        self.by, self.call = by, call
        super().__init__(data, **kwargs)
        known = labels()
        for name, label in LABELS.items():
            values = sorted(
                known[name].items(), key=lambda row: (not row[0].isdigit(), int(row[0]) if row[0].isdigit() else 0)
            )
            rows = [
                (value, f"{value}. {text}" if value.isdigit() else text) for value, text in values if value != UNKNOWN
            ]
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", "sans précision"), *rows],
                error_messages={"invalid_choice": NOT_OFFERED},
            )  # fmt: skip
        self.fields["territory"].choices = self._territories()  # type: ignore[attr-defined]

    @property
    def subject(self) -> list[forms.BoundField]:
        return [self[name] for name in SUBJECT]

    @property
    def has_subject(self) -> bool:
        return any(self[name].value() or self[name].errors for name in SUBJECT)

    def _territories(self) -> list[Any]:
        known = labels()
        if rights.edits_guide(self.by):
            groups = [
                (title, [(f"{level}:{code}", name) for code, name in sorted(known[level].items()) if code != UNKNOWN])
                for level, title in zip(PLACES, ("Régions", "Départements"), strict=True)
            ]
            return [("", "le pays entier"), *groups]
        mine = rights.coordinated_territories(self.by)
        rows = [(f"{place.level}:{place.code}", place.label) for place in mine]
        inside = Territory.objects.departements().filter(region__in=[p for p in mine if p.level == Level.REGION])
        rows += [(f"{place.level}:{place.code}", place.label) for place in inside.order_by("code")]
        if self.call and self.call.territory:
            kept = (f"{self.call.territory.level}:{self.call.territory.code}", self.call.territory.label)
            rows += [kept] if kept not in rows else []
        return rows

    def clean_closes_on(self) -> date | None:
        day: date | None = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day and day < today:
            raise refused("Cette date est passée : choisissez aujourd’hui ou un jour qui vient.")
        if day and day > today + timedelta(days=MOST_DAYS):
            raise refused("Choisissez une date dans les deux ans : l’appel pourra être prolongé.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("territory") and "territory" not in self.errors and not rights.edits_guide(self.by):
            self.add_error("territory", refused("Choisissez le territoire de l’appel."))
        return data

    def said(self) -> dict[str, Any]:
        """The columns of the call."""
        data = self.cleaned_data
        level, _, code = data["territory"].partition(":")
        return {
            "title": data["title"],
            "question": data["question"],
            "closes_on": data["closes_on"],
            "territory": Territory.objects.filter(level=level, code=code).first() if code else None,
            "lever": Lever.objects.filter(framework=DAGBERT, number=int(data["levier"] or 0)).first(),
            "proposal": Proposal.objects.filter(number=int(data["proposition"] or 0)).first(),
            "method": Method.objects.filter(slug=data["methode"]).first(),
            "theme": Theme.objects.filter(code=data["theme"]).first(),
            "public": Public.objects.filter(code=data["public"]).first(),
            "obstacle": Obstacle.objects.filter(number=int(data["frein"] or 0)).first(),
        }


def initial_of(call: Call) -> dict[str, Any]:
    place = call.territory
    return {
        "title": call.title,
        "question": call.question,
        "closes_on": call.closes_on,
        "territory": f"{place.level}:{place.code}" if place else "",
        **{name: value for name, value in call.choices.items() if name in SUBJECT},
    }
