"""French text: typography, and Markdown made into safe HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt

from guide import diagrams

NBSP = "\u00a0"
ALLOWED_TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "table", "thead", "tbody", "tr",
    "th", "td", "sup", "section", "hr", "code", "s",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "id", "class"},
    "th": {"scope"},
    "sup": {"class"},
    "section": {"class"},
    "li": {"id", "class"},
    "ol": {"class", "start"},
    "hr": {"class"},
}
FICHE_TAGS = ALLOWED_TAGS | {
    "figure",
    "figcaption",
    "details",
    "summary",
    "div",
    "span",
    "caption",
    *diagrams.ATTRIBUTES,
}
FICHE_ATTRIBUTES = {
    **ALLOWED_ATTRIBUTES,
    **diagrams.ATTRIBUTES,
    "h3": {"id"},
    "h4": {"id"},
    "caption": {"class"},
    "figure": {"class"},
    "details": {"class"},
    "div": {"class", "role", "tabindex", "aria-label", "aria-labelledby"},
    "span": {"id"},
    "svg": {"viewBox", "role", "aria-labelledby"},
    "title": {"id"},
    "desc": {"id"},
}
"""What a fiche holds beside: tables one can scroll, drawings and their words."""


def typeset(text: str) -> str:
    """Non-breaking spaces and typographic apostrophes where French wants them; nothing else is changed.

    Idempotent. Made for plain text: addresses (http://…) are left as they are.
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"«\s*", f"«{NBSP}", text)
    text = re.sub(r"(?<!\s)\s*»", f"{NBSP}»", text)
    text = re.sub(r"(?<=[\w»)%’])[ \u202f]([:;?!])(?=\s|$|[)»])", NBSP + r"\1", text)
    text = re.sub(r"(?<=\d) (?=(?:%|€|h\b|ans\b|heures?\b|habitants?\b|personnes?\b|\d{3}\b))", NBSP, text)
    return re.sub(r"\b(Mme|M\.|n°|art\.|p\.) (?=\S)", r"\1" + NBSP, text)


def slug_of(text: str) -> str:
    """An ASCII slug that knows œ: « Cœur d’été » → « coeur-d-ete »."""
    for sign, plain in (("’", "-"), ("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae")):
        text = text.replace(sign, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def renderer() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def markdown(text: str) -> str:
    """Markdown to HTML one may show: no raw HTML, http(s) and mailto links only, French spaces."""
    return clean(renderer().render(typeset(text)))


def clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def clean_fiche(html: str) -> str:
    """Like `clean`, and what only a fiche may hold: its drawings and its tables in their frames."""
    return nh3.clean(
        html,
        tags=FICHE_TAGS,
        attributes=FICHE_ATTRIBUTES,
        attribute_filter=_ours,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


CLASSES = {"diagram", "scroll", "more", "visually-hidden", "note", "term", "table", *diagrams.CLASSES}


def _ours(tag: str, name: str, value: str) -> str | None:
    """Only classes of our sheets."""
    return value if name != "class" or set(value.split()) <= CLASSES else None


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    markdown: str


def sections(text: str) -> list[Section]:
    """The parts of a Markdown text cut at its level-2 headings; what stands before the first is dropped."""
    parts = re.split(r"^## +(.+?)\s*$", text, flags=re.MULTILINE)
    return [
        Section(id=slug_of(title), title=title, markdown=body.strip())
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    ]


@dataclass(frozen=True)
class Definition:
    """A word to be defined where it first stands: `names` are the ways it is written."""

    slug: str
    names: tuple[str, ...]


def link_terms(html: str, definitions: Iterable[Definition], seen: set[str]) -> str:
    """Mark the first occurrence of each term outside links and headings with a link to `#terme-<slug>`.

    `seen` is the set of slugs already marked in the document; it is completed.
    """
    # Terms already marked are matched too, so that a shorter one is never marked inside them.
    wanted = {name.lower(): d.slug for d in definitions for name in d.names}
    if not wanted:
        return html
    names = sorted(wanted, key=len, reverse=True)
    word = re.compile(r"(?<![\w-])(" + "|".join(re.escape(n) for n in names) + r")s?(?![\w-])", re.IGNORECASE)
    out, inside = [], 0
    for piece in re.split(r"(<[^>]+>)", html):
        if tag := re.match(r"<(/?)(\w+)", piece):
            inside += (tag[2] in NOT_MARKED) * (-1 if tag[1] else 1)
            out.append(piece)
        elif inside:
            out.append(piece)
        else:
            out.append(word.sub(lambda found: _marked(found, wanted, seen), piece))
    return "".join(out)


NOT_MARKED = {"a", "sup", "h2", "h3", "h4", "th", "caption", "figure"}


def _marked(found: re.Match[str], wanted: dict[str, str], seen: set[str]) -> str:
    slug = wanted[found[1].lower()]
    if slug in seen:
        return found[0]
    seen.add(slug)
    return f'<a class="term" href="#terme-{slug}">{found[0]}</a>'
