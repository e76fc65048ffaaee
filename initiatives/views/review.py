"""The coordinators' queue and a case: opening is not claiming, and what was typed stays when someone was faster."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import rights
from accounts.models import Person
from initiatives import difference, settling
from initiatives.forms.review import AcceptanceForm, ChangesForm, RefusalForm
from initiatives.models import Case, Version
from initiatives.workflow import CaseStatus, Refused

CASES_A_PAGE = 20
VIEWS = {
    "a-traiter": ("À traiter", "Aucun dossier n’attend. Vous pouvez souffler."),
    "les-miens": ("Les miens", "Vous n’avez pris aucun dossier."),
    "sans-territoire": ("Territoire indéterminé", "Tous les dossiers ont trouvé leur territoire."),
    "chez-l-auteur": ("Chez l’auteur", "Personne n’a de complément à vous envoyer."),
    "chez-un-tiers": ("Chez un tiers", "Aucun dossier n’attend la réponse d’un tiers."),
    "en-retard": ("En retard", "Aucun dossier n’a dépassé ses quinze jours."),
    "decides": ("Décidés", "Aucune décision pour l’instant."),
}


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    person = coordinator_or_404(request)
    cases = Case.objects.moderable_by(person)
    view = request.GET.get("vue", "a-traiter")
    if view not in VIEWS:
        messages.warning(request, "Cette vue n’existe pas : voici les dossiers à traiter.")
        view = "a-traiter"
    chosen = {
        "a-traiter": cases.to_do(),
        "les-miens": cases.claimed_by(person),
        "sans-territoire": cases.unassigned(),
        "chez-l-auteur": cases.waiting_for_author(),
        "chez-un-tiers": cases.waiting_for_third_party(),
        "en-retard": cases.overdue(),
        "decides": cases.exclude(status__in=["received", "claimed", "changes_requested", "waiting_third_party"]),
    }[view]
    order = "-decided_at" if view == "decides" else "received_at"
    page = Paginator(
        chosen.select_related("version__place__departement", "territory", "claimed_by", "opened_by").order_by(
            order, "pk"
        ),
        CASES_A_PAGE,
    ).get_page(request.GET.get("page"))
    counts = queue_counts(person)
    return render(
        request,
        "initiatives/queue.html",
        {
            "page": page,
            "view": view,
            "title": VIEWS[view][0],
            "empty": VIEWS[view][1],
            "tabs": [(slug, label, counts.get(slug)) for slug, (label, _) in VIEWS.items()],
        },
    )


def queue_counts(person: Person) -> dict[str, int]:
    """How many cases each view of the queue holds, in one query."""
    waiting = Q(status__in=[CaseStatus.RECEIVED, CaseStatus.CLAIMED])
    return Case.objects.moderable_by(person).aggregate(
        **{
            "a-traiter": Count("pk", filter=Q(status=CaseStatus.RECEIVED)),
            "les-miens": Count("pk", filter=Q(status=CaseStatus.CLAIMED, claimed_by=person)),
            "sans-territoire": Count(
                "pk", filter=Q(territory=None, status__in=["received", "claimed", "changes_requested"])
            ),
            "chez-l-auteur": Count("pk", filter=Q(status=CaseStatus.CHANGES_REQUESTED)),
            "chez-un-tiers": Count("pk", filter=Q(status=CaseStatus.WAITING_THIRD_PARTY)),
            "en-retard": Count("pk", filter=waiting & Q(decision_due_at__lt=timezone.now())),
        }
    )


def coordinator_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.has_role(person, "coordinator"):
        raise Http404
    return person


@login_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    person = coordinator_or_404(request)
    return case_page(request, moderable_case(person, pk))


def moderable_case(person: Person, pk: int) -> Case:
    cases = Case.objects.moderable_by(person).select_related(
        "initiative__public_version", "version__place__departement", "version__organisation_kind",
        "version__initiative",
        "territory", "claimed_by", "opened_by",
    )  # fmt: skip
    return get_object_or_404(cases, pk=pk)


def case_page(request: HttpRequest, case: Case, *, error: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a case; bound forms come back in it with what was typed when a move couldn't be made."""
    person = request.user
    assert isinstance(person, Person)
    conflict = case.conflict_for(person)
    before = version_before(case)
    context: dict[str, Any] = {
        "case": case,
        "version": case.version,
        "error": error,
        "conflict": conflict,
        "is_mine": case.status == CaseStatus.CLAIMED and case.claimed_by_id == person.pk and not conflict,
        "can_claim": case.status == CaseStatus.RECEIVED and not conflict,
        "before": before,
        "changes": difference.between(before.snapshot, case.version.snapshot) if before else [],
        "moves": case.moves.select_related("by").prefetch_related("remarks").order_by("pk"),
        "forms": {
            "accept": AcceptanceForm(prefix="accept"),
            "changes": ChangesForm(prefix="changes", version=case.version),
            "refuse": RefusalForm(prefix="refuse"),
            **forms,
        },
    }
    settlings = forms.pop("settlings", None)
    context["settlings"] = settlings or [(part, part.form(case.version, None)) for part in settling.registered()]
    return render(request, "initiatives/case.html", context, status=status)


