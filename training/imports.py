"""A file of students: read, shown with its faults, then done by the letters' process, a few hundred lines at a time.

What spreadsheets write is understood: « ; », « , » and tabs, UTF-8 with its mark or without, UTF-16, the Windows
alphabet, columns in any order and under the names people give them.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from initiatives.workflow import Refused
from training import emails
from training.models import (
    MAX_GROUPS,
    Cohort,
    Expected,
    Invitation,
    StudentImport,
    centres_of,
    confirmed_people,
    group_key,
)
from training.models.coming import KEPT

log = logging.getLogger(__name__)

MAX_BYTES = 1_000_000
MAX_LINES = 2_000
MAX_COLUMNS = 60
MAX_NAME, MAX_GROUP = 120, 60
BATCH = 250
PATIENCE = 3.0  # seconds during which letters wait for lists
HELD_BACK = timedelta(minutes=5)
# The columns we know, by the names people give them, the surest first: beside « mail », « adresse » is a street.
HEADERS = {
    "email": (
        "adresse electronique", "adresse e mail", "adresse email", "adresse mail", "email", "e mail", "mail",
        "courriel", "mel", "adresse de courriel", "adresse",
    ),
    "first": ("prenom", "prenoms", "prenom usuel"),
    "last": ("nom", "nom de famille", "nom usuel", "nom d usage"),
    "name": ("prenom et nom", "nom et prenom", "nom prenom", "prenom nom", "nom complet", "etudiant", "nom affiche"),
    "group": ("groupe", "groupes", "sous groupe", "sous groupes", "td"),
}  # fmt: skip
DELIMITERS = ";\t,"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Refused):
    """The whole file can't be read; why, in French."""


@dataclass(frozen=True)
class Row:
    """One line of the file. `fault` says why it is left aside; empty, the line will be done."""

    line: int
    email: str
    name: str = ""
    group: str = ""
    fault: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        return split_groups(self.group)


def split_groups(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (" ".join(part.split()) for part in re.split(r"[;,|]", cell)) if name))


def shown(text: str) -> str:
    """A text of the file as it may be shown, and copied back in a spreadsheet without becoming a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


# --- Reading --------------------------------------------------------------------------------------------------------


def read(file: UploadedFile[Any]) -> list[Row]:
    """The lines of a file, in its order. Raises Unreadable when it isn't a list of students at all."""
    if (file.size or 0) > MAX_BYTES:
        raise Unreadable(
            "Ce fichier est trop gros pour une liste d’étudiants : 1 Mo au plus. Vérifiez que c’est le bon."
        )
    return read_bytes(file.read(MAX_BYTES + 1))


def read_bytes(content: bytes) -> list[Row]:
    text = decoded(content)
    if not text.strip():
        raise Unreadable("Ce fichier est vide.")
    return list(without_twins(rows_of(text)))


