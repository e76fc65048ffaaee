"""A group of synonyms, one expression a line."""

from __future__ import annotations

from typing import Any

from django import forms

from guide.french import typeset
from guide.models import SynonymGroup
from guide.stems import normals
from initiatives.forms.fields import Written
from initiatives.search.text import MAX_GROUP_WORDS, legible

MOST, LONGEST, MOST_SIGNS = 20, 120, 4_000


class SynonymsForm(forms.Form):
    words = Written(
        label="Expressions équivalentes",
        help_text="Une par ligne, deux au moins. La première est celle que nous écrivons.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
        max_length=MOST_SIGNS,
        error_messages={"required": "Écrivez au moins deux expressions, une par ligne."},
    )

    def __init__(self, *args: Any, group: SynonymGroup | None = None, **kwargs: Any) -> None:
        self.group = group
        if group:
            kwargs.setdefault("initial", {"words": "\n".join(group.words)})
        super().__init__(*args, **kwargs)
        self.fields["words"].counter = False  # type: ignore[attr-defined]  # read by the field's template

    @property
    def edition(self) -> str:
        """When the group was last changed on line; sent back as `read_at`."""
        return self.group.edited_at.isoformat() if self.group and self.group.edited_at else ""

    def clean(self) -> None:
        """What someone else wrote meanwhile is shown, and what is typed here stays: one chooses."""
        if self.group and self.edition and self.data.get("read_at") != self.edition:
            who = self.group.edited_by or "Quelqu’un"
            said = f"{who} a changé ce groupe pendant que vous écriviez : {self.group}. Reprenez-en ce qu’il faut, puis"
            self.add_error("words", _error(f"{said} enregistrez."))

    def clean_words(self) -> list[str]:
        lines = [" ".join(legible(line).split()) for line in self.cleaned_data["words"].splitlines()]
        words = list(dict.fromkeys(line for line in lines if line))
        too_long = [line for line in words if len(line) > LONGEST or len(normals(line)) > MAX_GROUP_WORDS]
        silent = [line for line in words if not normals(line)]
        if silent:
            raise _error(f"« {silent[0][:60]} » n’a que des mots trop courants : rien ne s’y cherche.")
        if too_long:
            raise _error(f"« {too_long[0][:60]}… » est trop long : {MAX_GROUP_WORDS} mots et {LONGEST} signes au plus.")
        if len(words) > MOST:
            raise _error(f"{MOST} expressions au plus dans un groupe.")
        if len({tuple(normals(line)) for line in words}) < 2:
            raise _error(
                "Il faut deux expressions que la recherche distingue : un pluriel ou un accent n’y changent rien."
            )
        self._refuse_known(words)
        return words

    def _refuse_known(self, words: list[str]) -> None:
        mine = {tuple(normals(line)) for line in words}
        others = SynonymGroup.objects.exclude(pk=self.group.pk) if self.group else SynonymGroup.objects.all()
        for other in others:
            shared = [line for line in other.words if tuple(normals(line)) in mine]
            if shared:
                raise _error(f"« {shared[0]} » est déjà dans un autre groupe : {other}.")


def _error(text: str) -> forms.ValidationError:
    return forms.ValidationError(typeset(text))
