"""Who writes a sheet, and what its authors ask of others: agreements by a link, co-authors, passing it on, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Person
from initiatives import together
from initiatives.emails import people as letters
from initiatives.forms.people import AskForm, HandOverForm, SomeoneForm
from initiatives.models import Authorship, Initiative
from initiatives.together import DAYS, LEAVES, Kind
from initiatives.views.own import own_sheet, writer
from initiatives.workflow import Refused


@login_required
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signs, what was asked of whom, and the gestures one's place allows."""
    return people_page(request, own_sheet(request.user, pk))


def people_page(
    request: HttpRequest, sheet: Initiative, forms: dict[str, SomeoneForm] | None = None, *, error: str = ""
) -> HttpResponse:
    forms = forms or {}
    roles = list(sheet.authorships.select_related("person").order_by("since", "pk"))
    mine = next((each.role for each in roles if each.person_id == writer(request).pk), "")
    signs = mine in (Authorship.Role.OWNER, Authorship.Role.CO_AUTHOR)
    return render(
        request,
        "initiatives/people.html",
        {
            "sheet": sheet,
            "version": sheet.working_version() or sheet.versions.first(),
            "signing": [each for each in roles if each.role in (Authorship.Role.OWNER, Authorship.Role.CO_AUTHOR)],
            "questions": list(sheet.agreements.listed()),
            "signs": signs,
            "owns": mine == Authorship.Role.OWNER,
            "error": error,
            "ask": forms.get("ask") or AskForm(prefix="ask"),
            "invite": forms.get("invite") or SomeoneForm(prefix="invite"),
            "hand_over": forms.get("hand_over") or HandOverForm(prefix="hand-over"),
            "agreement_days": DAYS[Kind.EMPLOYER],
            "invitation_days": DAYS[Kind.CO_AUTHOR],
        },
        status=409 if error else 200,
    )


type Question = tuple[str, dict[str, Any]]


def asking(
    name: str, form: type[SomeoneForm], of: Callable[[dict[str, Any]], Question], *, signing: bool
) -> Callable[..., HttpResponse]:
    """A question put to somebody; `of` gives its kind, and what else it says, from what was typed."""

    @login_required
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        sheet = signed_sheet(writer(request), pk) if signing else own_sheet(request.user, pk)
        if request.method != "POST":
            return redirect("initiatives:people", pk)
        typed = form(request.POST, prefix=name.replace("_", "-"))
        if not typed.is_valid():
            return people_page(request, sheet, {name: typed})
        data = typed.cleaned_data
        kind, about = of(data)
        try:
            with transaction.atomic():
                asked, token = together.ask(sheet, kind, writer(request), data["name"], data["email"], **about)
                letters.asked(asked, token)
        except Refused as refusal:
            return people_page(request, sheet, {name: typed}, error=str(refusal))
        messages.success(request, f"Une lettre part vers {asked.email}. La réponse viendra ici, et par courriel.")
        return redirect("initiatives:people", pk)

    return view


def signed_sheet(person: Person, pk: int) -> Initiative:
    sheets = Initiative.objects.editable_by(person).filter(pk__in=Initiative.objects.signed_by(person))
    return get_object_or_404(sheets.select_related("public_version"), pk=pk)


ask_agreement = asking("ask", AskForm, lambda data: (data["kind"], {}), signing=False)
invite = asking("invite", SomeoneForm, lambda _: (Kind.CO_AUTHOR, {}), signing=True)
hand_over = asking(
    "hand_over", HandOverForm, lambda data: (Kind.HAND_OVER, {"leaves": data["after"] == LEAVES}), signing=True
)  # fmt: skip


@login_required
def take_back(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """A question one no longer asks: its link stops working."""
    sheet = own_sheet(request.user, pk)
    asked = get_object_or_404(sheet.agreements.listed(), pk=question)
    if asked.is_invitation:
        signed_sheet(writer(request), pk)
    if request.method == "POST":
        if together.take_back(asked):
            messages.success(request, "C’est repris : ce lien ne marche plus.")
        else:
            messages.info(request, "Cette question a déjà sa réponse, ou son lien ne marchait plus.")
    return redirect("initiatives:people", pk)


@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer write a sheet with others: what it changes is said first."""
    sheet = signed_sheet(writer(request), pk)
    if request.method != "POST":
        owns = sheet.authorships.filter(person=writer(request), role=Authorship.Role.OWNER).exists()
        if owns:
            return redirect("initiatives:people", pk)
        return render(request, "initiatives/leave.html", {"sheet": sheet, "version": sheet.versions.first()})
    try:
        together.leave(sheet, writer(request))
    except Refused as refusal:
        return people_page(request, sheet, error=str(refusal))
    messages.success(request, "Vous n’écrivez plus cette fiche. Ce que vous y avez écrit reste.")
    return redirect("initiatives:mine")
