"""What the assistant found, dealt with from the page where one reads again: replaced in one click, or kept and why."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from guide.french import typeset
from initiatives import findings
from initiatives.forms.fields import Line
from initiatives.models import Version
from initiatives.views.own import own_sheet, working_version
from initiatives.workflow import Refused

LEAST_REASON = 10


@login_required
@require_POST
def anonymity(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    finding = findings.marked(version, request.POST.get("mark", ""))
    if finding is None:
        messages.info(request, "Ce passage a changé entre-temps : voici ce qui reste.")
    else:
        try:
            messages.success(request, typeset(_done(request, version, finding)))
        except Refused as refusal:
            messages.warning(request, typeset(str(refusal)))
    return redirect(reverse("initiatives:check", args=[pk]) + "#anonymat")


def _done(request: HttpRequest, version: Version, finding: findings.Finding) -> str:
    said, word = finding.span.text, finding.span.replacement
    match request.POST.get("do"):
        case "replace":
            times = findings.replace(version, finding)
            return f"« {said} » est devenu « {word} »" + (f", {times} fois." if times > 1 else ".")
        case "keep":
            reason = Line(max_length=300).to_python(request.POST.get("reason"))
            if len(reason) < LEAST_REASON:
                raise Refused(f"Dites en quelques mots pourquoi « {said} » peut être nommé : la coordination le lira.")
            findings.keep(version, finding, reason)
            return f"« {said} » est gardé. La coordination lira votre raison."
        case "keep_no_more":
            findings.keep_no_more(version, finding)
            return f"« {said} » n’est plus gardé."
    raise Refused("Choisissez de remplacer, ou de garder en disant pourquoi.")
