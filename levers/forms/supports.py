"""What a sheet supports: proposed by its team in a few rows, settled by the coordination when it is published."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from accounts.models import Person
from guide.french import typeset
from initiatives.models import Version
from initiatives.models.choices import Depth
from initiatives.settling import Settling
from initiatives.steps import Step
from initiatives.trame.outline import Ask, Column, Group
from levers import suggestions
from levers.models import DAGBERT, Lever, Mapping, Proposal

ROWS = 3
MAX_SENTENCE = 400
PROVEN = "Douze habitantes gèrent seules la caisse du groupe et votent ses dépenses."


def proposal_choices(kept: Iterable[int | None] = ()) -> list[Any]:
    """Proposals under their levers, as a select shows them; of those an official list did without, those of `kept`."""
    proposals = Proposal.objects.filter(lever__framework=DAGBERT).select_related("lever").order_by("number")
    proposals = proposals.filter(~Q(official_status=Proposal.Official.REPLACED) | Q(pk__in=[n for n in kept if n]))
    by_lever = groupby(proposals, key=lambda proposal: proposal.lever)
    groups = [(f"{lever.number}. {lever.short}", [(str(p.number), str(p)) for p in rows]) for lever, rows in by_lever]
    return [("", "Choisir une proposition…"), *groups]


def sentence_field(label: str) -> forms.CharField:
    rows = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=MAX_SENTENCE, widget=rows)


class SupportsForm(forms.Form):
    """Up to three proposals, each with the sentence of the sheet that shows it, and those its text makes one think of:

    a suggestion is taken by writing its sentence, and left by writing nothing.
    """

    def __init__(self, data: QueryDict | None = None, *, version: Version) -> None:
        self.version = version
        self.mappings = list(Mapping.objects.filter(version=version).exclude(proposal=None).order_by("position", "pk"))
        super().__init__(data)
        choices = proposal_choices(mapping.proposal_id for mapping in self.mappings)
        for n in range(max(ROWS, len(self.mappings))):
            known = self.mappings[n] if n < len(self.mappings) else None
            proposal = forms.ChoiceField(label=f"Proposition {n + 1}", choices=choices, required=False)
            sentence = sentence_field("Ce qui le montre, en une phrase")
            sentence.good = PROVEN  # type: ignore[attr-defined]
            if n:
                sentence.good = ""  # type: ignore[attr-defined]
            if known:
                proposal.initial, sentence.initial = str(known.proposal_id), known.sentence
            self.fields[f"proposal_{n}"], self.fields[f"sentence_{n}"] = proposal, sentence
        self.count = n + 1
        offered = {int(number) for _, rows in choices[1:] for number, _ in rows}
        self.suggestions = [found for found in suggestions.for_version(version) if found.proposal in offered]
        # The text may have changed since the screen was shown: a sentence written under a suggestion is kept.
        shown = {found.proposal for found in self.suggestions}
        for number in self._answered(choices) - shown:
            self.suggestions.append(suggestions.Suggestion(number, (), 0))
        for suggestion in self.suggestions:
            self.fields[f"suggested_{suggestion.proposal}"] = sentence_field("Ce qui le montre, en une phrase")

    def _answered(self, choices: list[Any]) -> set[int]:
        known = {number for _, group in choices[1:] for number, _ in group}
        return {int(number) for number in known if self.data.get(f"suggested_{number}", "").strip()}

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"proposal_{n}"], self[f"sentence_{n}"]) for n in range(self.count)]

    @property
    def suggested(self) -> list[tuple[Proposal, tuple[str, ...], forms.BoundField]]:
        """Proposal, the words that made one think of it, and the sentence asked."""
        proposals = Proposal.objects.select_related("lever").in_bulk([found.proposal for found in self.suggestions])
        return [
            (proposals[found.proposal], found.words, self[f"suggested_{found.proposal}"])
            for found in self.suggestions
            if found.proposal in proposals
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        taken = [found.proposal for found in self.suggestions if data.get(f"suggested_{found.proposal}", "").strip()]
        seen = {str(proposal) for proposal in taken}
        for n in range(self.count):
            proposal, sentence = data.get(f"proposal_{n}", ""), data.get(f"sentence_{n}", "").strip()
            if proposal and not sentence:
                self.add_error(f"sentence_{n}", "Dites en une phrase ce qui, dans votre initiative, le montre.")
            if sentence and not proposal:
                self.add_error(f"proposal_{n}", "Choisissez la proposition que cette phrase appuie.")
            if proposal and proposal in seen:
                self.add_error(f"proposal_{n}", "Vous avez déjà choisi cette proposition.")
            seen.add(proposal)
        return data

    def supports(self) -> list[tuple[int, str]]:
        data = self.cleaned_data
        rows = ((data[f"proposal_{n}"], data[f"sentence_{n}"].strip()) for n in range(self.count))
        taken = ((found.proposal, data[f"suggested_{found.proposal}"].strip()) for found in self.suggestions)
        return [(int(proposal), sentence) for proposal, sentence in (*rows, *taken) if proposal and sentence]

    def save(self) -> None:
        """Replace the team's rows; a row that says the same keeps what the coordination had settled."""
        settled = {(m.proposal_id, m.sentence): m for m in self.mappings}
        kept = [settled[row].pk for row in self.supports() if row in settled]
        Mapping.objects.filter(version=self.version).exclude(proposal=None).exclude(pk__in=kept).delete()
        levers = lever_of(number for number, _ in self.supports())
        Mapping.objects.bulk_create(
            Mapping(version=self.version, position=n, lever=levers[number], proposal_id=number, sentence=sentence)
            for n, (number, sentence) in enumerate(self.supports())
            if (number, sentence) not in settled
        )


