"""Published sheets are read again when the assistant's rules change: what they now see opens an urgent case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.content import synchronise
from initiatives import anonymity, findings
from initiatives.models import Case, Initiative, Move, Report
from initiatives.models.routing import claim_due_dates, routed_to
from initiatives.workflow import CaseKind, CaseStatus, Verb

RULES = Path(anonymity.__file__).parent


def each_day(on: date) -> bool:
    """Reads every published sheet again if the rules have changed since the last time; True when it did.

    What stands on the pages today is read, whatever the day.
    """
    files = sorted(path for path in RULES.rglob("*") if path.suffix in {".py", ".txt"})
    return synchronise("anonymity-rules", files, read_again)


def read_again() -> None:
    for initiative in Initiative.objects.readable().select_related("public_version__place").order_by("pk").iterator():
        read_sheet(initiative)


def read_sheet(initiative: Initiative) -> Case | None:
    """Open a case for what must go from a public page; once for a version, whatever was decided then."""
    version = initiative.public_version
    if version is None:
        return None
    found = findings.to_remove(findings.findings(version))
    if not found:
        return None
    with transaction.atomic():
        sheet = Initiative.objects.hold(initiative.pk)
        if Move.objects.filter(initiative=sheet, verb=Verb.FIND, case__version=version).exists():
            return None
        now = timezone.now()
        case = Case.objects.create(
            kind=CaseKind.REPORT, initiative=sheet, version=version, territory=routed_to(version), received_at=now,
            urgent=True, **claim_due_dates(now),
        )  # fmt: skip
        # Where and what, never the words themselves: they would stay in the journal after they left the page.
        text = " ; ".join(dict.fromkeys(f"{each.span.kind.name} dans « {each.where.label} »" for each in found))
        text = text[:1].upper() + text[1:]
        Report.objects.create(initiative=sheet, version=version, case=case, kind=Report.Kind.FOUND, text=text)
        Move.say(sheet, Verb.FIND, by=None, case=case, text=text, to_status=CaseStatus.RECEIVED)
    return case
