"""What changed between two versions of a sheet: in words, field by field, lists and rows included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from guide.difference import Change, words
from initiatives import completeness
from initiatives.models import Version, VersionRow
from initiatives.models.choices import ANONYMITY_TICKS, BUDGETS, HOSTING, LANGUAGES, MONTHS, PARTICIPANTS

type Reader = Callable[[Version], str]


def lines(values: Any) -> str:
    return "\n".join(sorted(str(value) for value in values))


def _text(name: str) -> Reader:
    return lambda version: str(getattr(version, name) or "")


def _shown(name: str) -> Reader:
    return lambda version: str(getattr(version, f"get_{name}_display")())


def _many(name: str) -> Reader:
    return lambda version: lines(getattr(version, name).all())


def _tick(name: str) -> Reader:
    return lambda version: "oui" if getattr(version, name) else "non"


def _coded(name: str, words: Mapping[str, str]) -> Reader:
    return lambda version: lines(words.get(code, code) for code in getattr(version, name))


def _word(name: str, words: Mapping[str, str]) -> Reader:
    return lambda version: words.get(getattr(version, name), getattr(version, name))


# Every field of what a version says, in the order of the screens: a test holds that none is forgotten.
FIELDS: dict[str, Reader] = {
    "title": _text("title"),
    "summary": _text("summary"),
    "state": _shown("state"),
    "period": _text("period"),
    "organisation_name": _text("organisation_name"),
    "organisation_kind": _text("organisation_kind"),
    "organisation_siret": _text("organisation_siret"),
    "place": _text("place"),
    "place_note": _text("place_note"),
    "scope": _shown("scope"),
    "publics": _many("publics"),
    "themes": _many("themes"),
    "methods": _many("methods"),
    "tags": _many("tags"),
    "beginning": _text("beginning"),
    "story": _text("story"),
    "objectives": _text("objectives"),
    "participation_degree": _shown("participation_degree"),
    "participation": _text("participation"),
    "decisions": _text("decisions"),
    "trades": _text("trades"),
    "participants_band": _word("participants_band", PARTICIPANTS),
    "means": _text("means"),
    "budget_band": _word("budget_band", BUDGETS),
    "funding": _text("funding"),
    "effects": _text("effects"),
    "effects_people": _text("effects_people"),
    "effects_professionals": _text("effects_professionals"),
    "effects_territory": _text("effects_territory"),
    "proof": _shown("proof"),
    "if_again": _text("if_again"),
    "conditions": _text("conditions"),
    "time_granted_by": _text("time_granted_by"),
    "fiches": _many("fiches"),
    "variants": _text("variants"),
    "ethics": _text("ethics"),
    "plain_summary": _text("plain_summary"),
    "plain_with_people": _tick("plain_with_people"),
    "languages": _coded("languages", LANGUAGES),
    "hosting": _coded("hosting", HOSTING),
    "doubts": lambda version: lines(version.doubts),
    "contact_mode": _shown("contact_mode"),
    "contact_address": _text("contact_address"),
    "licence": _shown("licence"),
    "employer_agrees": _tick("employer_agrees"),
    "people_agree": _tick("people_agree"),
    "anonymity": _coded("anonymity", ANONYMITY_TICKS),
}
LABELS = {"period": "période", "tags": "étiquettes"}


def label_of(field: str) -> str:
    """The words shown for a field or a kind of row of a version, first letter capital."""
    rows = {kind._meta.model_name: str(kind._meta.verbose_name_plural) for kind in VersionRow.kinds()}
    name = LABELS.get(field) or rows.get(field)
    if name is None:
        known = {each.name: str(getattr(each, "verbose_name", field)) for each in Version._meta.get_fields()}
        name = known.get(field, field)
    return name[:1].upper() + name[1:]


def snapshot(version: Version) -> dict[str, str]:
    """All a version says as texts, by field then by kind of row: what is kept when it is frozen, to compare later."""
    # Most versions have few kinds of rows: the others aren't asked for.
    numbers = completeness.numbers(version)
    said = {field: read(version) if numbers.get(field, True) else "" for field, read in FIELDS.items()}
    for kind in VersionRow.kinds():
        if not numbers[str(kind._meta.model_name)]:
            said[str(kind._meta.model_name)] = ""
            continue
        named = [field.name for field in kind._meta.concrete_fields if field.is_relation and field.name != "version"]
        rows = kind.objects.filter(version=version)
        rows = rows.select_related(*named) if named else rows
        said[str(kind._meta.model_name)] = lines(row_text(row) for row in rows)
    return said


def between(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """The fields and rows that differ between two snapshots, each with its words kept, added and removed."""
    return [
        Change(label_of(name), words(before.get(name, ""), after.get(name, "")))
        for name in in_order([*after, *before])
        if before.get(name, "") != after.get(name, "")
    ]


def in_order(names: Iterable[str]) -> list[str]:
    """The names of a snapshot, fields first, as the sheet tells them: the database keeps no order."""
    known = [*FIELDS, *(str(kind._meta.model_name) for kind in VersionRow.kinds())]
    said = dict.fromkeys(names)
    return [*(name for name in known if name in said), *(name for name in said if name not in known)]


def row_text(row: VersionRow) -> str:
    """A row in one line: its own fields, the version and the order left out."""
    skipped = {"id", "version", "position", "status", "origin"}
    fields = [field for field in row._meta.concrete_fields if field.name not in skipped]
    return " – ".join(filter(None, (_value_text(row, field) for field in fields)))


def _value_text(row: VersionRow, field: Any) -> str:
    value = getattr(row, f"get_{field.name}_display", lambda: getattr(row, field.name))()
    match value:
        case bool():
            return f"{field.verbose_name} : {'oui' if value else 'non'}"
        case Decimal():
            return str(value).replace(".", ",")
        case int() if field.name == "month":
            return MONTHS[value - 1]
    return "" if value is None else str(value)
