"""The table of a cohort as files: CSV for any spreadsheet, ODS whose numbers and dates are numbers and dates.

What people write never becomes a formula: in a CSV, a text that begins as one is shown with an apostrophe before it;
in an ODS, a text is typed as a text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import dropwhile

from django.utils import timezone
from odfdo import Cell, Document, Row
from odfdo import Table as Sheet

from training import deadlines
from training.imports import shown
from training.standing import Cell as Place
from training.standing import Line, Standing, Table

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


def where(cell: Place) -> list[Value]:
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


def ods_of(table: Table) -> bytes:
    document = Document("spreadsheet")
    body = document.body
    body.clear()
    for name, (titles, rows) in {"Tableau": wide(table), "Envois": sendings(table)}.items():
        body.append(sheet(name, titles, rows))
    document.meta.title = "Tableau des travaux"
    document.meta.language = "fr-FR"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(name: str, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> Sheet:
    made = Sheet(name)
    for values in [titles, *rows]:
        row = Row()
        row.extend_cells(typed(value) for value in values)
        made.append(row)
    return made


def typed(value: Value) -> Cell:
    if value is None or value == "":
        return Cell()
    if isinstance(value, str):
        return Cell(legible(value), cell_type="string")
    return Cell(value)
