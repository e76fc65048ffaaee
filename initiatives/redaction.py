"""Emptying a text where the law asks for it: its row, its author and its date stay (product P6).

`found` looks for a word in all that is kept of one sheet; `redact` empties the texts chosen among those it found, with
what is made from them: snapshots, the index, what was typed beside. The journal keeps who, where and why, never what.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Letter, Person
from guide.french import slug_of
from initiatives.difference import FIELDS, label_of, lines, row_text
from initiatives.models import (
    Agreement,
    Case,
    Initiative,
    Inquiry,
    Kinship,
    Move,
    Opinion,
    Remark,
    Report,
    TaggedVersion,
    TypedText,
    Upload,
    Version,
    VersionRow,
)
from initiatives.workflow import READABLE, Refused, Verb

LEAST = 3  # signs of a word one may look for
AROUND = 60
EMPTIED = "(texte retiré)"
OF_A_LETTER = {"subject": "objet", "body": "texte"}
# The notes of a reading grid are texts; its answers are none, and stay.
GRID, WITH_A_GRID = "grid", ("case", "move")
# What the snapshots of other sheets say of this one, whose kin they are.
KIN, IN_A_SNAPSHOT = "kinship", "snapshot__kinship"
# What the database lets be emptied by its own function alone; the rest is emptied here.
BY_FUNCTION = {
    "move": ("text",),
    "remark": ("text",),
    "opinion": ("question", "text"),
    "report": ("text",),
    "inquiry": ("text",),
    "agreement": ("word",),
    "version": (
        "title", "summary", "period_note", "organisation_name", "place_note", "beginning", "story", "contact_address",
        "objectives", "participation", "decisions", "trades", "time_granted_by", "means", "funding", "effects",
        "effects_people", "effects_professionals", "effects_territory", "if_again", "conditions", "variants", "ethics",
        "plain_summary",
    ),
    "obstaclemet": ("text", "lifted"),
    "partner": ("name", "role"),
    "timeshare": ("role",),
    "milestone": ("text",),
    "voice": ("text", "speaker"),
    "weblink": ("title", "transcript"),
    "namekept": ("text", "reason"),
    "picture": ("caption", "credit"),
    "attachment": ("title", "description", "credit"),
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where texts of a sheet are kept: rows, their text columns, and the dates that name them."""

    kind: str
    rows: QuerySet[Any]
    fields: tuple[str, ...]
    version: str = ""
    at: str = ""
    label: str = ""


@dataclass(frozen=True)
class Text:
    """One column of one row that holds the word. `secret`: the coordination's own note, emptied without being read."""

    kind: str
    pk: int
    field: str
    where: str
    before: str
    word: str
    after: str
    version: int | None
    is_public: bool
    secret: bool

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}:{self.field}"


def plain(text: str) -> str:
    """Without accents or capitals, sign for sign."""
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[:1] or sign for sign in text)


def found(initiative: Initiative, word: str) -> list[Text]:
    """The texts of a sheet that hold a word, all its versions and its whole journal included. Two statements."""
    wanted = plain(word.strip())
    if len(wanted) < LEAST:
        raise Refused(f"Cherchez un mot d’au moins {LEAST} signes.")
    versions = {version.pk: version for version in initiative.versions.only("number", "frozen_at")}
    notes = set(initiative.moves.filter(verb=Verb.NOTE).values_list("pk", flat=True))
    sources = {source.kind: source for source in _sources(initiative)}
    texts = []
    for kind, pk, field, version, at, said in _said(sources.values()):
        said = said.replace("-", " ") if kind == "initiative" else said
        place = plain(said).find(wanted)
        if place < 0:
            continue
        secret, end = field == GRID or (kind == "move" and pk in notes), place + len(wanted)
        start, stop = max(0, place - AROUND), end + AROUND
        before, after = "…" * (start > 0) + said[start:place], said[end:stop] + "…" * (stop < len(said))
        around = (before, said[place:end], after)
        is_public = version is not None and version == initiative.public_version_id
        where = _where(sources[kind], field, versions.get(version or 0), at)
        texts.append(Text(kind, pk, field, where, *(("", "", "") if secret else around), version, is_public, secret))
    return sorted(texts, key=lambda text: (not text.is_public, text.version is None, -(text.version or 0), text.where))


