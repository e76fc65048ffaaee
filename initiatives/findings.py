"""What the anonymity assistant finds in a sheet: where it stands, what to do, which names are kept and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from initiatives.anonymity import Level, Span, scan, scan_filename
from initiatives.difference import label_of
from initiatives.models import Attachment, NameKept, Picture, Version, VersionRow
from initiatives.workflow import Refused

# Structured contact: asked for, and shown only where its owner says so. A name kept is what it excuses.
NOT_READ = {"contact_address", "organisation_siret"}
KINDS_NOT_READ = {"namekept", "source", "kinship", "mapping"}
NAME = "file_name"  # among the columns of a row that shows a file
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
        return label_of(self.field)


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
        return bool(self.span.replacement) and self.where.column != NAME

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
    """Every text of a version that a person wrote, its rows and their files' names included; and the names kept, each

    with its reason. One statement.
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
    """The rows of a version by kind, each as {pk, column: text}."""
    asked = {}
    for kind in VersionRow.kinds():
        columns: dict[str, Any] = {name: name for name in _written(kind)}
        if kind in (Picture, Attachment):
            columns[NAME] = "upload__name"
        rows = kind.objects.filter(version=OuterRef("pk")).order_by("position", "pk")
        if columns:
            asked[str(kind._meta.model_name)] = ArraySubquery(rows.values(row=JSONObject(pk="pk", **columns)))
    return cast("dict[str, list[dict[str, Any]]]", Version.objects.filter(pk=version.pk).values(**asked).get())


def findings(version: Version) -> list[Finding]:
    """All that is found, in the order of the texts; a name its authors keep comes with their reason."""
    texts, kept = texts_of(version)
    found = []
    for where in texts:
        spans = scan_filename(where.text) if where.column == NAME else scan(where.text)
        for span in spans:
            reason = kept.get(span.text[:200], "") if span.excusable else ""
            found.append(Finding(where, span, reason))
    return found


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
        what = ", ".join(dict.fromkeys(f"« {each.span.text} »" for each in found[:3]))
        more = f" et {len(found) - 3} autres" if len(found) > 4 else ""
        raise Refused(
            f"Des personnes pourraient être reconnues : retirez {what}{more}, ou dites pourquoi un nom reste."
        )
