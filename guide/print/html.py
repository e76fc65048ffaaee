"""Blocks as HTML that is well-formed XML too: for the chapters of an EPUB, and for pages read without network."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import count

from guide.print import Block, Chapter, blocks, drawings

_NAMES = {"strong": "strong", "em": "em", "strike": "s"}


class Writer:
    """One chapter. `level` is that of its title; `epub` adds the roles that only an EPUB may hold."""

    def __init__(self, level: int = 1, epub: bool = False) -> None:
        self.level, self.epub = level, epub
        self.headings: list[tuple[int, str, str]] = []
        """(depth, anchor, words) of the sections met, for a table of contents."""
        self._seen = count(1)
        self._last = 0
        self._called: set[int] = set()

    def chapter(self, chapter: Chapter) -> str:
        ring = drawing(drawings.ring(chapter.levers), drawings.ring_alternative(chapter.levers))
        kicker, title, dated = (said(words) for words in (chapter.kicker, chapter.title, chapter.dated))
        address = escape(chapter.url)
        online = f'<p class="online">À lire en ligne, à jour\u00a0: <a href="{address}">{address}</a></p>'
        parts = [
            f'<div class="ring">{ring}</div>' if chapter.levers else "",
            f'<p class="kicker">{kicker}</p>' if kicker else "",
            f"<h{self.level}>{title or 'Sans titre'}</h{self.level}>",
            f'<p class="dated">{dated}</p>' if dated else "",
            self.blocks(chapter.blocks),
            online if address else "",
        ]
        return "".join(parts)

    # ── Lines

    def line(self, nodes: Iterable[Block]) -> str:
        found, before = [], ""
        for node in nodes:
            found.append(self.part(node, close=before == "note"))
            before = node["t"]
        return "".join(found)

    def part(self, node: Block, close: bool = False) -> str:
        kind = node["t"]
        if kind == "text":
            return escape(blocks.said(node["s"]))
        if kind == "br":
            return "<br/>"
        if kind == "code":
            return f"<code>{escape(blocks.said(node['s']))}</code>"
        if kind == "note":
            return self.note(int(node["n"]), close)
        words = self.line(node["k"])
        if kind == "link":
            address = blocks.safe_address(node["h"])
            return f'<a href="{escape(address)}">{words}</a>' if address else words
        name = _NAMES.get(kind)
        return f"<{name}>{words}</{name}>" if name else words

    def note(self, number: int, close: bool) -> str:
        """The call of a note; `close` parts it from the one before, with which it would read as one number."""
        # The first call of a note is where one comes back to.
        anchor = "" if number in self._called else f' id="appel-{number}"'
        self._called.add(number)
        role = ' epub:type="noteref" role="doc-noteref"' if self.epub else ""
        return f'<sup class="note">{", " if close else ""}<a href="#source-{number}"{anchor}{role}>{number}</a></sup>'

    # ── Blocks

    def blocks(self, nodes: Iterable[Block]) -> str:
        return "".join(self.block(node) for node in nodes)

    def block(self, node: Block) -> str:
        kind = node["t"]
        if kind == "p":
            role = f' class="{node["role"]}"' if node["role"] in ("lede", "meta") else ""
            return f"<p{role}>{self.line(node['k'])}</p>"
        if kind in ("ul", "ol"):
            start = f' start="{node["start"]}"' if kind == "ol" and node["start"] != 1 else ""
            items = "".join(f"<li>{self.blocks(item)}</li>" for item in node["k"])
            return f"<{kind}{start}>{items}</{kind}>" if items else ""
        if kind == "quote":
            by = f'<p class="by">{said(node["by"])}</p>' if node.get("by") else ""
            return f"<blockquote>{self.blocks(node['k'])}{by}</blockquote>"
        if kind == "pre":
            return f"<pre>{escape(blocks.said(node['s']))}</pre>"
        if kind == "hr":
            return "<hr/>"
        if kind == "callout":
            return f'<div class="callout {escape(node["kind"])}">{self.blocks(node["k"])}</div>'
        if kind == "colophon":
            return f'<div class="colophon">{self.blocks(node["k"])}</div>'
        writers = {
            "h": self.heading,
            "table": self.table,
            "facts": self.facts,
            "figure": self.figure,
            "sources": self.sources,
        }
        return writers[kind](node)

    def heading(self, node: Block) -> str:
        depth = self._last = min(node["l"], self._last + 1)
        anchor = f"s{next(self._seen)}"
        self.headings.append((depth, anchor, " ".join(blocks.words_of(node["k"]).split())))
        level = min(self.level + depth, 6)
        return f'<h{level} id="{anchor}">{self.line(node["k"])}</h{level}>'

    def table(self, node: Block) -> str:
        columns = max(1, *(len(row) for row in [node["head"], *node["rows"]]))
        caption = f"<caption>{said(node['caption'])}</caption>" if node["caption"] else ""
        head = "".join(self._cell(cell, "col") for cell in _filled(node["head"], columns))
        rows = [
            "".join(
                self._cell(cell, "row" if node["side"] and n == 0 else "")
                for n, cell in enumerate(_filled(row, columns))
            )
            for row in node["rows"]
        ]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        body = f"<tbody>{body}</tbody>" if body else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead>{body}</table>"

    def _cell(self, cell: list[Block], scope: str) -> str:
        """An empty corner names nothing: it is no header."""
        words = self.line(cell)
        return f'<th scope="{scope}">{words}</th>' if scope and words else f"<td>{words}</td>"

    def facts(self, node: Block) -> str:
        rows = "".join(f"<dt>{said(row['term'])}</dt><dd>{self.blocks(row['k'])}</dd>" for row in node["rows"])
        return f"<dl>{rows}</dl>" if rows else ""

    def figure(self, node: Block) -> str:
        title = f"<figcaption>{said(node['title'])}</figcaption>" if node.get("title") else ""
        return f'<figure class="diagram">{drawing(node["svg"], node["alt"])}{title}</figure>'

    def sources(self, node: Block) -> str:
        items = "".join(self.source(row) for row in node["rows"])
        return f'<ol class="sources">{items}</ol>' if items else ""

    def source(self, row: Block) -> str:
        title, address, number = said(row["title"]), blocks.safe_address(row["url"]), int(row["n"])
        words = f'<a href="{escape(address)}">{title or escape(address)}</a>' if address else title
        role = ' role="doc-backlink"' if self.epub else ""
        back = f' <a class="back" href="#appel-{number}"{role}>Retour au texte</a>' if number in self._called else ""
        return f'<li id="source-{number}"><p>{words}{back}</p></li>'


def said(text: str) -> str:
    return escape(blocks.flat(text))


def drawing(svg: str, alternative: str) -> str:
    """A drawing of ours, told by its alternative."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{said(alternative)}" ', 1)


def _filled(row: Iterable[list[Block]], columns: int) -> list[list[Block]]:
    found = list(row)
    return found + [[] for _ in range(columns - len(found))]