def version_before(case: Case) -> Version | None:
    """What this version is compared with: the one sent before on this case, else what the public reads."""
    earlier = case.initiative.versions.filter(frozen_at__isnull=False, number__lt=case.version.number)
    public = case.initiative.public_version
    sent_before = earlier.filter(number__gt=public.number if public else 0).order_by("-number").first()
    return sent_before or (public if public and public.pk != case.version_id else None)


type Act = Callable[[HttpRequest, Case, Person], HttpResponse]


def acting(act: Act) -> Callable[..., HttpResponse]:
    """A POST of a coordinator on a case of theirs; a move that can't be made shows the case again and says why."""

    @login_required
    @require_POST
    @wraps(act)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        person = coordinator_or_404(request)
        return act(request, moderable_case(person, pk), person)

    return view


@acting
def claim(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    return moved(request, case, lambda: case.claim(person), "Ce dossier est à vous pour trois jours ouvrés.")


@acting
def release(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    return moved(request, case, lambda: case.release(person), "Le dossier est revenu dans la file.")


@acting
def request_changes(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = ChangesForm(request.POST, prefix="changes", version=case.version)
    if not form.is_valid():
        return case_page(request, case, changes=form)
    return moved(
        request, case, lambda: case.request_changes(person, form.cleaned_data["text"], form.remarks()),
        "Votre demande part à l’auteur.", changes=form,
    )  # fmt: skip


@acting
def refuse(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = RefusalForm(request.POST, prefix="refuse")
    if not form.is_valid():
        return case_page(request, case, refuse=form)
    data = form.cleaned_data
    return moved(
        request, case, lambda: case.refuse(person, data["motive"], data["text"]),
        "La fiche est refusée, et son auteur sait pourquoi.", refuse=form,
    )  # fmt: skip


@acting
def accept(request: HttpRequest, case: Case, person: Person) -> HttpResponse:
    form = AcceptanceForm(request.POST, prefix="accept")
    parts = [(part, part.form(case.version, request.POST)) for part in settling.registered()]
    valid = [form.is_valid(), *[bound.is_valid() for _, bound in parts]]
    if not all(valid):
        return case_page(request, case, accept=form, settlings=parts)

    def settle(version: Version, by: Person) -> None:
        for _, bound in parts:
            bound.settle(by)

    return moved(
        request, case, lambda: case.accept(person, form.cleaned_data["text"], settle),
        "La fiche est publiée.", accept=form, settlings=parts,
    )  # fmt: skip


def moved(
    request: HttpRequest, case: Case, say: Callable[[], object], done: str, **forms: Form | list[Any]
) -> HttpResponse:
    """Say the verb, then go back to the case; when it can't be said, the page comes back with the forms as typed."""
    try:
        say()
    except Refused as refusal:
        fresh = moderable_case(coordinator_or_404(request), case.pk)
        return case_page(request, fresh, error=str(refusal), status=409, **forms)
    messages.success(request, done)
    return redirect("initiatives:case", case.pk)