def _sources(initiative: Initiative) -> Iterator[Source]:
    of = {"initiative": initiative}
    yield Source("initiative", Initiative.objects.filter(pk=initiative.pk), ("slug",), label="adresse de la page")
    yield Source("version", Version.objects.filter(**of), (*BY_FUNCTION["version"], "doubts"), version="pk")
    for model in VersionRow.kinds():
        fields = tuple(field.name for field in model._meta.concrete_fields if _is_text(field))
        if fields:
            rows = model._base_manager.filter(version__initiative=initiative)
            yield Source(model._meta.model_name, rows, fields, version="version")
    tags = TaggedVersion.objects.filter(content_object__initiative=initiative)
    yield Source("taggedversion", tags, ("tag__name",), version="content_object", label="étiquette")
    yield Source("move", Move.objects.filter(**of), ("text", GRID), at="at", label="journal")
    yield Source("case", Case.objects.filter(**of), (GRID,), at="received_at")
    kin = Kinship.objects.filter(other=initiative).exclude(version__initiative=initiative)
    telling = Version.objects.filter(pk__in=kin.values("version"), snapshot__has_key=KIN)
    yield Source(KIN, telling, (IN_A_SNAPSHOT,), at="frozen_at", label="copie gardée par une fiche parente")
    yield Source("remark", Remark.objects.filter(move__initiative=initiative), ("text",), at="move__at")
    opinions = Opinion.objects.filter(case__initiative=initiative)
    yield Source("opinion", opinions, ("question", "text"), at="asked_at", label="avis d’expert")
    yield Source("report", Report.objects.filter(**of), ("text", "email"), at="at")
    yield Source("inquiry", Inquiry.objects.filter(**of), ("name", "email", "text"), at="at")
    yield Source("agreement", Agreement.objects.filter(**of), ("name", "email", "word"), at="asked_at")
    yield Source("upload", Upload.objects.filter(**of), ("name",), at="at", label="nom d’un fichier")
    typed = TypedText.objects.filter(version__initiative=initiative)
    yield Source("typedtext", typed, ("data",), version="version", at="at", label="texte tapé")
    yield Source("letter", letters_about(initiative), ("subject", "body"), at="written_at", label="lettre")


def _words_in(field: str) -> Any:
    """The texts of a column, as one text."""
    match field:
        case "grid":
            notes = Func(F(GRID), template="jsonb_path_query_array(%(expressions)s, '$.answers.*.note')")
            return Cast(notes, models.TextField())
        case "snapshot__kinship":
            return KeyTextTransform(KIN, "snapshot")
    return Cast(field, models.TextField())


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def letters_about(initiative: Initiative) -> QuerySet[Letter]:
    """Letters that lead to this sheet, to its follow-up or to one of its cases, or that tell a line of its journal."""
    places = [f"/initiatives/suivi/{initiative.pk}/", f"/initiatives/{initiative.slug}/"]
    places += [f"/moderation/{pk}/" for pk in initiative.cases.values_list("pk", flat=True)]
    told = [f"move-{pk}" for pk in initiative.moves.values_list("pk", flat=True)]
    told += [f"inquiry-{pk}" for pk in initiative.inquiries.values_list("pk", flat=True)]
    by_key = Q(key__regex=f":({'|'.join(told)}):") if told else Q()
    return Letter.objects.filter(reduce(or_, (Q(body__contains=place) for place in places), by_key))


def _said(sources: Iterable[Source]) -> Iterator[tuple[str, int, str, int | None, datetime | None, str]]:
    """(kind, key, field, version, date, text) of every text that isn't empty, in one statement."""
    parts = []
    for source in sources:
        version = F(source.version) if source.version else Cast(Value(None), models.BigIntegerField())
        at = F(source.at) if source.at else Cast(Value(None), models.DateTimeField())
        for field in source.fields:
            rows = source.rows.order_by().annotate(
                _kind=Value(source.kind, models.TextField()),
                _field=Value(field, models.TextField()),
                _version=version,
                _at=at,
                _said=_words_in(field),
            )
            parts.append(rows.exclude(_said="").values_list("_kind", "pk", "_field", "_version", "_at", "_said"))
    first, *others = parts
    yield from first.union(*others, all=True)


def _where(source: Source, field: str, version: Version | None, at: datetime | None) -> str:
    """« Version 2 : le récit », « Journal, 3 mars 2027 »: a place, never a word of the text."""
    if source.kind == "version":
        what = label_of(field)
    elif field == GRID:
        what = "Grille de lecture"
    else:
        what = source.label or str(source.rows.model._meta.verbose_name)
        what = what[:1].upper() + what[1:]
        named = {each.name: each for each in source.rows.model._meta.concrete_fields}
        if len(source.fields) > 1 and field in named and not (source.label and field == "text"):
            what += f" ({OF_A_LETTER.get(field) or named[field].verbose_name})"
    if version:
        return f"Version {version.number} : {what[:1].lower()}{what[1:]}"
    return f"{what}, {timezone.localtime(at):%d/%m/%Y}" if at else what


