"""A student's side: what is to do, fiches in the version given, a note that is theirs until they send it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import windows
from accounts.models import Person
from accounts.windows import Window
from guide.models import Term
from training import drafts
from training.forms import NoteForm
from training.models import Assignment, Reading, Work
from training.reading import readable_initiatives


def own_assignments(request: HttpRequest) -> QuerySet[Assignment]:
    """Those given to this student, in the cohorts they are in, with their own dates."""
    return Assignment.objects.given_to(request.user).with_places().with_dates_of(cast(Person, request.user))


def own_assignment(request: HttpRequest, pk: int) -> Assignment:
    """One of them; another's isn't found."""
    return get_object_or_404(own_assignments(request), pk=pk)


@login_required
@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """The student's page; a trainer of the centre is led to the table."""
    own = own_assignments(request).filter(pk=pk).first()
    if own is None:
        get_object_or_404(Assignment.objects.readable_by(request.user), pk=pk)
        return redirect("training:assignment_table", pk)
    work = own.known_work_of(cast(Person, request.user))
    return waiting_page(request, own, work) or assignment_page(request, own, work, NoteForm(work))


def waiting_page(request: HttpRequest, assignment: Assignment, work: Work) -> HttpResponse | None:
    """The page with a text that isn't in the draft yet; beside the draft where somebody wrote there since."""
    form = drafts.waiting(request, work)
    if form is None:
        return None
    if work.is_accepted:
        return two_texts(request, assignment, work, form, refusal="Ce travail est accepté : sa note ne change plus.")
    if form.posted.get("edition") == str(work.edition):
        return assignment_page(request, assignment, work, form, came_back=True)
    return two_texts(request, assignment, work, form)


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
    fiches = [
        (each, each.pk in read, each.sections_read if each.sections else [])
        for each in assignment.fiches.select_related("version__fiche")
    ]
    dates = assignment.dates
    return render(
        request,
        "training/assignment.html",
        {
            "assignment": assignment,
            "work": work,
            "form": form,
            "came_back": came_back,
            "preview": preview,
            "typing": typing_of(request, assignment, form),
            "fiches": fiches,
            "read_count": len(read),
            "initiatives": readable_initiatives(assignment),
            "notes": notes,
            "last": notes[0] if notes else None,
            "has_changed": bool(notes) and (notes[0].text, notes[0].answers) != (work.draft, work.answers),
            "dates": dates,
            "is_extended": dates.due_at != assignment.due_at,
            "is_closed": dates.is_closed and work.status != Work.Status.TO_REDO,
        },
    )


def typing_of(request: HttpRequest, assignment: Assignment, form: NoteForm) -> dict[str, Any]:
    """What the page must know to save while one types."""
    return {
        "url": reverse("training:typing_note", args=[assignment.pk]) if assignment.pk else "",
        "opened": windows.opened_now(),
        "carried": Window.of(form.posted).mark if form.is_bound else "",
        **windows.browser_of(request),
    }


@login_required
@require_safe
def assigned_fiche(request: HttpRequest, pk: int, fiche: int) -> HttpResponse:
    """A fiche as it read when it was given, even when the guide has a newer one."""
    readable = Assignment.objects.readable_by(request.user).with_places()
    assignment = get_object_or_404(readable.with_dates_of(cast(Person, request.user)), pk=pk)
    fiches = list(assignment.fiches.select_related("version__fiche__current"))
    position = next((n for n, each in enumerate(fiches) if each.pk == fiche), None)
    if position is None:
        raise Http404
    given = fiches[position]
    version, sections = given.version, given.sections_read
    rest = [each for each in version.sections if each not in sections]
    studies = Assignment.objects.given_to(request.user).filter(pk=pk).exists()
    reading = Reading.objects.filter(fiche=given, work__student=cast(Person, request.user)).first() if studies else None
    return render(
        request,
        "training/assigned_fiche.html",
        {
            "assignment": assignment,
            "given": given,
            "version": version,
            "sections": sections,
            "is_extract": bool(rest),
            # What guide/_text.html asks of a version: its sections.
            "read": {"sections": sections},
            "rest": {"sections": rest},
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
    """« J’ai lu cette fiche », or the sections of it to read: said by the student, taken back as easily."""
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


def two_texts(
    request: HttpRequest, assignment: Assignment, work: Work, form: NoteForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The text just typed and the one that is kept, side by side: the person chooses."""
    data = form.posted.copy()
    # What one saves from here is saved over the text shown beside it.
    data["edition"] = str(work.edition)
    mine = NoteForm(work, data)
    mine.is_valid()
    context = {
        "assignment": assignment,
        "work": work,
        "form": mine,
        "refusal": refusal,
        "carried": Window.of(form.posted).mark,
    }
    return render(request, "training/note_conflict.html", context, status=status)
