"""The page of a report or a correction in the coordinators' queue: what was said, the page it is about, what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import rights
from accounts.models import Person
from initiatives import fate, reading, sections
from initiatives.difference import label_of
from initiatives.forms.decisions import DismissForm, UpholdForm
from initiatives.forms.readers import PLACES
from initiatives.models import Case, Report
from initiatives.workflow import ABOUT_A_PAGE, OPEN, CaseStatus, Refused


def report_page(request: HttpRequest, case: Case, *, error: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    """Rendered by the page of a case for the kinds that are about a page; bound forms come back with what was typed."""
    person = request.user
    assert isinstance(person, Person)
    report = get_object_or_404(
        Report.objects.select_related("initiative__public_version", "version__place", "version__organisation_kind"),
        case=case,
    )
    report.case = case
    sheet = report.initiative
    conflict = case.conflict_for(person)
    is_mine = case.status == CaseStatus.CLAIMED and case.claimed_by_id == person.pk and not conflict
    deciding = {}
    if is_mine:
        deciding = {
            "uphold": UpholdForm(prefix="uphold", report=report, field=request.GET.get("champ", "")),
            "dismiss": DismissForm(prefix="dismiss"),
        }
    others = Report.objects.filter(initiative=sheet, case__status__in=OPEN).exclude(pk=report.pk).select_related("case")
    return render(
        request,
        "initiatives/report_case.html",
        {
            "case": case,
            "report": report,
            "sheet": sheet,
            "initiative": sheet,
            "version": report.version,
            "told": reading.told(report.version),
            "sections": sections.of(report.version),
            "reviewing": True,
            "place": PLACES.get(report.field, ""),
            "error": error,
            "conflict": conflict,
            "is_mine": is_mine,
            "can_claim": case.status == CaseStatus.RECEIVED and not conflict,
            "others": others,
            "amendable": [(name, label_of(name)) for name in fate.AMENDABLE],
            "moves": case.moves.select_related("by").order_by("pk"),
            "outcomes": Report.Outcome,
            "forms": {"uphold": None, "dismiss": None, **deciding, **forms},
        },
        status=status,
    )


@login_required
@require_POST
def uphold(request: HttpRequest, pk: int) -> HttpResponse:
    case, person = _case(request, pk)
    report = get_object_or_404(Report.objects.select_related("initiative__public_version"), case=case)
    report.case = case
    form = UpholdForm(request.POST, prefix="uphold", report=report, field=request.POST.get("uphold-field", ""))
    if not form.is_valid():
        return _not_done(request, case, person, uphold=form)
    try:
        report.uphold(person, **form.decided())
    except Refused as refusal:
        return _not_done(request, _case(request, pk)[0], person, error=str(refusal), uphold=form)
    messages.success(request, "C’est décidé, et chacun est prévenu.")
    return redirect("initiatives:case", pk)


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    case, person = _case(request, pk)
    report = get_object_or_404(Report.objects.select_related("initiative__public_version"), case=case)
    report.case = case
    form = DismissForm(request.POST, prefix="dismiss")
    if not form.is_valid():
        return _not_done(request, case, person, dismiss=form)
    try:
        report.dismiss(person, form.cleaned_data["text"])
    except Refused as refusal:
        return _not_done(request, _case(request, pk)[0], person, error=str(refusal), dismiss=form)
    messages.success(request, "Le signalement est classé, et la personne est prévenue si elle a laissé une adresse.")
    return redirect("initiatives:case", pk)


def _not_done(request: HttpRequest, case: Case, person: Person, *, error: str = "", **forms: Any) -> HttpResponse:
    """The page again with what was typed; who may not decide is told so, whatever they typed."""
    if not error and not (case.status == CaseStatus.CLAIMED and case.claimed_by_id == person.pk):
        error = case.conflict_for(person) or "Prenez d’abord ce dossier, s’il n’est pas déjà décidé."
    return report_page(request, case, error=error, status=409 if error else 200, **forms)


def _case(request: HttpRequest, pk: int) -> tuple[Case, Person]:
    person = coordinator_or_404(request)
    cases = Case.objects.moderable_by(person).filter(kind__in=ABOUT_A_PAGE)
    return get_object_or_404(cases.select_related("initiative", "version", "territory", "claimed_by"), pk=pk), person


def coordinator_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.has_role(person, "coordinator"):
        raise Http404
    return person
