"""Who is in a cohort, as its trainers keep it: students, their groups, who is expected, who leaves and comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from guide.french import slug_of, typeset
from initiatives.workflow import Refused
from training import emails, imports, tokens, visibility
from training.forms import GroupForm, StudentFileForm, StudentForm, saved
from training.models import Cohort, Enrolment, Group, Invitation, StudentImport
from training.views.cohorts import own_cohort

STUDENTS_A_PAGE = 100
MOST_BOXES = 500
MOST_WRITTEN_A_DAY = 5_000
LISTS = {"": "Présents", "attendus": "Invités", "partis": "Partis"}


def by_name(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """Accents and capitals apart, as one looks for a name in a list."""
    return sorted(enrolments, key=lambda each: (slug_of(str(each.student)), str(each.student), each.pk))


def ids_among(request: HttpRequest, name: str, known: QuerySet[Any]) -> set[int]:
    """The ids posted under this name; one that isn't of these rows, or isn't a number, is not found."""
    posted = request.POST.getlist(name)
    if not all(each.isascii() and each.isdecimal() and len(each) < 12 for each in posted):
        raise Http404
    asked = {int(each) for each in posted}
    if known.filter(pk__in=asked).count() != len(asked):
        raise Http404
    return asked


def of_cohort[M: Model](cohort: Cohort, rows: QuerySet[M], pk: int) -> M:
    return get_object_or_404(rows.filter(cohort=cohort), pk=pk)


# --- Students -------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def students(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    shown = request.GET.get("liste", "")
    group = None
    ignored = shown not in LISTS
    shown = "" if ignored else shown
    if asked := request.GET.get("groupe"):
        known = cohort.groups.filter(pk=int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 12 else []
        group = next(iter(known), None)
        ignored = ignored or group is None
    rows: list[Any]
    if shown == "attendus":
        rows = list(cohort.invitations.filter(groups=group) if group else cohort.invitations.all())
    else:
        enrolments = cohort.enrolments.past() if shown == "partis" else cohort.enrolments.current()
        rows = by_name((enrolments.filter(groups=group) if group else enrolments).select_related("student"))
    page = Paginator(rows, STUDENTS_A_PAGE).get_page(request.GET.get("page"))
    prefetch_related_objects(list(page), "groups")
    counts = {
        "": cohort.enrolments.current().count(),
        "attendus": cohort.invitations.count(),
        "partis": cohort.enrolments.past().count(),
    }
    return render(
        request,
        "training/students.html",
        {
            "cohort": cohort,
            "shown": shown,
            "lists": [(key, label, counts[key]) for key, label in LISTS.items()],
            "group": group,
            "groups": cohort.groups.with_counts(),
            "page": page,
            "ignored": ignored,
            "readings": [
                (each, each.by_id == request.user.pk)
                for each in cohort.imports.exclude(status=StudentImport.Status.DONE)
                if each.status == StudentImport.Status.DOING or (each.by_id == request.user.pk and not each.is_expired)
            ],
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


@login_required
def add_student(request: HttpRequest, pk: int) -> HttpResponse:
    """One student by hand: enrolled when an account has confirmed the address, invited otherwise."""
    cohort = own_cohort(request, pk)
    by = cast(Person, request.user)
    form = StudentForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_too_many(by, 1)
            with transaction.atomic():
                arrived = Invitation.bring(cohort, [form.expected], by)
                emails.arrived(cohort, arrived, by)
        except Refused as refusal:
            form.add_error(None, typeset(str(refusal)))
        else:
            if arrived.enrolled:
                messages.success(request, f"{arrived.enrolled[0]} est dans la promotion. Une lettre le lui annonce.")
            else:
                messages.success(
                    request,
                    f"Une lettre invite {form.cleaned_data['email']}. L’inscription se fera dès que cette adresse sera "
                    "confirmée par un compte.",
                )
            return redirect("training:students" if "again" not in request.POST else "training:add_student", pk)
    return render(request, "training/add_student.html", {"cohort": cohort, "form": form})


def refuse_too_many(by: Person, more: int) -> None:
    """Letters of invitation are not a way of writing to the world."""
    since = timezone.now() - timedelta(days=1)
    if Invitation.objects.written_since(since, by).count() + more > MOST_WRITTEN_A_DAY:
        raise Refused("Vous avez invité beaucoup de monde en un jour : la suite demain, ou écrivez-nous.")


@login_required
def student(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Enrolment.objects.select_related("student"), enrolment)
    if request.method == "POST":
        row.groups.set(ids_among(request, "group", cohort.groups.all()))
        messages.success(request, f"Les sous-groupes de {row.student} sont enregistrés.")
        return redirect("training:student", pk, row.pk)
    inside = set(row.groups.values_list("pk", flat=True))
    return render(
        request,
        "training/student.html",
        {
            "cohort": cohort,
            "enrolment": row,
            "groups": [(group, group.pk in inside) for group in cohort.groups.all()],
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


@login_required
def student_leaves(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Asked before it is done: with the diploma, or without."""
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Enrolment.objects.select_related("student"), enrolment)
    if not row.is_current:
        messages.info(request, f"{row.student} n’est déjà plus dans la promotion.")
        return redirect("training:student", pk, row.pk)
    wrong = False
    if request.method == "POST":
        why = request.POST.get("why")
        if why in ("left", "graduated"):
            row.leave(graduated=why == "graduated")
            said = "a son diplôme et n’est plus" if why == "graduated" else "n’est plus"
            messages.success(request, f"{row.student} {said} dans la promotion. Ses notes restent les siennes.")
            return redirect("training:students", pk)
        wrong = True
    return render(request, "training/student_leaves.html", {"cohort": cohort, "enrolment": row, "wrong": wrong})


