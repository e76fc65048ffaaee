"""« Trois initiatives ressemblent à la vôtre »: the same, a sequel, or another one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from guide.french import typeset
from initiatives.alike import answer
from initiatives.models import Initiative, Likeness
from initiatives.views.own import own_sheet, working_version, writer
from initiatives.workflow import SavedElsewhere

SAID = {
    Likeness.Answer.SAME: "C’est noté, et la coordination le lira. Vous pouvez encore compléter la fiche qui existe : "
    "« Proposer une correction », au bas de sa page.",
    Likeness.Answer.SEQUEL: "C’est noté : les deux fiches renverront l’une à l’autre.",
    Likeness.Answer.DIFFERENT: "C’est noté : la question ne reviendra pas.",
}


@login_required
@require_POST
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    other = get_object_or_404(Initiative.objects.published().exclude(pk=pk), slug=request.POST.get("other", "")[:140])
    said = request.POST.get("answer", "")
    if said not in Likeness.Answer.values:
        messages.warning(request, "Choisissez une des trois réponses.")
    else:
        try:
            answer(version, other, said, writer(request))
        except SavedElsewhere as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, typeset(SAID[Likeness.Answer(said)]))
    return redirect(reverse("initiatives:check", args=[pk]) + "#ressemblances")
