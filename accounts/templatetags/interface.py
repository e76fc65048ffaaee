"""The tags every screen is made of: rings, map, comb, fields. Builtins: no `{% load %}`.

Markup lives in the partial templates; geometry is computed once, here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import cos, radians, sin, sqrt, tan
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.widgets import CheckboxInput, Textarea, TextInput
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts import kept

register = template.Library()

LEVERS = {
    1: "Donner du sens",
    2: "Simplifier",
    3: "Pouvoir d’agir",
    4: "Capitaliser",
    5: "Former",
    6: "Coopérer",
}
DEPTHS = {"instantane": "instantané", "recit": "récit", "capitalisation": "capitalisation"}
CONTENT = Path(__file__).resolve().parent.parent / "content"


# --- Hexagon: six levers -------------------------------------------------------------------------------------------


@cache
def segments() -> tuple[dict[str, Any], ...]:
    """The six trapezoids of a ring of radius 50 around (0, 0): lever 1 at the top right, then clockwise."""
    outer, inner, gap = 50 * cos(radians(30)), 22 * cos(radians(30)), 1.1

    def point(axis: float, along: float, side: int) -> str:
        across = side * (along * tan(radians(30)) - gap / cos(radians(30)))
        x, y = along * cos(axis) - across * sin(axis), along * sin(axis) + across * cos(axis)
        return f"{round(x, 1):g},{round(y, 1):g}"

    drawn = []
    for number in range(1, 7):
        axis, middle = radians(-60 + 60 * (number - 1)), (outer + inner) / 2
        corners = (outer, -1), (outer, 1), (inner, 1), (inner, -1)
        drawn.append(
            {
                "number": number,
                "points": " ".join(point(axis, along, side) for along, side in corners),
                # Written here: a template would give them a French comma.
                "x": f"{middle * cos(axis):.1f}",
                "y": f"{middle * sin(axis):.1f}",
            }
        )
    return tuple(drawn)


def _lever(item: Any) -> tuple[int, str]:
    if isinstance(item, int):
        return item, LEVERS.get(item, "")
    if isinstance(item, Mapping):
        return int(item["number"]), str(item.get("short") or LEVERS.get(int(item["number"]), ""))
    return int(item.number), str(getattr(item, "short", "") or LEVERS.get(int(item.number), ""))


@lru_cache(maxsize=1024)
def _ring(supported: tuple[tuple[int, str], ...], size: str, decorative: bool) -> SafeString:
    numbers = {number for number, _ in supported}
    names = ", ".join(f"{number} {short}".strip() for number, short in supported)
    return render_to_string(
        "_hexagon_ring.html",
        {
            "segments": [{**segment, "on": segment["number"] in numbers} for segment in segments()],
            "size": size if size in {"s", "m", "l"} else "m",
            "decorative": decorative,
            "alternative": f"Soutient : {names}" if names else "Aucun levier indiqué",
        },
    )


@register.simple_tag
def hexagon_ring(levers: Iterable[Any] | None, size: str = "m", decorative: bool = False) -> SafeString:
    """The ring of the six levers, coloured where supported; `levers` holds numbers, or things with number and short."""
    return _ring(tuple(sorted({_lever(item) for item in levers or ()})), size, bool(decorative))


@register.simple_tag
def lever_mark(number: int, numbered: bool = False) -> SafeString:
    """One hexagon in the lever's colour; its name stands beside, in the text."""
    return format_html(
        '<svg class="lever-mark{} lever-{}" viewBox="-44 -50 88 100" aria-hidden="true" focusable="false">'
        '<path d="M0-50 43.3-25v50L0 50l-43.3-25v-50z"/>{}</svg>',
        " lever-mark-numbered" if numbered else "",
        number,
        format_html('<text y="15">{}</text>', number) if numbered else "",
    )


# --- Hexagon: l'Hexagone -------------------------------------------------------------------------------------------

CELL_WIDTH = 20.0
CELL_SIDE = CELL_WIDTH / sqrt(3)
CELL_SHAPE = "l9.5 5.5v11l-9.5 5.5-9.5-5.5v-11z"


@cache
def cells() -> dict[str, tuple[str, int, int]]:
    """Code → name, x, y of the centre, sorted as they are read: by name in the table, by row on the map."""
    read = json.loads((CONTENT / "hexagons.json").read_text(encoding="utf-8"))["cells"]
    placed = {
        code: (
            cell["name"],
            round((cell["col"] + (0.5 if cell["row"] % 2 == 0 else 0)) * CELL_WIDTH + 10),
            round(cell["row"] * CELL_SIDE * 1.5 + 12),
        )
        for code, cell in read.items()
    }
    return dict(sorted(placed.items(), key=lambda item: (item[1][2], item[1][1])))