def lever_of(proposals: Iterable[int]) -> dict[int, Lever]:
    """Lever by proposal number."""
    found = Proposal.objects.filter(number__in=list(proposals), lever__framework=DAGBERT).select_related("lever")
    return {proposal.number: proposal.lever for proposal in found}


class SettlingForm(forms.Form):
    """What the coordination keeps, rewords or adds, in the transaction of the publication."""

    def __init__(self, version: Version, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="levers")
        self.version = version
        self.mappings = list(Mapping.objects.filter(version=version).select_related("lever", "proposal"))
        for mapping in self.mappings:
            self.fields[f"keep_{mapping.pk}"] = forms.BooleanField(
                label="Retenir cet appui", required=False, initial=mapping.status != Mapping.Status.REJECTED
            )
            self.fields[f"sentence_{mapping.pk}"] = sentence_field("Phrase de preuve")
            self.fields[f"sentence_{mapping.pk}"].initial = mapping.sentence
        self.fields["new_proposal"] = forms.ChoiceField(
            label="Ajouter une proposition", choices=proposal_choices(), required=False
        )
        self.fields["new_sentence"] = sentence_field("Ce qui le montre, en une phrase")

    @property
    def rows(self) -> list[tuple[Mapping, forms.BoundField, forms.BoundField]]:
        return [(m, self[f"keep_{m.pk}"], self[f"sentence_{m.pk}"]) for m in self.mappings]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for mapping in self.mappings:
            if data.get(f"keep_{mapping.pk}") and not data.get(f"sentence_{mapping.pk}", "").strip():
                self.add_error(f"sentence_{mapping.pk}", "Un appui retenu garde sa phrase de preuve.")
        proposal, sentence = data.get("new_proposal"), data.get("new_sentence", "").strip()
        if proposal and not sentence:
            self.add_error("new_sentence", "Écrivez la phrase qui le montre.")
        if sentence and not proposal:
            self.add_error("new_proposal", "Choisissez la proposition.")
        if proposal and int(proposal) in {m.proposal_id for m in self.mappings}:
            self.add_error("new_proposal", "Cet appui est déjà dans la liste.")
        return data

    def settle(self, by: Person) -> None:
        for mapping in self.mappings:
            mapping.status = (
                Mapping.Status.VALIDATED if self.cleaned_data[f"keep_{mapping.pk}"] else Mapping.Status.REJECTED
            )
            mapping.sentence = self.cleaned_data[f"sentence_{mapping.pk}"].strip() or mapping.sentence
        Mapping.objects.bulk_update(self.mappings, ["status", "sentence"])
        if self.cleaned_data["new_proposal"]:
            number = int(self.cleaned_data["new_proposal"])
            Mapping.objects.create(
                version=self.version, lever=lever_of([number])[number], proposal_id=number,
                position=len(self.mappings), sentence=self.cleaned_data["new_sentence"].strip(),
                origin=Mapping.Origin.COORDINATOR, status=Mapping.Status.VALIDATED,
            )  # fmt: skip


SETTLING = Settling(name="leviers", title="Ce que cela soutient", template="levers/_settling.html", form=SettlingForm)


def supports_form(version: Version, data: QueryDict | None) -> SupportsForm:
    return SupportsForm(data, version=version)


def save_supports(version: Version, form: forms.BaseForm, by: Person) -> None:
    assert isinstance(form, SupportsForm)
    form.save()


def on_paper() -> list[list[Ask]]:
    """The proposals under their levers, and room for the few one chooses."""
    groups = [Group(label, tuple(str(name) for _, name in rows)) for label, rows in proposal_choices()[1:]]
    columns = (Column("N°", is_small=True), Column("Ce qui le montre, en une phrase", lines=2))
    label = "Quelles propositions votre initiative appuie-t-elle ?"
    text = "Une seule proposition bien montrée vaut mieux que trois devinées."
    return [[Ask(typeset(label), help=text, good=PROVEN, groups=tuple(groups), columns=columns, rows=ROWS)]]


STEP = Step(
    slug="leviers",
    position=140,
    depth=Depth.STORY,
    fields=("mapping",),
    title="Ce que cela soutient",
    lede="Votre initiative fait peut-être avancer une proposition nationale. Dites laquelle, et ce qui le montre.",
    template="levers/_step.html",
    form=supports_form,
    save=save_supports,
    skippable=True,
    reading="levers/_reading.html",
    questions=(("mapping",),),
    on_paper=on_paper,
)
