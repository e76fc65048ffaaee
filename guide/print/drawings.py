"""What is drawn in a document, as SVG we made: the ring of levers, the QR code of an address, diagrams, covers.

Both writers show the same drawings. A drawing holds no address and no text but ours.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from math import sqrt

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from accounts.templatetags.hexagons import LEVERS, segments
from guide import diagrams

SVG = "http://www.w3.org/2000/svg"
INK, SOFT, LINE, COMB, PAPER, HONEY, DEEP = (
    "#2A2118", "#5A4D3E", "#E4D8C0", "#F6EEDD", "#FFFCF5", "#F2B632", "#8A5A00",
)  # fmt: skip
COLOURS = {1: "#7A2E6E", 2: "#1F5FA8", 3: "#B8431A", 4: "#8A5A00", 5: "#2B6E3F", 6: "#0F6B72"}
TEXT_FONT = "Atkinson Hyperlegible Next"
CLASSES = {
    "d-line": f"fill:none;stroke:{INK};stroke-width:1.6",
    "d-box": f"fill:#FFFFFF;stroke:{INK};stroke-width:1.6",
    "d-strong": f"fill:{DEEP};stroke:{DEEP}",
    "d-on": "fill:#FFFFFF",
    "d-text": f"fill:{INK}",
    "d-soft": f"fill:{COMB};stroke:{LINE};stroke-width:1",
    "d-arrow": f"fill:none;stroke:{DEEP};stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round",
}
"""How the classes of a diagram look on paper; on screen, the style sheet of the site says it."""


# ── Levers


def ring_alternative(levers: tuple[int, ...]) -> str:
    names = ", ".join(f"{number} {LEVERS[number]}" for number in sorted({*levers} & {*LEVERS}))
    return f"Leviers soutenus\u00a0: {names}" if names else "Aucun levier indiqué"


@lru_cache(maxsize=64)
def ring(levers: tuple[int, ...]) -> str:
    """Six segments, those supported coloured; each carries its number, so that colour never says it alone."""
    parts = []
    for segment in segments():
        on = segment["number"] in levers
        fill, text = (COLOURS[segment["number"]], "#FFFFFF") if on else (COMB, SOFT)
        stroke = "" if on else f' stroke="{LINE}" stroke-width="1"'
        parts.append(f'<polygon points="{segment["points"]}" fill="{fill}"{stroke}/>')
        parts.append(
            f'<text x="{segment["x"]}" y="{segment["y"]}" dy="3.8" font-size="11" font-weight="bold"'
            f' text-anchor="middle" font-family="{TEXT_FONT}" fill="{text}">{segment["number"]}</text>'
        )
    return f'<svg xmlns="{SVG}" viewBox="-45 -51 90 102">{"".join(parts)}</svg>'


# ── Addresses


@lru_cache(maxsize=256)
def qr(address: str) -> str:
    """The modules of a code as one path; the margin it asks for stands around it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = []
    for y, row in enumerate(rows):
        said = "".join("1" if on else "0" for on in row)
        path += [f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for run in re.finditer("1+", said)]
    side = len(rows)
    return (
        f'<svg xmlns="{SVG}" viewBox="-2 -2 {side + 4} {side + 4}"><path fill="#FFFFFF" d="M-2-2h{side + 4}v{side + 4}'
        f'h-{side + 4}z"/><path fill="{INK}" d="{"".join(path)}"/></svg>'
    )


# ── Diagrams


def diagram(name: str) -> tuple[str, str]:
    """A diagram of the guide and its title; empty when there is none of that name (`guide.diagrams` checks them)."""
    try:
        found = diagrams.read(name)
    except diagrams.Unknown:
        return "", ""
    return f'<svg xmlns="{SVG}" viewBox="{escape(found.view_box)}">{found.drawn}</svg>', found.title


def on_paper(svg: str) -> str:
    """A diagram dressed by its own rules, for where no style sheet reaches."""
    rules = "".join(f".{name}{{{said}}}" for name, said in CLASSES.items())
    head, mark, rest = svg.partition(">")
    return f'{head}{mark}<style>text{{font-family:"{TEXT_FONT}"}}{rules}</style>{rest}'


