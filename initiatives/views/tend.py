"""What becomes of a published sheet: its authors withdraw it; its coordination hides, withdraws, joins, and undoes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Person
from initiatives import fate
from initiatives.forms.decisions import OtherSheetForm, RestoreForm, TakeDownForm, WhyForm
from initiatives.models import Initiative
from initiatives.views.own import writer
from initiatives.views.roles import holder_or_404
from initiatives.workflow import OPEN, READABLE, Refused, SheetStatus

# Its authors


@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own page taken away: what will happen is said first."""
    sheet = get_object_or_404(
        Initiative.objects.signed_by(request.user)
        .exclude(status__in=[SheetStatus.WITHDRAWN, SheetStatus.MERGED])
        .select_related("public_version"),
        pk=pk,
    )
    if sheet.status not in READABLE:
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return render(request, "initiatives/withdraw.html", {"sheet": sheet, "case": sheet.open_case()})
    try:
        fate.withdraw(sheet, writer(request), fate.AUTHOR)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Votre fiche est retirée. Son adresse dit qu’elle l’a été, et rien d’autre.")
    return redirect("initiatives:mine")


# Its coordination


def _tended(person: Person, pk: int) -> Initiative:
    sheets = Initiative.objects.moderable_by(person).select_related("public_version__place", "merged_into")
    return get_object_or_404(sheets, pk=pk)


@login_required
@require_safe
def tend(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet as its coordination sees it: where it stands, its journal, and the gestures that are possible."""
    return _page(request, _tended(holder_or_404(request, "coordinator"), pk))


def _page(
    request: HttpRequest, sheet: Initiative, bound: dict[str, Form] | None = None, *, error: str = "", status: int = 200
) -> HttpResponse:
    bound = bound or {}
    person = writer(request)
    conflict = fate.conflict_with(sheet, person)
    moves = sheet.moves.select_related("by", "case").order_by("-pk")
    forms: dict[str, Form] = {}
    if not conflict:
        forms = {name: bound.get(name) or make(sheet) for name, make in _possible(sheet).items()}
    return render(
        request,
        "initiatives/tend.html",
        {
            "sheet": sheet,
            "version": sheet.public_version,
            "conflict": conflict,
            "lines": [{"move": move, "text": move.text} for move in moves],
            "forms": forms,
            "errors": list(bound.values()),
            "error": error,
            "reason": fate.REASONS.get(sheet.withdrawn_reason, ""),
            "open_cases": sheet.cases.filter(status__in=OPEN).order_by("pk"),
        },
        status=status,
    )


def _possible(sheet: Initiative) -> dict[str, Callable[[Initiative], Form]]:
    """The gestures that make sense from here, each with its form."""
    if sheet.status == SheetStatus.WITHDRAWN:
        return {"restore": lambda sheet: RestoreForm(prefix="restore", sheet=sheet)}
    if sheet.status == SheetStatus.MERGED:
        return {"unmerge": lambda _: WhyForm(prefix="unmerge")}
    if sheet.status not in READABLE:
        return {}
    hide = "unmask" if sheet.masked_at else "mask"
    found: dict[str, Callable[[Initiative], Form]] = {hide: lambda _: WhyForm(prefix=hide)}
    found["take_down"] = lambda _: TakeDownForm(prefix="take_down")
    if not sheet.masked_at:
        found["merge"] = lambda _: OtherSheetForm()
    return found


type Gesture = Callable[[Initiative, Person, Any], object]


def gesture(name: str, form: Callable[..., Form], done: str) -> Callable[[Gesture], Callable[..., HttpResponse]]:
    """A POST of a coordinator on a sheet of theirs; what can't be done comes back with what was typed."""

    def made(act: Gesture) -> Callable[..., HttpResponse]:
        @login_required
        @require_POST
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            person = holder_or_404(request, "coordinator")
            sheet = _tended(person, pk)
            about = {"sheet": sheet} if form is RestoreForm else {}
            typed = form(request.POST, prefix=name, **about)
            if conflict := fate.conflict_with(sheet, person):
                return _page(request, sheet, error=conflict, status=409)
            if not typed.is_valid():
                return _page(request, sheet, {name: typed})
            try:
                act(sheet, person, typed.cleaned_data)
            except Refused as refusal:
                return _page(request, _tended(person, pk), {name: typed}, error=str(refusal), status=409)
            messages.success(request, done)
            return redirect("initiatives:tend", pk)

        return view

    return made


@gesture("mask", WhyForm, "La page est masquée partout.")
def mask(sheet: Initiative, by: Person, data: Any) -> None:
    if not fate.mask(sheet, by, text=data["text"]):
        raise Refused("Cette page est déjà masquée, ou n’est plus en ligne.")


@gesture("unmask", WhyForm, "La page est de nouveau visible.")
def unmask(sheet: Initiative, by: Person, data: Any) -> None:
    fate.unmask(sheet, by, text=data["text"])


@gesture("take_down", TakeDownForm, "La fiche est retirée. Son adresse dit la sorte de raison.")
def take_down(sheet: Initiative, by: Person, data: Any) -> None:
    fate.withdraw(sheet, by, data["reason"], text=data["text"])


@gesture("restore", RestoreForm, "La fiche est de nouveau en ligne.")
def restore(sheet: Initiative, by: Person, data: Any) -> None:
    fate.restore(sheet, by, data["text"])


@gesture("unmerge", WhyForm, "Les deux fiches sont séparées.")
def unmerge(sheet: Initiative, by: Person, data: Any) -> None:
    fate.unmerge(sheet, by, data["text"])


@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two sheets side by side; one says which stays, and the address of the other leads to it."""
    person = holder_or_404(request, "coordinator")
    sheet = _tended(person, pk)
    asked = OtherSheetForm(request.POST if request.method == "POST" else request.GET)
    other = None
    if asked.is_valid():
        known = Initiative.objects.moderable_by(person).filter(status__in=READABLE, masked_at=None)
        known = known.select_related("public_version__place").exclude(pk=sheet.pk)
        other = known.filter(slug=asked.cleaned_data["fiche"]).first()
        if other is None:
            asked.add_error("fiche", "Aucune fiche en ligne de vos territoires n’a cette adresse.")
    if other is None or sheet.status not in READABLE or sheet.masked_at:
        status = 409 if request.method == "POST" else 200
        return _page(request, sheet, {"merge": asked} if "merge" in _possible(sheet) else {}, status=status)
    why = WhyForm(request.POST if request.method == "POST" else None)
    error = ""
    pair = {str(each.pk): each for each in (sheet, other)}
    if request.method == "POST" and why.is_valid():
        stays = pair.pop(request.POST.get("garder", ""), None)
        if stays is None:
            error = "Choisissez la fiche qui reste."
        else:
            (leaves,) = pair.values()
            try:
                fate.merge(leaves, stays, person, why.cleaned_data["text"])
            except Refused as refusal:
                error = str(refusal)
            else:
                messages.success(request, "Les deux fiches sont réunies. L’adresse de l’autre y conduit.")
                return redirect("initiatives:tend", leaves.pk)
    context = {"sheet": sheet, "other": other, "pair": (sheet, other), "why": why, "error": error}
    return render(request, "initiatives/merge.html", context, status=409 if error else 200)