def redact(initiative: Initiative, by: Person, word: str, keys: Iterable[str], why: str) -> list[str]:
    """Empty these texts among those that hold the word; the places emptied, in words."""
    from initiatives import fate, search

    if plain(word.strip()) in plain(why):
        raise Refused("N’écrivez pas dans la raison le mot que vous faites disparaître : le journal la garde.")
    with transaction.atomic():
        Initiative.objects.hold(initiative.pk)
        wanted = set(keys)
        chosen = [text for text in found(initiative, word) if text.key in wanted]
        if not chosen:
            raise Refused("Choisissez au moins un texte. Ceux que vous aviez choisis n’ont peut-être plus ce mot.")
        for text in chosen:
            _empty(text)
        for pk in {text.version for text in chosen if text.version is not None}:
            _clean_snapshot(Version.objects.get(pk=pk), {text for text in chosen if text.version == pk})
        for typed in TypedText.objects.filter(version__initiative=initiative):
            if plain(word.strip()) in plain(str(typed.data)):
                typed.delete()
        initiative.refresh_from_db()
        if any(text.field == "title" for text in chosen) and slug_of(word) in initiative.slug:
            _readdress(initiative)
        public = initiative.public_version
        if public and not public.title and initiative.status in READABLE:
            fate.mask(initiative, by, text="Le titre a dû être retiré : la page reviendra avec un autre.")
        places = [text.where for text in chosen]
        Move.say(initiative, Verb.REDACT, by=by, text="\n".join([why, *(f"– {place}" for place in places)]))
        search.index(initiative)
        search.forget_what_left()
    return places


def _empty(text: Text) -> None:
    if text.field == GRID:
        with connection.cursor() as cursor:
            cursor.execute("SELECT initiatives_redact_grid(%s, %s)", [text.kind, text.pk])
        return
    if text.field in BY_FUNCTION.get(text.kind, ()):
        with connection.cursor() as cursor:
            cursor.execute("SELECT initiatives_redact(%s, %s, %s)", [text.kind, text.pk, text.field])
        if text.kind == "version":
            Version.objects.working().filter(pk=text.pk).update(edition=F("edition") + 1)
        return
    match text.kind:
        case "initiative":
            _readdress(Initiative.objects.get(pk=text.pk))
        case "version":
            Version.objects.filter(pk=text.pk).update(doubts=[])
        case "kinship":
            version = Version.objects.get(pk=text.pk)
            told = lines(row_text(row) for row in Kinship.objects.filter(version=version).select_related("other"))
            version.snapshot[KIN] = EMPTIED if plain(text.word) in plain(told) else told
            version.save(update_fields=["snapshot"])
        case "taggedversion":
            tagged = TaggedVersion.objects.select_related("tag").get(pk=text.pk)
            tagged.delete()
            if not TaggedVersion.objects.filter(tag=tagged.tag).exists():
                tagged.tag.delete()
        case "typedtext":
            TypedText.objects.filter(pk=text.pk).delete()
        case "letter":
            Letter.objects.filter(pk=text.pk).update(**{text.field: EMPTIED})
        case "report" | "inquiry" | "agreement" | "upload":
            ours: dict[str, Any] = {"report": Report, "inquiry": Inquiry, "agreement": Agreement, "upload": Upload}
            ours[text.kind].objects.filter(pk=text.pk).update(**{text.field: ""})
        case _:
            (model,) = (kind for kind in VersionRow.kinds() if kind._meta.model_name == text.kind)
            model._base_manager.filter(pk=text.pk).update(**{text.field: ""})


def _readdress(initiative: Initiative) -> None:
    """An address made from the word says it too: the sheet takes one that says nothing."""
    initiative.slug = initiative.settle_slug(f"fiche {initiative.pk}")
    initiative.save(update_fields=["slug"])


def _clean_snapshot(version: Version, emptied: set[Text]) -> None:
    """What was kept as texts for comparing is told anew from the columns, for the places emptied only."""
    if not version.snapshot:
        return
    kinds = {kind._meta.model_name: kind for kind in VersionRow.kinds()}
    for text in emptied:
        if text.kind in kinds:
            rows = kinds[text.kind]._base_manager.filter(version=version)
            version.snapshot[text.kind] = lines(row_text(row) for row in rows)
            continue
        name = {"period_note": "period", "tag__name": "tags"}.get(text.field, text.field)
        if name in FIELDS:
            version.snapshot[name] = FIELDS[name](version)
    version.save(update_fields=["snapshot"])
