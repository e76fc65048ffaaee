"""A document as a tagged PDF: typst composes, the words come to it as data and to nothing else.

Its root is a folder that holds the template alone: no text can name a file, and typst fetches nothing for a template
that imports nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from guide.print import Block, Chapter, Document, blocks, drawings

TEMPLATE = Path(__file__).with_name("template") / "book.typ"
PAGES = {"a4": (210.0, 297.0), "a5": (148.0, 210.0)}
MISSING = "\u25a1"
"""What stands for a sign that no font of ours draws."""
ZERO = "\u200b"
_TRIES = 6
_BRIEF = 260
# Signs met in this process that no font draws; replaced whole, for several may be composing.
_met: dict[str, frozenset[str]] = {"undrawn": frozenset()}


def written(document: Document) -> bytes:
    """PDF/UA-1, which typst refuses to write when the structure is wrong."""
    for _ in range(_TRIES):
        known = _met["undrawn"]
        try:
            return _composed(json.dumps(Page(document, known).told(), ensure_ascii=False))
        except typst.TypstError as error:
            found = _not_drawn(error)
            if not found or found <= known:
                raise
            _met["undrawn"] |= found
    # A text that meets a new sign at each try: only the signs of our own fonts are left.
    return _composed(json.dumps(Page(document, known, latin=True).told(), ensure_ascii=False))


def _composed(said: str) -> bytes:
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        font_paths=[settings.BASE_DIR / "static" / "fonts" / "print"],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"document": said},
    )


def _not_drawn(error: typst.TypstError) -> set[str]:
    """The signs typst says it can't show."""
    found = re.findall(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed', f"{error.message}\n{error.diagnostic}")
    return {sign for text in found for sign in _unescaped(text)}


def _unescaped(text: str) -> str:
    text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda hit: chr(int(hit[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


class Page:
    """What the template is given: texts that break and can be drawn, levels in order, drawings."""

    def __init__(self, document: Document, undrawn: frozenset[str] = frozenset(), latin: bool = False) -> None:
        self.document, self.latin, self.deepest = document, latin, 0
        signs = "".join(re.escape(sign) for sign in sorted(undrawn))
        self.undrawn = re.compile(f"[{signs}]+") if signs else None

    def told(self) -> dict[str, Any]:
        document = self.document
        paper = document.paper if document.paper in PAGES else "a4"
        cover = document.cover if document.cover in ("", "hive", "band", "plain") else "plain"
        parts = bool(cover) and any(chapter.part for chapter in document.chapters)
        opened = self.opened() if parts else {}
        title = self.words(document.title) or settings.SITE_NAME
        return {
            "title": title,
            "running": _short(title),
            "subtitle": self.words(document.subtitle),
            "dated": self.words(document.dated),
            "site": re.sub(r"^https?://", "", settings.SITE_URL),
            "site-name": settings.SITE_NAME,
            "foot": self.foot(),
            "cover": cover,
            "paper": paper,
            "parts": parts,
            "art": drawings.cover(cover, *PAGES[paper]) if cover else "",
            "foreword": self.text(document.foreword),
            "chapters": [
                {**self.chapter(chapter), "opens": opened.get(n)} for n, chapter in enumerate(document.chapters)
            ],
            # A contents of some forty lines still stands on one page.
            "gap": 0.95 if len(document.chapters) < 15 else 0.72 if len(document.chapters) < 30 else 0.58,
        }

    def opened(self) -> dict[int, dict[str, Any]]:
        """Parts by the number of their first chapter; what stands in no part follows the last."""
        found: dict[int, dict[str, Any]] = {}
        last: dict[str, Any] = {"title": ""}
        for n, chapter in enumerate(self.document.chapters):
            title = self.words(chapter.part)
            if title and title != last["title"]:
                last = found[n] = {"title": title, "chapters": []}
            if title:
                last["chapters"].append(n)
        return found

    def foot(self) -> str:
        dated = self.words(self.document.dated)
        return " · ".join(filter(None, (settings.SITE_NAME, dated)))

    def chapter(self, chapter: Chapter) -> dict[str, Any]:
        title = self.words(chapter.title) or "Sans titre"
        return {
            "title": title,
            "running": _short(title),
            "kicker": self.words(chapter.kicker),
            "dated": self.words(chapter.dated),
            "url": chapter.url,
            "shown": self.address(chapter.url),
            "invite": "À lire en ligne, à jour\u00a0:",
            "qr": drawings.qr(chapter.url) if chapter.url else "",
            "qr-alt": f"Code QR de l’adresse {chapter.url}",
            "ring": drawings.ring(chapter.levers) if chapter.levers else "",
            "ring-alt": drawings.ring_alternative(chapter.levers),
            "blocks": self.text([block for block in chapter.blocks if block["t"] != "colophon"]),
            "end": self.blocks([each for block in chapter.blocks if block["t"] == "colophon" for each in block["k"]]),
        }

    # ── Texts

    def words(self, text: str) -> str:
        return self.drawn(blocks.flat(text))

    def drawn(self, text: str) -> str:
        """A text whose every sign has its drawing, and whose longest words can be cut."""
        text = blocks.said(text)
        if self.latin:
            text = re.sub(
                "[^\x20-\x7e\xa0-\xff\u0152\u0153\u2013\u2014\u2018\u2019\u201c\u201d\u2026\n]+", MISSING, text
            )
        elif self.undrawn:
            text = self.undrawn.sub(MISSING, text)
        return re.sub(rf"\S{{{blocks.LONGEST_WORD},}}", lambda hit: _cut(hit[0]), text)

    def address(self, url: str) -> str:
        """An address as it is printed: whole, but for what every browser adds."""
        return _cut(self.words(re.sub(r"^https?://", "", url)).replace(ZERO, ""))

    def line(self, nodes: list[Block]) -> list[Block]:
        found: list[Block] = []
        for node in nodes:
            made = dict(node)
            if "s" in made:
                made["s"] = self.drawn(made["s"])
            if "k" in made:
                made["k"] = self.line(made["k"])
            if made["t"] == "note":
                made["close"] = bool(found) and found[-1]["t"] == "note"
            found.append(made)
        return found

    def text(self, nodes: list[Block]) -> list[Block]:
        """The blocks of a chapter, from its first."""
        self.deepest = 0
        return self.blocks(nodes)

    def blocks(self, nodes: list[Block]) -> list[Block]:
        return [self.block(node) for node in nodes]

    def block(self, node: Block) -> Block:
        made = dict(node)
        kind = made["t"]
        if kind in ("p", "h"):
            made["k"] = self.line(made["k"])
            # What announces the next block stays with it.
            if kind == "h":
                # In the order one reads: a heading goes at most one level under the last.
                self.deepest = made["l"] = min(made["l"], self.deepest + 1)
            made["leads"] = blocks.words_of(made["k"]).rstrip().endswith(":")
        elif kind in ("ul", "ol"):
            made["k"] = [self.blocks(item) for item in made["k"]]
        elif kind in ("quote", "callout"):
            made["k"] = self.blocks(made["k"])
            made["by"] = self.words(made.get("by", ""))
        elif kind == "pre":
            made["s"] = self.drawn(made["s"])
        elif kind == "table":
            made = self.table(made)
        elif kind == "facts":
            made["rows"] = [{"term": self.words(row["term"]), "k": self.blocks(row["k"])} for row in made["rows"]]
            # Short answers stand beside their term, as in a table; longer ones under it.
            made["brief"] = all(len(blocks.words_of(row["k"])) <= _BRIEF for row in made["rows"])
        elif kind == "figure":
            made |= {
                "svg": drawings.on_paper(made["svg"]),
                "alt": self.words(made["alt"]),
                "title": self.words(made.get("title", "")),
                "width": _width(made["svg"]),
            }
        elif kind == "sources":
            made["rows"] = [
                {"n": row["n"], "title": self.words(row["title"]), "url": row["url"], "shown": self.address(row["url"])}
                for row in made["rows"]
            ]
        return made

    def table(self, made: Block) -> Block:
        columns = max(1, *(len(row) for row in [made["head"], *made["rows"]]))
        empty: list[list[Block]] = [[]] * columns
        head = ([self.line(cell) for cell in made["head"]] + empty)[:columns]
        rows = [([self.line(cell) for cell in row] + empty)[:columns] for row in made["rows"]]
        return {
            **made,
            "caption": self.words(made["caption"]),
            "head": head,
            "rows": rows,
            "widths": _widths([head, *rows]),
        }


def _widths(rows: list[list[list[Block]]]) -> list[float]:
    """Parts of the width, by what each column holds: its longest word stands, then a label or some of a sentence."""
    found = []
    for n, column in enumerate(zip(*rows, strict=True)):
        said = [blocks.words_of(cell) for cell in column]
        word = max((len(word) for text in said for word in re.split(r"[\s\u200b]+", text)), default=1)
        most, usual = max(map(len, said)), sum(map(len, said)) / len(said)
        found.append(max(word * 1.15, min(most, 34 if n else 17), usual**0.8, 4.0))
    return [round(min(width, 3.2 * min(found)), 2) for width in found]


def _width(svg: str) -> int:
    """A diagram takes the width of the text, less where it is nearly as high as wide."""
    return 100 if drawings.ratio(svg) <= 0.62 else max(40, round(62 / drawings.ratio(svg)))


def _cut(word: str) -> str:
    """A word without a place to break: it breaks after its signs, else every few letters."""
    word = re.sub(r"(?<=[/?&=_.,;:+#%@-])(?=\w)", ZERO, word)
    return ZERO.join(part for piece in word.split(ZERO) for part in re.findall(r".{1,20}", piece, re.DOTALL))


def _short(text: str, most: int = 62) -> str:
    text = text.replace(ZERO, "")
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,:;«\u00a0") + "…"
