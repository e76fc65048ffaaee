"""Telling: from the first screen to the receipt. What is typed is never lost, nor silently written over."""

from __future__ import annotations

import re
import secrets
from copy import copy

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import kept, rights, windows
from accounts.models import Person
from initiatives import dictation, findings, reading, steps
from initiatives.alike import alike
from initiatives.anonymity import Level
from initiatives.completeness import missing
from initiatives.forms.places import places_like
from initiatives.forms.rows import place_of
from initiatives.models import Case, Initiative, Version
from initiatives.models.choices import Depth
from initiatives.models.routing import due_dates, network_for, routed_to
from initiatives.standing import standing
from initiatives.steps import Step
from initiatives.trame import making
from initiatives.views import typing
from initiatives.views.conflict import closed, imprint, overwriting, settled, whole
from initiatives.views.own import address_of, first_lack, followed, own_sheet, remarks_on, working_version, writer
from initiatives.workflow import Refused, SavedElsewhere, SheetStatus

MAX_DRAFTS = 20


def propose(request: HttpRequest) -> HttpResponse:
    """What telling asks and promises; the button makes one sheet, however often it is pressed."""
    drafts = Initiative.objects.editable_by(request.user).filter(status=SheetStatus.DRAFT)
    if request.method != "POST":
        return render(
            request,
            "initiatives/propose.html",
            {
                "key": secrets.token_hex(8),
                "drafts": drafts.count(),
                "steps": steps.of_depth(Depth.SNAPSHOT),
                "trame": making.weights(),
                "can_type": rights.has_role(request.user, "coordinator"),
            },
        )
    if not isinstance(request.user, Person):
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if drafts.count() >= MAX_DRAFTS:
        messages.warning(
            request, f"Vous avez déjà {MAX_DRAFTS} brouillons : terminez-en un, ou supprimez-en un, avant de commencer."
        )
        return redirect("initiatives:mine")
    key = request.POST.get("key", "")
    initiative = Initiative.start(request.user, key=key if re.fullmatch("[0-9a-f]{16}", key) else "")
    return redirect("initiatives:step", initiative.pk, steps.all_steps()[0].slug)


@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where something lacks; a POST takes up again a sheet that came back to its author."""
    initiative = own_sheet(request.user, pk)
    if request.method == "POST":
        try:
            version = initiative.version_to_edit(writer(request))
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("initiatives:follow", pk)
        field = request.POST.get("field", "")
        if field in {name for step in steps.all_steps() for name in step.fields}:
            return redirect(address_of(pk, field))
    else:
        working = initiative.working_version()
        if working is None:
            return redirect("initiatives:follow", pk)
        version = working
    return redirect(first_lack(version))


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose a change to a published sheet: the public page stays as it is until the change is accepted."""
    initiative = get_object_or_404(
        Initiative.objects.editable_by(request.user).select_related("public_version"), slug=slug
    )
    if initiative.public_version is None:
        return redirect("initiatives:draft", initiative.pk)
    if not Initiative.objects.written_by(request.user).filter(pk=initiative.pk).exists():
        return redirect("initiatives:adopt", slug)
    if request.method == "POST":
        try:
            initiative.version_to_edit(writer(request))
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("initiatives:follow", initiative.pk)
        return redirect("initiatives:step", initiative.pk, steps.all_steps()[0].slug)
    case = followed(initiative.cases.all()).first()
    working = initiative.working_version()
    return render(
        request,
        "initiatives/edit.html",
        {"sheet": initiative, "version": initiative.public_version, "standing": standing(initiative, working, case)},
    )


@kept.signed_in
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    here = steps.named(step)
    version = working_version(request.user, pk)
    if version is None or here is None:
        initiative = own_sheet(request.user, pk)
        if here is None:
            raise Http404
        return closed(request, initiative, here)
    if request.method == "POST":
        return save_step(request, version, here)
    back = typing.kept_of(request, version, here)
    if back is not None:
        return step_page(request, version, here, here.form(copy(version), back), posted=back, came_back=True)
    found = typing.found(version, here, writer(request), request.GET.get("texte", ""))
    if found.form is None:
        return step_page(request, version, here, here.form(copy(version), None), found=found)
    if found.text and found.is_over_another_text:
        return overwriting(request, pk, here, found.text.posted(), carried=found.text.mark, typed=found.text)
    return step_page(request, version, here, typing.without_errors(found.form), found=found)


