"""What changes from one version of a note to another, answer by answer."""

from __future__ import annotations

from dataclasses import dataclass

from guide.difference import Change, words
from training import guided
from training.guided import Answer
from training.models import SentNote, Work

NOTE = "La note"
DRAFT = "brouillon"


@dataclass(frozen=True)
class Text:
    """A note at one of its states: sent, or the draft of today."""

    key: str
    label: str
    text: str
    answers: list[Answer]

    @classmethod
    def of(cls, note: SentNote) -> Text:
        return cls(str(note.number), f"Version {note.number}, envoyée {note.sent_in_words}", note.text, note.answers)

    @classmethod
    def of_draft(cls, work: Work) -> Text:
        return cls(DRAFT, "Votre brouillon d’aujourd’hui", work.draft, work.answers)


def between(before: Text, after: Text) -> list[Change]:
    """A change for each answer that differs; for the whole note where one of the two has no questions."""
    if not (before.answers and after.answers):
        return [Change(NOTE, words(before.text, after.text))] if before.text != after.text else []
    old = {each.name: each for each in guided.asked([], _all(before))}
    new = {each.name: each for each in guided.asked([], _all(after))}
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        label = (now or old[name]).question
        said, says = was.text if was else "", now.text if now else ""
        if said != says:
            found.append(Change(label, words(said, says)))
    return found


def _all(text: Text) -> list[Answer]:
    return [each for each in text.answers if each["text"].strip()]
