"""A trainer reads what was sent, and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import kept, windows
from accounts.models import Person
from accounts.windows import Window
from guide import difference
from initiatives.workflow import Refused
from training import emails, unsent, visibility
from training.forms import AnswerForm
from training.models import MAX_COMMENT, Assignment, Group, Offer, SentNote, Work
from training.reading import readable_initiatives
from training.standing import Standing, table
from training.views.table import LINES_A_PAGE, group_asked

TOO_LONG = (
    f"Votre réponse est trop longue pour être gardée pendant que vous écrivez : {MAX_COMMENT} signes au plus. "
    "Coupez-la, ou copiez-la ailleurs avant de quitter la page."
)


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
            "page": Paginator(concerned, LINES_A_PAGE).get_page(request.GET.get("page")),
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
    if request.method == "POST" and not {"forget", "drop"}.isdisjoint(request.POST):
        unsent.forget(request, pk)
        return windows.ended(redirect(request.get_full_path()), request)
    _, group, _ = group_asked(request, work.assignment.cohort)
    around = Around.of(request, work, group)
    notes = notes_of(work)
    waiting = unsent.waiting(request, work, notes) if request.method != "POST" else []
    back = waiting[0] if waiting else None
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        grid=work.assignment.grid,
        # What nobody has sent yet isn't wrong: it is shown as it was left.
        initial={**read_until(notes), **(back.dict() if back else {})},
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
            unsent.let_go(request, pk)
            messages.success(request, f"Votre réponse est enregistrée. Une lettre prévient {work.student}.")
            next_one = around.next if request.POST.get("then") == "next" else None
            return windows.ended(redirect(address(next_one or pk, group)), request)
    if request.method == "POST" and not unsent.is_too_long(request.POST):
        unsent.keep(request, pk)
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
            "elsewhere": [each for each in waiting[1:] if each.get("text", "").strip()],
            "typing": typing_of(request, pk, back),
            "around": around,
            "group": group,
            "attestation": getattr(work, "attestation", None),
            "offer": offered(notes),
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


def typing_of(request: HttpRequest, pk: int, back: QueryDict | None) -> dict[str, Any]:
    """What the page must know to keep what one types; `back` is the text it shows, when one waited."""
    shown = request.POST if request.method == "POST" else back
    return {
        "url": reverse("training:typing_answer", args=[pk]),
        "opened": windows.opened_now(),
        "carried": Window.of(shown).mark if shown else "",
        **windows.browser_of(request),
    }


@require_POST
def typing_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer as it stands in one window: its trainer alone finds it again, until it is sent."""
    person, posted = request.user, request.POST
    if unsent.is_too_long(posted):
        return windows.says(413, TOO_LONG)
    if not isinstance(person, Person):
        unsent.keep(request, pk)
        return windows.says(
            401, windows.SESSION_OVER, sign_in=f"{reverse('account_login')}?next={unsent.screen_of(pk)}"
        )
    is_theirs = kept.is_by(dict(posted.lists()), person.pk)
    if kept.WRITER in posted and not is_theirs:
        return windows.says(403, windows.SOMEONE_ELSE)
    work = get_object_or_404(Work.objects.readable_by_trainer(person).with_last_note(), pk=pk)
    if not is_theirs:
        return windows.says(400, "Cette page ne dit pas d’où vient ce texte : rechargez-la.")
    unsent.keep(request, pk)
    told = {"at": windows.clock(timezone.now()), "count": Window.of(posted).count}
    return JsonResponse({**told, "elsewhere": unsent.elsewhere(request, work)})


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
