"""More time for one student: given, changed, taken back. Why stays between them and the trainers of the centre."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import kept
from accounts.models import Person
from guide.french import typeset
from initiatives.workflow import Refused
from training import emails
from training.forms import ExtensionForm
from training.models import Assignment, Extension
from training.views.giving import given_assignment


def granted(request: HttpRequest, form: ExtensionForm) -> bool:
    try:
        with transaction.atomic():
            extension = form.grant(cast(Person, request.user))
            told = emails.extended(extension)
    except Refused as refusal:
        form.add_error("due_on", typeset(str(refusal)))
        return False
    kept.forget(request)
    said = f"{extension.student} a jusqu’au {extension.due_in_words}."
    messages.success(request, f"{said} Une lettre le lui dit." if told else said)
    return True


@kept.signed_in
def extensions(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = given_assignment(request, pk)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect(request.path)
    back = kept.kept(request)
    form = ExtensionForm(request.POST if request.method == "POST" else back, assignment=assignment)
    if request.method == "POST" and form.is_valid() and granted(request, form):
        return redirect("training:extensions", pk)
    given = assignment.extensions.select_related("student", "given_by").order_by("due_at", "pk")
    return render(
        request,
        "training/extensions.html",
        {"assignment": assignment, "form": form, "extensions": given, "came_back": back is not None},
    )


def of_assignment(request: HttpRequest, pk: int, extension: int) -> tuple[Assignment, Extension]:
    assignment = given_assignment(request, pk)
    rows = assignment.extensions.select_related("student", "assignment__cohort")
    return assignment, get_object_or_404(rows, pk=extension)


@kept.signed_in
def change_extension(request: HttpRequest, pk: int, extension: int) -> HttpResponse:
    assignment, row = of_assignment(request, pk, extension)
    if request.method == "POST" and "forget" in request.POST:
        kept.forget(request)
        return redirect(request.path)
    back = kept.kept(request)
    form = ExtensionForm(request.POST if request.method == "POST" else back, assignment=assignment, extension=row)
    if request.method == "POST" and form.is_valid() and granted(request, form):
        return redirect("training:extensions", pk)
    return render(
        request,
        "training/change_extension.html",
        {"assignment": assignment, "extension": row, "form": form, "came_back": back is not None},
    )


@login_required
def withdraw_extension(request: HttpRequest, pk: int, extension: int) -> HttpResponse:
    assignment, row = of_assignment(request, pk, extension)
    if request.method == "POST":
        with transaction.atomic():
            if row.withdraw():
                emails.extension_withdrawn(row)
        messages.success(request, f"{row.student} a maintenant la même date que tous.")
        return redirect("training:extensions", pk)
    return render(request, "training/withdraw_extension.html", {"assignment": assignment, "extension": row})
