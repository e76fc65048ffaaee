"""A trainer reads what was sent, and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import kept
from accounts.models import Person
from guide import difference
from initiatives.workflow import Refused
from training import emails, visibility
from training.forms import AnswerForm
from training.models import Assignment, Group, Offer, SentNote, Work
from training.reading import readable_initiatives
from training.standing import Standing, table
from training.views.table import group_asked


@login_required
@require_safe
def assignment_table(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment as it was given, and where each student stands."""
    given = Assignment.objects.given_by(request.user).with_places().with_recipient_ids().with_fiches()
    assignment = get_object_or_404(given, pk=pk)
    groups, group, is_unknown = group_asked(request, assignment.cohort)
    whole = table(request.user, assignment.cohort, only=assignment)
    rows = [(line, line.cells[0]) for line in whole.of_group(group).lines]
    concerned = [row for row in rows if row[1].standing != Standing.NOT_CONCERNED]
    return render(
        request,
        "training/assignment_table.html",
        {
            "assignment": assignment,
            "fiches": assignment.fiches.all(),
            "initiatives": readable_initiatives(assignment),
            "groups": groups,
            "group": group,
            "is_unknown": is_unknown,
            "rows": concerned,
            "others": len(rows) - len(concerned),
            "is_empty": not whole.lines,
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


@kept.signed_in
def work(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A student's sent notes, the last one first, and the answer. The draft is never read here."""
    readable = Work.objects.readable_by_trainer(request.user).with_last_note()
    placed = readable.select_related("student", "attestation", "assignment__cohort__centre__organisation")
    work = get_object_or_404(placed, pk=pk)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect(request.get_full_path())
    _, group, _ = group_asked(request, work.assignment.cohort)
    around = Around.of(request, work, group)
    back = kept.kept(request) if request.method == "GET" else None
    notes = notes_of(work)
    form = AnswerForm(
        request.POST if request.method == "POST" else back,
        grid=work.assignment.grid,
        initial=read_until(notes),
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer(work, notes, form, cast(Person, request.user))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            notes = notes_of(work)
            # The next press of the button is about the version now shown.
            form.data = {**request.POST.dict(), **read_until(notes)}
        else:
            kept.forget(request)
            messages.success(request, f"Votre réponse est enregistrée. Une lettre prévient {work.student}.")
            next_one = around.next if request.POST.get("then") == "next" else None
            return redirect(address(next_one or pk, group))
    return render(
        request,
        "training/work.html",
        {
            "work": work,
            "assignment": work.assignment,
            "student": work.student,
            "dates": work.assignment.dates_of(work.student),
            "notes": notes,
            "changes": changes(notes) if "changements" in request.GET else [],
            "form": form,
            "came_back": back is not None,
            "around": around,
            "group": group,
            "attestation": getattr(work, "attestation", None),
            "offer": offered(notes),
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


def address(pk: int, group: Group | None) -> str:
    return reverse("training:work", args=[pk]) + (f"?groupe={group.pk}" if group else "")


@dataclass(frozen=True)
class Around:
    """The notes to reread before and after this one, in their order; after the last one comes the first."""

    previous: int | None
    next: int | None
    others: int

    @classmethod
    def of(cls, request: HttpRequest, work: Work, group: Group | None) -> Around:
        waiting = Work.objects.to_reread_by(request.user, work.assignment.cohort, group)
        keys = list(waiting.values_list("assignment__due_at", "assignment", "last_sent_at", "pk"))  # type: ignore[misc]  # annotated
        mine = (work.assignment.due_at, work.assignment_id, work.last_sent_at, work.pk)
        before, after = [key for key in keys if key < mine], [key for key in keys if key > mine]
        ring = after + before
        return cls(before[-1][-1] if before else None, ring[0][-1] if ring else None, len(ring))


def changes(notes: list[SentNote]) -> list[difference.Change]:
    """What the last version changed in the one before."""
    if len(notes) < 2:
        return []
    last, before = notes[:2]
    return [
        difference.Change(
            f"De la version {before.number} à la version {last.number}", difference.words(before.text, last.text)
        )
    ]


def read_until(notes: list[SentNote]) -> dict[str, int]:
    """What an answer is about: the last version, and the last thing that was said of it."""
    comments = [comment.pk for comment in notes[0].comments.all()]
    return {"number": notes[0].number, "seen": max(comments, default=0)}


def notes_of(work: Work) -> list[SentNote]:
    notes = work.notes.order_by("-number").select_related("offer__initiative")
    return list(notes.prefetch_related("comments__by"))


def offered(notes: list[SentNote]) -> Offer | None:
    """What the student asks of the catalogue with one of them, and has not taken back."""
    offers: list[Offer] = [note.offer for note in notes if hasattr(note, "offer")]
    return next((offer for offer in offers if not offer.withdrawn_at), None)


def answer(work: Work, notes: list[SentNote], form: AnswerForm, by: Person) -> None:
    said = form.cleaned_data
    read = next((note for note in notes if note.number == said["number"]), None)
    if read is None:
        raise Refused("Cette version n’existe pas. Lisez celle-ci avant de répondre.")
    words = {name: said[name] for name in ("text", "verdict", "grid", "seen")}
    with transaction.atomic():
        emails.answered(work.answer(read, by, **words))
