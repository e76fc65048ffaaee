"""The drawings of the fiches: an SVG of ours, checked node by node, written into the page with the text that says it.

    ![What it says, in one or two sentences](schema:name-of-diagram)

alone on a line names `guide/content/diagrams/name-of-diagram.svg`. A drawing says nothing about its colours: classes
`d-line d-box d-strong d-on d-text d-soft d-arrow` do, in the light, in the dark and on paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent / "content" / "diagrams"
SCHEME = "schema:"
MOST_BYTES = 12_000
CLASSES = {"d-line", "d-box", "d-strong", "d-on", "d-text", "d-soft", "d-arrow"}
_PLACED = {"class", "transform"}
_STROKED = _PLACED | {"stroke-dasharray", "stroke-linecap", "stroke-linejoin", "fill"}
ATTRIBUTES: dict[str, set[str]] = {
    "svg": {"viewBox"},
    "title": set(),
    "desc": set(),
    "g": _PLACED,
    "path": _STROKED | {"d"},
    "line": _STROKED | {"x1", "y1", "x2", "y2"},
    "polyline": _STROKED | {"points"},
    "polygon": _STROKED | {"points"},
    "rect": _STROKED | {"x", "y", "width", "height", "rx", "ry"},
    "circle": _STROKED | {"cx", "cy", "r"},
    "ellipse": _STROKED | {"cx", "cy", "rx", "ry"},
    "text": _PLACED | {"x", "y", "dx", "dy", "font-size", "font-weight", "text-anchor"},
    "tspan": {"class", "x", "y", "dx", "dy", "font-size", "font-weight"},
}
"""What a drawing may hold: {element: its attributes}."""
_SVG = "{http://www.w3.org/2000/svg}"
_PLAIN = re.compile(r"[\w\s.,#%()+-]*")
"""What the value of an attribute is made of: numbers and words, no address."""


class Unknown(ValueError):
    """No such drawing, or one that isn't drawn as ours are; its sentence says which and why."""


@dataclass(frozen=True)
class Diagram:
    title: str
    view_box: str
    drawn: str
    """Its elements as markup, every one of them checked."""

    def figure(self, alternative: str, key: str) -> str:
        """The drawing in a page; `key` makes its ids unique there."""
        name, words = f"schema-{key}", escape(alternative)
        return (
            f'<figure class="diagram"><div class="scroll" role="region" tabindex="0" aria-labelledby="{name}-legende">'
            f'<svg viewBox="{escape(self.view_box)}" role="img" aria-labelledby="{name}-titre {name}-desc">'
            f'<title id="{name}-titre">{escape(self.title)}</title><desc id="{name}-desc">{words}</desc>'
            f'{self.drawn}</svg></div><figcaption><span id="{name}-legende">{escape(self.title)}</span>'
            f'<details class="more"><summary>Ce schéma, en mots</summary><p>{words}</p></details></figcaption></figure>'
        )


def read(name: str) -> Diagram:
    """The drawing of this name, from its file."""
    path = HERE / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]{1,80}", name) or not path.is_file():
        raise Unknown(f"Le schéma « {name[:80]} » n’existe pas.")
    return parse(path.read_text(encoding="utf-8"), name)


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.svg"))


def parse(text: str, name: str) -> Diagram:
    if len(text.encode()) > MOST_BYTES:
        raise Unknown(f"Le schéma « {name} » est trop lourd : {MOST_BYTES // 1000} ko au plus.")
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL):
        raise Unknown(f"Le schéma « {name} » déclare un type de document.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type, hence no entity, and a file of ours
    except ElementTree.ParseError as problem:
        raise Unknown(f"Le schéma « {name} » n’est pas un SVG lisible : {problem}.") from problem
    title = root.findtext(f"{_SVG}title") or ""
    if root.tag != f"{_SVG}svg" or not root.get("viewBox") or not title.strip():
        raise Unknown(f"Le schéma « {name} » doit avoir un viewBox et un titre.")
    if set(root.attrib) - {"viewBox", "role", "class"}:
        raise Unknown(f"Le schéma « {name} » : seul viewBox est permis sur <svg>.")
    drawn = "".join(_written(child, name) for child in root if child.tag not in (f"{_SVG}title", f"{_SVG}desc"))
    return Diagram(" ".join(title.split()), _value("viewBox", root.get("viewBox", ""), name), drawn)


def _written(node: ElementTree.Element, name: str) -> str:
    tag = str(node.tag).removeprefix(_SVG)
    allowed = ATTRIBUTES.get(tag)
    if allowed is None or tag in ("svg", "title", "desc"):
        raise Unknown(f"Le schéma « {name} » contient <{tag}>, qui n’est pas permis.")
    said = "".join(f' {key}="{_value(key, value, name, allowed)}"' for key, value in node.attrib.items())
    inside = escape(" ".join((node.text or "").split()), quote=False) if tag in ("text", "tspan") else ""
    for child in node:
        inside += _written(child, name)
        if tag in ("text", "tspan") and (child.tail or "").strip():
            inside += " " + escape(" ".join((child.tail or "").split()), quote=False)
    return f"<{tag}{said}>{inside}</{tag}>"


def _value(key: str, value: str, name: str, allowed: set[str] | None = None) -> str:
    wrong = (
        (allowed is not None and key not in allowed)
        or not _PLAIN.fullmatch(value)
        or "url" in value
        or (key == "fill" and value != "none")
        or (key == "class" and not set(value.split()) <= CLASSES)
    )
    if wrong:
        raise Unknown(f'Le schéma « {name} » contient {key}="{value[:40]}", qui n’est pas permis.')
    return escape(" ".join(value.split()))
