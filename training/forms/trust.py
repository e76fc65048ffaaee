"""A number to check; a trainer's answer to a note proposed for the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms

from initiatives.anonymity import must_go
from training import numbers
from training.forms.fields import small

REFUSE, AGREE = "refuse", "agree"


class NumberForm(forms.Form):
    """The number of an attestation, as one copies it from paper."""

    number = forms.CharField(
        label="Numéro de l’attestation",
        max_length=40,
        help_text="Douze signes, écrits sur l’attestation\u00a0: par exemple BCDF-GHJK-MNP7.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        small(self.fields["number"])

    def clean_number(self) -> str:
        number = numbers.read(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(
                "Ce numéro n’est pas entier, ou un signe est mal recopié\u00a0: relisez-le sur l’attestation."
            )
        return number


class OfferAnswerForm(forms.Form):
    """What a trainer answers: an agreement, or a refusal with its reason."""

    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (AGREE, "Je suis d’accord\u00a0: cette note peut devenir une fiche"),
            (REFUSE, "Je ne suis pas d’accord"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une des réponses."},
    )
    reason = forms.CharField(
        label="Si vous n’êtes pas d’accord, pourquoi",
        required=False,
        max_length=300,
        help_text="L’étudiant le lit, avec votre nom. Personne d’autre.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_agreed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].mark_optional = False  # type: ignore[attr-defined]
        if is_agreed:
            answer = self.fields["answer"]
            assert isinstance(answer, forms.ChoiceField)
            answer.choices = [(REFUSE, "Je reprends mon accord\u00a0: la fiche ne peut plus être envoyée")]

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        for span in must_go(reason):
            raise forms.ValidationError(
                f"Cette raison contient {span.kind.name}, «\u00a0{span.text}\u00a0»\u00a0: retirez ce qui désigne "
                "quelqu’un."
            )
        return reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == REFUSE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Dites pourquoi\u00a0: c’est ce qui aide à reprendre.")
        return cleaned