@login_required
@require_POST
def student_returns(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Enrolment.objects.select_related("student"), enrolment)
    if cohort.is_over:
        messages.warning(request, "Cette promotion est terminée\u00a0: plus personne ne peut y entrer.")
    else:
        with transaction.atomic():
            if row.come_back():
                emails.enrolled(cohort, row.student, cast(Person, request.user))
        messages.success(request, f"{row.student} est de nouveau dans la promotion. Une lettre le lui annonce.")
    return redirect("training:student", pk, row.pk)


@login_required
def graduates(request: HttpRequest, pk: int) -> HttpResponse:
    """At the end of a cohort: who has the diploma, all at once."""
    cohort = own_cohort(request, pk)
    current = cohort.enrolments.current()
    if request.method == "POST":
        chosen = ids_among(request, "enrolment", cohort.enrolments.all())
        with transaction.atomic():
            done = sum(row.leave(graduated=True) for row in current.filter(pk__in=chosen))
        many = done > 1
        said = f"{done} diplômé{'s' if many else ''}\u00a0: leurs notes restent les leurs."
        messages.success(request, said if done else "Personne n’était coché\u00a0: rien n’a changé.")
        return redirect("training:students", pk)
    rows = by_name(current.select_related("student"))
    return render(
        request,
        "training/graduates.html",
        {"cohort": cohort, "rows": rows[:MOST_BOXES], "more": max(0, len(rows) - MOST_BOXES)},
    )


# --- Who is expected ------------------------------------------------------------------------------------------------


@login_required
def invitation(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Invitation.objects.prefetch_related("groups"), invitation)
    if request.method == "POST":
        if request.POST.get("action") == "withdraw":
            row.delete()
            messages.success(request, f"L’invitation de {row.email} est retirée.")
        elif request.POST.get("action") == "again":
            if emails.invited(row, cast(Person, request.user)):
                messages.success(request, f"Une nouvelle lettre part à {row.email}.")
            else:
                messages.info(request, f"Une lettre est déjà partie à {row.email} aujourd’hui\u00a0: attendez demain.")
        return redirect(f"{reverse('training:students', args=[pk])}?liste=attendus")
    return render(request, "training/invitation.html", {"cohort": cohort, "invitation": row})


