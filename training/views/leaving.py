"""A student who leaves a cohort, and what stays theirs to read for a year after its end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training.models import Enrolment, Work


def own_enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """One's place in a cohort, left or not; a cohort one never was in isn't found."""
    mine = Enrolment.objects.of(request.user).select_related("cohort__centre__organisation")
    return get_object_or_404(mine, cohort=pk)


@login_required
def leave_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """What is lost and what is kept is said before."""
    enrolment = own_enrolment(request, pk)
    if request.method == "POST":
        if enrolment.leave():
            messages.success(request, f"Vous n’êtes plus dans la promotion «\u00a0{enrolment.cohort}\u00a0».")
        return redirect("training:home")
    return render(request, "training/leave_cohort.html", {"enrolment": enrolment, "cohort": enrolment.cohort})


@login_required
@require_safe
def own_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """All one wrote in a cohort, in it or not any more, until a year after its end."""
    enrolment = own_enrolment(request, pk)
    if enrolment.cohort.kept_until < timezone.localdate():
        raise Http404
    works = (
        Work.objects.of(request.user)
        .filter(assignment__cohort=pk)
        .select_related("assignment")
        .prefetch_related("notes__comments__by")
        .order_by("assignment__due_at", "pk")
    )
    rows = [(work, sorted(work.notes.all(), key=lambda note: -note.number)) for work in works]
    context = {"enrolment": enrolment, "cohort": enrolment.cohort, "rows": rows}
    return render(request, "training/own_notes.html", context)
