"""When an assignment opens, is due and closes: days and hours of the country's clocks, said in French when wrong."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from training import deadlines
from training.forms.fields import ClockField, day_field, sensible, small
from training.models import Cohort

MORNING, EVENING = time(8), time(23, 59)


class DatedForm(forms.Form):
    due_on = day_field("À rendre le", error_messages={"required": "Choisissez le jour."})
    due_time = ClockField(label="Heure de remise", help_text="La minute écrite est comprise.")
    opens_on = day_field("Ouvrir plus tard, le", required=False, help_text="Vide\u00a0: tout de suite.")
    opens_time = ClockField(label="Heure d’ouverture", required=False, help_text="Vide\u00a0: 8 heures.")
    closes_on = day_field(
        "Fermer les envois le", required=False, help_text="Vide\u00a0: une note en retard reste acceptée, et marquée."
    )
    closes_time = ClockField(label="Heure de fermeture", required=False, help_text="Vide\u00a0: 23 h 59, comprise.")

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.fields["due_time"].initial = EVENING
        for name in ("due_time", "opens_time", "closes_time"):
            small(self.fields[name])

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Cette date est passée.")
        return self.within_cohort(day)

    def clean_opens_on(self) -> date | None:
        day: date | None = self.cleaned_data["opens_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("Cette date est passée\u00a0: laissez vide pour ouvrir tout de suite.")
        return self.within_cohort(day) if day else None

    def clean_closes_on(self) -> date | None:
        day: date | None = self.cleaned_data["closes_on"]
        return self.within_cohort(sensible(day)) if day else None

    def within_cohort(self, day: date) -> date:
        if day > self.cohort.ends_on:
            last = deadlines.day_in_words(self.cohort.ends_on)
            raise forms.ValidationError(f"La promotion sera finie\u00a0: son dernier jour est le {last}.")
        return day

    def clean_instants(self, cleaned: dict[str, Any]) -> None:
        opens, due, closes = self.opening(cleaned), self.instant("due", cleaned), self.instant("closes", cleaned)
        if opens and due and due <= opens:
            self.add_error("due_on", "La date de remise vient après l’ouverture.")
        elif due and due <= timezone.now() and self.must_come(due):
            self.add_error("due_time", "Cette heure est passée.")
        if due and closes and closes < due:
            self.add_error("closes_on", "La fermeture ne peut pas précéder la date de remise.")
        cleaned["opens_at"], cleaned["due_at"], cleaned["closes_at"] = opens, due, closes

    def must_come(self, due: datetime) -> bool:
        return True

    def opening(self, cleaned: dict[str, Any]) -> datetime | None:
        opens = timezone.now()
        day, clock = cleaned.get("opens_on"), cleaned.get("opens_time")
        if clock and not day and "opens_on" not in self.errors:
            self.add_error("opens_on", "Choisissez aussi le jour.")
        if day and self.on_clocks("opens_time", day, clock or MORNING):
            opens = max(opens, deadlines.opening(day, clock or MORNING))
        return opens

    def instant(self, name: str, cleaned: dict[str, Any]) -> datetime | None:
        """From when one is late, or nothing more is sent: the end of the minute that was written."""
        day, clock = cleaned.get(f"{name}_on"), cleaned.get(f"{name}_time")
        if name == "closes":
            if clock and not day and "closes_on" not in self.errors:
                self.add_error("closes_on", "Choisissez aussi le jour.")
            clock = clock or EVENING
        if day and clock and self.on_clocks(f"{name}_time", day, clock):
            return deadlines.closing(day, clock)
        return None

    def on_clocks(self, name: str, day: date, clock: time) -> bool:
        if deadlines.exists(day, clock):
            return True
        self.add_error(name, "Cette heure n’existe pas ce jour-là\u00a0: on passe de 2 heures à 3 heures.")
        return False
