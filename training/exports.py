"""The table of a cohort as files: CSV for any spreadsheet, ODS whose numbers and dates are numbers and dates.

What people write never becomes a formula: in a CSV, a text that begins as one is shown with an apostrophe before it;
in an ODS, a text is typed as a text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import dropwhile
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from odfdo import Document

from training import deadlines
from training.imports import shown
from training.standing import Cell, Line, Standing, Table

type Value = str | int | datetime | None
"""Instants are those of the country's clocks, without a zone: spreadsheets know none."""

WHO = ("Étudiant", "Adresse électronique", "Sous-groupes")
SENDING = (*WHO, "Devoir", "À rendre le", "Délai accordé", "État", "Envoyé le", "En retard", "Version")


def wide(table: Table) -> tuple[list[str], list[list[Value]]]:
    """A line a student; for each assignment where it stands, when it was last sent and how many times."""
    titles = [*WHO]
    for assignment in table.assignments:
        titles += [assignment.title, f"{assignment.title} : envoyé le", f"{assignment.title} : version"]
    rows = []
    for line in table.lines:
        row = who(line)
        for cell in line.cells:
            row += [cell.standing.label, clock(cell.sent_at), cell.version]
        rows.append(row)
    return titles, rows


def sendings(table: Table) -> tuple[list[str], list[list[Value]]]:
    """A line a student and an assignment, those it concerns only."""
    rows = [
        [*who(line), assignment.title, *where(cell)]
        for line in table.lines
        for assignment, cell in zip(table.assignments, line.cells, strict=True)
        if cell.standing != Standing.NOT_CONCERNED
    ]
    return [*SENDING], rows


def who(line: Line) -> list[Value]:
    return [str(line.student), line.student.email, ", ".join(group.name for group in line.groups)]


def where(cell: Cell) -> list[Value]:
    late = cell.sent_late if cell.work else cell.standing == Standing.LATE
    return [
        minute(cell.dates.due_at),
        minute(cell.extended_to),
        cell.standing.label,
        clock(cell.sent_at),
        "oui" if late else "non",
        cell.version,
    ]


def clock(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


def minute(due_at: datetime | None) -> datetime | None:
    """The minute that was written: « 23:59 »."""
    return deadlines.last_minute(due_at).replace(tzinfo=None) if due_at else None


# --- CSV ------------------------------------------------------------------------------------------------------------


def csv_of(table: Table) -> bytes:
    """As French spreadsheets open it by a double click: semicolons, UTF-8 with its mark, every text between quotes."""
    titles, rows = wide(table)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(map(said, titles))
    writer.writerows([said(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def said(value: Value) -> str | int:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, int):
        return value
    return inert(value or "")


def inert(text: str) -> str:
    """Read as a text by a spreadsheet, whatever blanks and unseen signs stand before what would make it a formula."""
    text = legible(text)
    # « ＝ » is read as « = » where it is usual to type it so.
    bare = unicodedata.normalize("NFKC", "".join(dropwhile(is_unseen, text)))
    return text if shown(bare) == bare and shown(text) == text else f"'{text}"


def is_unseen(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cf", "Mn")


def legible(text: str) -> str:
    """Without the signs that no file of this kind may hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))


# --- ODS ------------------------------------------------------------------------------------------------------------

STYLES = (
    '<number:date-style style:name="clock"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/></number:date-style>'
    '<style:style style:name="instant" style:family="table-cell" style:data-style-name="clock"/>'
    '<style:style style:name="title" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="column" style:family="table-column">'
    '<style:table-column-properties style:column-width="4.2cm"/></style:style>'
)
NAMESPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip


def ods_of(table: Table) -> bytes:
    """The library's empty document, with our content in it: by its own cells, 2 000 students would take minutes."""
    document, out = Document("spreadsheet"), io.BytesIO()
    document.meta.title = "Tableau des travaux"
    document.meta.language = "fr-FR"
    document.meta.creation_date = clock(timezone.now())
    document.save(io.BytesIO())
    assert document.container is not None
    document.container.set_part("content.xml", content({"Tableau": wide(table), "Envois": sendings(table)}))
    document.container.save(out)
    return out.getvalue()


def content(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Value]]]]) -> bytes:
    written = "".join(sheet(name, titles, rows) for name, (titles, rows) in sheets.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{NAMESPACES} office:version="1.4">'
        f"<office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{written}</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def sheet(name: str, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    head = "".join(cell_of(title, ' table:style-name="title"') for title in titles)
    body = "".join(f"<table:table-row>{''.join(map(cell_of, row))}</table:table-row>" for row in rows)
    return (
        f"<table:table table:name={quoteattr(name)}>"
        f'<table:table-column table:style-name="column" table:number-columns-repeated="{len(titles)}"/>'
        f"<table:table-header-rows><table:table-row>{head}</table:table-row></table:table-header-rows>"
        f"{body}</table:table>"
    )


def cell_of(value: Value, style: str = "") -> str:
    """A cell that says its type: what people wrote is never calculated."""
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, datetime):
        kind, style = f'office:value-type="date" office:date-value="{value.isoformat()}"', ' table:style-name="instant"'
        words = f"{value:%d/%m/%Y %H:%M}"
    elif isinstance(value, int):
        kind, words = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, words = 'office:value-type="string"', escape(" ".join(legible(value).split()))
    return f"<table:table-cell {kind}{style}><text:p>{words}</text:p></table:table-cell>"
