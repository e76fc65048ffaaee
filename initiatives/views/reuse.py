"""« Je m’en inspire »: taking a sheet up, then saying what came of it. A GET shows, a POST acts.

All of it is one's own. The page one reads carries no token: the gesture has a page of its own, as putting in a recueil.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import kept
from accounts.models import Person, Territory
from initiatives import lineage, reuses
from initiatives.emails import reuse as letters
from initiatives.forms.reuse import (
    LATER,
    TELL,
    AdaptedForm,
    DetailsForm,
    DroppedForm,
    PlaceForm,
    StageForm,
    TriedForm,
    sheets_of,
)
from initiatives.models import Initiative, Reuse
from initiatives.reuses import Taken
from initiatives.views.own import writer
from initiatives.workflow import READABLE, Refused, SavedElsewhere

REUSES_A_PAGE = 20
MOST_A_DAY = 20  # their teams are written to
CHANGED = (
    "Vous avez changé cette reprise dans une autre fenêtre. Ce que vous venez d’écrire est encore ici : "
    "comparez, puis enregistrez."
)


def inspire(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be shown and what won't; then one confirms. Whoever signs in comes back here."""
    sheet = get_object_or_404(
        Initiative.objects.filter(status__in=READABLE, public_version__isnull=False).select_related("public_version"),
        slug=slug,
    )
    if sheet.masked_at:
        return render(request, "initiatives/masked.html", status=404)
    if not isinstance(request.user, Person):
        if request.method == "POST":
            kept.keep(request)
            return redirect_to_login(request.path)
        return _inspire_page(request, sheet, None)
    person = request.user
    mine = Reuse.objects.of(person).filter(initiative=sheet).first()
    if mine is None and not Reuse.offered_to(person).filter(pk=sheet.pk).exists():
        messages.info(request, "C’est votre fiche : elle dit déjà combien de personnes s’en inspirent.")
        return redirect(sheet)
    typed = request.POST if request.method == "POST" else kept.kept(request)
    form = PlaceForm(typed, initial=_known(person, mine))
    if request.method != "POST" or not form.is_valid():
        return _inspire_page(request, sheet, form, mine)
    if mine is None and Reuse.objects.of(person).since_a_day().count() >= MOST_A_DAY:
        form.add_error(None, f"{MOST_A_DAY} fiches en un jour, c’est déjà beaucoup : reprenez demain.")
        return _inspire_page(request, sheet, form, status=429)
    with transaction.atomic():
        reuse, is_new = Reuse.take_up(sheet, person, form.territory(), form.cleaned_data["note"])
        if is_new:
            letters.inspired(reuse)
    kept.forget(request)
    if is_new:
        messages.success(request, "C’est noté. Quand vous aurez essayé, ou adapté, dites-le ici.")
    else:
        messages.info(request, "Vous l’aviez déjà dit : voici où vous en êtes.")
    return redirect("initiatives:reuses")


def _known(person: Person, mine: Reuse | None) -> dict[str, str]:
    """The département of one's organisation, offered and never taken for granted."""
    if mine:
        return {"departement": mine.departement.code if mine.departement else "", "note": mine.note}
    where = Territory.objects.filter(organisation__person=person).select_related("departement").first()
    return {"departement": where.departement.code if where and where.departement else ""}


def _inspire_page(
    request: HttpRequest, sheet: Initiative, form: PlaceForm | None, mine: Reuse | None = None, *, status: int = 200
) -> HttpResponse:
    is_mine = mine is not None and mine.stage != Reuse.Stage.DROPPED
    context = {
        "sheet": sheet,
        "version": sheet.public_version,
        "form": None if is_mine else form,
        "reuse": mine,
        "lineage": lineage.of(sheet.pk),
        "enough": lineage.ENOUGH,
        "months": reuses.MONTHS,
    }
    return render(request, "initiatives/inspire.html", context, status=status)


# What one took up


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = Reuse.objects.of(request.user).with_sheets()
    page = Paginator(rows, REUSES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/reuses.html", {"page": page, "rows": reuses.taken(page)})


@kept.signed_in
def reuse(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: where it stands, one's département and note, and every gesture."""
    found = _own(request, pk)
    row = found.reuse
    where = {"departement": row.departement.code if row.departement else ""}
    form = DetailsForm(_typed(request), reuse=row, initial=where)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, "initiatives/reuse.html")
    territory, note = form.territory(), form.cleaned_data["note"]
    return _done(
        request, found, form, "initiatives/reuse.html", "C’est enregistré.",
        lambda mark: row.say(territory, note, mark),
        lambda now: (now.departement, now.note) == (territory, note),
    )  # fmt: skip


@kept.signed_in
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    row = found.reuse
    form = TriedForm(_typed(request), reuse=row, initial={"on": _day(row) or timezone.localdate()})
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, "initiatives/reuse_tried.html")
    told, note = form.cleaned_data["on"], form.cleaned_data["note"]
    return _done(
        request, found, form, "initiatives/reuse_tried.html", "Merci. D’autres sauront qu’on a essayé.",
        lambda mark: row.try_it(told, note, mark),
        lambda now: now.stage == Reuse.Stage.TRIED and (_day(now), now.note) == (told, note),
    )  # fmt: skip


