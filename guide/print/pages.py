"""A document as pages to carry away: a zip of plain HTML that any browser reads from a folder, without network.

No script, no address to fetch: the links between pages are relative, the style sheet and its letters are inside.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path

from django.conf import settings

from guide.french import NBSP, slug_of
from guide.print import Chapter, Document, drawings
from guide.print.markup import drawn, html

MOST_BYTES = 10_000_000
MOST_NAME = 60
STYLE = Path(__file__).with_name("pages.css")
FONTS = ("atkinson-hyperlegible-next-latin-wght-normal.woff2", "bricolage-grotesque-latin-wght-normal.woff2")
LICENCES = ("atkinson-hyperlegible-next.OFL.txt", "bricolage-grotesque.OFL.txt")
DAY_ONE = (1980, 1, 1, 0, 0, 0)  # the same words make the same bytes


class TooHeavy(Exception):
    """The pack would be heavier than what one carries."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"{size} bytes")


def written(document: Document) -> bytes:
    """The zip, with one folder in it. Raises TooHeavy beyond ten million bytes."""
    names = [f"{n:02}-{short(chapter.title)}.html" for n, chapter in enumerate(document.chapters, 1)]
    files: dict[str, bytes] = {"index.html": index(document, names).encode()}
    for n, (name, chapter) in enumerate(zip(names, document.chapters, strict=True)):
        files[name] = page(document, chapter, names, n).encode()
    files["style.css"] = STYLE.read_bytes()
    fonts = Path(settings.BASE_DIR) / "static" / "fonts"
    files |= {f"lettres/{name}": (fonts / name).read_bytes() for name in (*FONTS, *LICENCES)}
    packed = io.BytesIO()
    folder = f"essaim-{short(document.title)}"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, content in files.items():
            about = zipfile.ZipInfo(f"{folder}/{name}", DAY_ONE)
            about.compress_type = zipfile.ZIP_STORED if name.endswith(".woff2") else zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            pack.writestr(about, content)
    heaviest = max(packed.tell(), sum(map(len, files.values())))
    if heaviest > MOST_BYTES:
        raise TooHeavy(heaviest)
    return packed.getvalue()


def short(title: str) -> str:
    """The first words of a title, as a name of file."""
    slug = slug_of(title)
    return (slug if len(slug) <= MOST_NAME else slug[:MOST_NAME].rpartition("-")[0] or slug[:MOST_NAME]) or "pages"


def index(document: Document, names: list[str]) -> str:
    """The cover, the foreword and the contents."""
    rows = "".join(
        f'<li><a href="{name}"><span class="kicker">{escape(chapter.kicker)}</span> {escape(chapter.title)}</a></li>'
        for name, chapter in zip(names, document.chapters, strict=True)
    )
    cover = "" if document.cover == "plain" else f'<div class="cover">{drawn(_banner(document))}</div>'
    subtitle = f'<p class="lede">{escape(document.subtitle)}</p>' if document.subtitle else ""
    foreword = ""
    if document.foreword:
        foreword = f'<section class="foreword"><h2>Avant-propos</h2>{html(document.foreword, 3)}</section>'
    body = (
        f"{cover}<h1>{escape(document.title)}</h1>{subtitle}{_dated(document.dated, document.url)}{foreword}"
        f'<h2>Sommaire</h2><ol class="contents">{rows}</ol>'
        '<p class="meta">Ces pages se lisent sans réseau, depuis ce dossier. Les liens vers des adresses en http'
        f" demandent le réseau{NBSP}; les autres restent ici.</p>"
    )
    return _framed(document.title, f"<main>{body}</main>")


def _banner(document: Document) -> str:
    """The drawn part of the cover, at the head of the contents."""
    top = 178 if document.cover == "band" else 222
    whole = drawings.cover(document.cover or "hive", 210, 297)
    return whole.replace('viewBox="0 0 210 297"', f'viewBox="0 {top} 210 72"')


def page(document: Document, chapter: Chapter, names: list[str], n: int) -> str:
    before = f'<a rel="prev" href="{names[n - 1]}">{_named(document, n - 1)}</a>' if n else ""
    after = f'<a rel="next" href="{names[n + 1]}">{_named(document, n + 1)}</a>' if n + 1 < len(names) else ""
    kicker = f'<p class="kicker">{escape(chapter.kicker)}</p>' if chapter.kicker else ""
    ring = ""
    if chapter.levers:
        ring = (
            f'<div class="ring">{drawn(drawings.ring(chapter.levers), drawings.ring_alternative(chapter.levers))}</div>'
        )
    body = (
        f'<nav aria-label="Ce recueil"><a href="index.html">{escape(document.title)}{NBSP}: le sommaire</a></nav>'
        f"<main>{ring}{kicker}<h1>{escape(chapter.title)}</h1>{html(chapter.blocks, 2)}"
        f"{_dated('En ligne, à jour' if chapter.url else '', chapter.url)}</main>"
        f'<nav class="around" aria-label="Pages voisines">{before}{after}</nav>'
    )
    return _framed(f"{chapter.title} – {document.title}", body)


def _named(document: Document, n: int) -> str:
    return escape(document.chapters[n].title)


def _dated(dated: str, url: str) -> str:
    on_line = f'<a href="{escape(url)}">{escape(url)}</a>' if url else ""
    said = f"{NBSP}: ".join(filter(None, (escape(dated), on_line)))
    return f'<p class="meta">{said}</p>' if said else ""


def _framed(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Even opened by a program that would run one, no page of ours does anything.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self' file:;"
        " font-src 'self' file:\">\n"
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="style.css">\n</head>\n<body>\n{body}\n</body>\n</html>\n'
    )
