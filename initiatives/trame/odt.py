"""The trame as an OpenDocument text, by the standard library: a zip, and XML that a tree makes well formed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from initiatives.trame.outline import Ask, Column, Outline

MIMETYPE = "application/vnd.oasis.opendocument.text"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
for prefix, address in NAMES.items():
    register_namespace(prefix, address)

INK, SOFT, EDGE, COMB, HONEY = "#2A2118", "#5A4D3E", "#8C7B63", "#F6EEDD", "#F2B632"
BOX, WRITE = "☐", "Votre réponse"
ON_A_COMPUTER = (
    "À l’ordinateur, cliquez sur « Votre réponse » et écrivez : le cadre grandit. Remplacez ☐ par ☒ devant ce que vous "
    "choisissez."
)
# Centimetres of a page between its margins, and of a line that a hand writes.
WIDTH, HAND = 17.0, 0.8
SMALL, TICK = 2.8, 3.2


def name(qualified: str) -> str:
    prefix, _, local = qualified.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def node(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child; `style_name` is an attribute of the tag's own space, `fo__font_size` of another."""
    own = tag.partition(":")[0]
    named = {}
    for key, value in attributes.items():
        space, _, local = key.rpartition("__")
        named[name(f"{space or own}:{local.replace('_', '-')}")] = value
    child = SubElement(parent, name(tag), named)
    child.text = text or None
    return child


def document(tag: str) -> Element:
    return Element(name(tag), {name("office:version"): "1.3"})


