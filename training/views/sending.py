"""Read once more, then send: nobody else has seen a note until then."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Person
from guide.french import typeset
from initiatives.workflow import Refused, SavedElsewhere
from training import secrecy
from training.drafts import NEVER_SAVED
from training.models import Assignment, SentNote, Work
from training.views.studying import own_assignment

CHANGED = "Votre note a changé depuis que vous l’avez ouverte ici. La voici\u00a0: relisez-la, puis envoyez-la."


class StillNamed(Refused):
    """The note still designates someone."""


@login_required
def send_note(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = own_assignment(request, pk)
    work = assignment.known_work_of(cast(Person, request.user))
    if request.method != "POST":
        if work.is_accepted or not work.draft.strip():
            return redirect("training:assignment", pk)
        return page(request, assignment, work)
    try:
        if "replace" in request.POST:
            return replace(request, work)
        note = send(request, work)
    except SavedElsewhere:
        work.refresh_from_db()
        return page(request, assignment, work, CHANGED)
    except StillNamed as refusal:
        return page(request, assignment, work, str(refusal))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("training:assignment", pk)
    late = " Elle est marquée en retard." if note.is_late else ""
    messages.success(request, f"Votre note est envoyée (version {note.number}, {note.sent_in_words}).{late}")
    return redirect("training:assignment", pk)


def send(request: HttpRequest, work: Work) -> SentNote:
    if work.pk is None:
        raise Refused("Écrivez votre note avant de l’envoyer.")
    found = secrecy.found(work)
    if any(each.must_go for each in found):
        raise StillNamed("Retirez d’abord ce qui désigne quelqu’un : c’est montré plus bas.")
    if any(each.is_name for each in found) and request.POST.get("names") != "ok":
        raise StillNamed(
            "Des noms restent : retirez-les, ou confirmez qu’aucun n’est celui d’une personne accompagnée."
        )
    return work.send(edition_in(request.POST.get("edition", "")))


def replace(request: HttpRequest, work: Work) -> HttpResponse:
    """The assistant's suggestion in place of what it found, in one click."""
    text, answers, chosen = secrecy.replaced(work, request.POST["replace"])
    if chosen is None:
        messages.info(request, "Ce passage a changé entre-temps\u00a0: voici ce qui reste.")
    else:
        work.save_draft(text, edition_in(request.POST.get("edition", "")), answers)
        messages.success(request, typeset(f"« {chosen.span.text} » est devenu « {chosen.span.replacement} »."))
    return redirect(f"{request.path}#anonymat")


def page(request: HttpRequest, assignment: Assignment, work: Work, error: str = "") -> HttpResponse:
    found = secrecy.found(work)
    dates = assignment.dates
    context = {
        "assignment": assignment,
        "work": work,
        "error": error,
        "found": found,
        "names": any(each.is_name for each in found),
        "is_closed": dates.is_closed and work.status != Work.Status.TO_REDO,
    }
    return render(request, "training/send_note.html", context, status=409 if error else 200)


def edition_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else NEVER_SAVED
