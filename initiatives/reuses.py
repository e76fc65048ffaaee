"""The gestures of taking a sheet up that touch more than the reuse: a child sheet begun or tied, news asked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from accounts.working_days import is_working_day
from initiatives import freshness, lineage
from initiatives.models import Initiative, Kinship, Reuse, Version
from initiatives.models.choices import Kin
from initiatives.workflow import Refused, SheetStatus

MONTHS = 6  # of silence before one is asked, once
MOST_KIN = 6  # what the screen of the family takes
MOST_DRAFTS = 20


@dataclass(frozen=True)
class Taken:
    """A reuse as its person reads it: `sheet` is where the sheet stands today, None when the public reads it no more.

    Nothing of a page that is hidden or withdrawn comes out here.
    """

    reuse: Reuse
    sheet: Initiative | None
    is_joined: bool
    writes_child: bool

    @property
    def title(self) -> str:
        version = self.sheet.public_version if self.sheet else None
        return version.title if version else ""


def taken(reuses: Iterable[Reuse]) -> list[Taken]:
    """Those of one person, with where each sheet stands; three statements at most."""
    rows = list(reuses)
    children = [row.child_id for row in rows if row.child_id]
    written = set[int]()
    if children:
        own = Initiative.objects.written_by(rows[0].person).filter(pk__in=children)
        written = set(own.values_list("pk", flat=True))
    joined = lineage.followed(row.initiative_id for row in rows if row.initiative.status == SheetStatus.MERGED)
    ends = {}
    if joined:
        ends = Initiative.objects.readable().select_related("public_version").in_bulk(set(joined.values()))
    found = []
    for row in rows:
        is_joined = row.initiative.status == SheetStatus.MERGED
        end = ends.get(joined.get(row.initiative_id, 0)) if is_joined else row.initiative
        is_read = end is not None and end.is_public and end.public_version is not None
        found.append(Taken(row, end if is_read else None, is_joined, row.child_id in written))
    return found


def one(reuse: Reuse) -> Taken:
    return taken([reuse])[0]


def begin_child(reuse: Reuse, by: Person, note: str, mark: str) -> Initiative:
    """« Raconter la mienne »: a new draft that says nothing yet but where it comes from."""
    with transaction.atomic(), reuse.changing(mark):
        if Initiative.objects.editable_by(by).filter(status=SheetStatus.DRAFT).count() >= MOST_DRAFTS:
            raise Refused(
                f"Vous avez déjà {MOST_DRAFTS} brouillons : terminez-en un, ou supprimez-en un, avant de commencer."
            )
        child = Initiative.start(by)
        parent = one(reuse).sheet
        working = child.working_version()
        if parent and working:
            Kinship.objects.create(version=working, other=parent, kind=Kin.INSPIRED)
        reuse.adapt(note, mark, child)
    return child


def tie(reuse: Reuse, child: Initiative, by: Person, note: str, mark: str) -> bool:
    """A sheet of one's own is said to come from the one taken up; True when that is still to be sent and read.

    The public reads it with the next version that is accepted, as any change.
    """
    with transaction.atomic(), reuse.changing(mark):
        parent = one(reuse).sheet
        to_send = False
        if parent:
            if child.pk == parent.pk or child.pk in lineage.of(parent.pk).ancestors():
                raise Refused("Cette fiche inspire déjà celle que vous avez reprise : on ne peut pas les relier ainsi.")
            to_send = _say_so(child, parent, by)
        reuse.adapt(note, mark, child)
    return to_send


def _say_so(child: Initiative, parent: Initiative, by: Person) -> bool:
    said = Kinship.objects.filter(other=parent, kind=Kin.INSPIRED)
    working = child.working_version()
    if working is None and said.filter(version=child.public_version_id).exists():
        return False
    working = working or child.version_to_edit(by)
    if said.filter(version=working).exists():
        return True
    if working.kinship_rows.count() >= MOST_KIN:
        raise Refused(f"Cette fiche nomme déjà {MOST_KIN} fiches de sa famille : retirez-en une d’abord.")
    with working.saving(working.edition):
        Kinship.objects.create(version=working, other=parent, kind=Kin.INSPIRED, position=working.kinship_rows.count())
    return True


# News


def run(on: date) -> int:
    """Where are you? Asked once, after six months without news, on a working day; how many were asked."""
    if not is_working_day(on):
        return 0
    since = timezone.make_aware(datetime.combine(freshness.after(on, -MONTHS), time.max))
    return sum(_ask(pk) for pk in Reuse.due(since).order_by("pk").values_list("pk", flat=True))


def _ask(pk: int) -> bool:
    from initiatives.emails import reuse as letters

    with transaction.atomic():
        waiting = Reuse.objects.under_way().filter(pk=pk, reminded_at=None).select_for_update(of=("self",))
        row = waiting.select_related("initiative__public_version", "person").first()
        found = one(row) if row else None
        if found is None or found.sheet is None:
            return False
        Reuse.objects.filter(pk=pk).update(reminded_at=timezone.now())
        letters.where_are_you(found)
    return True


def parents_of(version: Version | None) -> QuerySet[Initiative]:
    """The sheets a version says it comes from, where they stand today, those the public reads."""
    named = set(Kinship.objects.filter(version=version, kind=Kin.INSPIRED).values_list("other", flat=True))
    joined = lineage.followed(named)
    return Initiative.objects.readable().filter(pk__in={joined.get(pk, pk) for pk in named})
