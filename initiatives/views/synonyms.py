"""What one searches for interchangeably, kept by the guide’s editors and the national coordination."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rights
from accounts.models import Person
from guide.models import SynonymGroup
from initiatives import search
from initiatives.forms.synonyms import SynonymsForm
from initiatives.search import Question


def _editor_or_404(request: HttpRequest) -> Person:
    person = request.user
    if isinstance(person, Person) and (
        rights.has_role(person, "guide_editor") or rights.is_national_coordinator(person)
    ):
        return person
    raise Http404


@login_required
@require_safe
def synonyms(request: HttpRequest) -> HttpResponse:
    _editor_or_404(request)
    groups = SynonymGroup.objects.exclude(words=[]).select_related("edited_by").order_by("words")
    return render(request, "initiatives/synonyms.html", {"groups": groups})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_synonyms(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new group, or one changed; « voir » says what each expression finds before anything is saved."""
    person = _editor_or_404(request)
    group = get_object_or_404(SynonymGroup.objects.exclude(words=[]), pk=pk) if pk else None
    form = SynonymsForm(request.POST or None, group=group)
    found: list[tuple[str, int]] = []
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if "look" not in request.POST:
            _save(group or SynonymGroup(), words, person)
            messages.success(request, f"« {words[0]} » : ces expressions se cherchent maintenant l’une pour l’autre.")
            return redirect("synonyms")
        found = [(line, search.ask(Question(f'"{line}"', size=1)).total) for line in words]
    return render(request, "initiatives/synonyms_edit.html", {"form": form, "group": group, "found": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_synonyms(request: HttpRequest, pk: int) -> HttpResponse:
    person = _editor_or_404(request)
    group = get_object_or_404(SynonymGroup.objects.exclude(words=[]), pk=pk)
    if request.method == "POST":
        name = str(group)
        _save(group, [], person)
        messages.success(request, f"Le groupe « {name} » est retiré.")
        return redirect("synonyms")
    return render(request, "initiatives/synonyms_remove.html", {"group": group})


def _save(group: SynonymGroup, words: list[str], by: Person) -> None:
    """A group of the file keeps its row when it is removed: it doesn’t come back at the next deploy."""
    with transaction.atomic():
        group.words, group.edited_at, group.edited_by = words, timezone.now(), by
        if words or group.file_key:
            group.save()
        else:
            group.delete()
        search.synonyms_changed()
