"""What anyone does around a published sheet: report it, write to its team, take it over. GET shows, POST acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Person
from accounts.senders import sender_of
from initiatives import adoption
from initiatives.emails import readers as letters
from initiatives.forms.readers import InquiryForm, ReportForm
from initiatives.models import Initiative, Inquiry, Report
from initiatives.models.choices import ContactMode
from initiatives.models.reader import TooMany
from initiatives.views.own import first_lack, writer
from initiatives.workflow import READABLE, Refused

RECEIPT = "initiatives.report"  # what signs the address of a receipt
RECEIPT_SECONDS = 24 * 3600


def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One form, no account. A page hidden since it was opened still takes what its reader was writing."""
    sheet = get_object_or_404(
        Initiative.objects.filter(status__in=READABLE, public_version__isnull=False).select_related("public_version"),
        slug=slug,
    )
    if request.method != "POST":
        sent = _receipt(request, sheet)
        if sent:
            return render(request, "initiatives/reported.html", {"report": sent, "case": sent.case, "sheet": sheet})
        if sheet.masked_at:
            return render(request, "initiatives/masked.html", status=404)
        return _report_page(request, sheet, ReportForm(initial=_asked(request)))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _report_page(request, sheet, form)
    try:
        made = Report.send(sheet, sender=sender_of(request), **form.said())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _report_page(request, sheet, form, status=429 if isinstance(refusal, TooMany) else 409)
    return redirect(f"{request.path}?recu={dumps(made.pk, salt=RECEIPT)}")


def _asked(request: HttpRequest) -> dict[str, str]:
    """« Proposer une correction » and « Signaler » open the same form, each on its own answer."""
    kind = request.GET.get("sorte", "")
    return {"kind": kind} if kind in Report.Kind else {}


def _receipt(request: HttpRequest, sheet: Initiative) -> Report | None:
    """The report just sent from this browser: its address can't be guessed, and lasts a day."""
    try:
        pk = loads(request.GET.get("recu", ""), salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except BadSignature:
        return None
    return Report.objects.select_related("case").filter(pk=pk, initiative=sheet).first()


def _report_page(request: HttpRequest, sheet: Initiative, form: ReportForm, *, status: int = 200) -> HttpResponse:
    context = {"sheet": sheet, "version": sheet.public_version, "form": form, "contact": settings.CONTACT_EMAIL}
    return render(request, "initiatives/report.html", context, status=status)


def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """A message relayed: nobody's address is shown, but the writer's to who will answer."""
    sheet = get_object_or_404(Initiative.objects.readable().select_related("public_version"), slug=slug)
    version = sheet.public_version
    if version is None or sheet.is_from_public_source:
        raise Http404
    if not Inquiry.may_reach(sheet):
        return redirect(sheet)  # its address is on the page
    person = request.user if isinstance(request.user, Person) else None
    form = InquiryForm(request.POST or None, initial={"name": person.name, "email": person.email} if person else {})
    if request.method != "POST" or not form.is_valid():
        return _contact_page(request, sheet, form)
    try:
        with transaction.atomic():
            letters.relay(Inquiry.send(sheet, sender=sender_of(request), person=person, **form.said()))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _contact_page(request, sheet, form, status=429 if isinstance(refusal, TooMany) else 409)
    messages.success(request, "Votre message est parti. Une copie vous arrive par courriel.")
    return redirect(sheet)


def _contact_page(request: HttpRequest, sheet: Initiative, form: InquiryForm, *, status: int = 200) -> HttpResponse:
    version = sheet.public_version
    assert version is not None
    context = {
        "sheet": sheet,
        "version": version,
        "form": form,
        "by_coordination": version.contact_mode == ContactMode.COORDINATOR or not sheet.signed_by_someone(),
    }
    return render(request, "initiatives/contact.html", context, status=status)


@login_required
def adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """« Je reprends cette fiche »: one confirms, then writes; the page stays as it is until the answer."""
    sheet = get_object_or_404(
        Initiative.objects.readable().filter(origin=Initiative.Origin.PUBLIC_SOURCE).select_related("public_version"),
        slug=slug,
    )
    person = writer(request)
    adopter = adoption.adopter_of(sheet)
    context: dict[str, Any] = {"sheet": sheet, "version": sheet.public_version}
    if request.method != "POST":
        taken = adopter is not None and adopter != person
        return render(request, "initiatives/adopt.html", {**context, "taken": taken, "is_mine": adopter == person})
    try:
        version = adoption.begin(sheet, person)
    except adoption.Taken:
        return render(request, "initiatives/adopt.html", {**context, "taken": True}, status=409)
    except Refused as refusal:
        # A second press, or another window: it is sent already, here is its receipt.
        messages.info(request, str(refusal))
        return redirect("initiatives:follow", sheet.pk)
    return redirect(first_lack(version))
