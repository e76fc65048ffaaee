"""Transversal notes: read by all, written by the guide's editors."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rights
from accounts.models import Person
from guide.models import Fiche
from initiatives.cards import Card, cards
from initiatives.models import Initiative
from initiatives.search import Found
from levers import citing
from levers.forms.notes import NoteForm
from levers.models import Note

A_PAGE = 20


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    page: Page[Note] = Paginator(Note.objects.published(), A_PAGE).get_page(request.GET.get("page"))
    edits = rights.edits_guide(request.user)
    drafts = Note.objects.filter(published_at=None).order_by("-touched_at") if edits else []
    return render(request, "levers/notes.html", {"page": page, "drafts": drafts, "edits": edits})


@require_safe
def note(request: HttpRequest, slug: str) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), slug=slug)
    sheets = citing.readable(citing.slugs(note.body))
    catalogue = reverse("initiatives:catalogue")
    return render(
        request,
        "levers/note.html",
        {
            "note": note,
            "body": citing.resolved(note.body, sheets),
            "cards": _cards(list(sheets.values())),
            "levers": note.levers.all(),
            "themes": [(theme.label, f"{catalogue}?theme={theme.code}") for theme in note.themes.all()],
            "fiches": Fiche.objects.readable().filter(notes=note),
            "edits": rights.edits_guide(request.user),
        },
    )


def _cards(sheets: list[Initiative]) -> list[Card]:
    return cards([Found(sheet.entry.doc) for sheet in dict.fromkeys(sheets) if hasattr(sheet, "entry")])


def _editor_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.edits_guide(person):
        raise Http404
    return person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_note(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Write one: « look » shows it as it would be read, before anything is saved."""
    person = _editor_or_404(request)
    notes = Note.objects.select_for_update(of=("self",)) if request.method == "POST" else Note.objects.all()
    note = get_object_or_404(notes, slug=slug) if slug else Note()
    publishing = "publish" in request.POST or (note.is_published and "look" not in request.POST)
    posted = request.POST if request.method == "POST" else None
    form = NoteForm(posted, note=note, publishing=publishing)
    looked = ""
    if form.is_valid():
        if "look" not in request.POST:
            note.write(person, publish="publish" in request.POST, **form.cleaned_data)
            said = "La note est publiée." if note.is_published else "Le brouillon est enregistré."
            messages.success(request, said)
            return redirect(note)
        looked = citing.resolved(form.cleaned_data["body"], form.found)
    return render(
        request,
        "levers/note_edit.html",
        {
            "form": form,
            "note": note,
            "looked": looked,
            "lost": [cited for cited in citing.slugs(form.data.get("body", "")) if cited not in form.found]
            if looked
            else [],
        },
    )


@login_required
@require_POST
def unpublish_note(request: HttpRequest, slug: str) -> HttpResponse:
    _editor_or_404(request)
    note = get_object_or_404(Note.objects.published(), slug=slug)
    note.unpublish()
    messages.success(request, "La note n’est plus publiée : elle reste en brouillon.")
    return redirect("levers:note", slug)
