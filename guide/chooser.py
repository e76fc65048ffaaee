"""Five questions, two or three methods: `guide/content/chooser.toml` says what each answer says for or against each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accounts.content import read_toml
from guide.french import typeset

FILE = Path(__file__).parent / "content" / "chooser.toml"
EXCLUDED = -9
ENOUGH = 2
"""Answers without which nothing is proposed."""


@dataclass(frozen=True)
class Answer:
    key: str
    label: str


@dataclass(frozen=True)
class Question:
    key: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Row:
    """What some answers, together, say about a method."""

    method: str
    when: Mapping[str, str]
    weight: int
    says: str


@dataclass
class Advice:
    """A method with what the answers say for it and against it."""

    method: str
    score: int = 0
    reasons: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    is_excluded: bool = False


@dataclass(frozen=True)
class Table:
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    least: int
    beside: int
    spread: int
    most: int


@cache
def table() -> Table:
    data = read_toml(FILE)
    questions = tuple(
        Question(row["key"], typeset(row["title"]), tuple(map(_answer, row["answers"]))) for row in data["question"]
    )
    rows = tuple(Row(row["method"], row["when"], row["weight"], typeset(row["says"])) for row in data["row"])
    return Table(questions, rows, data["least"], data["beside"], data["spread"], data["most"])


def _answer(row: Mapping[str, str]) -> Answer:
    return Answer(row["key"], typeset(row["label"]))


def understood(asked: Mapping[str, Any]) -> tuple[dict[str, str], bool]:
    """The answers that are ours, and whether something else was asked."""
    known = {question.key: {answer.key for answer in question.answers} for question in table().questions}
    said = {key: str(value) for key, value in asked.items() if value}
    answers = {key: value for key, value in said.items() if value in known.get(key, ())}
    return answers, answers != said


def advise(answers: Mapping[str, str]) -> tuple[list[Advice], list[Advice]]:
    """(the two or three methods that suit best, those that an answer rules out), each with its sentences."""
    found: dict[str, Advice] = {}
    for row in table().rows:
        if not all(answers.get(key) == value for key, value in row.when.items()):
            continue
        advice = found.setdefault(row.method, Advice(row.method))
        advice.score += row.weight
        (advice.reasons if row.weight > 0 else advice.cautions).append(row.says)
        advice.is_excluded |= row.weight <= EXCLUDED
    if len(answers) < ENOUGH:
        return [], []
    ranked = sorted((one for one in found.values() if not one.is_excluded), key=lambda one: -one.score)
    best = ranked[0].score if ranked else 0
    suited = [one for one in ranked if one.score >= max(table().least, best - table().spread)]
    if len(suited) == 1:
        suited = [one for one in ranked if one is suited[0] or one.score >= table().beside][:2]
    excluded = [one for one in found.values() if one.is_excluded and one.reasons]
    return suited[: table().most], excluded
