"""What one carries away: an assignment to read without network, and one's own dossier."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.models import Person
from guide.print import Document, epub, keeping, odt, pdf
from training import dossier, printing
from training.models import Assignment
from training.views.leaving import kept_enrolment


@login_required
@require_safe
def assignment_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    assignment, document = printed(request, pk)
    return keeping.given(request, document, name_of(assignment))


@login_required
@require_safe
def assignment_epub(request: HttpRequest, pk: int) -> HttpResponse:
    assignment, document = printed(request, pk)
    return handed(epub.written(document), epub.MIMETYPE, f"{name_of(assignment)}.epub")


def printed(request: HttpRequest, pk: int) -> tuple[Assignment, Document]:
    """For the students it is given to, with their own dates, and for the trainers of its centre."""
    readable = Assignment.objects.readable_by(request.user).with_places()
    assignment = get_object_or_404(readable.with_dates_of(cast(Person, request.user)), pk=pk)
    return assignment, printing.document(assignment, assignment.dates)


def name_of(assignment: Assignment) -> str:
    return keeping.name_of("devoir", str(assignment.pk), assignment.title)


@login_required
@require_safe
def dossier_odt(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = kept_enrolment(request, pk)
    made = odt.written(dossier.document(enrolment))
    return handed(made, odt.MIMETYPE, f"{keeping.name_of('mon-dossier', enrolment.cohort.name)}.odt")


@login_required
@require_safe
def dossier_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Composed for this answer alone: nothing of it stays on a disk."""
    enrolment = kept_enrolment(request, pk)
    made = pdf.written(dossier.document(enrolment))
    return handed(made, "application/pdf", f"{keeping.name_of('mon-dossier', enrolment.cohort.name)}.pdf")


def handed(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
