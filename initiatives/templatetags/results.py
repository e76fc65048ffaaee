"""What a page of results repeats by the hundred: the choices of its facets and its rows.

Each piece is escaped and written once a process, then joined with what changes: a template costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from accounts.templatetags.hexagons import ring_of
from initiatives.cards import Card
from initiatives.offered import Choice, FacetShown

register = template.Library()
LONG = 230


@lru_cache(maxsize=4096)
def _choice(name: str, value: str, label: str) -> tuple[str, str]:
    name, value, label = escape(name), escape(value), escape(label)
    box = f'<li><label><input type="checkbox" name="{name}" value="{value}" form="question"'
    return box, f'> <span>{label}</span> <span class="count">'


@register.simple_tag
def facets(some: Iterable[FacetShown]) -> SafeString:
    """Facets of checkboxes, each with how many sheets it gives; a long one is folded after its first values."""
    return mark_safe("".join(_facet(one) for one in some))  # noqa: S308  made by _facet, which escapes


def _facet(one: FacetShown) -> str:
    name, label = escape(one.facet.name), escape(one.facet.label)
    rest = ""
    if one.rest:
        rest = (
            f'<details class="more" id="plus-{name}"><summary>Voir tout ({len(one.first) + len(one.rest)})'
            f'<span class="visually-hidden"> : {label}</span></summary><ul>\n{_choices(one.rest)}</ul></details>\n'
        )
    return (
        f'<fieldset class="facet" id="facette-{name}"><legend>{label}</legend><ul>\n{_choices(one.first)}</ul>\n'
        f"{rest}</fieldset>\n"
    )


def _choices(some: Iterable[Choice]) -> str:
    written = []
    for one in some:
        box, said = _choice(one.name, one.value, one.label)
        written.append(f"{box}{' checked' if one.checked else ''}{said}{int(one.count)}</span></label></li>\n")
    return "".join(written)


@register.simple_tag
def options(some: Iterable[tuple[str, str, bool]]) -> SafeString:
    """(value, label, whether chosen) as the options of a list."""
    return mark_safe(  # noqa: S308  escaped here
        "".join(
            f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>\n'
            for value, label, chosen in some
        )
    )


@register.simple_tag
def rows(found: Iterable[Card], heading: str = "h2", collect: str = "") -> SafeString:
    """The rows of a page of results. `collect` is the address that keeps one, with `{slug}` in it."""
    kept = escape(collect)
    return mark_safe("".join(_row(one, heading, kept) for one in found))  # noqa: S308  made by _row, which escapes


def _row(one: Card, heading: str, collect: str) -> str:
    title = _safe(one.title)
    eyebrow = f'<p class="eyebrow">{_safe(one.line)}</p>' if one.line else ""
    text = _safe(one.excerpt) or escape(_short(one.summary))
    acts = f'<li><span class="badge badge-off">{_safe(one.badge)}</span></li>' if one.badge else ""
    if collect:
        address = collect.replace("{slug}", escape(one.slug))
        acts += f'<li><a href="{address}">Ajouter au recueil<span class="visually-hidden"> : {title}</span></a></li>'
    return (
        f'<li><article class="result">{ring_of(one.levers)}<div class="card-head">{eyebrow}'
        f'<{heading}><a href="{escape(one.url)}">{title}</a></{heading}></div>'
        f"{f'<p class="card-text">{text}</p>' if text else ''}"
        f"{f'<ul class="result-acts">{acts}</ul>' if acts else ''}</article></li>\n"
    )


def _short(text: str) -> str:
    """The beginning of a summary: four lines; the sheet has the rest."""
    if len(text) <= LONG:
        return text
    cut = text[:LONG].rpartition(" ")[0] or text[:LONG]
    return f"{cut.rstrip(' ,;:–-(«')}…"


def _safe(text: str) -> str:
    return str(text) if hasattr(text, "__html__") else escape(text)
