"""What a centre, a cohort, an assignment, a note and an answer ask."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils import timezone

from accounts.models import Person
from accounts.siret import clean_siret
from guide.models import Fiche, Part
from initiatives.anonymity import must_go
from initiatives.models import Initiative
from training import deadlines
from training.models import MAX_COMMENT, MAX_NOTE, Assignment, Centre, Cohort, Comment

MORNING = time(8)
MAX_INITIATIVES = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100


def one_line(text: str, sentence: str) -> str:
    """A name on one line; one made of signs that can't be seen is refused with this sentence."""
    line = " ".join(text.split())
    if not any(sign.isprintable() and not sign.isspace() for sign in line):
        raise forms.ValidationError(sentence)
    return line


def small(field: forms.Field) -> None:
    field.small = True  # type: ignore[attr-defined]


class ClockField(forms.TimeField):
    """« 23:59 », and as one writes it: « 23 h 59 », « 8h »."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {"invalid": "Écrivez une heure, par exemple 23:59."}

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = re.sub(r"\s*h\s*", ":", value.strip().lower())
            value = f"{value}00" if value.endswith(":") else value
        clock = super().to_python(value)
        return clock.replace(second=0, microsecond=0) if clock else None


def day_field(label: str, **options: Any) -> forms.DateField:
    field = forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)
    small(field)
    return field


class CentreForm(forms.Form):
    name = forms.CharField(label="Nom du centre", max_length=200, help_text="Le nom entier de l’établissement.")
    siret = forms.CharField(
        label="SIRET",
        max_length=30,
        required=False,
        help_text="Quatorze chiffres. Il évite d’ouvrir deux fois le même centre.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        small(self.fields["siret"])

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez le nom du centre.")

    def clean_siret(self) -> str:
        return clean_siret(self.cleaned_data["siret"])

    def open(self, by: Person) -> Centre:
        return Centre.open(self.cleaned_data["name"], self.cleaned_data["siret"], by)


class CohortForm(forms.ModelForm[Cohort]):
    starts_on = day_field("Début")
    ends_on = day_field("Fin", help_text="Les travaux des étudiants sont gardés jusqu’à un an après cette date.")

    class Meta:
        model = Cohort
        fields = ["centre", "name", "curriculum", "starts_on", "ends_on"]
        labels = {"centre": "Centre de formation"}
        help_texts = {"name": "Par exemple\u00a0: ASS 2026-2029, première année."}
        widgets = {"curriculum": forms.RadioSelect}

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        centres = Centre.objects.where_teaches(by).select_related("organisation").order_by("organisation__name")
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = centres
        if len(centres) == 1:
            # Taken from the role, whatever is posted.
            field.disabled, field.initial = True, centres[0].pk
        field.empty_label = "Choisir…"
        field.error_messages["invalid_choice"] = "Choisissez un centre où vous formez."

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"], "Écrivez le nom de la promotion.")

    def clean_starts_on(self) -> date:
        return sensible(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date:
        return sensible(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", "La fin de la promotion vient après son début.")
        elif first and last and last > first + timedelta(days=3660):
            self.add_error("ends_on", "Une promotion dure dix ans au plus\u00a0: vérifiez l’année.")
        return cleaned

    def save(self, commit: bool = True) -> Cohort:
        self.instance.created_by = self.by
        return super().save(commit)


def sensible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError("Vérifiez l’année.")
    return day


class AssignmentForm(forms.Form):
    """What is given to a cohort; dates and hours are those of the country's clocks."""

    title = forms.CharField(label="Titre", max_length=160)
    fiches = forms.MultipleChoiceField(
        label="Fiches à lire",
        required=False,
        error_messages={"invalid_choice": "Une des fiches cochées n’existe pas."},
    )
    initiatives = forms.CharField(
        label="Initiatives à lire",
        required=False,
        max_length=4000,
        help_text="Collez l’adresse de chaque page du catalogue, une par ligne.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    instruction = forms.CharField(
        label="Consigne",
        required=False,
        max_length=4000,
        help_text="Ce qu’il y a à faire, en combien de temps, sous quelle forme.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.CharField(
        label="Question",
        max_length=2000,
        help_text="Celle à laquelle la note répond. Rappelez qu’aucune personne ne doit pouvoir être reconnue.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = day_field("À rendre le")
    due_time = ClockField(label="Heure de remise", help_text="La minute écrite est comprise.")
    opens_on = day_field("Ouvrir plus tard, le", required=False, help_text="Vide\u00a0: tout de suite.")
    opens_time = ClockField(label="Heure d’ouverture", required=False, help_text="Vide\u00a0: 8 heures.")

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.known = {str(fiche.number): fiche for fiche in Fiche.objects.readable()}
        fiches = self.fields["fiches"]
        assert isinstance(fiches, forms.MultipleChoiceField)
        fiches.choices = [(number, fiche.title) for number, fiche in self.known.items()]
        self.fields["due_time"].initial = time(23, 59)
        for name in ("fiches", "initiatives"):
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
        self.fields["initiatives"].counter = False  # type: ignore[attr-defined]
        for name in ("due_time", "opens_time"):
            small(self.fields[name])

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, Fiche, bool]]]]:
        """The guide's parts, with the id of each fiche's box and whether it is ticked."""
        ticked = {str(value) for value in self["fiches"].value() or []}
        boxes = [
            (f"id_fiches_{index}", fiche, number in ticked) for index, (number, fiche) in enumerate(self.known.items())
        ]
        return [(Part(part).label, list(some)) for part, some in groupby(boxes, key=lambda box: box[1].part)]

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"], "Écrivez un titre.")

    def clean_fiches(self) -> list[Fiche]:
        return [self.known[number] for number in self.cleaned_data["fiches"]]

    def clean_initiatives(self) -> list[Initiative]:
        lines = [line.strip() for line in self.cleaned_data["initiatives"].splitlines() if line.strip()]
        if len(lines) > MAX_INITIATIVES:
            raise forms.ValidationError(f"{MAX_INITIATIVES} initiatives au plus\u00a0: il y en a {len(lines)}.")
        slugs = [slug_in(line) for line in lines]
        found = {each.slug: each for each in Initiative.objects.published().filter(slug__in=filter(None, slugs))}
        wrong = [line for line, slug in zip(lines, slugs, strict=True) if slug not in found]
        if wrong:
            raise forms.ValidationError(
                [f"Aucune initiative publiée à cette adresse\u00a0: {line[:100]}" for line in wrong]
            )
        return [found[slug] for slug in dict.fromkeys(slugs)]

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

    def within_cohort(self, day: date) -> date:
        if day > self.cohort.ends_on:
            last = deadlines.day_in_words(self.cohort.ends_on)
            raise forms.ValidationError(f"La promotion sera finie\u00a0: son dernier jour est le {last}.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"fiches", "initiatives"} & set(self.errors) and not (cleaned["fiches"] or cleaned["initiatives"]):
            self.add_error("fiches", "Choisissez au moins une fiche ou une initiative à lire.")
        opens, due = self.instants(cleaned)
        if opens and due and due <= opens:
            self.add_error("due_on", "La date de remise vient après l’ouverture.")
        elif due and due <= timezone.now():
            self.add_error("due_time", "Cette heure est passée.")
        cleaned["opens_at"], cleaned["due_at"] = opens, due
        return cleaned

    def instants(self, cleaned: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
        opens, due = timezone.now(), None
        day, clock = cleaned.get("opens_on"), cleaned.get("opens_time")
        if clock and not day and "opens_on" not in self.errors:
            self.add_error("opens_on", "Choisissez aussi le jour.")
        if day and self.on_clocks("opens_time", day, clock or MORNING):
            opens = max(opens, deadlines.opening(day, clock or MORNING))
        day, clock = cleaned.get("due_on"), cleaned.get("due_time")
        if day and clock and self.on_clocks("due_time", day, clock):
            due = deadlines.closing(day, clock)
        return opens, due

    def on_clocks(self, name: str, day: date, clock: time) -> bool:
        if deadlines.exists(day, clock):
            return True
        self.add_error(name, "Cette heure n’existe pas ce jour-là\u00a0: on passe de 2 heures à 3 heures.")
        return False

    def give(self, by: Person) -> Assignment:
        names = ("title", "instruction", "question", "opens_at", "due_at", "fiches", "initiatives")
        return Assignment.give(self.cohort, by, **{name: self.cleaned_data[name] for name in names})


def slug_in(line: str) -> str:
    """The slug of an initiative's address, whole or partial; empty when there is none."""
    try:
        path = urlsplit(line).path
    except ValueError:
        return ""
    found = re.fullmatch(r"(?:.*/initiatives/|/)?([a-z0-9-]{1,140})/?", path)
    return found[1] if found else ""


class JoinForm(forms.Form):
    code = forms.CharField(
        label="Code de la promotion",
        max_length=40,
        help_text="Huit signes, donnés par votre formatrice ou votre formateur.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        small(self.fields["code"])


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Votre note",
        required=False,
        max_length=MAX_NOTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "max_length": "Votre note est trop longue\u00a0: elle ne peut pas dépasser %(limit_value)d signes."
        },
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].mark_optional = False  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


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
