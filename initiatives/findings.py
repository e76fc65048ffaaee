"""What the anonymity assistant finds in a sheet: where it stands, what to do, which names are kept and why."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as altered
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.statements import Statement
from initiatives.anonymity import Level, Span, scan, scan_filename
from initiatives.difference import label_of
from initiatives.files import keeping
from initiatives.models import Attachment, NameKept, Picture, TaggedVersion, Upload, Version, VersionRow
from initiatives.workflow import Refused

logger = logging.getLogger(__name__)

# Structured contact: asked for, and shown only where its owner says so. A name kept is what it excuses.
NOT_READ = {"contact_address", "organisation_siret"}
KINDS_NOT_READ = {"namekept", "source", "kinship"}
# Among the columns of a row that shows a file: its name, and what a document holds. One changes the file, not them.
NAME, INSIDE = "file_name", "file_text"
ATTACHMENT, TAGS = "attachment", "tags"
SHOWN = 3  # of what must go, in a sentence
AROUND = 60  # signs shown on each side


@dataclass(frozen=True)
class Text:
    """A text of a version: the field or the kind of row that holds it, and the row's key where it is in one."""

    field: str
    column: str
    row: int | None
    text: str

    @property
    def label(self) -> str:
        return label_of(self.field) + (", dans le fichier" if self.column == INSIDE else "")


@dataclass(frozen=True)
class Finding:
    """One thing found in one text. `mark` names it in a form: it holds only while the text stays as it is."""

    where: Text
    span: Span
    reason: str = ""
    """Why the name is kept, when it is."""

    @property
    def mark(self) -> str:
        place = f"{self.where.field}:{self.where.column}:{self.where.row}:{self.span.start}:{self.span.end}"
        return hashlib.sha256(f"{place}:{self.where.text}".encode()).hexdigest()[:16]

    @property
    def step(self) -> Any:
        """The screen where it is corrected."""
        from initiatives import steps

        return steps.of_field(self.where.field)

    @property
    def before(self) -> str:
        start = max(self.span.start - AROUND, 0)
        return ("…" if start else "") + self.where.text[start : self.span.start]

    @property
    def after(self) -> str:
        end = self.span.end + AROUND
        return self.where.text[self.span.end : end] + ("…" if end < len(self.where.text) else "")

    @property
    def must_go(self) -> bool:
        return self.span.level == Level.BLOCK and not self.reason

    @property
    def can_be_replaced(self) -> bool:
        return bool(self.span.replacement) and self.where.column not in (NAME, INSIDE) and self.where.field != TAGS

    @property
    def advice(self) -> str:
        if self.where.column == INSIDE:
            kept = " Un nom peut être gardé en disant pourquoi." if self.can_be_kept else ""
            return f"Ce document le dit : corrigez le fichier d’origine, puis remplacez-le sur son écran.{kept}"
        return self.span.advice

    @property
    def can_be_kept(self) -> bool:
        return self.span.excusable and not self.reason


@dataclass(frozen=True)
class Group:
    """The same thing found in several places: one advice, one answer."""

    first: Finding
    times: int


def grouped(found: Sequence[Finding]) -> list[Group]:
    times: dict[tuple[str, str], list[Finding]] = {}
    for each in found:
        times.setdefault((each.span.label, each.span.text), []).append(each)
    return [Group(same[0], len(same)) for same in times.values()]


def texts_of(version: Version) -> tuple[list[Text], dict[str, str]]:
    """Every text of a version that a person wrote, its rows, their files' names and its tags included; and the names

    kept, each with its reason. One statement.
    """
    found = [Text(name, name, None, getattr(version, name)) for name in _written(Version) if name not in NOT_READ]
    told = _rows(version)
    kept = {row["text"]: row["reason"] for row in told["namekept"]}
    for kind, rows in told.items():
        found += [
            Text(kind, column, row["pk"], row[column])
            for row in rows
            for column in row
            if column != "pk" and kind not in KINDS_NOT_READ
        ]
    return [each for each in found if each.text], kept


