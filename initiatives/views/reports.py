"""The page of a report or a correction in the coordinators' queue: what was said, the page it is about, what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.models import Person
from initiatives import fate, reading, sections
from initiatives.difference import label_of
from initiatives.forms.decisions import DismissForm, UpholdForm
from initiatives.forms.readers import PLACES
from initiatives.forms.review import words_of
from initiatives.models import Case, Report
from initiatives.views.review.guard import Page, acting, holds, said
from initiatives.views.review.journal import moves_of
from initiatives.workflow import DECIDED, OPEN, CaseStatus, Verb


def report_page(
    request: HttpRequest, case: Case, *, data: QueryDict | None = None, sent: str = "", error: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Rendered by the page of a case for the kinds that are about a page; what was typed comes back in its form.

    `sent` is the form of the decision that was sent.
    """
    person = request.user
    assert isinstance(person, Person)
    report = report_of(case)
    sheet = report.initiative
    hand, decided = case.ties(person)
    conflict = hand or (case.conflict_of_a_decider() if decided else "")
    forms = {
        "uphold": uphold_form(request, report, data if sent == "uphold" else None),
        "dismiss": DismissForm(data if sent == "dismiss" else None, prefix="dismiss", report=report),
    }
    is_mine = holds(case, person) and not conflict
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
            "can_reopen": case.status in DECIDED and not hand and not decided,
            "others": others,
            "amendable": [(name, label_of(name)) for name in fate.AMENDABLE],
            "moves": moves_of(case, whole=not hand),
            "forms": forms if is_mine else dict.fromkeys(forms),
            "words": [] if is_mine else [pair for form in forms.values() for pair in words_of(form)],
        },
        status=status,
    )


def report_of(case: Case) -> Report:
    reports = Report.objects.select_related(
        "initiative__public_version", "version__place", "version__organisation_kind"
    )
    report = get_object_or_404(reports, case=case)
    report.case = case
    return report


def uphold_form(request: HttpRequest, report: Report, data: QueryDict | None) -> UpholdForm:
    """`champ`: the text one would rather correct, where the sheet has no team."""
    field = request.GET.get("champ", "") if data is None else data.get("uphold-field", "")
    return UpholdForm(data, prefix="uphold", report=report, field=field)


def again(name: str) -> Page:
    """The page of the report as typed, for one form of the decision."""

    def page(request: HttpRequest, case: Case, **shown: Any) -> HttpResponse:
        return report_page(request, case, sent=name, **shown)

    return page


@acting(again("uphold"))
def uphold(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    report = report_of(case)
    form = uphold_form(request, report, request.POST)
    if not form.is_valid() and holds(case, person):
        return again("uphold")(request, case, data=request.POST)

    def say() -> None:
        case.require_claimant(person)
        report.uphold(person, **form.decided())

    return said(request, case, Verb.UPHOLD, say, "C’est décidé, et chacun est prévenu.", again("uphold"))


@acting(again("dismiss"))
def dismiss(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    report = report_of(case)
    form = DismissForm(request.POST, prefix="dismiss", report=report)
    if not form.is_valid() and holds(case, person):
        return again("dismiss")(request, case, data=request.POST)

    def say() -> None:
        case.require_claimant(person)
        report.dismiss(person, form.cleaned_data["text"])

    done = "C’est classé" + (", et la personne est prévenue." if report.email else ".")
    return said(request, case, Verb.DISMISS, say, done, again("dismiss"))