@kept.signed_in
def dropped(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    row = found.reuse
    form = DroppedForm(_typed(request), reuse=row)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, "initiatives/reuse_dropped.html")
    note = form.cleaned_data["note"]
    return _done(
        request, found, form, "initiatives/reuse_dropped.html", "C’est noté. Vous pourrez la reprendre un jour.",
        lambda mark: row.drop(note, mark),
        lambda now: now.stage == Reuse.Stage.DROPPED and now.note == note,
    )  # fmt: skip


@kept.signed_in
def adapted(request: HttpRequest, pk: int) -> HttpResponse:
    """Adapted: one tells one's own in a draft begun here, ties a sheet that exists, or neither."""
    found = _own(request, pk)
    row, person = found.reuse, writer(request)
    if begun := _begun(found):
        return begun
    form = AdaptedForm(_typed(request), reuse=row, sheets=sheets_of(person, row))
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, "initiatives/reuse_adapted.html")
    note, mark = form.cleaned_data["note"], form.cleaned_data["mark"]
    try:
        if form.cleaned_data["how"] == LATER:
            if row.stage != Reuse.Stage.ADAPTED or row.note != note:
                row.adapt(note, mark)
            answer: HttpResponse = redirect("initiatives:reuses")
            said = "C’est noté. Vous pourrez toujours la raconter plus tard."
        elif form.cleaned_data["how"] == TELL:
            answer = redirect("initiatives:draft", reuses.begin_child(row, person, note, mark).pk)
            said = "Votre brouillon est commencé. Il est vide : racontez votre action, avec vos mots."
        else:
            answer, said = _tie(form, row, person, note, mark)
    except SavedElsewhere:
        now = _now(found)
        return _begun(now) or _changed(request, now, form, "initiatives/reuse_adapted.html")
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, "initiatives/reuse_adapted.html", status=409)
    kept.forget(request)
    messages.success(request, said)
    return answer


def _begun(found: Taken) -> HttpResponse | None:
    """A second press, or another window: one's sheet is there already."""
    row = found.reuse
    if row.stage != Reuse.Stage.ADAPTED or not row.has_live_child:
        return None
    return redirect("initiatives:draft", row.child_id) if found.writes_child else redirect("initiatives:reuses")


def _tie(form: AdaptedForm, row: Reuse, person: Person, note: str, mark: str) -> tuple[HttpResponse, str]:
    child = form.chosen()
    assert child is not None
    if reuses.tie(row, child, person, note, mark):
        said = "C’est relié. Le lien paraîtra quand cette version de votre fiche aura été envoyée, puis relue."
        return redirect("initiatives:draft", child.pk), said
    return redirect("initiatives:reuses"), "C’est relié."


@require_POST
@login_required
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """A stage said by mistake: one step back, and one may say it again."""
    row = _own(request, pk).reuse
    try:
        row.go_back(request.POST.get("mark", ""))
    except SavedElsewhere:
        messages.warning(request, "Cette reprise a changé dans une autre fenêtre : la voici telle qu’elle est.")
    else:
        messages.success(request, f"Vous êtes revenu à « {row.get_stage_display()} ».")
    return redirect("initiatives:reuse", pk)


@login_required
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    if request.method != "POST":
        return render(request, "initiatives/reuse_forget.html", {"found": found, "reuse": found.reuse})
    found.reuse.delete()
    messages.success(request, "Cette reprise est oubliée. Rien n’en reste ici.")
    return redirect("initiatives:reuses")


# How


def _own(request: HttpRequest, pk: int) -> Taken:
    return reuses.one(get_object_or_404(Reuse.objects.of(request.user).with_sheets(), pk=pk))


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else kept.kept(request)


def _day(row: Reuse) -> date | None:
    return timezone.localdate(row.tried_at) if row.tried_at else None


def _done(
    request: HttpRequest, found: Taken, form: StageForm, template: str, said: str,
    act: Callable[[str], None], is_said: Callable[[Reuse], bool],
) -> HttpResponse:  # fmt: skip
    """`is_said`: whether a reuse says it already. A second press, even at the same moment, is no other window."""
    if not is_said(found.reuse):
        try:
            act(form.cleaned_data["mark"])
        except SavedElsewhere:
            now = _now(found)
            if not is_said(now.reuse):
                return _changed(request, now, form, template)
        else:
            messages.success(request, said)
    kept.forget(request)
    return redirect("initiatives:reuses")


def _now(found: Taken) -> Taken:
    return reuses.one(get_object_or_404(Reuse.objects.with_sheets(), pk=found.reuse.pk))


def _changed(request: HttpRequest, now: Taken, form: StageForm, template: str) -> HttpResponse:
    """Both texts: what stands now beside the form, and what was just typed in it, which may then be saved."""
    form.add_error(None, CHANGED)
    form.data = {**form.data.dict(), "mark": now.reuse.mark}  # type: ignore[attr-defined]
    return _page(request, now, form, template, status=409, theirs=now.reuse)


def _page(
    request: HttpRequest,
    found: Taken,
    form: forms.Form,
    template: str,
    *,
    status: int = 200,
    theirs: Reuse | None = None,
) -> HttpResponse:
    context = {
        "found": found,
        "reuse": found.reuse,
        "form": form,
        "theirs": theirs,
        "months": reuses.MONTHS,
    }
    return render(request, template, context, status=status)
