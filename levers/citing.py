"""Citing sheets in a note: `[[slug]]` gives a sheet's title and link, `[[slug|its words]]` quotes it.

What stands in a block with a citation speaks of the sheet cited: when that sheet is no longer public, the whole block
(a paragraph, an item of a list, a row of a table, a heading, a quotation) gives way to one sentence, at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from initiatives.models import Initiative

CITED = re.compile(r"\[\[\s*([^\[\]|\n]{1,140}?)\s*(?:\|([^\[\]]{1,1500}?))?\s*\]\]")
BEGINS = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\||#{1,6}[ \t])")
HIDDEN = "*Un passage a été retiré : la fiche qu’il citait n’est plus publique.*"
SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


def slugs(text: str) -> list[str]:
    """The sheets a text cites, each once, in its order."""
    return list(dict.fromkeys(found[1] for found in CITED.finditer(text)))


def readable(wanted: Iterable[str]) -> dict[str, Initiative]:
    """{slug as cited: the sheet anyone may read}, in their order; one joined to another leads to it. One statement."""
    order = list(wanted)
    found = Initiative.objects.filter(slug__in=order).select_related(
        "entry", "public_version", "merged_into__entry", "merged_into__public_version"
    )
    known = {sheet.slug: sheet.merged_into or sheet for sheet in found}
    sheets = ((slug, known[slug]) for slug in order if slug in known)
    return {slug: sheet for slug, sheet in sheets if sheet.is_public and sheet.public_version}


def blocks(text: str) -> Iterator[str]:
    """The parts of a Markdown text that stand or fall together, blank lines between them included as they were."""
    part: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        blank = not line.strip()
        if part and (blank or BEGINS.match(line)):
            yield "\n".join(part)
            part = []
        if blank:
            yield ""
        else:
            part.append(line)
    if part:
        yield "\n".join(part)


def without_citations(text: str) -> str:
    """What the editor says of no sheet in particular: all that may be kept elsewhere than in the note."""
    return "\n".join(block for block in blocks(text) if not CITED.search(block))


def resolved(text: str, sheets: Mapping[str, Initiative]) -> str:
    """The Markdown to show: citations as links, and nothing of what speaks of a sheet that isn't public.

    What an item or a heading that is gone held under it (its own items, the text of its part) goes with it.
    """
    kept: list[str] = []
    item: int | None = None
    part: int | None = None
    for block in blocks(text):
        indent, level = len(block) - len(block.lstrip()), _level(block)
        if part is not None and level and level <= part:
            part = None
        if item is not None and block and indent <= item:
            item = None
        if part is not None or (item is not None and block):
            continue
        if all(found[1] in sheets for found in CITED.finditer(block)):
            kept.append(CITED.sub(lambda found: _link(found, sheets[found[1]]), block))
            continue
        begins = BEGINS.match(block)
        if level:
            part = level
        elif begins and not begins[0].strip().startswith("|"):
            item = indent
            kept.append(f"{begins[0]}{HIDDEN}")
            continue
        if not begins or level:
            kept += ["", HIDDEN, ""]
    return "\n".join(kept)


def _level(block: str) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    found = re.match(r"(#{1,6})[ \t]", block)
    return len(found[1]) if found else 0


def _link(found: re.Match[str], sheet: Initiative) -> str:
    title = SIGNS.sub(r"\\\1", " ".join(str(sheet).split()))
    link = f"[{title}]({sheet.get_absolute_url()})"
    said = " ".join((found[2] or "").split())
    return f"« {said} » ({link})" if said else link