def save_step(request: HttpRequest, version: Version, here: Step) -> HttpResponse:
    if "forget" in request.POST:
        typing.forget(request, version, here, writer(request))
        return redirect(request.path)
    # Files are kept before the answers are read: neither costs the other.
    received = here.receive(version, request.FILES, writer(request)) if here.receive else []
    for level, text in received:
        messages.add_message(request, level, text)
    stored = here.form(version, None)
    data = settled(request.POST, stored)
    draft = copy(version)
    form = here.form(draft, data)
    if not form.is_valid():
        typing.keep_unsaved(version, here, writer(request), data)
        return step_page(request, version, here, form, posted=data)
    if form.has_changed():
        # Another screen saved elsewhere harms nothing: only what stands on this one is compared.
        unseen = data.get("seen") != imprint(stored)
        edition = whole(data.get("edition")) if unseen else version.edition
        try:
            with draft.saving(edition):
                here.save(draft, form, writer(request))
                typing.end(version, here, writer(request), data)
        except SavedElsewhere:
            typing.keep_unsaved(version, here, writer(request), data)
            carried = windows.Window.of(data).mark
            return overwriting(request, version.initiative_id, here, data, carried=carried)
        kept.forget(request)
        messages.success(request, f"Enregistré à {timezone.localtime():%-H\u00a0h\u00a0%M}.")
    else:
        typing.end(version, here, writer(request), data)
        kept.forget(request)
    go = "stay" if received else data.get("go")
    return windows.ended(redirect(after_saving(request, version, here, form, go)), request)


def after_saving(request: HttpRequest, version: Version, here: Step, form: forms.BaseForm, go: str | None) -> str:
    before, after = steps.neighbours(here)
    if back := place_of(form, go):
        return f"{request.path}#{back}"
    if go == "stay":
        return request.path
    target = before if go == "previous" else after
    if target:
        return reverse("initiatives:step", args=[version.initiative_id, target.slug])
    return reverse("initiatives:check", args=[version.initiative_id])


def step_page(
    request: HttpRequest, version: Version, here: Step, form: forms.BaseForm, *, posted: QueryDict | None = None,
    came_back: bool = False, found: typing.Found | None = None,
) -> HttpResponse:  # fmt: skip
    before, after = steps.neighbours(here)
    remarks = remarks_on(version)
    return render(
        request,
        "initiatives/step.html",
        {
            "version": version,
            "sheet": version.initiative,
            "step": here,
            "form": form,
            "previous": before,
            "next": after,
            "combs": steps.combs(version),
            "remarks": [remark for remark in remarks if steps.of_field(remark.field) == here],
            "came_back": came_back,
            "typing": typing.page_of(request, version, here, posted, found),
            # What this screen was opened on: kept through errors, so that a correction doesn't hide a conflict.
            "edition": whole(posted.get("edition")) if posted else version.edition,
            "seen": posted.get("seen", "") if posted else imprint(form),
        },
    )


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The communes a text may mean, as one types."""
    typed = request.GET.get("place", "")
    places = places_like(typed)
    chosen = places.exact[0].code if len(places.exact) == 1 else ""
    return render(
        request, "initiatives/_step_ou.html#communes", {"places": places, "chosen_code": chosen, "typed": typed.strip()}
    )


@login_required
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    return check_page(request, version)


def check_page(request: HttpRequest, version: Version, *, error: str = "") -> HttpResponse:
    told = reading.told(version)
    lacks = missing(version, told.said)
    territory = routed_to(version)
    _, network = network_for(territory, version)
    combs = steps.combs(version, told.said)
    found = findings.findings(version)
    return render(
        request,
        "initiatives/check.html",
        {
            "version": version,
            "sheet": version.initiative,
            "told": told,
            "combs": combs,
            "invitation": steps.invitation(combs),
            "lacks": [(steps.of_field(field), field, text) for field, text in lacks.items()],
            "readings": steps.to_read(told.said),
            "territory": territory,
            "network": network,
            "alike": alike(version),
            "findings": [each for each in findings.grouped(found) if each.first.span.level != Level.REMIND],
            "to_remove": findings.grouped(findings.to_remove(found)),
            "reminders": [each for each in findings.grouped(found) if each.first.span.level == Level.REMIND],
            "error": error,
            "typed_for": dictation.typed_for(version.initiative, writer(request)),
            "typed": typing.screens_typed(version, writer(request)),
            "typing": windows.browser_of(request),
            **due_dates(timezone.now()),
        },
        status=409 if error else 200,
    )


@login_required
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        # A second click, or another window: the sheet is sent, here is its receipt.
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return redirect("initiatives:check", pk)
    if whole(request.POST.get("edition")) != version.edition:
        return check_page(
            request,
            version,
            error="La fiche a changé depuis que vous l’avez relue. La voici : relisez-la, puis envoyez.",
        )
    try:
        Case.submit(version, writer(request))
    except Refused as refusal:
        fresh = working_version(request.user, pk)
        return check_page(request, fresh, error=str(refusal)) if fresh else redirect("initiatives:follow", pk)
    return redirect("initiatives:follow", pk)
