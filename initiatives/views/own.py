"""One's own sheets: what the pages of telling and of following share."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Person
from accounts.rights import Someone
from initiatives import steps
from initiatives.models import Case, Initiative, Move, Remark, Version
from initiatives.workflow import ABOUT_A_PAGE, CaseStatus, SheetStatus, Verb


def writer(request: HttpRequest) -> Person:
    """Who is signed in: the views that write ask for a session first."""
    return cast(Person, request.user)


def own_sheet(someone: Someone, pk: int) -> Initiative:
    return get_object_or_404(Initiative.objects.editable_by(someone).select_related("public_version"), pk=pk)


def working_version(someone: Someone, pk: int) -> Version | None:
    """The version someone is writing on this sheet, with all a screen shows."""
    mine = Version.objects.writable_by(someone).filter(initiative=pk)
    shown = mine.select_related(
        "initiative__public_version", "place__departement__region", "place__region", "organisation_kind"
    )
    # There is one at most: an order would take as long to write as all the rest.
    return next(iter(shown.order_by()), None)


def address_of(pk: int, field: str) -> str:
    return reverse("initiatives:step", args=[pk, steps.of_field(field).slug]) + f"#id_{field}_field"


def first_lack(version: Version) -> str:
    """Where to go on: the first screen where something lacks, else the page where one reads before sending."""
    lacking = next((part.step for part in steps.progress(version.missing()) if part.missing), None)
    if lacking is None:
        return reverse("initiatives:check", args=[version.initiative_id])
    return reverse("initiatives:step", args=[version.initiative_id, lacking.slug])


def remarks_on(version: Version) -> list[Remark]:
    """What the coordination last asked on this sheet, while it waits for an answer."""
    if version.initiative.status == SheetStatus.DRAFT:
        return []
    asked = Move.objects.filter(
        verb=Verb.REQUEST_CHANGES, case__initiative=version.initiative_id, case__status=CaseStatus.CHANGES_REQUESTED
    )
    return list(Remark.objects.filter(move__in=asked.order_by("-pk").values("pk")[:1]).order_by("pk"))


def followed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The dossiers an author follows, the last one first; what readers say is the coordination's business."""
    return cases.exclude(kind__in=ABOUT_A_PAGE).order_by("-pk")
