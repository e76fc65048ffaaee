"""Blocks as HTML dressed as the pages of the site: those one reads there, and those one carries away."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from guide.print import Block
from guide.print.html import Writer

CALLOUTS = {"care", "question", "key", "obstacle"}


def html(blocks: Iterable[Block], level: int = 2, mark: str = "") -> str:
    """`level` is that of a chapter's sections; `mark` begins every id, where several chapters stand on one page."""
    return OnScreen(level - 1, mark).blocks(blocks)


class OnScreen(Writer):
    def __init__(self, level: int, mark: str) -> None:
        super().__init__(level)
        self.mark = mark

    def block(self, node: Block) -> str:
        kind = node["t"]
        if kind == "callout":
            known = f" callout-{node['kind']}" if node["kind"] in CALLOUTS else ""
            return f'<div class="callout{known}">{self.blocks(node["k"])}</div>'
        if kind == "quote":
            by = f"<footer>{escape(node['by'])}</footer>" if node.get("by") else ""
            return f'<blockquote class="voice">{self.blocks(node["k"])}{by}</blockquote>'
        return super().block(node)

    # Ids, and what leads to them. A text is escaped: it holds no quote, so that these are ours.

    def heading(self, node: Block) -> str:
        return super().heading(node).replace(' id="s', f' id="{self.mark}s', 1)

    def note(self, number: int, close: bool) -> str:
        said = super().note(number, close).replace('href="#source-', f'href="#{self.mark}source-')
        return said.replace('id="appel-', f'id="{self.mark}appel-')

    def source(self, row: Block) -> str:
        said = super().source(row).replace('id="source-', f'id="{self.mark}source-', 1)
        return said.replace('href="#appel-', f'href="#{self.mark}appel-')

    # What is wide scrolls by itself; a term stands beside what is said of it.

    def table(self, node: Block) -> str:
        said = escape(node.get("caption") or "Tableau")
        return f'<div class="scroll" role="group" tabindex="0" aria-label="{said}">{super().table(node)}</div>'

    def facts(self, node: Block) -> str:
        rows = (f"<div><dt>{escape(row['term'])}</dt><dd>{self.blocks(row['k'])}</dd></div>" for row in node["rows"])
        return f'<dl class="facts">{"".join(rows)}</dl>' if node["rows"] else ""


def drawn(svg: str, alternative: str = "") -> str:
    """A drawing of ours inside a page, with its alternative; none, it only adorns."""
    said = f'role="img" aria-label="{escape(alternative)}"' if alternative else 'aria-hidden="true"'
    return svg.replace("<svg ", f'<svg {said} focusable="false" ', 1)
