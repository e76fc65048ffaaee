"""A document as an EPUB 3: a zip written here, whose chapters hold what the blocks say and nothing to fetch."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from django.conf import settings

from guide.print import Chapter, Document, blocks, drawings
from guide.print.html import Writer

MIMETYPE = "application/epub+zip"
STYLE = Path(__file__).with_name("template") / "book.css"
CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n<container version="1.0"'
    ' xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="essaim/livre.opf"'
    ' media-type="application/oebps-package+xml"/></rootfiles></container>'
)
ACCESSIBILITY = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Texte structuré par des titres, sommaire et notes liées ; chaque schéma a une alternative écrite.",
    ),
)
COVER = (600.0, 800.0)
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Page:
    name: str
    title: str
    body: str
    headings: tuple[tuple[int, str, str], ...] = ()
    part: str = ""
    is_drawn: bool = False
    kind: str = ""


def written(document: Document) -> bytes:
    pages = _pages(document)
    files = {
        "META-INF/container.xml": CONTAINER,
        "essaim/livre.css": STYLE.read_text(encoding="utf-8"),
        "essaim/sommaire.xhtml": _xhtml("Sommaire", _contents(pages)),
        **{f"essaim/{page.name}.xhtml": _xhtml(page.title, page.body, kind=page.kind) for page in pages},
    }
    if document.cover:
        files["essaim/couverture.svg"] = _cover(document)
    files["essaim/livre.opf"] = _package(document, pages)
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        # First and as it is, so that a file's first bytes say what it is.
        archive.writestr(zipfile.ZipInfo("mimetype", _EPOCH), MIMETYPE, zipfile.ZIP_STORED)
        for name, said in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), said, zipfile.ZIP_DEFLATED)
    return found.getvalue()


def _pages(document: Document) -> list[Page]:
    pages = []
    title = blocks.flat(document.title) or settings.SITE_NAME
    if document.cover:
        says = escape(f"Couverture : {title}")
        body = f'<div class="cover"><img src="couverture.svg" alt="{says}"/></div>'
        pages.append(Page("couverture", "Couverture", body, kind="cover"))
    pages.append(Page("titre", title, _title(document, title), kind="titlepage"))
    if document.foreword:
        writer = Writer(epub=True)
        body = f"<h1>Avant-propos</h1>{writer.blocks(document.foreword)}"
        pages.append(Page("avant-propos", "Avant-propos", body, kind="foreword", is_drawn="<svg" in body))
    for n, chapter in enumerate(document.chapters, 1):
        pages.append(_chapter(n, chapter))
    return pages


def _chapter(n: int, chapter: Chapter) -> Page:
    writer = Writer(epub=True)
    body = writer.chapter(chapter)
    return Page(
        name=f"chapitre-{n}",
        title=blocks.flat(chapter.title) or "Sans titre",
        body=body,
        headings=tuple(writer.headings),
        part=blocks.flat(chapter.part),
        is_drawn="<svg" in body,
        kind="chapter",
    )


def _title(document: Document, title: str) -> str:
    parts = [f'<p class="kicker">{escape(settings.SITE_NAME)}</p><h1>{escape(title)}</h1>']
    if document.subtitle:
        parts.append(f'<p class="lede">{escape(blocks.flat(document.subtitle))}</p>')
    if document.dated:
        parts.append(f'<p class="dated">{escape(blocks.flat(document.dated))}</p>')
    if address := blocks.safe_address(document.url):
        parts.append(f'<p class="meta">À lire en ligne\u00a0: <a href="{escape(address)}">{escape(address)}</a></p>')
    return "".join(parts)


def _xhtml(title: str, body: str, kind: str = "") -> str:
    epub_type = f' epub:type="{kind}"' if kind else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"'
        ' xmlns:epub="http://www.idpf.org/2007/ops" lang="fr" xml:lang="fr"><head><title>'
        f'{escape(title)}</title><link rel="stylesheet" type="text/css" href="livre.css"/></head>'
        f"<body><section{epub_type}>{body}</section></body></html>"
    )


# ── Contents


def _contents(pages: list[Page]) -> str:
    items, part = [], ""
    for page in pages:
        if page.kind == "cover":
            continue
        if page.part != part:
            items.append("</ol></li>" if part else "")
            part = page.part
            # A part has no page of its own: its name leads to its first chapter.
            items.append(f'<li><a href="{page.name}.xhtml">{escape(part)}</a><ol>' if part else "")
        items.append(f'<li><a href="{page.name}.xhtml">{escape(page.title)}</a>{_sections(page)}</li>')
    items.append("</ol></li>" if part else "")
    first = next((page for page in pages if page.kind == "chapter"), pages[-1])
    cover = '<li><a epub:type="cover" href="couverture.xhtml">Couverture</a></li>' if pages[0].kind == "cover" else ""
    marks = (
        f'{cover}<li><a epub:type="toc" href="sommaire.xhtml">Sommaire</a></li>'
        f'<li><a epub:type="bodymatter" href="{first.name}.xhtml">Début du texte</a></li>'
    )
    return (
        f'<nav epub:type="toc" role="doc-toc" id="toc"><h1>Sommaire</h1><ol>{"".join(items)}</ol></nav>'
        f'<nav epub:type="landmarks" hidden="hidden"><h2>Repères</h2><ol>{marks}</ol></nav>'
    )


def _sections(page: Page) -> str:
    """The sections of a chapter; those below stay out of a contents that would not end."""
    found = [(anchor, words) for depth, anchor, words in page.headings if depth == 1 and words]
    items = (f'<li><a href="{page.name}.xhtml#{anchor}">{escape(words)}</a></li>' for anchor, words in found)
    return f"<ol>{''.join(items)}</ol>" if found else ""


# ── Cover


def _cover(document: Document) -> str:
    """The drawing of the cover with its title, in lines that its width holds."""
    width, height = COVER
    drawn = drawings.cover(document.cover, width, height)
    title = blocks.flat(document.title) or settings.SITE_NAME
    size = 58 if len(title) <= 40 else 44 if len(title) <= 80 else 34
    said = [f'<text x="48" y="92" font-size="26" font-weight="bold">{escape(settings.SITE_NAME)}</text>']
    y = 190
    for line in _wrapped(title, int((width - 96) / (size * 0.5)))[:6]:
        said.append(f'<text x="48" y="{y}" font-size="{size}" font-weight="bold">{escape(line)}</text>')
        y += round(size * 1.15)
    if dated := blocks.flat(document.dated):
        said.append(f'<text x="48" y="{y + 10}" font-size="22" fill="{drawings.DEEP}">{escape(dated)}</text>')
    words = f'<g fill="{drawings.INK}" font-family="Verdana, sans-serif">{"".join(said)}</g>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{drawn.removesuffix("</svg>")}{words}</svg>'


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        for piece in [word[n : n + most] for n in range(0, len(word), most)]:
            if len(lines[-1]) + len(piece) + 1 > most and lines[-1]:
                lines.append("")
            lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines


# ── Package


def _package(document: Document, pages: list[Page]) -> str:
    title = escape(blocks.flat(document.title) or settings.SITE_NAME)
    identifier = document.identifier or uuid.uuid5(uuid.NAMESPACE_URL, blocks.flat(document.url or document.title)).urn
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = blocks.flat(document.subtitle)
    about = [
        f'<dc:identifier id="id">{escape(blocks.flat(identifier))}</dc:identifier>',
        f"<dc:title>{title}</dc:title>",
        "<dc:language>fr</dc:language>",
        f"<dc:creator>{escape(settings.SITE_NAME)}</dc:creator>",
        f"<dc:publisher>{escape(settings.SITE_NAME)}</dc:publisher>",
        f"<dc:description>{escape(said)}</dc:description>" if said else "",
        f"<dc:source>{escape(document.url)}</dc:source>" if blocks.safe_address(document.url) else "",
        f'<meta property="dcterms:modified">{now}</meta>',
        *(f'<meta property="schema:{name}">{escape(words)}</meta>' for name, words in ACCESSIBILITY),
    ]
    items = [
        '<item id="sommaire" href="sommaire.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="style" href="livre.css" media-type="text/css"/>',
    ]
    if document.cover:
        items.append('<item id="dessin" href="couverture.svg" media-type="image/svg+xml" properties="cover-image"/>')
    for page in pages:
        drawn = ' properties="svg"' if page.is_drawn else ""
        items.append(f'<item id="{page.name}" href="{page.name}.xhtml" media-type="application/xhtml+xml"{drawn}/>')
    spine = [f'<itemref idref="{page.name}"/>' for page in pages]
    # The contents come after the title, as in the book.
    after = next(n for n, page in enumerate(pages, 1) if page.kind == "titlepage")
    spine.insert(after, '<itemref idref="sommaire"/>')
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0"'
        ' unique-identifier="id" xml:lang="fr" prefix="schema: http://schema.org/"><metadata'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(about)}</metadata>'
        f"<manifest>{''.join(items)}</manifest><spine>{''.join(spine)}</spine></package>"
    )
