"""Giving an assignment, looking at it as a student will, saying it otherwise, taking it back."""

from __future__ import annotations

import re
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
from guide import editing
from guide.french import typeset
from initiatives.workflow import Refused, SavedElsewhere
from training import deadlines, emails
from training.forms import AssignmentForm, NoteForm, RevisionForm
from training.models import Assignment, Work
from training.shifting import OpenDays
from training.views.cohorts import own_cohort
from training.views.studying import assignment_page

OVER = "Cette promotion est terminée\u00a0: on ne lui donne plus de devoir."
CHANGED_MEANWHILE = (
    "Quelqu’un a changé ce devoir pendant que vous l’écriviez. Votre texte est là\u00a0; comparez avec le devoir tel "
    "qu’il est, puis enregistrez de nouveau pour le remplacer."
)
NOT_IN_FORMS = {"csrfmiddlewaretoken", "preview", "change", kept.WRITER}


def given_assignment(request: HttpRequest, pk: int) -> Assignment:
    """One of a centre where this person trains; another's isn't found."""
    return get_object_or_404(Assignment.objects.given_by(request.user).with_places(), pk=pk)


@kept.signed_in
def new_assignment(request: HttpRequest, pk: int) -> HttpResponseBase:
    cohort = own_cohort(request, pk)
    if cohort.is_over:
        messages.warning(request, OVER)
        return redirect(cohort)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect(request.path)
    models = Assignment.objects.shared_in(cohort.centre).select_related("cohort")
    asked = request.GET.get("modele", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) < 12
    ours = Assignment.objects.filter(cohort__centre=cohort.centre_id)
    model = ours.with_links().filter(pk=int(asked)).first() if known else None
    back = kept.kept(request) if request.method == "GET" else None
    form = AssignmentForm(request.POST if request.method == "POST" else back, cohort=cohort, model=model)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        if "preview" in request.POST:
            return not_yet_given(request, form)
        try:
            return given(request, form)
        except Refused as refusal:
            form.add_error(None, typeset(str(refusal)))
    return render(
        request,
        "training/new_assignment.html",
        {
            "form": form,
            "cohort": cohort,
            "model": model,
            "unknown_model": bool(asked) and model is None,
            "models": [] if model else models[:50],
            "came_back": back is not None,
        },
    )


def given(request: HttpRequest, form: AssignmentForm) -> HttpResponse:
    with transaction.atomic():
        assignment = form.give(cast(Person, request.user))
        letters = emails.assigned(assignment)
    kept.forget(request)
    if not assignment.is_open:
        said = f"Le devoir est prêt. Il s’ouvrira {assignment.opens_in_words}\u00a0: une lettre le dira aux étudiants."
    elif letters:
        said = f"Le devoir est donné. {letters} lettre{'s partent' if letters > 1 else ' part'} aux étudiants."
    elif assignment.for_all:
        said = "Le devoir est donné. Qui rejoindra la promotion le trouvera dans «\u00a0Formation\u00a0»."
    else:
        said = "Le devoir est donné. Les sous-groupes choisis sont encore vides\u00a0: qui y entrera le trouvera."
    messages.success(request, said)
    warn_of_closed_day(request, assignment)
    return redirect("training:assignment_table", assignment.pk)


def warn_of_closed_day(request: HttpRequest, assignment: Assignment) -> None:
    """A date on a public holiday or a closure is allowed, and said; an evening of a week-end is often meant."""
    due = deadlines.last_minute(assignment.due_at).date()
    why = OpenDays.of(assignment.cohort.centre).why_marked(due)
    if why:
        messages.info(request, f"La date de remise tombe un jour {why}. Vous pouvez la changer\u00a0: Modifier.")


# --- As a student will see it ---------------------------------------------------------------------------------------


def not_yet_given(request: HttpRequest, form: AssignmentForm) -> HttpResponse:
    """Given, shown to who gives it, and undone: what is shown is the page itself, and nothing is kept."""
    with transaction.atomic():
        assignment = form.give(cast(Person, request.user))
        fields = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NOT_IN_FORMS
            for value in values
        ]  # fmt: skip
        answer = as_a_student(
            request, assignment, fields=fields, action=request.get_full_path(), confirm="Donner ce devoir"
        )
        transaction.set_rollback(True)
    # Its own addresses don't exist yet: they are shown as texts.
    dead = re.compile(rf' href="/formation/devoirs/{assignment.pk}/[^"]*"'.encode())
    answer.content = dead.sub(b"", answer.content)
    return answer


