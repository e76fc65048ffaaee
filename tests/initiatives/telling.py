"""The gestures of someone who tells: opening a screen, and sending back what it shows with something typed over."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from django.test import Client
from django.urls import reverse

from initiatives.models import Version
from initiatives.models.choices import ANONYMITY_TICKS
from tests import factories

WHAT = {
    "title": "La cuisine partagée qui ouvre les boîtes aux lettres",
    "summary": factories.SUMMARY,
    "state": "ongoing",
    "start_month": "3",
    "start_year": "2023",
    "end_year": "",
}
WHERE = {"organisation_name": "Centre social du Bassin", "place": "Lens", "scope": "quartier"}
STORY = {
    "beginning": "Des lettres jamais ouvertes, et une cuisine vide le mardi.",
    "story": factories.STORY,
    "publics": ["familles"],
    "themes": ["alimentation", "isolement"],
    "methods": ["travail-social-de-groupe"],
    "words": "soupe, courrier",
}
RIGHTS = {
    "contact_mode": "relayed",
    "licence": "cc-by-4.0",
    "employer_agrees": "on",
    "people_agree": "on",
    "anonymity": list(ANONYMITY_TICKS),
}


def address(step: str, version: Version) -> str:
    return reverse("initiatives:step", args=[version.initiative_id, step])


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder, self.open = TreeBuilder(), []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.open.append(tag)
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open:
            last = self.open.pop()
            self.builder.end(last)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.open:
            self.builder.data(data)


def tree(answer: Any) -> Element:
    """A page as a tree one can search (`findall(".//a[@href]")`)."""
    reader = _Reader()
    reader.feed(answer.text)
    return reader.builder.close()


def shown(answer: Any, having: str = "edition") -> dict[str, list[str]]:
    """What the form of a page would send back if one pressed its button without typing anything."""
    forms = [
        form for form in tree(answer).findall(".//main//form") if form.find(f".//input[@name='{having}']") is not None
    ]
    assert forms, "no such form on the page"
    return answers_of(forms[0])


def answers_of(form: Element) -> dict[str, list[str]]:
    """What a form would send back as it stands."""
    values: dict[str, list[str]] = {}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type")
        if not name or control.tag == "button" or (kind in ("radio", "checkbox") and control.get("checked") is None):
            continue
        if control.tag == "textarea":
            value = (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            chosen = control.find(".//option[@selected]")
            value = chosen.get("value", "") if chosen is not None else ""
        else:
            value = control.get("value", "on" if kind in ("radio", "checkbox") else "")
        values.setdefault(name, []).append(value)
    return values


def write(browser: Client, step: str, version: Version, follow: bool = False, **typed: Any) -> Any:
    """Open a screen, type over what it shows, and send it."""
    opened = shown(browser.get(address(step, version)))
    return browser.post(address(step, version), {**opened, **typed}, follow=follow)
