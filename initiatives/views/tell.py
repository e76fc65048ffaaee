"""Telling: from the first screen to the receipt. What is typed is never lost, nor silently written over."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import kept
from accounts.models import Person
from accounts.rights import Someone
from initiatives import steps
from initiatives.forms import places_like
from initiatives.models import Case, Initiative, Move, Remark, Version
from initiatives.models.review import due_dates, network_for, routed_to
from initiatives.review_forms import MOTIVES
from initiatives.standing import TOLD, standing
from initiatives.steps import Step
from initiatives.workflow import OPEN, CaseKind, CaseStatus, Refused, SavedElsewhere, SheetStatus, Verb

SHEETS_A_PAGE = 20
MAX_DRAFTS = 20
# What a screen posts that isn't an answer.
CONTROLS = {"csrfmiddlewaretoken", "edition", "seen", "go", "forget"}
CHOICE = "garder-"


def writer(request: HttpRequest) -> Person:
    """Who is signed in: the views that write ask for a session first."""
    return cast(Person, request.user)


# --- Beginning, and one's own sheets -------------------------------------------------------------------------------


def propose(request: HttpRequest) -> HttpResponse:
    """What telling asks and promises; the button makes one sheet, however often it is pressed."""
    drafts = Initiative.objects.editable_by(request.user).filter(status=SheetStatus.DRAFT)
    if request.method != "POST":
        return render(
            request,
            "initiatives/propose.html",
            {"key": secrets.token_hex(8), "drafts": drafts.count(), "steps": steps.all_steps()},
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
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    sheets = Initiative.objects.editable_by(request.user).select_related("public_version").prefetch_related(
        Prefetch("versions", Version.objects.only("initiative_id", "number", "title", "frozen_at", "saved_at")),
        Prefetch("cases", followed(Case.objects.all())),
    )  # fmt: skip
    page = Paginator(sheets.order_by("-pk"), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for sheet in page:
        working = next((version for version in sheet.versions.all() if version.frozen_at is None), None)
        case = next(iter(sheet.cases.all()), None)
        last = max(sheet.versions.all(), key=lambda version: version.number)
        rows.append({"sheet": sheet, "version": last, "case": case, "standing": standing(sheet, working, case)})
    return render(request, "initiatives/mine.html", {"page": page, "rows": rows})


def followed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The dossiers an author follows, the last one first; reports are the coordination's business."""
    return cases.exclude(kind=CaseKind.REPORT).order_by("-pk")


# --- The screens ---------------------------------------------------------------------------------------------------


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
    back = kept.kept(request)
    form = here.form(copy(version), back)
    return step_page(request, version, here, form, posted=back, came_back=back is not None)


def save_step(request: HttpRequest, version: Version, here: Step) -> HttpResponse:
    if "forget" in request.POST:
        kept.forget(request)
        return redirect(request.path)
    stored = here.form(version, None)
    data = settled(request.POST, stored)
    draft = copy(version)
    form = here.form(draft, data)
    if not form.is_valid():
        return step_page(request, version, here, form, posted=data)
    if form.has_changed():
        # Another screen saved elsewhere harms nothing: only what stands on this one is compared.
        unseen = data.get("seen") != imprint(stored)
        edition = whole(data.get("edition")) if unseen else version.edition
        try:
            with draft.saving(edition):
                here.save(draft, form, writer(request))
        except SavedElsewhere:
            return overwriting(request, version.initiative_id, here, data)
        kept.forget(request)
        messages.success(request, f"Enregistré à {timezone.localtime():%-H\u00a0h\u00a0%M}.")
    else:
        kept.forget(request)
    before, after = steps.neighbours(here)
    go = data.get("go")
    if go == "stay":
        return redirect(request.path)
    target = before if go == "previous" else after
    return redirect("initiatives:step", version.initiative_id, target.slug) if target else redirect(
        "initiatives:check", version.initiative_id
    )  # fmt: skip


def step_page(
    request: HttpRequest, version: Version, here: Step, form: forms.BaseForm, *, posted: QueryDict | None = None,
    came_back: bool = False,
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
            "progress": steps.progress(version.missing()),
            "remarks": [remark for remark in remarks if steps.of_field(remark.field) == here],
            "came_back": came_back,
            # What this screen was opened on: kept through errors, so that a correction doesn't hide a conflict.
            "edition": whole(posted.get("edition")) if posted else version.edition,
            "seen": posted.get("seen", "") if posted else imprint(form),
        },
    )