@cache
def map_box() -> str:
    widths = max(x for _, x, _ in cells().values()) + 10
    heights = max(y for _, _, y in cells().values()) + 12
    return f"-1 -1 {widths + 2} {heights + 2}"


def classes(counts: Mapping[str, int]) -> tuple[dict[str, int], list[tuple[int, int, int]]]:
    """Each département's class, 0 for none then four quantiles, and the (class, least, most) really met."""
    known = sorted(value for code, value in counts.items() if value > 0 and code in cells())
    if not known:
        return {}, []
    distinct = sorted(set(known))
    if len(distinct) <= 4:
        rank = {value: position + (2 if len(distinct) == 1 else 1) for position, value in enumerate(distinct)}
        found = {code: rank[value] for code, value in counts.items() if value > 0 and code in cells()}
    else:
        cuts = [known[len(known) * quarter // 4 - 1] for quarter in (1, 2, 3)]
        found = {
            code: 1 + sum(value > cut for cut in cuts)
            for code, value in counts.items()
            if value > 0 and code in cells()
        }
    met = []
    for level in sorted(set(found.values())):
        values = [counts[code] for code, its in found.items() if its == level]
        met.append((level, min(values), max(values)))
    return found, met


@register.inclusion_tag("_hexagon_map.html")
def hexagon_map(
    counts: Mapping[str, int],
    url: str = "/initiatives/?departement=",
    selected: str | Iterable[str] = (),
    table: bool = True,
    small: bool = False,
    caption: str = "Initiatives connues, par département",
) -> dict[str, Any]:
    """The 101 départements, each a link; then the same as a list. `url` is a prefix, or holds `{code}`."""
    chosen = {selected} if isinstance(selected, str) else {str(code) for code in selected or ()}
    level, legend = classes(counts)
    drawn, rows = [], []
    for code, (name, x, y) in cells().items():
        value = counts.get(code, 0)
        address = url.replace("{code}", quote(code)) if "{code}" in url else f"{url}{quote(code)}"
        said = "aucune initiative connue" if not value else f"{value} initiative{'s' if value > 1 else ''}"
        drawn.append(
            format_html(
                '<a href="{}" class="q{}{}"><title>{} ({}) : {}</title>'
                '<path d="M{} {}{}"/><text x="{}" y="{}">{}</text></a>',
                address,
                level.get(code, 0),
                " selected" if code in chosen else "",
                name,
                code,
                said,
                x,
                y - 11,
                CELL_SHAPE,
                x,
                y + 3,
                code,
            )
        )
        if value > 0:
            rows.append({"name": name, "code": code, "count": value, "url": address, "selected": code in chosen})
    rows.sort(key=lambda row: str(row["name"]).translate(str.maketrans("ÉÈÔ", "EEO")))
    return {
        "drawn": mark_safe("".join(drawn)),  # noqa: S308  each piece comes from format_html
        "box": map_box(),
        "legend": legend,
        "rows": rows,
        "table": table,
        "small": small,
        "caption": caption,
    }


# --- Hexagon: the comb ---------------------------------------------------------------------------------------------


@register.inclusion_tag("_comb.html")
def depth_comb(depth: str) -> dict[str, Any]:
    """Instantané, récit, capitalisation: three cells that fill, and the word."""
    reached = list(DEPTHS).index(depth) + 1 if depth in DEPTHS else 0
    return {"cells": [place < reached for place in range(3)], "word": DEPTHS.get(depth, "brouillon")}


# --- Small pieces --------------------------------------------------------------------------------------------------


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Linked data for machines, as `json_script` writes it: nothing in it can end the element."""
    written = json.dumps(data, ensure_ascii=False)
    for sign, escaped in (
        ("<", "\\u003C"),
        (">", "\\u003E"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        written = written.replace(sign, escaped)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308


@register.simple_tag
def icon(name: str, text: str = "") -> SafeString:
    """A stroke icon; silent unless it stands alone and is given its text."""
    said = format_html('role="img" aria-label="{}"', text) if text else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>', said, static("img/icons.svg"), name
    )


@register.inclusion_tag("_chip.html")
def chip(label: object, url: str = "", remove: bool = False, current: bool = False) -> dict[str, Any]:
    return {"label": label, "url": url, "remove": remove, "current": current}


@register.inclusion_tag("_breadcrumb.html")
def breadcrumb(*pairs: str) -> dict[str, Any]:
    """Label, address, label, address…; an empty address for where one is."""
    return {"steps": list(zip(pairs[::2], [*pairs[1::2], ""], strict=False))}


@register.inclusion_tag("_pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any], param: str = "page") -> dict[str, Any]:
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else None
        if query is None:
            return f"?{param}={number}"
        query.pop(param, None)
        if number > 1:
            query[param] = str(number)
        return f"?{query.urlencode()}" if query else (request.path if request else "?")

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": [
            {"number": number, "url": address(number) if isinstance(number, int) else ""} for number in numbers
        ],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def nav_link(context: RequestContext, section: str, label: str, name: str) -> SafeString:
    """An entry of the main menu, marked when the reader is in its section."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return mark_safe("")
    nav = context.get("nav") or {}
    here = nav.get("section", "") if isinstance(nav, dict) else getattr(nav, "section", "")
    request = context.get("request")
    mark = ""
    if request is not None and request.path == address:
        mark = mark_safe(' aria-current="page"')
    elif here and here in section.split():
        mark = mark_safe(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', address, mark, label)


@register.simple_tag(takes_context=True)
def htmx(context: RequestContext) -> SafeString:
    """htmx with a configuration that holds under our policy: no inline style, no eval."""
    from django_htmx.jinja import django_htmx_script, htmx_script

    return format_html(
        '<meta name="htmx-config" content="{}">{}{}',
        json.dumps(
            {
                "includeIndicatorStyles": False,
                "allowEval": False,
                "allowScriptTags": False,
                "selfRequestsOnly": True,
                "historyCacheSize": 0,
                "historyRestoreAsHxRequest": False,
            }
        ),
        htmx_script(),
        django_htmx_script(),
    )


# --- Forms ---------------------------------------------------------------------------------------------------------

# A short text says its limit only when it is a sentence (a title), not when it is a name.
COUNTED_INPUT = 140


def _describe(bound: BoundField) -> dict[str, Any]:
    field, widget = bound.field, bound.field.widget
    most = getattr(field, "max_length", None)
    least = getattr(field, "min_length", None)
    counted = bool(most) and getattr(
        field,
        "counter",
        isinstance(widget, Textarea) or (type(widget) is TextInput and 80 <= int(most or 0) <= COUNTED_INPUT),
    )
    single = isinstance(widget, CheckboxInput)
    grouped = bound.use_fieldset
    said = [
        suffix
        for suffix, present in (
            ("helptext", bool(bound.help_text)),
            ("error", bool(bound.errors)),
            ("limit", counted),
        )
        if present
    ]
    described = " ".join(f"{bound.auto_id}_{suffix}" for suffix in said)
    attrs: dict[str, Any] = {}
    if described and not grouped:
        attrs["aria-describedby"] = described
    if counted:
        # The browser would cut a pasted text without a word: the limit is counted, then said by the server.
        attrs |= {"maxlength": False, "minlength": False, "data-max": most}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "id": bound.auto_id,
        "for": bound.id_for_label,
        "grouped": grouped,
        "single": single,
        "described": described,
        "errors": bound.errors,
        "optional": not field.required and getattr(field, "mark_optional", not single),
        "good": getattr(field, "good", ""),
        "bad": getattr(field, "bad", ""),
        "small": getattr(field, "small", False),
        "counted": counted,
        "least": least,
        "most": most,
    }


@register.inclusion_tag("_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field with all that goes with it: label, help, examples, limit, error."""
    return {"hidden": True, "control": bound.as_widget()} if bound.is_hidden else _describe(bound)


def _target(bound: BoundField) -> str:
    """The control a link to the error must reach."""
    if not bound.use_fieldset:
        return bound.id_for_label or bound.auto_id
    for part in bound.subwidgets:
        if part.id_for_label:
            return part.id_for_label
    return bound.auto_id


def _problems(asked: Iterable[BaseForm | BaseFormSet[Any] | None]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for form in asked:
        if form is None or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            found += [{"text": str(text), "target": ""} for text in form.non_form_errors()]
            found += _problems(form.forms)
            continue
        found += [{"text": str(text), "target": ""} for text in form.non_field_errors()]
        for bound in form:
            target = "" if bound.is_hidden else _target(bound)
            label = str(bound.label or "")
            found += [{"text": str(text), "target": target, "label": label} for text in bound.errors]
    return found


@register.inclusion_tag("_form_errors.html")
def form_errors(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    return {"problems": _problems(forms)}


@register.simple_tag(takes_context=True)
def writer_mark(context: RequestContext) -> SafeString:
    """In a form whose text survives the end of the session: who writes it (accounts.kept)."""
    person = context["request"].user
    return format_html('<input type="hidden" name="{}" value="{}">', kept.WRITER, kept.mark_of(person.pk))


@register.simple_tag
def error_prefix(*forms: BaseForm | BaseFormSet[Any] | None) -> str:
    """« Erreur : » at the head of the page's title when something must be corrected."""
    return "Erreur : " if _problems(forms) else ""