def decoded(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(
            "C’est un classeur, pas un fichier CSV. Dans votre tableur : « Enregistrer sous », puis « CSV »."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = attempt(content, "utf-16")
    else:
        text = attempt(content, "utf-8-sig")
        text = attempt(content, "cp1252") if text is None else text
    if text is None or "\0" in text:
        raise Unreadable("Ce fichier n’est pas un texte : enregistrez votre tableau au format CSV, puis recommencez.")
    return text


def attempt(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def rows_of(text: str) -> Iterator[Row]:
    lines = cells_of(text, delimiter_of(text))
    # « sep=; » is a mark for Excel alone.
    header = next((cells for _, cells in lines if cells and not cells[0].lower().startswith("sep=")), None)
    if header is None:
        raise Unreadable("Ce fichier est vide.")
    columns = columns_of(header)
    count = 0
    for number, cells in lines:
        if not cells:
            continue
        count += 1
        if count > MAX_LINES:
            raise Unreadable(f"Plus de {MAX_LINES} lignes : coupez ce fichier en plusieurs.".replace("2000", "2 000"))
        yield row_of(number, cells, columns, len(header))


def cells_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line where it begins, its cells tidied and its empty last ones dropped."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for record in reader:
            cells = [tidy(cell) for cell in record]
            while cells and not cells[-1]:
                cells.pop()
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            f"Ligne {begins} : un guillemet n’est pas refermé, ou n’est pas à sa place. Corrigez-le : rien n’est lu "
            "au-delà."
        ) from None


def tidy(cell: str) -> str:
    """On one line, without the signs that can't be seen and that spreadsheets slip in."""
    text = unicodedata.normalize("NFC", cell)
    seen = "".join(
        sign if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} else " " * sign.isspace() for sign in text
    )
    return " ".join(seen.split())


def delimiter_of(text: str) -> str:
    """The one that finds the most columns we know in the first line; then the one that cuts it in most pieces."""
    first = next((line for line in text[:20_000].splitlines() if line.strip(DELIMITERS + " \ufeff")), "")
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in DELIMITERS:
        return first[4]

    def known(delimiter: str) -> tuple[int, int]:
        keys = [header_key(cell.strip('"')) for cell in first.split(delimiter)]
        return sum(any(key in names for names in HEADERS.values()) for key in keys), len(keys)

    return max(DELIMITERS, key=known)


def header_key(cell: str) -> str:
    plain = unicodedata.normalize("NFKD", tidy(cell)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", " ", plain).strip()


def columns_of(header: list[str]) -> dict[str, int]:
    if len(header) > MAX_COLUMNS:
        raise Unreadable(f"Plus de {MAX_COLUMNS} colonnes : gardez l’adresse, le nom, le prénom et le groupe.")
    keys = [header_key(cell) for cell in header]
    columns: dict[str, int] = {}
    for field, names in HEADERS.items():
        found = [(names.index(key), position) for position, key in enumerate(keys) if key in names]
        if found:
            rank, columns[field] = min(found)
            if sum(each == rank for each, _ in found) > 1:
                raise Unreadable(f"Deux colonnes s’appellent « {header[columns[field]][:40]} » : gardez la bonne.")
    if "email" not in columns:
        seen = ", ".join(f"« {shown(cell)[:30]} »" for cell in header[:8]) or "rien"
        raise Unreadable(
            "La première ligne doit nommer les colonnes, et l’une d’elles s’appeler « adresse » ou « mail ». "
            f"Elle dit : {seen}."
        )
    return columns


def row_of(number: int, cells: list[str], columns: dict[str, int], width: int) -> Row:
    def cell(field: str) -> str:
        position = columns.get(field)
        return cells[position] if position is not None and position < len(cells) else ""

    typed, name, group = cell("email"), cell("name"), cell("group")
    parts = [part for part in (cell("first"), cell("last")) if part]
    name = name or " ".join(parts)
    email = typed.removeprefix("mailto:").strip("<>").lower()
    fault = ""
    if len(cells) > width:
        fault = "Cette ligne a plus de cellules que la première : un séparateur est en trop."
    elif not email:
        fault = "L’adresse manque."
    else:
        fault = fault_of_address(email) or fault_of_texts(name, group, *parts)
    # What is left aside is shown, not kept whole.
    return Row(number, (email if not fault else typed)[:254], name[:MAX_NAME], group[:200], fault)


def fault_of_address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "Cette adresse n’est pas valable."
    return "Cette adresse est trop longue." if len(email) > 254 else ""


def fault_of_texts(name: str, group: str, *parts: str) -> str:
    if any(text.startswith(FORMULA) for text in (name, *parts, *split_groups(group))):
        return "Un nom ne commence pas par « = », « + », « - » ou « @ » : est-ce une formule ?"
    if len(name) > MAX_NAME:
        return f"Ce nom est trop long : {MAX_NAME} signes au plus."
    groups = split_groups(group)
    if len(groups) > 10 or any(len(each) > MAX_GROUP for each in groups):
        return f"Le groupe est trop long : {MAX_GROUP} signes au plus, et dix groupes par personne."
    return ""


def without_twins(rows: Iterator[Row]) -> Iterator[Row]:
    """The same address twice: the first line counts, the others say which one it is."""
    seen: dict[str, int] = {}
    for row in rows:
        if row.fault:
            yield row
        elif row.email in seen:
            yield Row(row.line, row.email, row.name, row.group, f"Cette adresse est déjà à la ligne {seen[row.email]}.")
        else:
            seen[row.email] = row.line
            yield row


# --- Against the cohort ---------------------------------------------------------------------------------------------


def prepare(cohort: Cohort, by: Person, file_name: str, rows: list[Row]) -> StudentImport:
    """Keep what was read, to be shown and confirmed; nobody is enrolled yet. Raises Unreadable when nothing can be."""
    people = confirmed_people([row.email for row in rows if not row.fault])
    trains = set(cohort.centre.trainer_roles().values_list("person", flat=True))
    checked = [
        Row(row.line, row.email, row.name, row.group, "Cette personne forme dans votre centre.")
        if not row.fault and row.email in people and people[row.email].pk in trains
        else row
        for row in rows
    ]
    if not checked:
        raise Unreadable("Ce fichier nomme les colonnes, mais n’a aucune ligne d’étudiant.")
    if len(new_groups(cohort, checked)) + cohort.groups.count() > MAX_GROUPS:
        raise Unreadable(f"Une promotion a {MAX_GROUPS} sous-groupes au plus : vérifiez la colonne « groupe ».")
    StudentImport.objects.filter(cohort=cohort, by=by, status=StudentImport.Status.READ).delete()
    return StudentImport.objects.create(
        cohort=cohort, by=by, file_name=tidy(file_name)[:120] or "liste.csv", rows=[asdict(row) for row in checked]
    )


def new_groups(cohort: Cohort, rows: list[Row]) -> list[str]:
    known = {group_key(group.name) for group in cohort.groups.all()}
    found = {group_key(name): name for row in rows if not row.fault for name in reversed(row.groups)}
    return sorted(name for key, name in found.items() if key not in known)


@dataclass(frozen=True)
class Plan:
    """What a file would do, in numbers: shown before it is confirmed."""

    newcomers: int
    back: int
    already: int
    groups: list[str]


def plan(reading: StudentImport) -> Plan:
    rows = [Row(**row) for row in reading.good]
    people = confirmed_people([row.email for row in rows])
    states = dict(
        reading.cohort.enrolments.filter(student__in=people.values()).values_list("student", "left_at")
    )  # fmt: skip
    inside = sum(person.pk in states and states[person.pk] is None for person in people.values())
    back = sum(person.pk in states and states[person.pk] is not None for person in people.values())
    invited = reading.cohort.invitations.filter(email__in=[row.email for row in rows]).count()
    return Plan(len(rows) - inside - back - invited, back, inside + invited, new_groups(reading.cohort, rows))


# --- Doing ----------------------------------------------------------------------------------------------------------


def each_turn() -> int:
    """Called by the letters' process at each of its turns: does lists for a few seconds, then lets letters leave."""
    done, began = 0, time.monotonic()
    while lines := next_lines():
        done += lines
        if time.monotonic() - began > PATIENCE:
            break
    return done


def next_lines() -> int:
    """The next lines of the oldest list, their letters and how far it is, in one transaction; how many they were.

    Killed in the middle, it goes on from there.
    """
    with transaction.atomic():
        waiting = StudentImport.objects.waiting().select_for_update(skip_locked=True, of=("self",))
        reading = waiting.order_by("read_at").first()
        if reading is None:
            return 0
        try:
            with transaction.atomic():
                return go_on(reading)
        except Refused:  # the cohort or the trainer's role ended meanwhile: what is done stays, the rest won't be
            StudentImport.objects.filter(pk=reading.pk).update(status=StudentImport.Status.DONE)
        except Exception:
            log.exception("import of students %s", reading.pk)
            held = timezone.now() + HELD_BACK
            StudentImport.objects.filter(pk=reading.pk).update(leased_until=held)
    return 0


def go_on(reading: StudentImport) -> int:
    if reading.cohort.centre_id not in centres_of(reading.by, RoleKind.TRAINER):
        raise Refused("Qui avait apporté cette liste ne forme plus dans ce centre.")
    rows = [Row(**row) for row in reading.good]
    batch = rows[reading.done : reading.done + BATCH]
    arrived = Invitation.bring(reading.cohort, [Expected(row.email, row.name, row.groups) for row in batch], reading.by)
    emails.arrived(reading.cohort, arrived, reading.by)
    done = reading.done + len(batch)
    over = done >= len(rows)
    status = StudentImport.Status.DONE if over else StudentImport.Status.DOING
    StudentImport.objects.filter(pk=reading.pk).update(done=done, status=status)
    return len(batch)


def forget(on: date) -> None:
    """Gone: files read more than a day ago, done or never confirmed, and whoever is still expected in an old cohort."""
    old = StudentImport.objects.filter(read_at__lt=timezone.now() - KEPT)
    old.exclude(status=StudentImport.Status.DOING).delete()
    Invitation.objects.filter(cohort__ends_on__lt=on).delete()
