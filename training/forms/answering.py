"""What a trainer answers to a note."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms

from guide.french import typeset
from initiatives.anonymity import must_go
from training.models import MAX_COMMENT, Comment

# In words that are no mark: nothing is added up.
GRID = ("oui", "en partie", "pas encore")


class AnswerForm(forms.Form):
    """What a trainer answers to the note that is shown: `number` says which they read, `seen` its last answer.

    Each criterion of the assignment's grid has a field, named after it: a grid that changes meanwhile mixes nothing up.
    """

    text = forms.CharField(
        label="Votre commentaire",
        required=False,
        max_length=MAX_COMMENT,
        help_text="La personne le lit avec votre nom.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    verdict = forms.ChoiceField(
        label="Votre avis",
        choices=[
            (Comment.Verdict.ACCEPTED, "Accepté\u00a0: le travail est terminé"),
            (Comment.Verdict.TO_REDO, "À reprendre\u00a0: une nouvelle version est attendue"),
            ("none", "Un commentaire seulement"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un avis, ou un commentaire seulement.",
            "invalid_choice": "Choisissez un avis de la liste.",
        },
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, *args: Any, grid: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].mark_optional = False  # type: ignore[attr-defined]
        self.criteria = {f"grid-{hashlib.sha256(each.encode()).hexdigest()[:12]}": each for each in grid}
        for name, criterion in self.criteria.items():
            self.fields[name] = forms.ChoiceField(
                label=typeset(criterion),
                required=False,
                choices=[("", "Ne rien dire"), *((word, word.capitalize()) for word in GRID)],
                error_messages={"invalid_choice": "Choisissez un mot de la liste."},
            )
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]

    @property
    def grid(self) -> list[forms.BoundField]:
        return [self[name] for name in self.criteria]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        for span in must_go(text):
            raise forms.ValidationError(
                f"Ce commentaire contient {span.kind.name}, « {span.text} »\u00a0: retirez ce qui désigne quelqu’un."
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        verdict = cleaned.get("verdict")
        cleaned["grid"] = {criterion: cleaned[name] for name, criterion in self.criteria.items() if cleaned.get(name)}
        says_something = cleaned.get("text") or cleaned["grid"] or verdict == Comment.Verdict.ACCEPTED
        if verdict and "text" not in self.errors and not says_something:
            wanted = (
                "Dites ce qu’il y a à reprendre." if verdict == Comment.Verdict.TO_REDO else "Écrivez un commentaire."
            )
            self.add_error("text", wanted)
        cleaned["verdict"] = "" if verdict == "none" else verdict
        return cleaned
