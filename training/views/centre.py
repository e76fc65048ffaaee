"""A centre's page: who trains there, its closures, its own competences. Its head names; trainers keep the rest too."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts import emails as account_emails
from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from training import emails, tokens
from training.forms import (
    ClosureForm,
    CohortForm,
    CompetenceForm,
    EndTrainerForm,
    PlaceForm,
    TrainerForm,
    saved,
)
from training.models import Assignment, Centre, Cohort, Competence, centres_of, confirmed_people
from training.shifting import Holidays
from training.views.cohorts import own_cohort

PLACED = "organisation__territory__departement"


def headed_centre(request: HttpRequest, pk: int) -> Centre:
    """One that this person heads; another's isn't found."""
    return get_object_or_404(Centre.objects.headed_by(request.user).select_related(PLACED), pk=pk)


def own_centre(request: HttpRequest, pk: int) -> Centre:
    """One where this person heads or trains."""
    return get_object_or_404(Centre.objects.worked_in_by(request.user).select_related(PLACED), pk=pk)


@login_required
@require_safe
def centre(request: HttpRequest, pk: int) -> HttpResponse:
    centre = own_centre(request, pk)
    trains = centre.pk in centres_of(request.user, RoleKind.TRAINER)
    models = Assignment.objects.shared_in(centre).select_related("cohort")
    return render(
        request,
        "training/centre.html",
        {
            "centre": centre,
            "is_head": centre.pk in centres_of(request.user, RoleKind.CENTRE_HEAD),
            "trains": trains,
            "trainers": centre.trainer_roles(),
            "cohorts": Cohort.objects.filter(centre=centre).with_counts(),
            "closures": centre.closures.all(),
            "calendar": Holidays.of(centre),
            "competences": centre.competences.valid_on_today(),
            "models": models if trains else models.none(),
        },
    )


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def name_trainer(request: HttpRequest, pk: int) -> HttpResponse:
    """By an address: the role is given to its account, or a letter invites to make one and accept."""
    centre = headed_centre(request, pk)
    head = cast(Person, request.user)
    form = TrainerForm(request.POST or None, centre=centre, by=head)
    if request.method == "POST" and form.is_valid():
        if form.person:
            with transaction.atomic():
                role = centre.name_trainer(form.person, head)
                if role:
                    account_emails.role_granted(role)
            messages.success(request, f"{form.person} forme maintenant dans votre centre. Une lettre le lui annonce.")
        elif emails.trainer_invited(centre, form.cleaned_data["email"], head):
            messages.success(
                request,
                f"Aucun compte n’a confirmé cette adresse\u00a0: une lettre invite {form.cleaned_data['email']} à en "
                "créer un. Son lien sert pendant trois jours.",
            )
        else:
            messages.info(request, "Une lettre est déjà partie aujourd’hui à cette adresse\u00a0: attendez demain.")
        return redirect(centre)
    return render(request, "training/name_trainer.html", {"centre": centre, "form": form})


@login_required
@reauthentication_required(allow_get=True, app="allauth.account")
def end_trainer(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    centre = headed_centre(request, pk)
    row = get_object_or_404(centre.trainer_roles(), pk=role)
    form = EndTrainerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["last_on"]
        if day < row.from_on and row.is_to_come:
            form.add_error("last_on", "Ce rôle n’a pas encore commencé\u00a0: choisissez un jour après son début.")
        else:
            with transaction.atomic():
                rights.end_role(row, day)
                account_emails.role_ended(row)
            messages.success(request, f"Le rôle de {row.person} est terminé, ou finira au jour dit. Une lettre le dit.")
            return redirect(centre)
    return render(request, "training/end_trainer.html", {"centre": centre, "role": row, "form": form})


@login_required
def become_trainer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a naming letter: accepted by the account that has confirmed its address, once."""
    person = cast(Person, request.user)
    naming = tokens.naming_behind(token)
    is_theirs = naming is not None and confirmed_people([naming.email]).get(naming.email) == person
    if naming and is_theirs and request.method == "POST":
        with transaction.atomic():
            role = naming.centre.name_trainer(person, naming.by)
            if role:
                account_emails.role_granted(role)
        messages.success(request, f"Vous formez maintenant à «\u00a0{naming.centre}\u00a0».")
        return redirect("training:home")
    context = {"naming": naming, "is_theirs": is_theirs}
    answer = render(request, "training/become_trainer.html", context, status=200 if naming else 404)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@login_required
