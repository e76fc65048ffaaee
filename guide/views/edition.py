"""Where the guide's editors write: the list of fiches, one of them, its preview, and what the repository proposes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.models import Person
from guide import diagrams, editing, rendering
from guide.forms import FicheForm, SourcesForm, SourcesFormSet
from guide.models import Feedback, Fiche, FicheVersion
from guide.views.editors import editor_or_404
from guide.views.reading import terms_of

Status = FicheVersion.Status
READ_OR_WRITE = ["GET", "HEAD", "POST"]


@kept.signed_in
@require_safe
def edition(request: HttpRequest) -> HttpResponse:
    """Every fiche with what it waits for."""
    editor_or_404(request)
    unread = Count("versions__feedback", filter=Q(versions__feedback__read_at=None, versions__feedback__isnull=False))
    fiches = list(Fiche.objects.readable().order_by("number"))
    numbers = Fiche.objects.readable().order_by("number").annotate(unread=unread).values_list("unread", flat=True)
    waiting = FicheVersion.objects.filter(status__in=[Status.DRAFT, Status.PENDING]).select_related("written_by")
    found = {(version.fiche_id, version.status): version for version in waiting.order_by("number")}
    rows = [
        {
            "fiche": fiche,
            "draft": found.get((fiche.pk, Status.DRAFT)),
            "proposal": found.get((fiche.pk, Status.PENDING)),
            "unread": number,
        }
        for fiche, number in zip(fiches, numbers, strict=True)
    ]
    context = {"rows": rows, "unread": Feedback.objects.unread().count()}
    return render(request, "guide/edition.html", context)


def fiche_to_edit(number: int) -> Fiche:
    return get_object_or_404(Fiche.objects.readable(), number=number)


@kept.signed_in
@require_http_methods(READ_OR_WRITE)
def edit_fiche(request: HttpRequest, number: int) -> HttpResponse:
    """Section by section; « enregistrer » keeps a draft, « voir l’aperçu » keeps it too and shows it."""
    person, fiche = editor_or_404(request), fiche_to_edit(number)
    if request.method != "POST":
        return _edit_page(request, fiche, kept.kept(request))
    form, sources = FicheForm(request.POST), SourcesForm(request.POST, prefix="source")
    if not (form.is_valid() and sources.is_valid()):
        return _edit_page(request, fiche, form=form, sources=sources)
    said = {**{key: form.cleaned_data[key] for key in ("title", "summary", "change_note")}, "body": form.body()}
    said["sources"] = sources.said()
    try:
        editing.save_draft(fiche, person, said, seen=form.cleaned_data["seen"])
    except editing.Conflict as conflict:
        return _edit_page(request, fiche, form=form, sources=sources, conflict=_beside(conflict.other, said))
    kept.forget(request)
    if request.POST.get("geste") == "apercu":
        return redirect("guide:preview_fiche", number)
    messages.success(request, "Votre brouillon est enregistré. Les lecteurs voient toujours la version publiée.")
    return redirect("guide:edit_fiche", number)


def _beside(other: FicheVersion | None, said: dict[str, Any]) -> dict[str, Any]:
    """What somebody else saved, and how what is typed here differs from it; saved again, this one stays."""
    changes = editing.between(other, FicheVersion(**said)) if other else []
    return {"by": other.written_by if other else None, "mark": other.mark if other else "", "changes": changes}


def _edit_page(
    request: HttpRequest,
    fiche: Fiche,
    back: QueryDict | None = None,
    *,
    form: FicheForm | None = None,
    sources: SourcesFormSet | None = None,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    draft = editing.draft_of(fiche)
    version = draft or fiche.current
    assert version
    if back is not None:
        form, sources = FicheForm(back), SourcesForm(back, prefix="source")
    if form is None or sources is None:
        form, sources = FicheForm(version=version), SourcesForm(initial=version.sources, prefix="source")
    context = {
        "fiche": fiche,
        "draft": draft,
        "form": form,
        "sources": sources,
        "recovered": back is not None,
        "conflict": conflict,
        "seen": conflict["mark"] if conflict else form["seen"].value() or "",
        "diagrams": diagrams.names(),
    }
    return render(request, "guide/edit_fiche.html", context, status=409 if conflict else 200)


@kept.signed_in
@require_safe
def preview_fiche(request: HttpRequest, number: int) -> HttpResponse:
    """The draft as it would be read, what it changes, and what is to be put right before it is published."""
    editor_or_404(request)
    return _preview_page(request, fiche_to_edit(number))


def _preview_page(request: HttpRequest, fiche: Fiche, error: str = "") -> HttpResponse:
    draft = editing.draft_of(fiche)
    if draft is None:
        messages.info(request, "Aucun brouillon n’est en cours pour cette fiche.")
        return redirect("guide:edit_fiche", fiche.number)
    assert fiche.current
    draft.sections, draft.terms = rendering.rendered(
        fiche.number, draft.body, draft.sources, rendering.definitions(), strict=False
    )
    started = draft.written_from
    context = {
        "fiche": fiche,
        "version": draft,
        "terms": terms_of(draft),
        "changes": editing.between(fiche.current, draft),
        "faults": [(_field(place), sentence) for place, sentence in editing.faults(draft)],
        "meanwhile": editing.between(started, fiche.current) if started and started.pk != fiche.current.pk else [],
        "error": error,
    }
    return render(request, "guide/preview_fiche.html", context, status=409 if error else 200)


def _field(place: str) -> str:
    """The id, on the page where one writes, of what a fault is about."""
    if place in rendering.SECTION_TITLES:
        return f"id_section_{rendering.SECTION_TITLES.index(place)}"
    return "sources" if place == "sources" else f"id_{place}"


@kept.signed_in
@require_http_methods(READ_OR_WRITE)
def publish_fiche(request: HttpRequest, number: int) -> HttpResponse:
    person, fiche = editor_or_404(request), fiche_to_edit(number)
    if request.method != "POST":
        return redirect("guide:preview_fiche", number)
    try:
        version = editing.publish(
            fiche, person, seen=request.POST.get("seen", ""), current=_whole(request.POST.get("current", ""))
        )
    except editing.Conflict as conflict:
        fiche = fiche_to_edit(number)
        return _preview_page(request, fiche, _meanwhile(conflict.other, person))
    except rendering.Faulty as problem:
        return _preview_page(request, fiche, f"La fiche n’est pas publiée. {problem}")
    messages.success(request, f"La version {version.number} est publiée. L’ancienne reste lisible à sa date.")
    return redirect(fiche)


def _meanwhile(other: FicheVersion | None, person: Person) -> str:
    if other is None:
        return "Ce brouillon a été jeté ou publié entre-temps : il n’y a plus rien à publier ici."
    who = other.written_by or "Le dépôt"
    if other.status == Status.DRAFT:
        return f"{who} a enregistré ce brouillon entre-temps. Le voici tel qu’il est : relisez-le, puis publiez."
    return (
        f"{who} a publié la version {other.number} entre-temps. Rien n’est perdu : voici ce que votre brouillon y "
        "changerait. Relisez, puis publiez."
    )


@kept.signed_in
@require_http_methods(READ_OR_WRITE)
def discard_fiche(request: HttpRequest, number: int) -> HttpResponse:
    editor_or_404(request)
    fiche = fiche_to_edit(number)
    draft, status = editing.draft_of(fiche), 200
    if draft is None:
        return redirect("guide:edition")
    if request.method == "POST":
        try:
            editing.discard(fiche, seen=request.POST.get("seen", ""))
        except editing.Conflict:
            draft, status = editing.draft_of(fiche), 409
        else:
            messages.success(request, f"Le brouillon de la fiche {number} est jeté. La version publiée n’a pas changé.")
            return redirect("guide:edition")
    assert fiche.current
    context = {"fiche": fiche, "draft": draft, "changes": editing.between(fiche.current, draft) if draft else []}
    return render(request, "guide/discard_fiche.html", {**context, "changed": status == 409}, status=status)


@kept.signed_in
@require_http_methods(READ_OR_WRITE)
def proposed_fiche(request: HttpRequest, number: int) -> HttpResponse:
    """The text of the repository, against the one edited on line: taken, or set aside."""
    editor_or_404(request)
    fiche = fiche_to_edit(number)
    status = 200
    if request.method == "POST":
        seen, current = (_whole(request.POST.get(name, "")) for name in ("seen", "current"))
        try:
            if request.POST.get("geste") == "prendre":
                version = editing.accept(fiche, seen=seen, current=current)
                messages.success(request, f"Le texte du dépôt est publié : c’est la version {version.number}.")
                return redirect(fiche)
            if request.POST.get("geste") == "ecarter":
                editing.set_aside(fiche, seen=seen)
                messages.success(request, "Le texte du dépôt est écarté : il ne sera plus proposé.")
                return redirect("guide:edition")
        except editing.Conflict:
            fiche, status = fiche_to_edit(number), 409
    proposal = editing.proposal_of(fiche)
    if proposal is None:
        messages.info(request, "Le dépôt ne propose rien pour cette fiche.")
        return redirect("guide:edition")
    assert fiche.current
    context = {
        "fiche": fiche,
        "proposal": proposal,
        "terms": terms_of(proposal),
        "changes": editing.between(fiche.current, proposal),
        "changed": status == 409,
    }
    return render(request, "guide/proposed_fiche.html", context, status=status)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
