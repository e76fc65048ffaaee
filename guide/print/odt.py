"""A document as an OpenDocument text, to be corrected and pasted from: the words of the blocks, and nothing to fetch.

A drawing is told by its alternative; what a single text needs (covers, contents, codes to scan) stays with the PDF.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.utils import timezone
from odfdo import Cell, Element, Header, Link, List, ListItem, Paragraph, Row, Span, Style, Table
from odfdo import Document as Text

from guide.print import Block, Document, blocks

MIMETYPE = "application/vnd.oasis.opendocument.text"
LEDE, META, TERM, QUOTE, TITLE, PRE = "Essaim-lede", "Essaim-meta", "Essaim-terme", "Essaim-citation", "Title", "Brut"
STYLES: tuple[tuple[str, dict[str, dict[str, str]]], ...] = (
    (TITLE, {"text": {"fo:font-size": "22pt", "fo:font-weight": "bold"}, "paragraph": {"fo:margin-bottom": "0.3cm"}}),
    (LEDE, {"text": {"fo:font-size": "13pt"}, "paragraph": {"fo:margin-bottom": "0.4cm"}}),
    (META, {"text": {"fo:font-size": "10pt", "fo:color": "#5A4D3E"}, "paragraph": {"fo:margin-bottom": "0.25cm"}}),
    (
        TERM,
        {"text": {"fo:font-weight": "bold"}, "paragraph": {"fo:margin-top": "0.2cm", "fo:keep-with-next": "always"}},
    ),
    (QUOTE, {"paragraph": {"fo:margin-left": "0.8cm", "fo:margin-bottom": "0.25cm"}}),
    (PRE, {"text": {"style:font-name": "Liberation Mono"}}),
)
MARKS = {
    "strong": {"fo:font-weight": "bold"},
    "em": {"fo:font-style": "italic"},
    "strike": {"style:text-line-through-style": "solid"},
}
BODY = "Text_20_body"


def written(document: Document) -> bytes:
    text = Text("text")
    text.body.clear()
    _styled(text)
    title = blocks.flat(document.title)
    text.meta.title = title
    text.meta.language = "fr-FR"
    text.meta.generator = "Essaim"
    now = timezone.now().replace(microsecond=0, tzinfo=None)
    text.meta.creation_date = text.meta.date = now
    text.body.append(_paragraph([blocks.text(title)], TITLE))
    for words, style in ((document.subtitle, LEDE), (document.dated, META), (document.url, META)):
        if words:
            text.body.append(_paragraph(blocks.lines(words), style))
    _fill(text.body, document.foreword, 0)
    for chapter in document.chapters:
        text.body.append(_header(1, [blocks.text(blocks.flat(chapter.title) or "Sans titre")]))
        for words in (chapter.kicker, chapter.dated):
            if words:
                text.body.append(_paragraph(blocks.lines(words), META))
        _fill(text.body, chapter.blocks, 1)
    file = io.BytesIO()
    text.save(file)
    return file.getvalue()


def _styled(text: Text) -> None:
    for name, properties in STYLES:
        style = Style("paragraph", name=name, display_name=name, parent_style=BODY)
        for area, values in properties.items():
            style.set_properties(values, area=area)
        text.insert_style(style)
    for name, values in MARKS.items():
        style = Style("text", name=name)
        style.set_properties(values, area="text")
        text.insert_style(style, automatic=True)


def _fill(parent: Element, nodes: Iterable[Block], level: int) -> None:
    """Blocks one after another; `level`: that of the title they stand under."""
    last = level
    for node in nodes:
        if node["t"] == "h":
            # A heading goes at most one level under the last.
            last = min(level + int(node["l"]), last + 1)
            parent.append(_header(last, node["k"]))
        else:
            for made in _made(node, last):
                parent.append(made)


def _made(node: Block, level: int) -> list[Element]:
    kind = node["t"]
    if kind in ("quote", "callout", "colophon"):
        return _inside(node, level)
    makers: dict[str, Callable[[Block, int], list[Element]]] = {
        "p": lambda node, _: [_paragraph(node["k"], {"lede": LEDE, "meta": META}.get(node["role"], BODY))],
        "ul": _list,
        "ol": _list,
        "pre": lambda node, _: [_paragraph([blocks.text(node["s"])], PRE)],
        "hr": lambda node, _: [_paragraph([], BODY)],
        "facts": _facts,
        "table": lambda node, _: [_table(node)],
        "figure": lambda node, _: [_paragraph([blocks.text(f"Schéma\u00a0: {node['alt']}")], META)],
        "sources": lambda node, _: [_paragraph(_source(row), META) for row in node["rows"]],
    }
    return makers[kind](node, level)


def _inside(node: Block, level: int) -> list[Element]:
    """What stands apart on paper: quoted where it is a quotation, in its order otherwise."""
    holder = Element.from_tag("text:section")
    _fill(holder, node["k"], level)
    found = cast("list[Element]", list(holder.children))
    if node["t"] == "quote":
        for each in found:
            if isinstance(each, Paragraph):
                each.style = QUOTE
        if node.get("by"):
            found.append(_paragraph([blocks.text(node["by"])], META))
    return found


def _header(level: int, line: list[Block]) -> Header:
    header = Header(level)
    header.style = f"Heading_20_{level}"
    _line(header, line)
    return header


def _paragraph(line: list[Block], style: str) -> Paragraph:
    paragraph = Paragraph(style=style)
    _line(paragraph, line)
    return paragraph


def _line(parent: Any, nodes: Iterable[Block]) -> None:
    for node in nodes:
        kind = node["t"]
        if kind in ("text", "code"):
            parent.append_plain_text(blocks.said(node["s"]))
        elif kind == "br":
            parent.append_plain_text("\n")
        elif kind == "note":
            parent.append_plain_text(f"\u00a0[{int(node['n'])}]")
        elif kind == "link":
            address = blocks.safe_address(node["h"])
            words = Span()
            _line(words, node["k"])
            if address:
                link = Link(address)
                link.append(words)
                parent.append(link)
            else:
                parent.append(words)
        else:
            span = Span(style=kind)
            _line(span, node["k"])
            parent.append(span)


def _list(node: Block, level: int) -> list[Element]:
    if node["t"] == "ol":
        # Numbered in the words themselves: a word processor asked for styles of ours may draw its own.
        found: list[Element] = []
        for n, item in enumerate(node["k"], int(node["start"])):
            first, *others = item or [blocks.paragraph("")]
            if first["t"] == "p":
                first = {**first, "k": [blocks.text(f"{n}. "), *first["k"]]}
            found += [made for block in (first, *others) for made in _made(block, level)]
        return found
    made = List()
    for item in node["k"]:
        entry = ListItem()
        _fill(entry, item, level)
        made.append(entry)
    return [made]


def _facts(node: Block, level: int) -> list[Element]:
    found: list[Element] = []
    for row in node["rows"]:
        found.append(_paragraph([blocks.text(row["term"])], TERM))
        found += [made for block in row["k"] for made in _made(block, level)]
    return found


def _table(node: Block) -> Table:
    columns = max(1, *(len(row) for row in [node["head"], *node["rows"]]))
    table = Table("Tableau", width=columns)
    for line in [node["head"], *node["rows"]]:
        row = Row()
        for cell in [*line, *([[]] * (columns - len(line)))]:
            made = Cell()
            made.append(_paragraph(cell, BODY))
            row.append(made)
        table.append(row)
    return table


def _source(row: Block) -> list[Block]:
    return [blocks.text(f"{int(row['n'])}. "), blocks.link(row["title"] or row["url"], row["url"])]
