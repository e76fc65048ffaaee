"""Putting an official list in the place of our split, row by row, without breaking a link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rights
from accounts.models import Person
from levers.forms.edition import OfficialForm
from levers.models import DAGBERT, Lever, Proposal


def _editor_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.edits_guide(person):
        raise Http404
    return person


@login_required
@require_safe
def edition(request: HttpRequest) -> HttpResponse:
    _editor_or_404(request)
    levers = Lever.objects.filter(framework=DAGBERT).prefetch_related("proposals__edited_by")
    return render(request, "levers/edition.html", {"levers": levers})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_proposal(request: HttpRequest, number: int) -> HttpResponse:
    person = _editor_or_404(request)
    rows = Proposal.objects.select_related("lever")
    held = rows.select_for_update(of=("self",)) if request.method == "POST" else rows
    proposal = get_object_or_404(held, number=number)
    form = OfficialForm(request.POST if request.method == "POST" else None, proposal=proposal)
    if form.is_valid():
        proposal.take_official(person, **form.cleaned_data)
        messages.success(request, "C’est enregistré : la page de la proposition le dit dès maintenant.")
        return redirect("levers:edition")
    return render(request, "levers/edition_proposal.html", {"form": form, "proposal": proposal})