def as_a_student(request: HttpRequest, assignment: Assignment, **band: object) -> HttpResponse:
    """The student's page, of one who has written nothing."""
    nobody = Work(assignment=assignment, student=cast(Person, request.user))
    return assignment_page(request, assignment, nobody, NoteForm(nobody), preview=band)


@login_required
@require_safe
def preview_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = given_assignment(request, pk)
    return as_a_student(request, assignment, back=reverse("training:assignment_table", args=[pk]))


# --- Said otherwise -------------------------------------------------------------------------------------------------


@kept.signed_in
def edit_assignment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Until a note is sent, all of it; then all but the question and what there is to read."""
    assignments = Assignment.objects.given_by(request.user).with_places().with_links()
    assignment = get_object_or_404(assignments, pk=pk)
    if assignment.cohort.is_over:
        messages.warning(request, "Cette promotion est terminée\u00a0: ses devoirs ne changent plus.")
        return redirect("training:assignment_table", pk)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect(request.path)
    back = kept.kept(request) if request.method == "GET" else None
    form = RevisionForm(request.POST if request.method == "POST" else back, assignment=assignment)
    if request.method == "POST" and form.is_valid():
        try:
            return revised(request, form)
        except SavedElsewhere:
            form.add_error(None, CHANGED_MEANWHILE)
            # The next press of the button is about what is there now.
            form.data = request.POST.copy()
            form.data["seen"] = Assignment.objects.get(pk=pk).mark
        except Refused as refusal:
            form.add_error(None, typeset(str(refusal)))
    context = {"form": form, "assignment": assignment, "cohort": assignment.cohort, "came_back": back is not None}
    return render(request, "training/edit_assignment.html", context)


def revised(request: HttpRequest, form: RevisionForm) -> HttpResponse:
    with transaction.atomic():
        revision = form.revise()
        assignment = given_assignment(request, form.assignment.pk)
        letters = emails.assignment_changed(assignment, revision)
    kept.forget(request)
    if not revision.changed:
        messages.info(request, "Rien n’a changé.")
    else:
        told = f" {letters} lettre{'s le disent' if letters > 1 else ' le dit'} aux étudiants." if letters else ""
        messages.success(request, f"Le devoir est enregistré.{told}")
        warn_of_closed_day(request, assignment)
    return redirect("training:assignment_table", assignment.pk)


@login_required
def withdraw_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked of nobody any more. Drafts stay to who began them, and who began isn't told to anyone."""
    assignment = given_assignment(request, pk)
    if assignment.is_withdrawn:
        return redirect("training:assignment_table", pk)
    if request.method == "POST":
        with transaction.atomic():
            letters = emails.assignment_withdrawn(assignment, assignment.withdraw())
        told = f" {letters} lettre{'s le disent' if letters > 1 else ' le dit'} aux étudiants." if letters else ""
        messages.success(request, f"Le devoir n’est plus demandé à personne.{told}")
        return redirect("training:assignment_table", pk)
    context = {"assignment": assignment, "recipients": len(assignment.recipients()), "has_notes": assignment.has_notes}
    return render(request, "training/withdraw_assignment.html", context)


@login_required
def newer_fiche(request: HttpRequest, pk: int, fiche: int) -> HttpResponse:
    """What the guide has changed since it was given; the newer version may be taken while nobody has sent."""
    assignment = given_assignment(request, pk)
    given = get_object_or_404(assignment.fiches.select_related("version__fiche__current"), pk=fiche)
    current = given.version.fiche.current
    if current is None or current.pk == given.version_id:
        return redirect("training:assignment_table", pk)
    error = ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            with transaction.atomic():
                taken = given.take_newer(int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 12 else 0)
                letters = emails.newer_fiche(assignment, current.title) if taken else 0
        except SavedElsewhere:
            error = "Le guide a encore changé\u00a0: voici sa version d’aujourd’hui."
        except Refused as refusal:
            error = typeset(str(refusal))
        else:
            told = f" {letters} lettre{'s le disent' if letters > 1 else ' le dit'} aux étudiants." if letters else ""
            messages.success(request, f"Le devoir porte maintenant sur la version {current.number} de la fiche.{told}")
            return redirect("training:assignment_table", pk)
    known = {section["id"] for section in current.sections}
    titles = {section["id"]: section["title"] for section in given.version.sections}
    return render(
        request,
        "training/newer_fiche.html",
        {
            "assignment": assignment,
            "given": given,
            "current": current,
            "changes": editing.between(given.version, current),
            "lost": [titles.get(each, each) for each in given.sections if each not in known],
            "has_notes": assignment.has_notes,
            "error": error,
        },
        status=409 if error else 200,
    )
