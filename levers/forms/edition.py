"""What an official list says of a proposal, written by an editor of the guide once such a list is found."""

from __future__ import annotations

from typing import Any

from django import forms

from levers.forms.fields import NOT_OFFERED, Line, Text, asked, refused
from levers.models import Proposal


class OfficialForm(forms.Form):
    official_status = forms.ChoiceField(
        label="Cette ligne dans la liste officielle", required=False, widget=forms.RadioSelect,
        choices=Proposal.Official.choices, error_messages={"invalid_choice": NOT_OFFERED},
    )  # fmt: skip
    official_source = Line(
        label="Où se trouve cette liste", max_length=300, required=False,
        help_text="Titre, page, adresse. Rien n’est montré comme officiel sans cela.",
    )  # fmt: skip
    official_number = asked(Line(label="Numéro officiel", max_length=10, required=False), small=True)
    official_wording = Text(
        label="Formulation officielle", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Recopiée telle quelle.",
    )  # fmt: skip
    replaced_by = forms.ModelChoiceField(
        Proposal.objects.all(), label="À lire à la place", required=False, empty_label="aucune en particulier",
        help_text="Pour une ligne que la liste officielle ne porte pas ainsi.",
        error_messages={"invalid_choice": NOT_OFFERED},
    )  # fmt: skip
    history = Text(
        label="Ce que cette page disait avant", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une phrase, montrée sur la page : son adresse a pu être citée.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, proposal: Proposal, **kwargs: Any) -> None:
        self.proposal = proposal
        names = ("official_status", "official_source", "official_number", "official_wording", "replaced_by")
        kwargs.setdefault(
            "initial",
            {**{name: getattr(proposal, name) for name in names}, "history": proposal.history or proposal.before()},
        )
        super().__init__(data, **kwargs)
        replaced_by: Any = self.fields["replaced_by"]
        replaced_by.queryset = Proposal.objects.exclude(pk=proposal.pk)

    @property
    def edition(self) -> str:
        return self.proposal.edited_at.isoformat() if self.proposal.edited_at else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.data.get("read_at", "") != self.edition:
            self.add_error(
                None, refused("Quelqu’un a changé cette ligne entre-temps : rechargez la page pour la lire.")
            )
        status, official = data.get("official_status"), Proposal.Official
        if status == official.UNKNOWN:
            # Without a list nothing is official: what was typed goes, and the row is again what the synthesis says.
            for name in ("official_number", "official_wording", "official_source", "history"):
                data[name] = ""
            data["replaced_by"] = None
            return data
        if not data.get("official_source") and "official_source" not in self.errors:
            self.add_error(
                "official_source", refused("Dites où se trouve la liste : rien n’est dit officiel sans source.")
            )
        if status == official.LISTED and not data.get("official_wording") and "official_wording" not in self.errors:
            self.add_error("official_wording", refused("Recopiez la formulation de la liste officielle."))
        if not data.get("history") and "history" not in self.errors:
            self.add_error("history", refused("Dites en une phrase ce que cette page disait avant."))
        if status == official.LISTED:
            data["replaced_by"] = None
        if status == official.REPLACED:
            data["official_number"] = data["official_wording"] = ""
        return data
