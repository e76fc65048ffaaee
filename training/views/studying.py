"""A student's side: what is to do, fiches in the version given, a note that is theirs until they send it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import kept
from accounts.models import Person
from guide.models import Term
from initiatives.anonymity import Level, scan
from initiatives.workflow import Refused, SavedElsewhere
from training.forms import NoteForm
from training.models import Assignment, Reading, Work
from training.views.answering import readable_initiatives


class StillNamed(Refused):
    """The note still designates someone."""


NEVER_SAVED = 2_000_000_000  # an edition no draft has: a form that says none writes over nothing


def own_assignment(request: HttpRequest, pk: int) -> Assignment:
    """One given to this student, in a cohort they are still in; another's isn't found."""
    return get_object_or_404(Assignment.objects.given_to(request.user).with_places(), pk=pk)


@login_required
@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = get_object_or_404(Assignment.objects.readable_by(request.user).with_places(), pk=pk)
    if not Assignment.objects.given_to(request.user).filter(pk=pk).exists():
        return redirect("training:assignment_table", pk)
    work = assignment.known_work_of(cast(Person, request.user))
    return assignment_page(request, assignment, work, NoteForm(initial={"text": work.draft, "edition": work.edition}))


def assignment_page(
    request: HttpRequest,
    assignment: Assignment,
    work: Work,
    form: NoteForm,
    *,
    came_back: bool = False,
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    """`preview`: a trainer looks at it as a student will (views/giving.py); what it holds is for the band above."""
    notes = list(work.notes.order_by("-number").prefetch_related("comments__by")) if work.pk else []
    read = set(work.readings.values_list("fiche", flat=True)) if work.pk else set()
    fiches = [(each, each.pk in read) for each in assignment.fiches.select_related("version__fiche")]
    return render(
        request,
        "training/assignment.html",
        {
            "assignment": assignment,
            "work": work,
            "form": form,
            "came_back": came_back,
            "preview": preview,
            "fiches": fiches,
            "read_count": len(read),
            "initiatives": readable_initiatives(assignment),
            "notes": notes,
            "last": notes[0] if notes else None,
            "has_changed": bool(notes) and notes[0].text != work.draft,
        },
    )


@login_required
@require_safe
def assigned_fiche(request: HttpRequest, pk: int, fiche: int) -> HttpResponse:
    """A fiche as it read when it was given, even when the guide has a newer one."""
    assignment = get_object_or_404(Assignment.objects.readable_by(request.user).with_places(), pk=pk)
    fiches = list(assignment.fiches.select_related("version__fiche__current"))
    position = next((n for n, each in enumerate(fiches) if each.pk == fiche), None)
    if position is None:
        raise Http404
    given = fiches[position]
    version = given.version
    studies = Assignment.objects.given_to(request.user).filter(pk=pk).exists()
    reading = Reading.objects.filter(fiche=given, work__student=cast(Person, request.user)).first() if studies else None
    return render(
        request,
        "training/assigned_fiche.html",
        {
            "assignment": assignment,
            "given": given,
            "version": version,
            "newer": version.fiche.current if version.fiche.current_id != version.pk else None,
            "terms": Term.objects.filter(slug__in=version.terms),
            "studies": studies,
            "reading": reading,
            "before": fiches[position - 1] if position else None,
            "after": fiches[position + 1] if position + 1 < len(fiches) else None,
        },
    )


@login_required
@require_POST
def declare_read(request: HttpRequest, pk: int, fiche: int) -> HttpResponse:
    """« J’ai lu cette fiche »: said by the student, taken back as easily."""
    assignment = own_assignment(request, pk)
    given = get_object_or_404(assignment.fiches, pk=fiche)
    person = cast(Person, request.user)
    if "undo" in request.POST:
        Reading.objects.filter(fiche=given, work__student=person).delete()
        messages.info(request, "Cette fiche n’est plus notée comme lue.")
        return redirect("training:assigned_fiche", pk, fiche)
    Reading.objects.get_or_create(work=assignment.work_of(person), fiche=given)
    messages.success(request, "C’est noté\u00a0: vous avez lu cette fiche. Vous seul le voyez.")
    return redirect("training:assignment", pk)


@kept.signed_in
def save_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep the draft; two windows never write over one another silently, nor does a session that ends."""
    assignment = own_assignment(request, pk)
    person = cast(Person, request.user)
    if request.method != "POST":
        back = kept.kept(request)
        if back is None:
            return redirect("training:assignment", pk)
        return assignment_page(request, assignment, assignment.known_work_of(person), NoteForm(back), came_back=True)
    if "forget" in request.POST:
        kept.forget(request)
        return redirect("training:assignment", pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return assignment_page(request, assignment, assignment.known_work_of(person), form)
    work, text, edition = assignment.work_of(person), form.cleaned_data["text"], form.cleaned_data["edition"]
    try:
        work.save_draft(text, NEVER_SAVED if edition is None else edition)
    except SavedElsewhere:
        return two_texts(request, assignment, work, text)
    except Refused as refusal:
        return two_texts(request, assignment, work, text, refusal=str(refusal))
    kept.forget(request)
    if request.POST.get("go") == "send":
        return redirect("training:send_note", pk)
    messages.success(request, "Votre note est enregistrée. Vous seul la voyez.")
    return redirect(f"{reverse('training:assignment', args=[pk])}#note")


def two_texts(
    request: HttpRequest, assignment: Assignment, work: Work, text: str, *, refusal: str = ""
) -> HttpResponse:
    """The text just typed and the one that is kept, side by side: the person chooses."""
    form = NoteForm(initial={"text": text, "edition": work.edition})
    context = {"assignment": assignment, "work": work, "form": form, "typed": text, "refusal": refusal}
    return render(request, "training/note_conflict.html", context, status=409)


@login_required
def send_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Read once more, then send: nobody else has seen it until then."""
    assignment = own_assignment(request, pk)
    work = assignment.known_work_of(cast(Person, request.user))
    error = ""
    found = [span for span in scan(work.draft) if span.level == Level.BLOCK]
    names = [span for span in found if span.excusable]
    if request.method == "POST":
        try:
            if len(found) > len(names):
                raise StillNamed("Retirez d’abord ce qui désigne quelqu’un : c’est montré plus bas.")
            if names and request.POST.get("names") != "ok":
                raise StillNamed(
                    "Des noms restent : retirez-les, ou confirmez qu’aucun n’est celui d’une personne accompagnée."
                )
            if work.pk is None:
                raise Refused("Écrivez votre note avant de l’envoyer.")
            note = work.send(edition_in(request.POST.get("edition", "")))
        except SavedElsewhere:
            work.refresh_from_db()
            error = (
                "Votre note a changé depuis que vous l’avez ouverte ici. La voici\u00a0: relisez-la, puis envoyez-la."
            )
        except StillNamed as refusal:
            error = str(refusal)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("training:assignment", pk)
        else:
            late = " Elle est marquée en retard." if note.is_late else ""
            messages.success(request, f"Votre note est envoyée (version {note.number}, {note.sent_in_words}).{late}")
            return redirect("training:assignment", pk)
    elif work.is_accepted or not work.draft.strip():
        return redirect("training:assignment", pk)
    return render(
        request,
        "training/send_note.html",
        {"assignment": assignment, "work": work, "error": error, "found": found, "names": names},
        status=409 if error else 200,
    )


def edition_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else NEVER_SAVED
