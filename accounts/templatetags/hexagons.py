"""The one idea of the identity: the ring of six levers, the map of the départements, the comb of depths.

Builtin tags. Markup lives in the partial templates; geometry is computed once, here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html import escape
from math import cos, radians, sin, sqrt, tan
from pathlib import Path
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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


@lru_cache(maxsize=128)
def _ring_of(levers: tuple[int, ...]) -> SafeString:
    return _ring(tuple((number, LEVERS.get(number, "")) for number in levers), "m", False)


def ring_of(levers: Iterable[int]) -> SafeString:
    """The ring of middle size of some numbers of levers."""
    return _ring_of(tuple(levers))


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
CELL_SHAPE = "M0-11l9.5 5.5v11l-9.5 5.5-9.5-5.5v-11z"


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


@cache
def _pieces() -> dict[str, tuple[str, str, str]]:
    """Code → where it stands, what comes before the number of sheets and what after: all that never changes."""
    return {
        code: (
            f' transform="translate({x} {y})"',
            format_html("<title>{} ({}) : ", name, code),
            format_html('</title><path d="{}"/><text y="3">{}</text>', CELL_SHAPE, code),
        )
        for code, (name, x, y) in cells().items()
    }


@register.inclusion_tag("_hexagon_map.html")
def hexagon_map(
    counts: Mapping[str, int],
    url: str = "/initiatives/?departement=",
    selected: str | Mapping[str, str] = "",
    table: bool = True,
    small: bool = False,
    caption: str = "Initiatives connues, par département",
    list_at: str = "",
    here: str = "",
    place: str = "",
) -> dict[str, Any]:
    """The 101 départements, each a link; then the same as a list. `url` is a prefix, or holds `{code}`.

    `selected` is a code, or {code: the address that takes it away}. `list_at` is where the page already says the same
    in a list: cells with nothing then lead nowhere. `here` is the département of a place, which the legend names.

    With a list, the drawing is for who sees it: its cells are out of the keyboard's way and of what is read aloud.
    """
    chosen = {selected: ""} if isinstance(selected, str) else selected
    level, legend = classes(counts)
    before, _, after = (escape(part) for part in url.partition("{code}"))
    listed = bool(table or list_at)
    drawn = []
    for code, (at, named, shape) in _pieces().items():
        value = counts.get(code, 0)
        said = "aucune initiative connue" if not value else f"{value} initiative{'s' if value > 1 else ''}"
        kind = f"q{level.get(code, 0)}{' selected' if code in chosen else ''}"
        address = escape(chosen.get(code) or "") or f"{before}{code}{after}"
        if list_at and not value and code not in chosen:
            drawn.append(f'<g class="{kind}"{at}>{named}{said}{shape}</g>')
            continue
        path = " tabindex=-1" if listed else ""
        drawn.append(f'<a href="{address}" class="{kind}"{path}{at}>{named}{said}{shape}</a>')
    rows = [
        {
            "name": name,
            "code": code,
            "count": counts[code],
            "url": url.replace("{code}", code) if "{code}" in url else f"{url}{code}",
            "selected": code in chosen,
        }
        for code, (name, _, _) in (cells().items() if table and not list_at else ())
        if counts.get(code, 0) > 0
    ]
    rows.sort(key=lambda row: str(row["name"]).translate(str.maketrans("ÉÈÔ", "EEO")))
    return {
        "drawn": mark_safe("".join(drawn)),  # noqa: S308  names come from format_html, addresses from escape
        "box": map_box(),
        "legend": legend,
        "rows": rows,
        "table": table and not list_at,
        "listed": listed,
        "list_at": list_at,
        "here": cells().get(here),
        "place": place,
        "small": small,
        "caption": caption,
    }


# --- Hexagon: the comb ---------------------------------------------------------------------------------------------


@register.inclusion_tag("_comb.html")
def depth_comb(depth: str) -> dict[str, Any]:
    """Instantané, récit, capitalisation: three cells that fill, and the word."""
    reached = list(DEPTHS).index(depth) + 1 if depth in DEPTHS else 0
    return {"cells": [place < reached for place in range(3)], "word": DEPTHS.get(depth, "brouillon")}
