"""What the person who protects data sees and does: the claims of people, a sheet's journal, a text emptied for good.

Never the coordination's notes. What is looked for is posted, so that no address and no log ever holds it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from initiatives import redaction
from initiatives.forms.redaction import ChoiceForm, RedactForm, SheetForm, WordForm
from initiatives.models import Initiative, Report
from initiatives.views.roles import holder_or_404
from initiatives.workflow import Refused, Verb

REQUESTS_A_PAGE = 50
# Texts of the coordination between itself.
ITS_OWN = {Verb.NOTE, Verb.ASK_OPINION, Verb.OPINION}


@login_required
@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """The claims of people who recognise themselves, and where each stands."""
    holder_or_404(request, "dpo")
    form = SheetForm(request.GET if "fiche" in request.GET else None)
    if form.is_bound and form.is_valid():
        sheet = Initiative.objects.filter(slug=form.cleaned_data["fiche"]).first()
        if sheet:
            return redirect("initiatives:data_journal", sheet.pk)
        form.add_error("fiche", "Aucune fiche n’a cette adresse.")
    claims = Report.objects.filter(kind=Report.Kind.PERSONAL).select_related(
        "initiative", "version", "case__territory", "case__claimed_by"
    )
    page = Paginator(claims.order_by("-at", "-pk"), REQUESTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/data_requests.html", {"page": page, "form": form})


@login_required
@require_safe
def data_journal(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to one sheet: who, when, from where to where; the texts that were written for others only."""
    holder_or_404(request, "dpo")
    sheet = get_object_or_404(Initiative.objects.select_related("public_version"), pk=pk)
    lines = [
        {"move": move, "text": "" if move.verb in ITS_OWN else move.text, "hidden": move.verb in ITS_OWN and move.text}
        for move in sheet.moves.select_related("by", "case").order_by("-pk")
    ]
    claims = sheet.reports.filter(kind=Report.Kind.PERSONAL).select_related("case")
    return render(request, "initiatives/data_journal.html", {"sheet": sheet, "lines": lines, "claims": claims})


@never_cache
@login_required
def redact(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for a word, choose among the texts that hold it, read again what will be emptied, confirm."""
    officer = holder_or_404(request, "dpo")
    sheet = get_object_or_404(Initiative.objects.select_related("public_version"), pk=pk)
    gesture = request.POST.get("geste", "chercher")
    word = WordForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"sheet": sheet, "word": word, "choice": None, "confirm": None}
    if request.method != "POST" or not word.is_valid():
        return render(request, "initiatives/redact.html", context)
    try:
        texts = redaction.found(sheet, word.cleaned_data["mot"])
    except Refused as refusal:
        word.add_error("mot", str(refusal))
        return render(request, "initiatives/redact.html", context)
    context["texts"] = texts
    if gesture == "chercher":
        context["choice"] = ChoiceForm(initial={"mot": word.cleaned_data["mot"]}, texts=texts)
        return render(request, "initiatives/redact.html", context)
    choice = ChoiceForm(request.POST, texts=texts)
    if not choice.is_valid():
        return render(request, "initiatives/redact.html", {**context, "choice": choice})
    chosen = [text for text in texts if text.key in choice.cleaned_data["textes"]]
    shown: dict[str, Any] = {**context, "chosen": chosen, "public": any(text.is_public for text in chosen)}
    if gesture != "vider":
        initial = {"mot": word.cleaned_data["mot"], "textes": choice.cleaned_data["textes"]}
        return render(
            request, "initiatives/redact.html", {**shown, "confirm": RedactForm(initial=initial, texts=texts)}
        )
    confirm = RedactForm(request.POST, texts=texts)
    if not confirm.is_valid():
        return render(request, "initiatives/redact.html", {**shown, "confirm": confirm})
    data = confirm.cleaned_data
    try:
        emptied = redaction.redact(sheet, officer, data["mot"], data["textes"], data["why"])
    except Refused as refusal:
        confirm.add_error(None, str(refusal))
        return render(request, "initiatives/redact.html", {**shown, "confirm": confirm}, status=409)
    count = len(emptied)
    messages.success(
        request, f"{count} texte{'s' if count > 1 else ''} vidé{'s' if count > 1 else ''}. Le journal le dit."
    )
    return redirect("initiatives:data_journal", pk)