def closures(request: HttpRequest, pk: int) -> HttpResponse:
    centre = own_centre(request, pk)
    form = ClosureForm(request.POST or None, centre=centre)
    with transaction.atomic():
        if request.method == "POST":
            # Pressed twice, the second finds the closure of the first.
            Centre.objects.select_for_update(of=("self",)).get(pk=pk)
        if request.method == "POST" and form.is_valid():
            closure = form.save()
            messages.success(request, f"La fermeture «\u00a0{closure}\u00a0» est notée.")
            return redirect("training:closures", pk)
    return render(
        request,
        "training/closures.html",
        {
            "centre": centre,
            "form": form,
            "closures": centre.closures.all(),
            "calendar": Holidays.of(centre),
            "is_head": centre.pk in centres_of(request.user, RoleKind.CENTRE_HEAD),
        },
    )


@login_required
def place_centre(request: HttpRequest, pk: int) -> HttpResponse:
    """Its head says in which département it stands: its public holidays follow."""
    centre = headed_centre(request, pk)
    form = PlaceForm(request.POST or None, initial={"departement": centre.departement_code})
    if request.method == "POST" and form.is_valid():
        centre.stand_in(form.place)
        messages.success(request, f"C’est noté. {Holidays.of(centre).in_words}")
        return redirect("training:closures", pk)
    return render(
        request, "training/place_centre.html", {"centre": centre, "form": form, "calendar": Holidays.of(centre)}
    )  # fmt: skip


@login_required
def remove_closure(request: HttpRequest, pk: int, closure: int) -> HttpResponse:
    centre = own_centre(request, pk)
    row = get_object_or_404(centre.closures.all(), pk=closure)
    if request.method == "POST":
        row.delete()
        messages.success(request, f"La fermeture «\u00a0{row}\u00a0» est retirée.")
        return redirect("training:closures", pk)
    return render(request, "training/remove_closure.html", {"centre": centre, "closure": row})


@login_required
def competences(request: HttpRequest, pk: int) -> HttpResponse:
    centre = own_centre(request, pk)
    form = CompetenceForm(request.POST or None, centre=centre)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "La compétence est dans la liste de votre centre.")
        return redirect("training:competences", pk)
    context: dict[str, Any] = {
        "centre": centre,
        "form": form,
        "competences": centre.competences.valid_on_today(),
        "national": Competence.objects.national().valid_on_today(),
    }
    return render(request, "training/competences.html", context)


@login_required
def competence(request: HttpRequest, pk: int, competence: int) -> HttpResponse:
    """Reword it, or take it off the list."""
    centre = own_centre(request, pk)
    row = get_object_or_404(centre.competences.valid_on_today(), pk=competence)
    taking_off = request.method == "POST" and request.POST.get("action") == "withdraw"
    form = CompetenceForm(
        request.POST if request.method == "POST" and not taking_off else None, instance=row, centre=centre
    )  # fmt: skip
    if taking_off:
        row.withdraw()
        messages.success(request, "La compétence n’est plus proposée. Les devoirs qui la nomment la gardent.")
        return redirect("training:competences", pk)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "La compétence est récrite.")
        return redirect("training:competences", pk)
    return render(request, "training/competence.html", {"centre": centre, "competence": row, "form": form})


@login_required
def edit_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, its reference text, its dates: ended today, nobody enters it any more."""
    cohort = own_cohort(request, pk)
    form = CohortForm(request.POST or None, instance=cohort, by=cast(Person, request.user))
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "La promotion est enregistrée.")
        return redirect("training:cohort", pk)
    cohort.refresh_from_db()
    return render(request, "training/edit_cohort.html", {"cohort": cohort, "form": form})
