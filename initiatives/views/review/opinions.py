"""An expert's own pages: the opinions asked of them, on cases still open, and nothing else of the cases."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import kept
from initiatives import reading
from initiatives.forms.cases import OpinionForm
from initiatives.models import Opinion
from initiatives.views.roles import holder_or_404
from initiatives.workflow import Refused

OPINIONS = Opinion.objects.select_related(
    "case__initiative", "case__territory", "case__version__place__departement__region", "case__version__place__region",
    "case__version__organisation_kind", "asked_by",
)  # fmt: skip


@login_required
@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    person = holder_or_404(request, "expert")
    asked = OPINIONS.all().asked_of(person).order_by("-answered_at", "asked_at", "pk")
    return render(request, "initiatives/opinions.html", {"opinions": asked})


@kept.signed_in
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The version, the question, and the answer one gives."""
    person = holder_or_404(request, "expert")
    asked = get_object_or_404(OPINIONS.all().asked_of(person), pk=pk)
    form, error = OpinionForm(request.POST if request.method == "POST" else kept.kept(request)), ""
    if request.method == "POST" and form.is_valid():
        try:
            asked.give(form.cleaned_data["advice"], form.cleaned_data["text"])
        except Refused as refusal:
            error = str(refusal)
        else:
            kept.forget(request)
            messages.success(request, "Merci. Votre avis est transmis à la coordination, qui décidera.")
            return redirect("initiatives:opinions")
    version = asked.case.version
    return render(
        request,
        "initiatives/opinion.html",
        {
            "opinion": asked, "case": asked.case, "version": version, "told": reading.told(version), "reviewing": True,
            "form": form, "error": error,
        },
        status=409 if error else 200,
    )  # fmt: skip
