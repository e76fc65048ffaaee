"""The texts of a document as a tree of plain nodes, and what makes them: Markdown, plain text, facts, tables, figures.

A node is {"t": kind, …}. In a line: « text » and « code » (s), « strong », « em », « strike » (k), « link » (h, k),
« note » (n: a number of the chapter's sources), « br ». Blocks: « p » (k, role: "", « lede » or « meta »), « h » (l: 1
under the chapter's title, 2, 3; k), « ul », « ol » (k: items, each a list of blocks; start), « quote » (k, by), « pre »
(s), « hr », « table » (head, rows, caption, side: whether the first cell of a row is its header; each cell a line),
« facts » (rows: term, k), « figure » (svg, alt, title), « callout » (kind, k), « sources » (rows: n, title, url),
« colophon » (k: what the chapter says of itself, beside its address).

A writer shows a link only to what this module let through, and reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from guide import french
from guide.print import Block, drawings

DEEPEST = 6
"""Lists and quotations one inside another; what is deeper is told at this level."""
LONGEST_WORD = 34
MOST_COLUMNS = 8
# Signs no page prints and XML refuses; those that turn the direction of a line too.
_UNSAID = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_NOTE = re.compile(r"[ \t]*\[\^([\w.-]+)\]")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(
    ["table", "strikethrough"]
)


def said(text: Any) -> str:
    """A text without what can't be shown."""
    return _UNSAID.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n"))


def flat(text: Any) -> str:
    """On one line."""
    return " ".join(re.split(r"[ \t\n]+", said(text))).strip()


def safe_address(address: str, base: str = "") -> str:
    """Where a link may lead: http(s), mailto, or a page of the site made absolute. Empty otherwise."""
    address = _UNSAID.sub("", address).strip()
    if address.startswith("/") and not address.startswith(("//", "/\\")):
        return base + address if base else ""
    if len(address) <= 2000 and re.fullmatch(r"(?:https?://[^\s/@\\]+(?:[/?#:]\S*)?|mailto:[^\s@:]+@[^\s@]+)", address):
        return address
    return ""


# ── Lines


def text(words: Any) -> Block:
    return {"t": "text", "s": said(words)}


def strong(words: Any) -> Block:
    return {"t": "strong", "k": [text(words)]}


def link(words: Any, address: str) -> Block:
    """Words that lead somewhere; words alone where they may not."""
    found = safe_address(address)
    return {"t": "link", "h": found, "k": [text(words)]} if found else text(words)


def lines(words: Any) -> list[Block]:
    """A person's text: its line breaks are kept, nothing in it is interpreted."""
    found: list[Block] = []
    for n, line in enumerate(french.typeset(said(words)).strip().split("\n")):
        found += [{"t": "br"}] if n else []
        found.append(text(line))
    return found


# ── Blocks


def paragraph(words: Any, role: str = "") -> Block:
    return {"t": "p", "role": role, "k": words if isinstance(words, list) else lines(words)}


def heading(words: Any, level: int = 1) -> Block:
    return {"t": "h", "l": max(1, min(level, 3)), "k": [text(french.typeset(flat(words)))]}


def plain(words: Any) -> list[Block]:
    """Paragraphs of a person's text, cut at its blank lines."""
    parts = re.split(r"\n[ \t]*\n", said(words))
    return [paragraph(part) for part in parts if part.strip()]


def bullets(items: Iterable[Any]) -> Block:
    return {"t": "ul", "k": [_item(item) for item in items]}


def numbered(items: Iterable[Any]) -> Block:
    return {"t": "ol", "start": 1, "k": [_item(item) for item in items]}


def _item(item: Any) -> list[Block]:
    return item if isinstance(item, list) else [paragraph(item)]


def quote(words: list[Block], by: Any = "") -> Block:
    return {"t": "quote", "k": words, "by": french.typeset(flat(by))}


def callout(kind: str, blocks: list[Block]) -> Block:
    """« care », « question », « key » or « obstacle »: told by its headings, never by its colour alone."""
    return {"t": "callout", "kind": kind, "k": blocks}


def colophon(said: Iterable[Any]) -> Block:
    """What a chapter says of itself at its end: version, licence, how to cite it."""
    return {"t": "colophon", "k": [paragraph(words, "meta") for words in said if words]}


def facts(rows: Iterable[tuple[Any, Any]]) -> Block:
    """Terms and what is said of each: a text, or blocks."""
    return {
        "t": "facts",
        "rows": [
            {"term": french.typeset(flat(term)), "k": words if isinstance(words, list) else [paragraph(words)]}
            for term, words in rows
        ],
    }


def table(head: Sequence[Any], rows: Iterable[Sequence[Any]], caption: Any = "", side: bool = True) -> Block:
    return {
        "t": "table",
        "head": [_cell(cell) for cell in head],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "caption": french.typeset(flat(caption)),
        "side": side,
    }


def _cell(cell: Any) -> list[Block]:
    return cell if isinstance(cell, list) else lines(cell)


def figure(svg: str, alternative: str, title: str = "") -> Block:
    return {"t": "figure", "svg": svg, "alt": french.typeset(flat(alternative)) or title or "Schéma", "title": title}


def sources(rows: Iterable[Mapping[str, Any]]) -> Block:
    """The numbered list that notes lead to: {title, url} rows, in the order of their numbers."""
    return {
        "t": "sources",
        "rows": [
            {"n": n, "title": french.typeset(flat(row.get("title"))), "url": safe_address(str(row.get("url") or ""))}
            for n, row in enumerate(rows, 1)
        ],
    }


