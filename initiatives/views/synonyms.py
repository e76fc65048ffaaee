"""What one searches for interchangeably, kept by the guide's editors and the national coordination."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rights
from accounts.models import Person
from guide.models import SynonymGroup
from initiatives import search
from initiatives.forms.synonyms import SynonymsForm

log = logging.getLogger(__name__)
REMOVED = "removed_synonyms"  # in the session: the group just removed, as it was, until it is put back


def _editor_or_404(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not rights.edits_guide(person):
        raise Http404
    return person


def _group_or_404(pk: int, *, locked: bool = False) -> SynonymGroup:
    """One that still has words; held until the transaction ends, when it is to be changed."""
    groups = SynonymGroup.objects.exclude(words=[]).select_related("edited_by")
    return get_object_or_404(groups.select_for_update(of=("self",)) if locked else groups, pk=pk)


@login_required
@require_safe
def synonyms(request: HttpRequest) -> HttpResponse:
    _editor_or_404(request)
    groups = SynonymGroup.objects.exclude(words=[]).select_related("edited_by").order_by("words")
    removed = request.session.get(REMOVED)
    return render(request, "initiatives/synonyms.html", {"groups": groups, "removed": removed})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_synonyms(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new group, or one changed; « look » says what each expression finds before anything is saved."""
    person = _editor_or_404(request)
    group = _group_or_404(pk, locked=request.method == "POST") if pk else None
    form = SynonymsForm(request.POST if request.method == "POST" else None, group=group)
    found: list[tuple[str, int]] = []
    if form.is_valid():
        words = form.cleaned_data["words"]
        if "look" not in request.POST:
            _save(group or SynonymGroup(), words, person)
            messages.success(request, f"« {words[0]} » : ces expressions se cherchent maintenant l’une pour l’autre.")
            return redirect("synonyms")
        found = list(zip(words, search.saying(words), strict=True))
    return render(request, "initiatives/synonyms_edit.html", {"form": form, "group": group, "found": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def remove_synonyms(request: HttpRequest, pk: int) -> HttpResponse:
    person = _editor_or_404(request)
    group = _group_or_404(pk, locked=request.method == "POST")
    if request.method == "POST":
        request.session[REMOVED] = {"words": group.words, "file_key": group.file_key}
        log.info("synonyms removed by person %s: %s", person.pk, group)
        _save(group, [], person)
        return redirect("synonyms")
    return render(request, "initiatives/synonyms_remove.html", {"group": group})


@require_POST
@login_required
@transaction.atomic
def restore_synonyms(request: HttpRequest) -> HttpResponse:
    """The group one has just removed, put back in one click, unless its expressions serve elsewhere since."""
    person = _editor_or_404(request)
    removed = request.session.get(REMOVED)
    if removed is None:
        messages.info(request, "Il n’y a rien à remettre.")
        return redirect("synonyms")
    kept = SynonymGroup.objects.select_for_update(of=("self",)).filter(file_key=removed["file_key"], words=[])
    group = kept.first() if removed["file_key"] else None
    form = SynonymsForm({"words": "\n".join(removed["words"])})
    if not form.is_valid():
        messages.warning(request, str(form.errors["words"][0]))
        return redirect("synonyms")
    del request.session[REMOVED]
    _save(group or SynonymGroup(), form.cleaned_data["words"], person)
    log.info("synonyms put back by person %s: %s", person.pk, removed["words"])
    messages.success(request, f"Le groupe « {removed['words'][0]} » est remis.")
    return redirect("synonyms")


def _save(group: SynonymGroup, words: list[str], by: Person) -> None:
    """A group of the file keeps its row when it is removed: it doesn't come back at the next deploy."""
    group.words, group.edited_at, group.edited_by = words, timezone.now(), by
    if words or group.file_key:
        group.save()
    else:
        group.delete()
    search.synonyms_changed()