def ratio(svg: str) -> float:
    """Height of a drawing by its width."""
    found = re.search(r'viewBox="([^"]+)"', svg)
    try:
        _, _, width, height = (float(said) for said in (found[1] if found else "").split())
    except ValueError:
        return 0.5
    return height / width if width > 0 and height > 0 else 0.5


# ── Covers


@lru_cache(maxsize=16)
def cover(kind: str, width: float, height: float) -> str:
    """Behind the words of a cover, of a page so many millimetres wide and high."""
    if kind == "band":
        parts = _band(width, height)
    elif kind == "plain":
        parts = _plain(width, height)
    else:
        parts = _hive(width, height)
    return f'<svg xmlns="{SVG}" viewBox="0 0 {width:g} {height:g}">{"".join(parts)}</svg>'


def hexagon(x: float, y: float, radius: float, **said: str) -> str:
    half = radius * sqrt(3) / 2
    corners = ((0, -radius), (half, -radius / 2), (half, radius / 2), (0, radius), (-half, radius / 2),
               (-half, -radius / 2))  # fmt: skip
    points = " ".join(f"{round(x + dx, 2):g},{round(y + dy, 2):g}" for dx, dy in corners)
    return f'<polygon points="{points}" {" ".join(f"{key}={chr(34)}{value}{chr(34)}" for key, value in said.items())}/>'


def _hive(width: float, height: float) -> list[str]:
    """A comb that swarms: dense below, then cells that leave it, the first six in the colours of the levers."""
    parts = [f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>']
    radius = width / 13
    across, down = radius * sqrt(3), radius * 1.5
    ramp = ("#F4EBD6", "#F7DDA0", HONEY, "#C98A12", DEEP)
    columns, rows = int(width / across) + 2, int(height / down) + 2
    # On a page as high as wide or less, the words of the cover need its upper half.
    top = rows - 6
    leaving = {(top, 5): 1, (top + 1, 3): 2, (top + 1, 6): 3, (top + 2, 1): 4, (top + 2, 4): 5, (top + 3, 0): 6}
    for row in range(top - 1, rows + 1):
        for column in range(-1, columns + 1):
            x, y = column * across + (across / 2 if row % 2 else 0), height + across / 4 - (rows - 1 - row) * down
            # A slanted front, irregular as a swarm is.
            depth = (row - top) / 5.4 + 0.42 * (x / width) - 0.62 + 0.05 * ((column * 7 + row * 5) % 4 - 1.5)
            if (row, column) in leaving:
                parts.append(hexagon(x, y, radius * 0.94, fill=COLOURS[leaving[row, column]]))
            elif depth > 0:
                parts.append(hexagon(x, y, radius * 0.94, fill=ramp[min(4, int(depth * 6.5))]))
            elif depth > -0.2 and row > top:
                stroke = {"stroke-width": f"{radius / 28:.2f}"}
                parts.append(hexagon(x, y, radius * 0.9, fill="none", stroke=LINE, **stroke))
    return parts


def _band(width: float, height: float) -> list[str]:
    top, tall = height * 0.64, height * 0.2
    parts = [
        f'<rect width="{width:g}" height="{height:g}" fill="#FFFFFF"/>',
        f'<rect y="{top:g}" width="{width:g}" height="{tall:g}" fill="{HONEY}"/>',
    ]
    radius = min(tall / 3.1, width * 0.78 / (6 * sqrt(3)))
    for n, colour in enumerate(COLOURS.values()):
        x = width * 0.11 + radius * sqrt(3) * (n + 0.5)
        y = top + tall / 2 + (radius * 0.42 if n % 2 else -radius * 0.42)
        parts.append(hexagon(x, y, radius * 0.9, fill=colour))
    return parts


def _plain(width: float, height: float) -> list[str]:
    """A line of cells at the foot, in outline."""
    radius = width / 40
    step = radius * sqrt(3)
    stroke = {"stroke-width": f"{radius / 14:.2f}"}
    return [
        hexagon(width * 0.115 + step * (n + 0.5), height * 0.9, radius * 0.86, fill="none", stroke=INK, **stroke)
        for n in range(6)
    ]
