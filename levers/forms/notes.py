"""A transversal note, as its editor writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from guide.models import Fiche
from initiatives.models import Initiative, Theme
from levers import citing
from levers.forms.fields import Line, Text, asked, refused
from levers.models import Lever, Note

MOST_SIGNS = 40_000


if TYPE_CHECKING:
    SomeFiches = forms.ModelMultipleChoiceField[Fiche]
else:
    SomeFiches = forms.ModelMultipleChoiceField


class FicheChoices(SomeFiches):
    def label_from_instance(self, obj: Fiche) -> str:
        return f"{obj.number}. {obj.current.title}" if obj.current else str(obj)


class NoteForm(forms.Form):
    title = Line(label="Titre", max_length=120)
    summary = Line(
        label="En une phrase", max_length=300,
        help_text="Ce que ces initiatives montrent ensemble. Elle se lit partout où la note est annoncée : n’y nommez "
        "aucune fiche.",
    )  # fmt: skip
    body = asked(
        Text(
            label="Le texte", max_length=MOST_SIGNS,
            help_text="En Markdown. Pour citer une fiche : [[adresse-de-la-fiche]], la fin de son adresse après "
            "/initiatives/. Pour reprendre ses mots : [[adresse-de-la-fiche|ses mots]]. Trois fiches au "
            "moins pour publier.",
            widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        ),
        counter=False,
    )  # fmt: skip
    levers = forms.ModelMultipleChoiceField(
        Lever.objects.of_dagbert(), label="Leviers", required=False, widget=forms.CheckboxSelectMultiple
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label="Thèmes", required=False, widget=forms.CheckboxSelectMultiple
    )
    fiches = FicheChoices(
        Fiche.objects.readable(), label="Fiches du guide", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, note: Note, publishing: bool = False, **kwargs: Any) -> None:
        self.note, self.publishing = note, publishing
        if note.pk:
            kwargs.setdefault(
                "initial",
                {
                    "title": note.title,
                    "summary": note.summary,
                    "body": note.body,
                    "levers": [lever.pk for lever in note.levers.all()],
                    "themes": [theme.pk for theme in note.themes.all()],
                    "fiches": [fiche.pk for fiche in note.fiches.all()],
                },
            )
        super().__init__(data, **kwargs)
        for name in ("levers", "themes", "fiches"):
            self.fields[name].error_messages["invalid_choice"] = "Choisissez parmi les réponses proposées."
        self.found: dict[str, Initiative] = {}

    @property
    def edition(self) -> str:
        """When the note was last written; sent back as `read_at`."""
        return self.note.touched_at.isoformat() if self.note.pk else ""

    def clean_title(self) -> str:
        return self._citing_nothing("title")

    def clean_summary(self) -> str:
        return self._citing_nothing("summary")

    def _citing_nothing(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if citing.CITED.search(text):
            raise refused("Citez les fiches dans le texte : ceci se lit aussi ailleurs, même si une fiche est masquée.")
        return text

    def clean_body(self) -> str:
        """A draft may cite what isn't there yet; what is published leads somewhere, three times at least."""
        text: str = self.cleaned_data["body"]
        wanted = citing.slugs(text)
        self.found = citing.readable(wanted)
        if not self.publishing:
            return text
        lost = [slug for slug in wanted if slug not in self.found]
        if lost:
            said = ", ".join(f"« [[{slug[:60]}]] »" for slug in lost[:5])
            raise refused(f"{said} ne mène{'nt' if len(lost) > 1 else ''} à aucune fiche publique : corrigez.")
        if len({sheet.pk for sheet in self.found.values()}) < Note.LEAST_SHEETS:
            raise refused(
                f"Une note cite au moins {Note.LEAST_SHEETS} fiches publiques différentes : celle-ci en cite "
                f"{len({sheet.pk for sheet in self.found.values()})}. Une seule fiche se lit sur sa page."
            )
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.edition and self.data.get("read_at") != self.edition:
            self.add_error(
                "body",
                refused(
                    "Cette note a été changée pendant que vous écriviez. Ouvrez-la dans un autre onglet, reprenez-en "
                    "ici ce qu’il faut, puis enregistrez : votre texte est gardé."
                ),
            )
        return data