def overwriting(request: HttpRequest, sheet: int, here: Step, data: QueryDict) -> HttpResponse:
    """Two texts for one screen: both are shown, field by field, and the person chooses."""
    version = working_version(request.user, sheet)
    if version is None:
        return closed(request, own_sheet(request.user, sheet), here)
    stored = here.form(version, None)
    form = here.form(copy(version), data)
    form.is_valid()
    differing = [name for name in form.fields if name in form.changed_data]
    answers = [(name, value) for name, values in data.lists() if name not in CONTROLS for value in values]
    return render(
        request,
        "initiatives/conflict.html",
        {
            "version": version,
            "sheet": version.initiative,
            "step": here,
            "differences": [difference(form[name], stored[name]) for name in differing],
            "answers": [(name, value) for name, value in answers if not name.startswith(CHOICE)],
            "edition": version.edition,
            "seen": imprint(stored),
            "go": data.get("go", ""),
        },
        status=409,
    )


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    mine: str
    other: str


def difference(mine: forms.BoundField, other: forms.BoundField) -> Difference:
    return Difference(mine.name, str(mine.label), said(mine.field, mine.data), said(other.field, other.initial))


def said(field: forms.Field, value: Any) -> str:
    """An answer in the words of its screen."""
    if isinstance(field, forms.BooleanField):
        return "oui" if field.to_python(value) else "non"
    if isinstance(field, forms.ChoiceField):
        choices = cast("Iterable[tuple[Any, Any]]", field.choices)
        codes = codes_of(field, value)
        return ", ".join(str(label) for code, label in choices if code != "" and str(code) in codes)
    return "" if value is None else str(value)


def codes_of(field: forms.Field, value: Any) -> list[str]:
    """An answer as the browser sends it: a tick left empty isn't sent."""
    answers = value if isinstance(value, (list, tuple)) else [value]
    codes = [field.prepare_value(each) for each in answers]
    return ["on" if code is True else str(code) for code in codes if code is not None and code is not False]


def settled(posted: QueryDict, stored: forms.BaseForm) -> QueryDict:
    """What was posted, where the person chose the other text in a conflict: the stored answer in place of theirs."""
    data = posted.copy()
    for name in stored.fields:
        if posted.get(CHOICE + name) == "autre":
            bound = stored[name]
            data.setlist(bound.html_name, codes_of(bound.field, bound.initial))
            if name == "place":
                data.pop("place_code", None)
    return data


