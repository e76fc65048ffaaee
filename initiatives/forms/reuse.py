"""Taking a sheet up, and saying what came of it. The note is for its writer alone."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person, Territory
from guide.french import typeset
from initiatives.forms.fields import Prose
from initiatives.forms.people import departements
from initiatives.models import Initiative, Reuse
from initiatives.workflow import SheetStatus

MOST_SIGNS = 1500
LONG_AGO = 1950
ALONE = "Personne d’autre que vous ne lit cette note. N’y nommez aucune personne accompagnée."


def note(label: str, help_text: str = "") -> Prose:
    return Prose(
        label=typeset(label), help_text=typeset(f"{help_text} {ALONE}".strip()), required=False, max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class PlaceForm(forms.Form):
    departement = forms.ChoiceField(
        label="Votre département", required=False,
        help_text="La fiche ne nomme un département qu’à partir de trois personnes qui l’ont dit.",
        error_messages={"invalid_choice": "Choisissez un département de la liste."},
    )  # fmt: skip
    note = note("Ce que vous avez en tête")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = cast(forms.ChoiceField, self.fields["departement"])
        place.choices = [("", "Je préfère ne pas le dire"), *departements()[1:]]

    def territory(self) -> Territory | None:
        code = self.cleaned_data["departement"]
        return Territory.objects.departements().filter(code=code).first() if code else None


class StageForm(forms.Form):
    """What is said of a stage; `mark` tells from which text it was filled (`Reuse.mark`)."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)

    def __init__(self, *args: Any, reuse: Reuse, **kwargs: Any) -> None:
        self.reuse = reuse
        kwargs["initial"] = {"note": reuse.note, "mark": reuse.mark, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class TriedForm(StageForm):
    on = forms.DateField(
        label="Quand avez-vous essayé ?", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"], help_text="À peu près suffit. Par exemple : 12/03/2026.",
        error_messages={
            "required": "Écrivez une date, même approchée.", "invalid": "Écrivez une date, comme 12/03/2026.",
            "null_characters_not_allowed": "Écrivez une date, comme 12/03/2026.",
        },
    )  # fmt: skip
    note = note("Ce qui a aidé, ce qui a manqué")
    field_order = ("on", "note")

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError("Ce jour n’est pas encore venu : revenez après avoir essayé.")
        if on.year < LONG_AGO:
            raise ValidationError("Cette date est trop ancienne : vérifiez l’année.")
        return on


class DroppedForm(StageForm):
    note = note("Pourquoi, en quelques mots", "Le temps, la salle, l’accord d’une direction : c’est utile aussi.")


class DetailsForm(PlaceForm, StageForm):
    note = note("Votre note")
    field_order = ("departement", "note")


TELL, MINE, LATER = "raconter", "fiche", "sans"


class AdaptedForm(StageForm):
    note = note("Ce que vous avez changé")
    how = forms.ChoiceField(
        label=typeset("Et votre fiche ?"), widget=forms.RadioSelect, initial=TELL,
        error_messages={
            "required": "Choisissez une des réponses.", "invalid_choice": "Choisissez une des réponses.",
        },
    )  # fmt: skip
    child = forms.ChoiceField(
        label=typeset("Si elle existe déjà, laquelle ?"), required=False,
        error_messages={"invalid_choice": "Choisissez une de vos fiches dans la liste."},
    )  # fmt: skip
    field_order = ("note", "how", "child")

    def __init__(self, *args: Any, sheets: QuerySet[Initiative], reuse: Reuse, **kwargs: Any) -> None:
        super().__init__(*args, reuse=reuse, **kwargs)
        self.sheets = {str(sheet.pk): sheet for sheet in sheets}
        how = cast(forms.ChoiceField, self.fields["how"])
        how.choices = [(TELL, "Je raconte la mienne : un brouillon commence, relié à celle-ci")]
        if self.sheets:
            how.choices = [*how.choices, (MINE, "Elle existe déjà : je la relie à celle-ci")]
            child = cast(forms.ChoiceField, self.fields["child"])
            child.mark_optional = False  # type: ignore[attr-defined]  # read by the field's template
            child.choices = [("", "Choisir…"), *((pk, _named(sheet)) for pk, sheet in self.sheets.items())]
        else:
            del self.fields["child"]
        how.choices = [*how.choices, (LATER, "Je ne la raconte pas, ou pas encore")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("how") == MINE and "child" in data and not data["child"]:
            self.add_error("child", "Choisissez la fiche à relier.")
        return data

    def chosen(self) -> Initiative | None:
        return self.sheets.get(self.cleaned_data.get("child") or "") if self.cleaned_data["how"] == MINE else None


def sheets_of(person: Person, reuse: Reuse) -> QuerySet[Initiative]:
    """One's own that may be tied: not the one taken up, not those given up or joined to another."""
    mine = Initiative.objects.written_by(person).exclude(status__in=[SheetStatus.WITHDRAWN, SheetStatus.MERGED])
    return mine.exclude(pk=reuse.initiative_id).select_related("public_version").order_by("-pk")


def _named(sheet: Initiative) -> str:
    return str(sheet)