def _written(model: Any) -> list[str]:
    """The columns a person writes freely."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.URLField)
        and not field.choices
    ]


def _rows(version: Version) -> dict[str, list[dict[str, Any]]]:
    """The rows of a version by kind, and its tags, each as {pk, column: text}."""
    told = next(_asked([version.pk]))
    told[TAGS] = told.pop("tags_worn")
    return told


@Statement
def _asked(keys: Sequence[int]) -> QuerySet[Version, Any]:
    asked = {}
    for kind in VersionRow.kinds():
        columns: dict[str, Any] = {name: name for name in _written(kind)}
        if kind in (Picture, Attachment):
            columns[NAME] = "upload__name"
        rows = kind.objects.filter(version=OuterRef("pk")).order_by("position", "pk")
        if columns:
            asked[str(kind._meta.model_name)] = ArraySubquery(rows.values(row=JSONObject(pk="pk", **columns)))
    worn = TaggedVersion.objects.filter(content_object=OuterRef("pk")).order_by("pk")
    asked["tags_worn"] = ArraySubquery(worn.values(row=JSONObject(pk="tag_id", name="tag__name")))
    return Version.objects.filter(pk__in=keys).order_by().values(**asked)


def findings(version: Version) -> list[Finding]:
    """All that is found, in the order of the texts; a name its authors keep comes with their reason."""
    texts, kept = texts_of(version)
    found = []
    for where in texts:
        spans = scan_filename(where.text) if where.column == NAME else scan(where.text)
        found += [Finding(where, span) for span in spans]
    if any(where.field == ATTACHMENT for where in texts):
        found += _in_documents(version)
    return [altered(each, reason=kept.get(each.span.text[:200], "") if each.span.excusable else "") for each in found]


def _in_documents(version: Version) -> Iterator[Finding]:
    """What must go from the documents themselves. One that can't be read now is left to who reads the sheet."""
    for row in Attachment.objects.filter(version=version).select_related("upload").order_by("position", "pk"):
        try:
            held = _held_by(row.upload)
        except OSError:
            logger.exception("the text of a document could not be read")
            continue
        for text, span in held:
            yield Finding(Text(ATTACHMENT, INSIDE, row.pk, text), span)


@lru_cache(maxsize=256)
def _held_by(upload: Upload) -> tuple[tuple[str, Span], ...]:
    """(words around, span in them) of what must go from a document. A file never changes: it is read once a process."""
    text = keeping.text_of(upload)
    held = []
    for span in scan(text):
        if span.level == Level.BLOCK:
            start = max(span.start - AROUND, 0)
            around = text[start : span.end + AROUND]
            held.append((around, altered(span, start=span.start - start, end=span.end - start)))
    return tuple(held)


def to_remove(found: Sequence[Finding]) -> list[Finding]:
    """What must go before the sheet may be sent."""
    return [each for each in found if each.must_go]


def marked(version: Version, mark: str) -> Finding | None:
    """The finding a form names, as long as its text hasn't changed."""
    return next((each for each in findings(version) if each.mark == mark), None)


def replace(version: Version, finding: Finding) -> int:
    """Put the suggestion in place of what was found, wherever the sheet says it; how many times.

    Raises SavedElsewhere when the sheet was saved in the meantime.
    """
    places: dict[tuple[str, str, int | None], list[Finding]] = {}
    for each in findings(version):
        if each.span.label == finding.span.label and each.span.text == finding.span.text and each.can_be_replaced:
            places.setdefault((each.where.field, each.where.column, each.where.row), []).append(each)
    if not places:
        raise Refused("Ce texte se corrige sur son écran.")
    with version.saving(version.edition):
        for (field, column, row), found in places.items():
            holder: Any = version if row is None else _kind(field).objects.get(pk=row, version=version)
            setattr(holder, column, _replaced(found))
            try:
                holder.clean_fields(exclude=[each.name for each in holder._meta.fields if each.name != column])
            except ValidationError:
                raise Refused("La suggestion ne tient pas dans ce champ : corrigez-le sur son écran.") from None
            holder.save(update_fields=[column])
    return sum(map(len, places.values()))


def _replaced(found: Sequence[Finding]) -> str:
    text = found[0].where.text
    for each in reversed(found):
        text = text[: each.span.start] + each.span.replacement + text[each.span.end :]
    return text


def keep(version: Version, finding: Finding, reason: str) -> None:
    """Keep a name, with the reason the coordination will read; wherever it stands in the sheet."""
    if not finding.span.excusable:
        raise Refused("Seul un nom peut être gardé : le reste doit partir.")
    with version.saving(version.edition):
        NameKept.objects.update_or_create(
            version=version, text=finding.span.text[:200], defaults={"reason": reason[:300]}
        )


def keep_no_more(version: Version, finding: Finding) -> None:
    with version.saving(version.edition):
        NameKept.objects.filter(version=version, text=finding.span.text[:200]).delete()


def _kind(name: str) -> Any:
    return next(kind for kind in VersionRow.kinds() if kind._meta.model_name == name)


def refuse_what_must_go(version: Version) -> None:
    """Before sending: what designates someone is out, or kept with a reason where it is a name."""
    found = to_remove(findings(version))
    if found:
        texts = list(dict.fromkeys(f"« {each.span.text} »" for each in found))
        what, left = ", ".join(texts[:SHOWN]), len(texts) - SHOWN
        more = f" et {left} autre{'s' if left > 1 else ''}" if left > 0 else ""
        raise Refused(
            f"Des personnes pourraient être reconnues : retirez {what}{more}, ou dites pourquoi un nom reste."
        )
