"""An assignment taken up again: kept as a model of the centre, or given to another year on its calendar."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Person
from guide.french import typeset
from initiatives.workflow import Refused
from training import emails
from training.forms import CloneRow, SourceForm, there
from training.forms.cloning import MOST
from training.models import Assignment, Cohort
from training.shifting import Holidays, weeks_between
from training.views.cohorts import own_cohort
from training.views.giving import OVER, given_assignment


@login_required
def reuse_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Share it in the centre, or choose the cohort that it is taken up for."""
    assignment = given_assignment(request, pk)
    if request.method == "POST":
        shares = request.POST.get("action") == "share"
        if shares or request.POST.get("action") == "unshare":
            assignment.share(shares)
            done = "est maintenant un modèle" if shares else "n’est plus un modèle"
            messages.success(request, f"Ce devoir {done} de «\u00a0{assignment.cohort.centre}\u00a0».")
        return redirect("training:reuse_assignment", pk)
    cohorts = Cohort.objects.taught_by(request.user).filter(
        centre=assignment.cohort.centre_id, ends_on__gte=timezone.localdate()
    )
    return render(request, "training/reuse_assignment.html", {"assignment": assignment, "cohorts": cohorts})


@login_required
def clone_assignments(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of another cohort, by whole weeks and off closed days; every date is shown, with why, before anything."""
    cohort = own_cohort(request, pk)
    if cohort.is_over:
        messages.warning(request, OVER)
        return redirect(cohort)
    others = Cohort.objects.filter(centre=cohort.centre_id, assignments__isnull=False).exclude(pk=pk).distinct()
    source_form = SourceForm(request.GET if "de" in request.GET else None, sources=list(others))
    rows: list[CloneRow] = []
    source, weeks, wrong = None, 0, ""
    if source_form.is_bound and source_form.is_valid():
        source = source_form.known[source_form.cleaned_data["de"]]
        weeks = source_form.cleaned_data["semaines"]
        weeks = weeks_between(source, cohort) if weeks is None else weeks
        given = list(source.assignments.in_force().with_links().taken_up_by(cohort)[:MOST])
        if asked := [each for each in given if str(each.pk) == request.GET.get("devoir")]:
            given = asked
        place = there(cohort, source, given)
        data = request.POST if request.method == "POST" else None
        rows = [CloneRow(data, source=each, weeks=weeks, there=place) for each in given]
        if request.method == "POST":
            taken = [row for row in rows if row.is_taken]
            if not taken:
                wrong = "Cochez au moins un devoir."
            elif all(row.is_valid() for row in taken):
                try:
                    return cloned(request, cohort, taken)
                except Refused as refusal:
                    wrong = typeset(str(refusal))
    return render(
        request,
        "training/clone_assignments.html",
        {
            "cohort": cohort,
            "source_form": source_form,
            "source": source,
            "weeks": weeks,
            "calendar": Holidays.of(cohort.centre) if source else None,
            "rows": rows,
            "taken": [row for row in rows if row.is_taken],
            "wrong": wrong,
        },
    )


def cloned(request: HttpRequest, cohort: Cohort, rows: list[CloneRow]) -> HttpResponse:
    """All of them, or none."""
    with transaction.atomic():
        made: list[Assignment] = [row.give(cast(Person, request.user)) for row in rows]
        letters = sum(emails.assigned(each) for each in made)
    count = len(made)
    said = f"{count} devoirs sont repris." if count > 1 else "Le devoir est repris."
    if letters:
        said += f" {letters} lettre{'s partent' if letters > 1 else ' part'} aux étudiants."
    elif any(not each.is_open for each in made):
        said += " Une lettre partira aux étudiants à chaque ouverture."
    messages.success(request, said)
    return redirect(cohort)