def imprint(form: forms.BaseForm) -> str:
    """A short mark of what a screen says before anything is typed in it."""
    values = {name: codes_of(field, form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:24]


def whole(text: str | None) -> int:
    """The edition a form carries; one that never was when it isn't a number."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 999_999_999


def closed(request: HttpRequest, initiative: Initiative, here: Step) -> HttpResponse:
    """Nothing is being written: in review, or sent from another window. What was just typed is shown, to be copied."""
    case = followed(initiative.cases.all()).first()
    typed: list[tuple[str, str]] = []
    if request.method == "POST":
        form = here.form(initiative.versions.order_by("-number")[0], request.POST)
        typed = [(str(bound.label), said(bound.field, bound.data)) for bound in form]
    context = {
        "sheet": initiative,
        "case": case,
        "standing": standing(initiative, None, case),
        "typed": [(label, text) for label, text in typed if text.strip()],
    }
    return render(request, "initiatives/closed.html", context, status=409 if request.method == "POST" else 200)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The communes a text may mean, as one types."""
    typed = request.GET.get("place", "")
    places = places_like(typed)
    chosen = places.exact[0].code if len(places.exact) == 1 else ""
    return render(
        request, "initiatives/_step_ou.html#communes", {"places": places, "chosen_code": chosen, "typed": typed.strip()}
    )


# --- Reading once more, and sending --------------------------------------------------------------------------------


@login_required
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    return check_page(request, version)


def check_page(request: HttpRequest, version: Version, *, error: str = "") -> HttpResponse:
    lacks = version.missing()
    territory = routed_to(version)
    _, network = network_for(territory)
    return render(
        request,
        "initiatives/check.html",
        {
            "version": version,
            "sheet": version.initiative,
            "progress": steps.progress(lacks),
            "lacks": [(steps.of_field(field), field, text) for field, text in lacks.items()],
            "readings": [step for step in steps.all_steps() if step.reading],
            "territory": territory,
            "network": network,
            "error": error,
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


@login_required
@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt, then what happens: number, who answers and when, what is asked, what was decided."""
    initiative = own_sheet(request.user, pk)
    case = followed(initiative.cases.select_related("version", "territory", "initiative")).first()
    working = initiative.working_version()
    if case is None:
        return redirect("initiatives:draft", pk) if working else redirect("initiatives:mine")
    moves = list(
        initiative.moves.filter(verb__in=TOLD, case__isnull=False).exclude(case__kind=CaseKind.REPORT)
        .prefetch_related("remarks").order_by("-pk")
    )  # fmt: skip
    _, network = network_for(case.territory)
    asked = next((move for move in moves if move.verb == Verb.REQUEST_CHANGES and move.case_id == case.pk), None)
    answer = next(
        (move for move in moves if move.case_id == case.pk and move.verb in (Verb.REFUSE, Verb.REDIRECT)), None
    )
    return render(
        request,
        "initiatives/follow.html",
        {
            "sheet": initiative,
            "case": case,
            "working": working,
            "network": network,
            "standing": standing(initiative, working, case),
            "asked": asked if case.status == CaseStatus.CHANGES_REQUESTED else None,
            "remarks": [(remark, steps.of_field(remark.field)) for remark in asked.remarks.all()] if asked else [],
            "answer": answer if not case.is_open else None,
            "motive": MOTIVES.get(answer.motive, "") if answer else "",
            "can_cancel": case.status in CANCELLABLE,
            "can_edit": not case.is_open and working is None,
            "told": [told(move) for move in moves],
        },
    )


CANCELLABLE = (CaseStatus.RECEIVED, CaseStatus.CLAIMED, CaseStatus.CHANGES_REQUESTED)


def told(move: Move) -> dict[str, Any]:
    """A line of the journal for those who wrote: nobody's name, and a text only where it was written for them."""
    sentence, with_text = TOLD[move.verb]
    return {"at": move.at, "sentence": sentence, "text": move.text if with_text else "", "remarks": move.remarks.all()}


@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    initiative = own_sheet(request.user, pk)
    case = followed(initiative.cases.select_related("version", "initiative").filter(status__in=OPEN)).first()
    if case is None:
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return render(request, "initiatives/cancel.html", {"sheet": initiative, "case": case})
    try:
        case.cancel(writer(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "L’envoi est annulé. Votre texte est gardé, vous pouvez le reprendre.")
    return redirect("initiatives:follow", pk)


@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    version = working_version(request.user, pk)
    if version is None:
        own_sheet(request.user, pk)
        return redirect("initiatives:follow", pk)
    if request.method != "POST":
        return render(request, "initiatives/discard.html", {"version": version, "sheet": version.initiative})
    version.initiative.discard(writer(request))
    messages.success(
        request,
        "Le brouillon est supprimé."
        if version.initiative.status == SheetStatus.DRAFT
        else "La modification est abandonnée.",
    )
    return redirect("initiatives:mine")


# --- What is whose -------------------------------------------------------------------------------------------------


def own_sheet(someone: Someone, pk: int) -> Initiative:
    return get_object_or_404(Initiative.objects.editable_by(someone).select_related("public_version"), pk=pk)


def working_version(someone: Someone, pk: int) -> Version | None:
    """The version someone is writing on this sheet, with all a screen shows."""
    return (
        Version.objects.writable_by(someone)
        .filter(initiative=pk)
        .select_related("initiative__public_version", "place__departement", "place__region", "organisation_kind")
        .prefetch_related("publics", "themes", "methods", "tags")  # type: ignore[misc]  # the stubs don't know taggit
        .first()
    )


def remarks_on(version: Version) -> list[Remark]:
    """What the coordination last asked on this sheet, while it waits for an answer."""
    if version.initiative.status == SheetStatus.DRAFT:
        return []
    remarks = Remark.objects.filter(
        move__case__initiative=version.initiative_id, move__case__status=CaseStatus.CHANGES_REQUESTED
    ).order_by("-move_id", "pk")  # fmt: skip
    last = list(remarks)
    return [remark for remark in last if remark.move_id == last[0].move_id]


def address_of(pk: int, field: str) -> str:
    return reverse("initiatives:step", args=[pk, steps.of_field(field).slug]) + f"#id_{field}_field"


def first_lack(version: Version) -> str:
    """Where to go on: the first screen where something lacks, else the page where one reads before sending."""
    lacking = next((part.step for part in steps.progress(version.missing()) if part.missing), None)
    if lacking is None:
        return reverse("initiatives:check", args=[version.initiative_id])
    return reverse("initiatives:step", args=[version.initiative_id, lacking.slug])
