"""What a coordinator decides about a page: what to do about a report, hide, withdraw, put back, join, part."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms

from initiatives import fate
from initiatives.difference import label_of
from initiatives.forms.review import Words
from initiatives.models import Initiative, Report
from initiatives.models.choices import MAX_TEXT

OUTCOMES = {
    Report.Outcome.TO_CORRECT: "L’équipe corrige : la page est masquée jusqu’à la prochaine version acceptée",
    Report.Outcome.CORRECTED: "La page a été corrigée depuis : elle redevient visible",
    Report.Outcome.PASSED_ON: "Transmettre à l’équipe, qui décidera de modifier sa fiche",
    Report.Outcome.AMENDED: "Corriger la fiche ici même : elle n’a pas d’équipe",
    Report.Outcome.WITHDRAWN: "Retirer la fiche du site",
    Report.Outcome.GONE: "La fiche n’est plus en ligne : donner raison, et le dire",
}
WITHDRAWALS = {
    fate.PERSON: "une personne concernée le demande",
    fate.RIGHTS: "un droit sur ses textes ou ses images s’y oppose",
    fate.ERROR: "une erreur ne peut pas être corrigée",
}


class Explained(Words):
    """The words of a decision."""

    def __init__(self, label: str, rows: int = 4, **kwargs: Any) -> None:
        short = {"min_length": "Quelques mots de plus : une décision s’explique."}
        super().__init__(label, rows, min_length=10, error_messages=short, **kwargs)


class UpholdForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Ce que vous décidez", widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous décidez."},
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Si vous retirez la fiche, pourquoi", choices=[("", "Choisir…"), *WITHDRAWALS.items()], required=False,
    )  # fmt: skip
    text = Explained(
        "Votre réponse",
        help_text="Elle part à la personne qui a écrit, si elle a laissé une adresse, et à l’équipe quand elle a "
        "quelque chose à faire. N’y mettez rien qui désigne quelqu’un.",
    )  # fmt: skip

    def __init__(self, *args: Any, report: Report, field: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = report.outcomes()
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(each.value, OUTCOMES[each]) for each in allowed]
        if Report.Outcome.WITHDRAWN not in allowed:
            del self.fields["reason"]
        if report.kind == Report.Kind.FOUND:
            self.fields["text"].label = "Ce que vous en dites"
            self.fields["text"].help_text = (
                "L’équipe le lit quand elle a quelque chose à faire, et le journal le garde. N’y mettez rien qui "
                "désigne quelqu’un."
            )
        self.amends = ""
        if Report.Outcome.AMENDED in allowed:
            self.amends = next((name for name in (field, report.field) if name in fate.AMENDABLE), "story")
            said = getattr(report.initiative.public_version, self.amends)
            self.fields["field"] = forms.CharField(widget=forms.HiddenInput, initial=self.amends, required=False)
            self.fields["amended"] = Words(
                f"Si vous corrigez : {label_of(self.amends).lower()}", rows=10, initial=said, required=False,
                max_length=MAX_TEXT,
                help_text="Le texte entier, tel que le public le lira. Pour corriger un autre endroit, choisissez-le "
                "ci-dessus avant d’écrire.",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == Report.Outcome.WITHDRAWN and not data.get("reason"):
            self.add_error("reason", "Dites pourquoi la fiche est retirée : la page le dira en une phrase.")
        if data.get("outcome") == Report.Outcome.AMENDED and not (data.get("amended") or "").strip():
            self.add_error("amended", "Écrivez le texte corrigé.")
        return data

    def decided(self) -> dict[str, Any]:
        data = self.cleaned_data
        amended = {}
        if data["outcome"] == Report.Outcome.AMENDED and data.get("field") in fate.AMENDABLE:
            amended = {data["field"]: data["amended"]}
        return {
            "outcome": data["outcome"], "text": data["text"], "reason": data.get("reason", ""), "amended": amended,
        }  # fmt: skip


class DismissForm(forms.Form):
    text = Explained(
        "Pourquoi il n’y a pas lieu de changer la page",
        help_text="Si la page était masquée, elle redevient visible aussitôt. Ces mots vont à la personne, si elle a "
        "laissé une adresse.",
    )  # fmt: skip

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if report.kind == Report.Kind.FOUND:
            self.fields["text"].help_text = "La page reste comme elle est, et le journal garde ces mots."


class WhyForm(forms.Form):
    """A gesture on a page, and why: the journal keeps it."""

    text = Explained(
        "Pourquoi", rows=3, max_length=2000,
        help_text="Le journal le garde, et les auteurs le lisent. N’y mettez rien qui désigne quelqu’un.",
    )  # fmt: skip


class TakeDownForm(WhyForm):
    reason = forms.ChoiceField(
        label="Raison, que la page dira", choices=[("", "Choisir…"), *WITHDRAWALS.items()],
        error_messages={"required": "Choisissez une raison."},
    )  # fmt: skip
    field_order = ["reason", "text"]


class RestoreForm(WhyForm):
    """A page its authors withdrew comes back at their request only."""

    asked = forms.BooleanField(
        label="Ses auteurs me l’ont demandé par écrit",
        error_messages={"required": "Ses auteurs l’ont retirée : elle ne revient que s’ils le demandent."},
    )
    field_order = ["asked", "text"]

    def __init__(self, *args: Any, sheet: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sheet.withdrawn_reason != fate.AUTHOR:
            del self.fields["asked"]


class OtherSheetForm(forms.Form):
    """The other sheet, by the address of its page."""

    fiche = forms.CharField(
        label="Adresse de l’autre fiche", max_length=400,
        help_text="Copiez-la depuis la barre d’adresse : …/initiatives/nom-de-la-fiche/",
    )  # fmt: skip

    def clean_fiche(self) -> str:
        """The last part of what was copied: an address, or a slug alone."""
        path = urlsplit(self.cleaned_data["fiche"].strip()).path
        return next((part for part in reversed(path.split("/")) if part), "")[:140]
