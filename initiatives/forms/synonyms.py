"""A group of synonyms, one expression a line."""

from __future__ import annotations

from typing import Any

from django import forms

from guide.models import SynonymGroup
from guide.stems import normals
from initiatives.search.text import MAX_GROUP_WORDS, legible

MOST, LONGEST = 20, 120


class SynonymsForm(forms.Form):
    words = forms.CharField(
        label="Expressions équivalentes",
        help_text="Une par ligne, deux au moins. La première est celle que nous écrivons.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
        error_messages={"required": "Écrivez au moins deux expressions, une par ligne."},
    )

    def __init__(self, *args: Any, group: SynonymGroup | None = None, **kwargs: Any) -> None:
        self.group = group
        if group:
            kwargs.setdefault("initial", {"words": "\n".join(group.words)})
        super().__init__(*args, **kwargs)

    def clean_words(self) -> list[str]:
        lines = [" ".join(legible(line).split()) for line in self.cleaned_data["words"].splitlines()]
        words = list(dict.fromkeys(line for line in lines if line))
        too_long = [line for line in words if len(line) > LONGEST or len(normals(line)) > MAX_GROUP_WORDS]
        silent = [line for line in words if not normals(line)]
        if silent:
            raise forms.ValidationError(f"« {silent[0][:60]} » n’a que des mots trop courants : rien ne s’y cherche.")
        if too_long:
            raise forms.ValidationError(
                f"« {too_long[0][:60]}… » est trop long : {MAX_GROUP_WORDS} mots et {LONGEST} signes au plus."
            )
        if len(words) > MOST:
            raise forms.ValidationError(f"{MOST} expressions au plus dans un groupe.")
        if len({tuple(normals(line)) for line in words}) < 2:
            raise forms.ValidationError(
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
                raise forms.ValidationError(f"« {shared[0]} » est déjà dans un autre groupe : {other}.")
