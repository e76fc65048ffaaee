"""Drafts nobody comes back to, refused ones included: their authors are told, and a month later the texts are erased.

The register promises twelve months. What counts is the last thing done on a sheet: a save, something typed, a line of
its journal. The lines of the journal stay, with the decisions and the row their case is about, emptied.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Letter
from accounts.working_days import is_working_day
from initiatives.files import keeping
from initiatives.freshness import after
from initiatives.models import Case, Initiative, Move, TypedText, Upload, Version, VersionRow
from initiatives.workflow import OPEN, SheetStatus, Verb

MONTHS, WARNED_MONTHS = 12, 11
ABANDONED = "abandoned"  # the motive in the journal
# What a version keeps of itself when its texts are gone: its place in the history, and whose case it was.
KEPT = {"id", "initiative", "number", "created_by", "created_at", "saved_at", "frozen_at", "edition", "depth",
        "contact_mode", "licence"}  # fmt: skip


def left() -> QuerySet[Any]:
    """Drafts, with the day of the last thing done on each (`quiet_since`); and those given up that still hold texts."""
    versions = Version.objects.filter(initiative=OuterRef("pk"))
    moves = Move.objects.filter(initiative=OuterRef("pk")).order_by("-at")
    typed = TypedText.objects.filter(version__initiative=OuterRef("pk")).order_by("-at")
    told = Exists(versions.exclude(title="", snapshot={}))
    given_up = Q(status=SheetStatus.WITHDRAWN, published_at=None)
    return (
        Initiative.objects.filter(Q(status=SheetStatus.DRAFT) | (given_up & told))
        .exclude(Exists(Case.objects.filter(initiative=OuterRef("pk"), status__in=OPEN)))
        .annotate(
            quiet_since=Greatest(
                F("created_at"),
                Subquery(versions.order_by("-saved_at").values("saved_at")[:1]),
                Subquery(moves.values("at")[:1]),
                Subquery(typed.values("at")[:1]),
            )
        )
    )


def run(on: date) -> dict[str, int]:
    """All that is due on this day; what was done → how many."""
    done = {"prévenus": 0, "effacés": 0}
    since = timezone.make_aware(datetime.combine(after(on, -WARNED_MONTHS), time.max))
    for pk in left().filter(quiet_since__lte=since).order_by("pk").values_list("pk", flat=True):
        if what := _tick(pk, on):
            done[what] += 1
    return done


def _tick(pk: int, on: date) -> str:
    """One sheet, held: its authors are told once for each time it falls silent, then it is erased."""
    from initiatives.emails import drafts as letters

    with transaction.atomic():
        Initiative.objects.hold(pk)
        sheet: Any = left().filter(pk=pk).first()
        if sheet is None:
            return ""
        quiet = timezone.localdate(sheet.quiet_since)
        end = after(quiet, MONTHS)
        if sheet.status == SheetStatus.WITHDRAWN or not letters.writers(sheet):
            return erase(sheet) if end <= on else ""
        warned = Letter.objects.filter(key__startswith=letters.key_of(sheet, quiet)).order_by("written_at").first()
        if warned is None:
            if after(quiet, WARNED_MONTHS) > on or not is_working_day(on):
                return ""
            letters.draft_ends(sheet, quiet, max(end, after(on, MONTHS - WARNED_MONTHS)))
            return "prévenus"
        since = timezone.localdate(warned.written_at)
        return erase(sheet) if end <= on and after(since, MONTHS - WARNED_MONTHS) <= on else ""


def erase(sheet: Initiative) -> str:
    """Every text of it, its files and who wrote it; what its dossier rests on stays as an empty row."""
    for upload in Upload.objects.filter(initiative=sheet):
        keeping.erase(upload)
    in_a_case = Q(pk__in=Case.objects.filter(initiative=sheet).values("version")) | Q(
        pk__in=Case.objects.filter(initiative=sheet, replaced__isnull=False).values("replaced")
    )
    kept = sheet.versions.filter(in_a_case)
    sheet.versions.exclude(in_a_case).delete()
    TypedText.objects.filter(version__in=kept).delete()
    for kind in VersionRow.kinds():
        kind._base_manager.filter(version__in=kept).delete()
    for version in kept:
        for field in Version._meta.many_to_many:
            if field.name != "tags":
                getattr(version, field.name).clear()
        version.tags.clear()
    kept.update(**_blank())
    sheet.likenesses.all().delete()
    sheet.agreements.all().delete()
    sheet.authorships.all().delete()
    draft = Initiative.objects.filter(pk=sheet.pk, status=SheetStatus.DRAFT)
    if draft.update(status=SheetStatus.WITHDRAWN, withdrawn_reason=""):
        standing: dict[str, Any] = {"from_status": SheetStatus.DRAFT, "to_status": SheetStatus.WITHDRAWN}
        Move.say(sheet, Verb.WITHDRAW, by=None, motive=ABANDONED, **standing)
    return "effacés"


def _blank() -> dict[str, Any]:
    """What every column a person fills says when it says nothing."""
    return {field.name: _nothing(field) for field in Version._meta.concrete_fields if field.name not in KEPT}


def _nothing(field: Any) -> Any:
    match field:
        case ArrayField():
            return []
        case models.JSONField():
            return {}
        case models.BooleanField():
            return False
        case models.CharField() | models.TextField():
            return ""
    return None