def xml(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def written(outline: Outline, version: str, day: str, on: date) -> bytes:
    title = f"Essaim, {outline.title} à remplir"
    parts = {
        "content.xml": xml(content(outline)),
        "styles.xml": xml(styles(f"Essaim · {outline.title} · version {version} du {day}")),
        "meta.xml": xml(meta(title, on)),
    }
    manifest = Element(name("manifest:manifest"), {name("manifest:version"): "1.3"})
    for path, kind in (("/", MIMETYPE), *((path, "text/xml") for path in parts)):
        node(manifest, "manifest:file-entry", full_path=path, media_type=kind)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # First and as it is, so that a file's first bytes say what it is.
        archive.writestr(_entry("mimetype", on), MIMETYPE, zipfile.ZIP_STORED)
        for path, said in {**parts, "META-INF/manifest.xml": xml(manifest)}.items():
            archive.writestr(_entry(path, on), said, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _entry(path: str, on: date) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(path, (on.year, on.month, on.day, 0, 0, 0))


def meta(title: str, on: date) -> Element:
    root = document("office:document-meta")
    said = SubElement(root, name("office:meta"))
    node(said, "dc:title", title)
    node(said, "dc:language", "fr-FR")
    node(said, "dc:creator", "Essaim")
    node(said, "dc:date", f"{on.isoformat()}T00:00:00")
    node(said, "meta:generator", "Essaim")
    return root


# ── What it says


def content(outline: Outline) -> Element:
    root = document("office:document-content")
    automatic = SubElement(root, name("office:automatic-styles"))
    text = SubElement(SubElement(root, name("office:body")), name("office:text"))
    writer = Writer(text, automatic)
    writer.heading(1, outline.title)
    writer.paragraph("Lede", outline.lede)
    for n, (title, sentences) in enumerate(outline.before):
        writer.paragraph("BoxTitle", title)
        for sentence in (*sentences, ON_A_COMPUTER) if n else sentences:
            writer.paragraph("Box", sentence)
    writer.paragraph("BoxTitle", "Et après")
    writer.items(outline.after, "Steps")
    for path in outline.paths:
        writer.heading(2, path.title)
        writer.paragraph("Help", path.lede)
        for screen in path.screens:
            writer.heading(3, screen.title + (" (facultatif)" if screen.is_skippable else ""))
            writer.paragraph("Help", screen.lede)
            for part in screen.parts:
                if part.title:
                    writer.heading(4, part.title)
                for question in part.questions:
                    for place, ask in enumerate(question.asks):
                        level = 0 if place else 5 if part.title else 4
                        writer.ask(ask, level, f"{question.number}. " if level else "")
    writer.heading(2, "Pour finir")
    for block in outline.blocks:
        writer.heading(3, block.title)
        if block.text:
            writer.paragraph("Help", block.text)
        for place, line in enumerate(block.lines):
            is_signature = block.is_signed and place == len(block.lines) - 1
            writer.paragraph("Label", line)
            writer.room(3 if is_signature else 1)
    return root


class Writer:
    """Paragraphs, headings, lists and tables, one after the other."""

    def __init__(self, text: Element, automatic: Element) -> None:
        self.text, self.automatic = text, automatic
        self.rooms: set[int] = set()
        self.tables = 0

    def paragraph(self, style: str, said: str) -> Element:
        return node(self.text, "text:p", said, style_name=style)

    def heading(self, level: int, said: str) -> None:
        # A number before the label, and what may stay empty after it, are part of the heading.
        style = {4: "Question", 5: "Question"}.get(level, "") if said[:1].isdigit() else ""
        style = style or ("Part" if level == 4 else f"Heading_20_{level}")
        node(self.text, "text:h", said, style_name=style, outline_level=str(level))

    def remark(self, word: str, said: str) -> None:
        found = self.paragraph("Example", "")
        bold = node(found, "text:span", word, style_name="Bold")
        bold.tail = f" {said}"

    def items(self, said: Iterable[str], style: str) -> None:
        found = node(self.text, "text:list", style_name=style)
        for each in said:
            node(node(found, "text:list-item"), "text:p", each, style_name="Choice")

    def room(self, lines: int) -> None:
        """A frame that grows as one writes."""
        if lines not in self.rooms:
            self.rooms.add(lines)
            made = node(self.automatic, "style:style", name=f"Room{lines}", family="paragraph",
                        parent_style_name="Room")  # fmt: skip
            node(made, "style:paragraph-properties", fo__padding_bottom=f"{max(lines - 0.6, 0.2) * HAND:.2f}cm")
        node(self.paragraph(f"Room{lines}", ""), "text:placeholder", f"<{WRITE}>", placeholder_type="text")

    def ask(self, ask: Ask, level: int, number: str) -> None:
        label = number + ask.label + (" (facultatif)" if ask.is_optional else "")
        if ask.is_tick:
            self.items([f"{BOX} {label}"], "Boxes")
        elif level:
            self.heading(level, label)
        else:
            self.paragraph("Label", label)
        if ask.help or ask.limit:
            self.paragraph("Help", " ".join(filter(None, (ask.help, ask.limit))))
        if ask.good:
            self.remark("Par exemple", ask.good)
        if ask.bad:
            self.remark("À éviter", ask.bad)
        for group in ask.groups:
            if group.label:
                self.paragraph("Group", group.label)
            self.items([choice if ask.columns else f"{BOX} {choice}" for choice in group.choices], "Boxes")
        if ask.columns:
            self.rows(ask)
        if ask.lines:
            self.room(ask.lines)

    def rows(self, ask: Ask) -> None:
        self.tables += 1
        widths = [TICK if each.is_tick else SMALL if each.is_small else 0.0 for each in ask.columns]
        rest = (WIDTH - sum(widths)) / max(1, widths.count(0.0))
        own = f"List{self.tables}"
        made = node(self.automatic, "style:style", name=own, family="table")
        node(made, "style:table-properties", width=f"{WIDTH}cm", table__align="left")
        table = node(self.text, "table:table", name=f"{self.tables}. {ask.label}", style_name=own)
        for place, width in enumerate(widths):
            made = node(self.automatic, "style:style", name=f"{own}.{place}", family="table-column")
            node(made, "style:table-column-properties", column_width=f"{width or rest:.2f}cm")
            node(table, "table:table-column", style_name=f"{own}.{place}")
        made = node(self.automatic, "style:style", name=f"{own}.row", family="table-row")
        tall = max(each.lines for each in ask.columns) * 0.65
        node(made, "style:table-row-properties", min_row_height=f"{max(tall, 1.0):.2f}cm", fo__keep_together="always")
        head = node(node(table, "table:table-header-rows"), "table:table-row")
        for each in ask.columns:
            cell = node(head, "table:table-cell", style_name="HeadCell", office__value_type="string")
            node(cell, "text:p", each.label, style_name="Head")
        for _ in range(ask.rows):
            row = node(table, "table:table-row", style_name=f"{own}.row")
            for each in ask.columns:
                self._cell(row, each)
        self.paragraph("After", "")

    def _cell(self, row: Element, column: Column) -> None:
        cell = node(row, "table:table-cell", style_name="Cell", office__value_type="string")
        for said in [BOX] if column.is_tick else [f"{BOX} {choice}" for choice in column.choices] or [""]:
            node(cell, "text:p", said, style_name="InCell")


# ── How it looks

type Look = tuple[str, str, dict[str, str], dict[str, str]]
PARAGRAPHS: tuple[Look, ...] = (
    # Name, its parent, how the paragraph stands, how the text looks.
    ("Standard", "", {"fo__margin_bottom": "0.2cm", "fo__line_height": "125%", "fo__orphans": "2", "fo__widows": "2"},
     {"style__font_name": "Text", "fo__font_size": "11pt", "fo__color": INK, "fo__language": "fr", "fo__country": "FR",
      "fo__hyphenate": "false"}),
    ("Lede", "Standard", {"fo__margin_bottom": "0.6cm"}, {"fo__font_size": "13pt"}),
    ("Help", "Standard", {"fo__keep_with_next": "always"}, {"fo__font_size": "10pt", "fo__color": SOFT}),
    ("Box", "Standard", {"fo__background_color": COMB, "fo__padding": "0.3cm", "fo__margin_bottom": "0cm"}, {}),
    ("BoxTitle", "Box", {"fo__margin_top": "0.5cm", "fo__keep_with_next": "always"},
     {"fo__font_size": "13pt", "fo__font_weight": "bold"}),
    ("Example", "Standard", {"fo__border_left": f"0.06cm solid {HONEY}", "fo__padding_left": "0.25cm",
     "fo__margin_bottom": "0.1cm", "fo__keep_with_next": "always"}, {"fo__font_size": "10pt"}),
    ("Label", "Standard", {"fo__margin_top": "0.4cm", "fo__margin_bottom": "0.1cm", "fo__keep_with_next": "always"},
     {"fo__font_weight": "bold"}),
    ("Group", "Label", {}, {"fo__font_size": "10pt"}),
    ("Choice", "Standard", {"fo__margin_bottom": "0.1cm"}, {}),
    ("Room", "Standard", {"fo__border": f"0.02cm solid {EDGE}", "fo__padding": "0.2cm", "fo__margin_top": "0.2cm",
     "fo__margin_bottom": "0.4cm", "style__join_border": "false"}, {}),
    ("Head", "Standard", {"fo__margin_bottom": "0cm"}, {"fo__font_size": "10pt", "fo__font_weight": "bold"}),
    ("InCell", "Standard", {"fo__margin_bottom": "0cm"}, {"fo__font_size": "10pt"}),
    ("After", "Standard", {"fo__margin_bottom": "0cm"}, {"fo__font_size": "6pt"}),
    ("Footer", "Standard", {}, {"fo__font_size": "9pt", "fo__color": SOFT}),
    ("Heading_20_1", "Standard", {"fo__margin_top": "0.8cm"}, {"fo__font_size": "28pt", "fo__font_weight": "bold"}),
    ("Heading_20_2", "Standard", {"fo__break_before": "page", "fo__keep_with_next": "always"},
     {"fo__font_size": "20pt", "fo__font_weight": "bold"}),
    ("Heading_20_3", "Standard", {"fo__margin_top": "0.9cm", "fo__border_top": f"0.06cm solid {INK}",
     "fo__padding_top": "0.15cm", "fo__keep_with_next": "always"},
     {"fo__font_size": "15pt", "fo__font_weight": "bold"}),
    ("Part", "Standard", {"fo__margin_top": "0.7cm", "fo__keep_with_next": "always"},
     {"fo__font_size": "10pt", "fo__font_weight": "bold", "fo__color": SOFT}),
    ("Question", "Standard", {"fo__margin_top": "0.6cm", "fo__keep_with_next": "always"},
     {"fo__font_size": "12pt", "fo__font_weight": "bold"}),
)  # fmt: skip


def styles(footer: str) -> Element:
    root = document("office:document-styles")
    fonts = SubElement(root, name("office:font-face-decls"))
    node(fonts, "style:font-face", name="Text", svg__font_family="Arial", font_family_generic="swiss",
         font_pitch="variable")  # fmt: skip
    kept = SubElement(root, name("office:styles"))
    for own, parent, stands, looks in PARAGRAPHS:
        inherits = {"parent_style_name": parent} if parent else {}
        named = {"display_name": own.replace("_20_", " ")} if "_20_" in own else {}
        made = node(kept, "style:style", name=own, family="paragraph", **named, **inherits)
        node(made, "style:paragraph-properties", **stands)
        node(made, "style:text-properties", **looks)
    made = node(kept, "style:style", name="Bold", family="text")
    node(made, "style:text-properties", fo__font_weight="bold")
    for own, fill in (("Cell", "transparent"), ("HeadCell", COMB)):
        made = node(kept, "style:style", name=own, family="table-cell")
        node(made, "style:table-cell-properties", fo__border=f"0.02cm solid {EDGE}", fo__padding="0.15cm",
             fo__background_color=fill)  # fmt: skip
    _lists(kept)
    automatic = SubElement(root, name("office:automatic-styles"))
    layout = node(automatic, "style:page-layout", name="Page")
    node(layout, "style:page-layout-properties", fo__page_width="21cm", fo__page_height="29.7cm",
         fo__margin_top="1.8cm", fo__margin_bottom="1.5cm", fo__margin_left="2cm", fo__margin_right="2cm")  # fmt: skip
    node(node(layout, "style:footer-style"), "style:header-footer-properties", fo__min_height="0.8cm",
         fo__margin_top="0.4cm")  # fmt: skip
    master = node(SubElement(root, name("office:master-styles")), "style:master-page", name="Standard",
                  page_layout_name="Page")  # fmt: skip
    line = node(node(master, "style:footer"), "text:p", f"{footer} · page ", style_name="Footer")
    node(line, "text:page-number", "1", select_page="current").tail = " sur "
    node(line, "text:page-count", "1")
    return root


def _lists(kept: Element) -> None:
    """The boxes bear their own sign, which one replaces to tick; what comes next is numbered."""
    boxes = node(kept, "text:list-style", name="Boxes")
    steps = node(kept, "text:list-style", name="Steps")
    for found, then in (
        (node(boxes, "text:list-level-style-number", level="1", style__num_format=""), "nothing"),
        (node(steps, "text:list-level-style-number", level="1", style__num_format="1", style__num_suffix="."), "space"),
    ):
        where = node(found, "style:list-level-properties", text__list_level_position_and_space_mode="label-alignment")
        node(where, "style:list-level-label-alignment", text__label_followed_by=then, fo__margin_left="0.6cm",
             fo__text_indent="-0.6cm")  # fmt: skip
