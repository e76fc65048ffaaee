"""What a trainer answers to a note."""

from __future__ import annotations

from typing import Any

from django import forms

from initiatives.anonymity import must_go
from training.models import MAX_COMMENT, Comment


class AnswerForm(forms.Form):
    """What a trainer answers to the note that is shown: `number` says which one they read."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].mark_optional = False  # type: ignore[attr-defined]

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
        if "text" not in self.errors and not cleaned.get("text") and verdict and verdict != Comment.Verdict.ACCEPTED:
            wanted = (
                "Dites ce qu’il y a à reprendre." if verdict == Comment.Verdict.TO_REDO else "Écrivez un commentaire."
            )
            self.add_error("text", wanted)
        cleaned["verdict"] = "" if verdict == "none" else verdict
        return cleaned
