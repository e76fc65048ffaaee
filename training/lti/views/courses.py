"""One course of a platform, as its cohort's trainers see it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from training.lti import members
from training.models import CourseLink, GradeReturn


@login_required
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """The cohort it is tied to, what is waiting to be told, and, when asked, who is there and not yet here."""
    found = CourseLink.objects.taught_by(request.user).select_related(
        "cohort__centre__organisation", "context__deployment__registration"
    )
    tie = get_object_or_404(found, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "untie":
        cohort = tie.cohort
        tie.delete()
        messages.success(request, "Ce cours n’est plus lié. Rien de ce qui a été écrit ne change.")
        return redirect(cohort)
    returns = GradeReturn.objects.filter(placement__link__context=tie.context_id)
    if request.method == "POST" and request.POST.get("do") == "tell_again":
        returns.exclude(given_up_at=None).update(given_up_at=None, attempts=0, due_at=timezone.now())
        messages.success(
            request, "Ces résultats vont être proposés de nouveau à la plateforme, dans les minutes qui viennent."
        )
        return redirect(tie)
    roll, silent = None, False
    if "membres" in request.GET:
        try:
            roll = members.roll(tie)
        except members.NoAnswer:
            silent = True
    return render(
        request,
        "training/lti/course.html",
        {
            "tie": tie,
            "cohort": tie.cohort,
            "platform": tie.context.deployment.registration,
            "can_ask": bool(tie.context.memberships_url),
            "roll": roll,
            "silent": silent,
            "told": returns.filter(told=GradeReturn.Told.DONE).count(),
            "is_leaving": "delier" in request.GET,
            "given_up": returns.exclude(given_up_at=None).count(),
        },
    )