def decline(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation's letter, without an account: GET shows, POST erases (mail scanners open links)."""
    row = tokens.invitation_behind(token)
    done = False
    if row and request.method == "POST":
        row.delete()
        done = True
    answer = render(
        request, "training/decline.html", {"invitation": row, "done": done}, status=200 if row else 404
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


# --- A file ---------------------------------------------------------------------------------------------------------


@login_required
def import_students(request: HttpRequest, pk: int) -> HttpResponse:
    """A file is read and shown; nothing is done yet."""
    cohort = own_cohort(request, pk)
    by = cast(Person, request.user)
    form = StudentFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if cohort.is_over:
                raise Refused("Cette promotion est terminée\u00a0: plus personne ne peut y entrer.")
            rows = imports.read(file)
            refuse_too_many(by, len(rows))
            reading = imports.prepare(cohort, by, str(file.name), rows)
        except Refused as refusal:
            form.add_error("file", typeset(str(refusal)))
        else:
            return redirect("training:student_import", pk, reading.pk)
    return render(request, "training/import_students.html", {"cohort": cohort, "form": form})


@login_required
def student_import(request: HttpRequest, pk: int, reading: int) -> HttpResponse:
    """What a file will do, its faults by line; then how far it is. Only who sent it sees it."""
    cohort = own_cohort(request, pk)
    by = cast(Person, request.user)
    row = get_object_or_404(cohort.imports.filter(by=by), pk=reading)
    row.cohort = cohort
    if request.method == "POST":
        if request.POST.get("action") == "forget":
            if cohort.imports.filter(pk=row.pk, status=StudentImport.Status.READ).delete()[0]:
                messages.info(request, "Rien n’a été fait\u00a0: ce qui avait été lu du fichier est effacé.")
            return redirect("training:students", pk)
        try:
            if request.POST.get("action") == "confirm":
                row.confirm(by)
        except Refused as refusal:
            messages.warning(request, typeset(str(refusal)))
            return redirect("training:import_students", pk)
        return redirect("training:student_import", pk, row.pk)
    faults = [(each, imports.shown(each["email"]), imports.shown(each["name"])) for each in row.faults]
    good = row.good
    page = Paginator(good, STUDENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "reading": row,
        "total": len(good),
        "faults": faults[:200],
        "more_faults": max(0, len(faults) - 200),
        "fault_count": len(faults),
        "page": page,
        "plan": imports.plan(row) if row.status == StudentImport.Status.READ else None,
    }
    return render(request, "training/student_import.html", context)


# --- Groups ---------------------------------------------------------------------------------------------------------


@login_required
def groups(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    form = GroupForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid() and saved(form):
        group = form.instance
        messages.success(request, f"Le sous-groupe «\u00a0{group}\u00a0» est créé. Choisissez qui en fait partie.")
        return redirect("training:group", pk, group.pk)
    context = {"cohort": cohort, "form": form, "groups": cohort.groups.with_counts()}
    return render(request, "training/groups.html", context)


@login_required
def group(request: HttpRequest, pk: int, group: int) -> HttpResponse:
    """Its name and its students. What two windows change at once adds up: only the boxes one touched count."""
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Group.objects.all(), group)
    members = request.method == "POST" and "members" in request.POST
    form = GroupForm(
        request.POST if request.method == "POST" and not members else None, instance=row, cohort=cohort
    )  # fmt: skip
    if members:
        ticked = ids_among(request, "enrolment", cohort.enrolments.all())
        before = ids_among(request, "was", cohort.enrolments.all())
        with transaction.atomic():
            row.enrolments.add(*(ticked - before))
            row.enrolments.remove(*(before - ticked))
        messages.success(request, f"Le sous-groupe «\u00a0{row}\u00a0» est enregistré.")
        return redirect("training:group", pk, row.pk)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, f"Le sous-groupe s’appelle maintenant «\u00a0{row}\u00a0».")
        return redirect("training:group", pk, row.pk)
    row.refresh_from_db()
    inside = set(row.enrolments.values_list("pk", flat=True))
    everyone = by_name(cohort.enrolments.current().select_related("student"))
    too_many = len(everyone) > MOST_BOXES
    if too_many:
        everyone = [each for each in everyone if each.pk in inside][:MOST_BOXES]
    return render(
        request,
        "training/group.html",
        {
            "cohort": cohort,
            "group": row,
            "form": form,
            "boxes": [(each, each.pk in inside) for each in everyone],
            "too_many": too_many,
            "expected": row.invitations.count(),
        },
    )


@login_required
def remove_group(request: HttpRequest, pk: int, group: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    row = of_cohort(cohort, Group.objects.with_counts(), group)
    given = row.assignments.count()
    if request.method == "POST":
        if given:
            messages.warning(request, "Un devoir est donné à ce sous-groupe\u00a0: changez d’abord à qui il est donné.")
            return redirect("training:remove_group", pk, row.pk)
        row.delete()
        messages.success(request, f"Le sous-groupe «\u00a0{row}\u00a0» est supprimé. Ses étudiants restent inscrits.")
        return redirect("training:groups", pk)
    return render(request, "training/remove_group.html", {"cohort": cohort, "group": row, "given": given})
