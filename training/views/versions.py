"""Every version of one's note, and what changes from one to another."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Person
from training import dossier, versions
from training.versions import Text
from training.views.studying import own_assignment


class PairForm(forms.Form):
    """Which two texts are compared; without an answer, the last two."""

    before = forms.ChoiceField(label="La version d’avant", required=False)
    after = forms.ChoiceField(label="La version d’après", required=False)

    def __init__(self, texts: list[Text], data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.texts = {text.key: text for text in texts}
        for name, default in (("before", texts[-2]), ("after", texts[-1])):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [(text.key, text.label) for text in texts]
            field.initial = default.key
            field.mark_optional = False  # type: ignore[attr-defined]

    def chosen(self) -> tuple[Text, Text]:
        said = self.cleaned_data if self.is_valid() else {}
        keys = [said.get(name) or str(self.fields[name].initial) for name in ("before", "after")]
        return self.texts[keys[0]], self.texts[keys[1]]


@login_required
@require_safe
def note_versions(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = own_assignment(request, pk)
    work = assignment.known_work_of(cast(Person, request.user))
    texts = [Text.of(note) for note in work.notes.order_by("number")] if work.pk else []
    if work.pk and dossier.has_unsent(work):
        texts.append(Text.of_draft(work))
    if len(texts) < 2:
        return redirect("training:assignment", pk)
    form = PairForm(texts, request.GET if request.GET else None)
    before, after = form.chosen()
    return render(
        request,
        "training/note_versions.html",
        {
            "assignment": assignment,
            "form": form,
            "before": before,
            "after": after,
            "changes": versions.between(before, after),
            "is_unknown": form.is_bound and not form.is_valid(),
        },
    )
