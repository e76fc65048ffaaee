"""A trainer's cohorts: opening one, its students and their code, what it is given; and joining it."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from training import guesses, visibility
from training.forms import CohortForm, JoinForm, saved
from training.models import Centre, Cohort

WRONG_CODE = (
    "Aucune promotion n’a ce code. Vérifiez-le signe par signe, ou demandez-le de nouveau\u00a0: il a pu changer."
)


def own_cohort(request: HttpRequest, pk: int) -> Cohort:
    """One of a centre where this person trains; another's isn't found."""
    taught = Cohort.objects.taught_by(request.user).select_related("centre__organisation")
    return get_object_or_404(taught, pk=pk)


@login_required
def new_cohort(request: HttpRequest) -> HttpResponse:
    person = cast(Person, request.user)
    if not rights.has_role(person, RoleKind.TRAINER):
        raise Http404
    if not Centre.objects.where_teaches(person).exists():
        return render(request, "training/new_cohort.html", {"form": None})
    form = CohortForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "La promotion est ouverte. Donnez maintenant son code à vos étudiants.")
        return redirect(form.instance)
    return render(request, "training/new_cohort.html", {"form": form})


@login_required
@require_safe
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    return render(
        request,
        "training/cohort.html",
        {
            "cohort": cohort,
            "students": cohort.current_students(),
            "assignments": cohort.assignments.in_force(),
            "join_url": settings.SITE_URL + reverse("training:join_code", args=[cohort.join_code]),
            "visible": visibility.to(visibility.Viewer.TRAINER),
        },
    )


@login_required
@require_POST
def renew_code(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = own_cohort(request, pk)
    action = request.POST.get("action")
    if action == "renew":
        cohort.renew_code()
        messages.success(request, "Le code est changé. L’ancien ne mène plus à rien\u00a0: donnez le nouveau.")
    elif action in ("open", "close"):
        cohort.open_to_join(action == "open")
        messages.success(request, f"Les inscriptions sont {'ouvertes' if action == 'open' else 'fermées'}.")
    return redirect(cohort)


def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """Type a code, or open its link: the cohort is shown, and a button joins it. Wrong codes are counted."""
    if not code:
        form = JoinForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if guesses.too_many(request):
                return too_many_guesses(request)
            found = Cohort.objects.with_code(form.cleaned_data["code"]).first()
            if found:
                return redirect("training:join_code", found.join_code)
            guesses.count_wrong(request)
            form.add_error("code", WRONG_CODE)
        return render(request, "training/join.html", {"form": form})
    if guesses.too_many(request):
        return too_many_guesses(request)
    cohort = Cohort.objects.with_code(code).select_related("centre__organisation").first()
    if cohort is None:
        guesses.count_wrong(request)
        form = JoinForm({"code": code[:40]})
        form.add_error("code", WRONG_CODE)
        return render(request, "training/join.html", {"form": form}, status=404)
    return join_cohort(request, cohort)


def join_cohort(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    person = request.user if isinstance(request.user, Person) else None
    teaches = Cohort.objects.taught_by(request.user).filter(pk=cohort.pk).exists()
    is_in = person is not None and cohort.enrolments.current().filter(student=person).exists()
    # What a trainer noted isn't undone by a link: they bring back who comes back.
    has_diploma = person is not None and cohort.enrolments.filter(student=person, graduated=True).exists()
    if request.method == "POST" and cohort.can_be_joined and not teaches and not has_diploma:
        if person is None:
            return redirect_to_login(request.path)
        cohort.enrol(person)
        messages.success(request, f"Vous êtes dans la promotion «\u00a0{cohort}\u00a0».")
        return redirect("training:home")
    return render(
        request,
        "training/join_cohort.html",
        {
            "cohort": cohort,
            "teaches": teaches,
            "is_in": is_in,
            "has_diploma": has_diploma,
            "facts": [fact for fact in visibility.FACTS if visibility.Viewer.TRAINER in fact.seen_by],
            "kept": [fact for fact in visibility.FACTS if fact.seen_by == visibility.ALONE],
        },
    )


def too_many_guesses(request: HttpRequest) -> HttpResponse:
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(guesses.WINDOW)
    return answer
