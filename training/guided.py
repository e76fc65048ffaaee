"""Guided notes: a text for each question, and the whole as one plain text. No word is lost when questions change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

type Answer = dict[str, str]
"""{"question": …, "text": …}, as `Work.answers` and `SentNote.answers` keep them."""

PREFIX = "answer-"
WRITTEN_BEFORE = "Ce que vous aviez écrit avant ces questions"
NO_LONGER_ASKED = "Une question qui n’est plus posée"


@dataclass(frozen=True)
class Asked:
    """One question of a note, the field that holds its answer, and what is written so far."""

    name: str
    question: str
    text: str = ""
    is_gone: bool = False
    """Its trainer asks it no more; what was answered stays with who wrote it."""


def field_of(question: str, times: int = 0) -> str:
    """A field named after its question, so that a page opened before questions changed still says what it answers."""
    return PREFIX + hashlib.sha256(f"{times}:{question}".encode()).hexdigest()[:12]


def asked(questions: Sequence[str], answers: Iterable[Answer], draft: str = "") -> list[Asked]:
    """The questions in their order, each with its answer; then answers to what is no longer asked."""
    answers = list(answers)
    written = dict(_named((each["question"], each["text"]) for each in answers))
    if draft.strip() and not answers:
        written[field_of(WRITTEN_BEFORE)] = (WRITTEN_BEFORE, draft)
    now = _named((question, "") for question in questions)
    found = [Asked(name, question, written.pop(name, ("", ""))[1]) for name, (question, _) in now]
    gone = [Asked(name, question, text, is_gone=True) for name, (question, text) in written.items() if text.strip()]
    return found + gone


def _named(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, str]]]:
    met: Counter[str] = Counter()
    found = []
    for question, text in pairs:
        found.append((field_of(question, met[question]), (question, text)))
        met[question] += 1
    return found


def plain(answers: Iterable[Answer]) -> str:
    """The whole note as one reads it without its form; nothing of a question left without an answer."""
    return "\n\n".join(f"{each['question']}\n{each['text']}" for each in answers if each["text"].strip())
