"""A fiche's Markdown made into what one reads: sections, notes, tables, drawings, and words defined on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from markdown_it.token import Token

from guide import diagrams, french
from guide.models import Term

SECTION_TITLES = [
    "Pourquoi",
    "Repères",
    "Comment faire",
    "Points de vigilance",
    "Outils",
    "Questions pour les étudiants",
    "Pour aller plus loin",
]
READINGS = "Pour aller plus loin"
"""Where titles of books are not read for terms."""
SUMMARY_WORDS = 80
NOTE = re.compile(r"(?<!\s)\s*\[\^([\w.-]+)\]")

type Sources = Sequence[Mapping[str, str]]


class Faulty(ValueError):
    """A text that names what doesn't exist: a source, a drawing. The sentence says which."""


def rendered(
    number: int, body: str, sources: Sources, words: Iterable[french.Definition], *, strict: bool = True
) -> tuple[list[dict[str, str]], list[str]]:
    """The sections as HTML, notes as links to the list of sources, and the slugs of the terms marked in them.

    What is unknown is `Faulty`; when not `strict` (a draft being looked at), it is shown as it is written.
    """
    words, seen, done = list(words), set[str](), []
    numbers = {source["id"]: n for n, source in enumerate(sources, 1)}
    drawn = _Figures(number, strict)
    for section in french.sections(body):
        html = _html(mark_sources(section.markdown, numbers, strict=strict), section, drawn)
        if section.title != READINGS:
            html = french.link_terms(html, words, seen)
        done.append({"id": section.id, "title": section.title, "html": html})
    return done, sorted(seen)


def mark_sources(text: str, numbers: Mapping[str, int], *, strict: bool = True) -> str:
    """`[^id]` → a link to the numbered source at the foot of the page."""

    def call(found: re.Match[str]) -> str:
        if found[1] in numbers:
            return f"[{numbers[found[1]]}](#source-{numbers[found[1]]})"
        if strict:
            raise Faulty(f"Aucune source ne s’appelle « {found[1]} ».")
        return found[0]

    return NOTE.sub(call, text)


def faults(summary: str, body: str, sources: Sources) -> list[tuple[str, str]]:
    """What must be put right before a text is published: (heading of the section or "", sentence)."""
    found: list[tuple[str, str]] = []
    if (words := len(summary.split())) > SUMMARY_WORDS:
        found.append(("summary", f"« En bref » a {words} mots : {SUMMARY_WORDS} au plus."))
    known, called = {source["id"] for source in sources}, set()
    sections = {section.title: section.markdown for section in french.sections(body)}
    for title in SECTION_TITLES:
        text = sections.get(title, "")
        if not text:
            found.append((title, f"« {title} » est vide."))
        ids = NOTE.findall(text)
        called |= set(ids)
        found += [
            (title, f"« {title} » cite la source « {id_} », qui n’est pas dans la liste des sources.")
            for id_ in dict.fromkeys(ids) if id_ not in known
        ]  # fmt: skip
        for name in re.findall(r"\(schema:([^)]*)\)", text):
            try:
                diagrams.read(name)
            except diagrams.Unknown as problem:
                found.append((title, f"« {title} » : {problem}"))
    found += [("sources", f"La source « {id_} » n’est citée nulle part.") for id_ in sorted(known - called)]
    return found


def definitions() -> list[french.Definition]:
    """The words to mark in a fiche, with all the ways they are written."""
    return [
        french.Definition(term.slug, tuple(dict.fromkeys([term.name, *term.aliases]))) for term in Term.objects.all()
    ]


class _Figures:
    """The drawings of one fiche, each with ids of its own."""

    def __init__(self, number: int, strict: bool) -> None:
        self.number, self.strict, self.count = number, strict, 0

    def figure(self, name: str, alternative: str) -> str:
        self.count += 1
        try:
            return diagrams.read(name).figure(alternative, f"{self.number}-{self.count}")
        except diagrams.Unknown as problem:
            if self.strict:
                raise Faulty(str(problem)) from problem
            return f"<p><strong>{escape(str(problem))}</strong> {escape(alternative)}</p>"


def _html(text: str, section: french.Section, drawn: _Figures) -> str:
    renderer = french.renderer()
    tokens = renderer.parse(french.typeset(text))
    html = renderer.renderer.render(_dressed(tokens, section, drawn), renderer.options, {})
    html = re.sub(r'<a href="(#source-\d+)"[^>]*>(\d+)</a>', r'<sup class="note"><a href="\1">\2</a></sup>', html)
    return french.clean_fiche(html.replace('</sup><sup class="note">', ", "))


def _dressed(tokens: list[Token], section: french.Section, drawn: _Figures) -> list[Token]:
    """Headings with an id, tables with a name in a frame one scrolls by the keyboard, drawings in their place."""
    out: list[Token] = []
    heading, named, column = section.title, dict[str, int](), 0
    for place, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                heading = tokens[place + 1].content
                token.tag = "h3" if token.tag in ("h1", "h2", "h3") else "h4"
                token.attrSet("id", f"{section.id}-{french.slug_of(heading)}"[:90])
            case "heading_close":
                token.tag = "h3" if token.tag in ("h1", "h2", "h3") else "h4"
            case "table_open":
                named[heading] = named.get(heading, 0) + 1
                name = f"{_plain(heading)} ({named[heading]})" if named[heading] > 1 else _plain(heading)
                label = escape(f"Tableau : {name}".replace(" :", f"{french.NBSP}:"))
                out.append(_as_is(f'<div class="scroll table" role="region" tabindex="0" aria-label="{label}">'))
                out += [token, _as_is(f'<caption class="visually-hidden">{escape(name)}</caption>')]
                continue
            case "table_close":
                out += [token, _as_is("</div>")]
                continue
            case "tr_open":
                column = 0
            case "th_open":
                token.attrs.pop("style", None)
                if tokens[place + 1].content.strip():
                    token.attrSet("scope", "col")
                else:
                    token.tag, tokens[place + 2].tag = "td", "td"
            case "td_open":
                token.attrs.pop("style", None)
                column += 1
                if column == 1 and tokens[place + 1].content.strip():
                    token.tag, tokens[place + 2].tag = "th", "th"
                    token.attrSet("scope", "row")
            case "inline" if figure := _figure(token, drawn):
                out[-1] = _as_is(figure)  # the paragraph it stood alone in
                tokens[place + 1].type = "drawn"
                continue
            case "drawn":
                continue
        out.append(token)
    return out


def _figure(token: Token, drawn: _Figures) -> str:
    """The drawing a paragraph is made of, if it is one."""
    children = token.children or []
    if len(children) != 1 or children[0].type != "image":
        return ""
    source = str(children[0].attrs.get("src", ""))
    if not source.startswith(diagrams.SCHEME):
        return ""
    return drawn.figure(source.removeprefix(diagrams.SCHEME), children[0].content)


def _plain(heading: str) -> str:
    return re.sub(r"\[\d+\]\(#source-\d+\)|[*_`]", "", heading).strip()


def _as_is(html: str) -> Token:
    return Token("html_block", "", 0, content=html)