# ── Markdown


def markdown(
    words: str, sources: Iterable[Mapping[str, Any]] = (), base: str = "", top: int = 2, least: int = 1
) -> list[Block]:
    """The blocks of a Markdown text, by the rules of `guide.french.markdown`.

    `[^id]` becomes a note to the source of that id; `![alternative](schema:name)` a diagram of the guide. `top` is the
    level of heading that becomes a section of the chapter, and none goes above `least`; `base` makes the site's own
    addresses absolute.
    """
    numbers = {str(source.get("id")): n for n, source in enumerate(sources, 1)}
    marked = _NOTE.sub(lambda found: _marker(found, numbers), said(words))
    reader = _Reader(set(numbers.values()), base, top, least)
    return reader.blocks(SyntaxTreeNode(_markdown.parse(french.typeset(marked))).children, 0)


def _marker(found: re.Match[str], numbers: dict[str, int]) -> str:
    number = numbers.get(found[1])
    return f"[{number}](#source-{number})" if number else found[0]


class _Reader:
    def __init__(self, notes: set[int], base: str, top: int, least: int) -> None:
        self.notes, self.base, self.top, self.least = notes, base, top, least

    def blocks(self, nodes: Iterable[SyntaxTreeNode], depth: int) -> list[Block]:
        return [block for node in nodes for block in self.block(node, depth)]

    def block(self, node: SyntaxTreeNode, depth: int) -> list[Block]:
        kind = node.type
        if kind in ("paragraph", "inline"):
            return self.paragraph(node)
        if kind == "heading":
            level = max(self.least, min(int(node.tag[1]) - self.top + 1, 3))
            return [{"t": "h", "l": level, "k": self.line(node)}]
        if kind in ("bullet_list", "ordered_list", "list_item", "blockquote"):
            if depth >= DEEPEST:
                return self.blocks(node.children, depth)
            return self.nested(node, depth + 1)
        if kind in ("code_block", "fence"):
            return [{"t": "pre", "s": node.content.rstrip("\n")}]
        if kind == "hr":
            return [{"t": "hr"}]
        if kind == "table":
            return [self.table(node)]
        return self.blocks(node.children, depth)

    def nested(self, node: SyntaxTreeNode, depth: int) -> list[Block]:
        if node.type == "blockquote":
            return [{"t": "quote", "k": self.blocks(node.children, depth), "by": ""}]
        if node.type == "list_item":
            return self.blocks(node.children, depth)
        items = [self.blocks(item.children, depth) for item in node.children]
        if node.type == "bullet_list":
            return [{"t": "ul", "k": items}]
        start = node.attrs.get("start", 1)
        return [{"t": "ol", "start": min(int(start), 99999), "k": items}]

    def paragraph(self, node: SyntaxTreeNode) -> list[Block]:
        """A paragraph; its diagrams stand as figures after it."""
        line = self.line(node)
        figures = [found for child in node.walk() if child.type == "image" for found in _figure(child)]
        says = any(part["t"] != "text" or part["s"].strip() for part in line)
        return [*([{"t": "p", "role": "", "k": line}] if says else []), *figures]

    def table(self, node: SyntaxTreeNode) -> Block:
        rows = [
            [self.line(cell) for cell in row.children][:MOST_COLUMNS] for part in node.children for row in part.children
        ]
        return {"t": "table", "head": rows[0], "rows": rows[1:], "caption": "", "side": True}

    def line(self, node: SyntaxTreeNode) -> list[Block]:
        return [part for child in node.children for part in self.part(child)]

    def part(self, node: SyntaxTreeNode) -> list[Block]:
        kind = node.type
        if kind == "text":
            return [{"t": "text", "s": node.content}] if node.content else []
        if kind == "softbreak":
            return [{"t": "text", "s": " "}]
        if kind == "hardbreak":
            return [{"t": "br"}]
        if kind == "code_inline":
            return [{"t": "code", "s": node.content}]
        if kind == "image":
            return []
        if kind == "link":
            return self.link(node)
        name = {"strong": "strong", "em": "em", "s": "strike"}.get(kind)
        return [{"t": name, "k": self.line(node)}] if name else self.line(node)

    def link(self, node: SyntaxTreeNode) -> list[Block]:
        href = str(node.attrs.get("href", ""))
        note = re.fullmatch(r"#source-(\d{1,4})", href)
        if note and int(note[1]) in self.notes:
            return [{"t": "note", "n": int(note[1])}]
        words, address = self.line(node), safe_address(href, self.base)
        # A note inside a link would be a link inside a link.
        words = [part for part in words if part["t"] not in ("note", "link")]
        return [{"t": "link", "h": address, "k": words}] if address and words else words


def _figure(image: SyntaxTreeNode) -> list[Block]:
    source = str(image.attrs.get("src", ""))
    svg, title = drawings.diagram(source.removeprefix("schema:")) if source.startswith("schema:") else ("", "")
    return [figure(svg, image.content, title)] if svg else []


def words_of(block: Any) -> str:
    """All that a block says, in order, alternatives included."""
    if isinstance(block, list):
        return " ".join(filter(None, (words_of(each) for each in block)))
    if not isinstance(block, dict):
        return ""
    own = [block.get("s"), block.get("caption"), block.get("alt"), block.get("term"), block.get("title")]
    inner = [words_of(block.get(key)) for key in ("k", "head", "rows")]
    return " ".join(str(part) for part in [*own, *inner, block.get("by"), block.get("url")] if part)
