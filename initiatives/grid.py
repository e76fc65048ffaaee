"""The ten questions one asks oneself while reading a sheet. They help to decide; they add up to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ANSWERS = {"yes": "oui", "no": "non", "look": "à voir"}
MAX_NOTE = 500


@dataclass(frozen=True)
class Question:
    slug: str
    name: str
    text: str
    help: str


QUESTIONS = (
    Question(
        "recit", "récit", "Comprend-on ce qui s’est passé ?",
        "Qui était là, où, ce qu’on a fait, dans quel ordre. On pourrait le raconter à un collègue.",
    ),
    Question(
        "collectif", "collectif", "L’action est-elle collective ?",
        "Des personnes agissent ensemble, au-delà d’une addition de suivis individuels.",
    ),
    Question(
        "place", "place des personnes", "La place des personnes concernées est-elle claire ?",
        "Ce qu’elles ont proposé, décidé, fait. Si elles n’ont rien décidé, la fiche le dit.",
    ),
    Question(
        "anonymat", "anonymat", "Est-on sûr que personne ne se reconnaît malgré soi ?",
        "Ni nom, ni détail qui désigne : une situation rare, une très petite commune, une date précise.",
    ),
    Question(
        "accords", "accords", "Les accords sont-ils là ?",
        "L’employeur, les personnes, qui parle ou paraît sur une image.",
    ),
    Question(
        "difficultes", "difficultés", "Dit-on ce qui a coincé ?",
        "Un frein, un détour, un renoncement. Une fiche où tout va bien aide peu.",
    ),
    Question(
        "utile", "reprise", "Une autre équipe saurait-elle commencer ?",
        "Le temps, les moyens, les conditions : ou la fiche dit qu’on ne les connaît pas.",
    ),
    Question(
        "faits", "faits", "Sont-ce des faits, plutôt qu’une promotion ?",
        "Ni plaquette, ni produit à vendre, ni éloge d’une structure.",
    ),
    Question(
        "preuves", "preuves", "Sait-on d’où vient ce qui est affirmé ?",
        "Déclaré, observé, dit par les personnes, écrit dans un bilan. Les effets ne dépassent pas ce qu’on en sait.",
    ),
    Question(
        "mots", "mots", "Les mots respectent-ils celles et ceux dont on parle ?",
        "Ni étiquette, ni pitié. Les personnes concernées pourraient lire la fiche sans être blessées.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Answered:
    question: Question
    words: str
    note: str


def answered(grid: dict[str, Any]) -> list[Answered]:
    """What was answered, in the order of the questions; empty answers left out."""
    said: dict[str, dict[str, str]] = grid.get("answers", {})
    return [
        Answered(question, ANSWERS.get(row.get("answer", ""), "sans réponse"), row.get("note", ""))
        for question in QUESTIONS
        if (row := said.get(question.slug, {})) and (row.get("answer") or row.get("note"))
    ]
