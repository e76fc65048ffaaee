"""A student who leaves a cohort, and what stays theirs to read for a year after its end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training import dossier
from training.models import Enrolment


def own_enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """One's place in a cohort, left or not; a cohort one never was in isn't found."""
    mine = Enrolment.objects.of(request.user).select_related("cohort__centre__organisation", "student")
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


def kept_enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """The same, as long as what was written there is kept: a year after the cohort's end."""
    enrolment = own_enrolment(request, pk)
    if enrolment.cohort.kept_until < timezone.localdate():
        raise Http404
    return enrolment


@login_required
@require_safe
def own_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """All one wrote in a cohort, in it or not any more, until a year after its end."""
    enrolment = kept_enrolment(request, pk)
    rows = [(work, dossier.notes_of(work), dossier.has_unsent(work)) for work in dossier.works(enrolment)]
    context = {"enrolment": enrolment, "cohort": enrolment.cohort, "rows": rows}
    return render(request, "training/own_notes.html", context)
