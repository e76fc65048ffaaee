"""The one idea of the identity: the ring of six levers, the map of the départements, the comb of depths.

Builtin tags. Markup lives in the partial templates; geometry is computed once, here.
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
