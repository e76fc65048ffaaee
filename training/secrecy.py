"""What the anonymity assistant finds in a note, answer by answer: students are bound by secrecy too."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from guide.french import typeset
from initiatives.anonymity import Level, Span, scan
from training import guided
from training.guided import Answer
from training.models import Work

AROUND = 60  # signs shown on each side
# What is advised to who tells an initiative speaks of its team and of the coordination: a note has neither.
ADVICE = {
    "NOM": "Retirez ce nom : dites qui parle par sa place dans l’action. L’auteur d’un livre, un élu, un professionnel "
    "d’accord pour être nommé peuvent rester : vous le confirmerez plus bas.",
    "TEL": "Retirez ce numéro : votre note n’en a pas besoin.",
    "EMAIL": "Retirez cette adresse : votre note n’en a pas besoin.",
    "COORD_PRO": "Cette coordonnée dit où vous étiez : le nom du type de service suffit souvent.",
}


@dataclass(frozen=True)
class Part:
    """A text of a draft: the whole of a free note, or one answer; `field` is where one corrects it."""

    field: str
    question: str
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing found in one part. `mark` names it in a form: it holds only while the text stays as it is."""

    part: Part
    span: Span

    @property
    def mark(self) -> str:
        place = f"{self.part.field}:{self.span.start}:{self.span.end}:{self.part.text}"
        return hashlib.sha256(place.encode()).hexdigest()[:16]

    @property
    def before(self) -> str:
        """A few words, from the beginning of one."""
        said = self.part.text[: self.span.start]
        return said if len(said) <= AROUND else "…" + said[-AROUND:].partition(" ")[2]

    @property
    def after(self) -> str:
        said = self.part.text[self.span.end :]
        return said if len(said) <= AROUND else said[:AROUND].rpartition(" ")[0] + "…"

    @property
    def advice(self) -> str:
        return ADVICE.get(self.span.label, self.span.advice)

    @property
    def must_go(self) -> bool:
        return self.span.level == Level.BLOCK and not self.span.excusable

    @property
    def is_name(self) -> bool:
        """To be taken out, or said to be nobody's who was helped."""
        return self.span.level == Level.BLOCK and self.span.excusable


def parts(work: Work) -> list[Part]:
    """The texts of a draft, in order."""
    if not work.answers:
        return [Part("text", "", work.draft)]
    return [Part(each.name, typeset(each.question), each.text) for each in guided.asked([], work.answers)]


def found(work: Work) -> list[Finding]:
    """What must go or be excused, then what deserves a look; reminders of an age or a date are left to the reader."""
    all_found = [Finding(part, span) for part in parts(work) for span in scan(part.text)]
    graves = [each for each in all_found if each.span.level == Level.BLOCK]
    return graves + [each for each in all_found if each.span.level == Level.WARN]


def replaced(work: Work, mark: str) -> tuple[str, list[Answer], Finding | None]:
    """The draft with one suggestion put in place of what was found, wherever the note says it."""
    chosen = next((each for each in found(work) if each.mark == mark and each.span.replacement), None)
    if chosen is None:
        return work.draft, list(work.answers), None
    texts = [_without(part, chosen.span) for part in parts(work)]
    if not work.answers:
        return texts[0], [], chosen
    told = [each for each in work.answers if each["text"].strip()]
    by_place = dict(zip((id(each) for each in told), texts, strict=True))
    answers = [{**each, "text": by_place.get(id(each), each["text"])} for each in work.answers]
    return guided.plain(answers), answers, chosen


def _without(part: Part, found: Span) -> str:
    text = part.text
    for span in reversed(scan(part.text)):
        if (span.label, span.text) == (found.label, found.text):
            before, word = text[: span.start], span.replacement
            begins = not before.strip() or before.rstrip(" \u00a0")[-1] in ".!?…\n"
            text = before + (word[:1].upper() + word[1:] if begins else word) + text[span.end :]
    return text
