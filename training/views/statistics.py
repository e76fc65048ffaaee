"""Figures of training: a head's cohorts, the national team's centres."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import rights
from training import statistics as figures
from training.models import Centre


@login_required
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    headed = list(Centre.objects.headed_by(request.user).select_related("organisation"))
    is_national = rights.is_national_coordinator(request.user)
    if not headed and not is_national:
        raise Http404
    return render(
        request,
        "training/statistics.html",
        {
            "centres": [(centre, figures.of_cohorts([centre.pk])) for centre in headed],
            "national": figures.of_centres() if is_national else None,
            "labels": figures.LABELS,
            "least": figures.LEAST,
        },
    )
