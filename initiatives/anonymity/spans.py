"""What is found in a text: where, what it is, how grave, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Must go, should be looked at, is for a human to judge."""

    BLOCK = "bloquer"
    WARN = "avertir"
    REMIND = "rappel"


@dataclass(frozen=True)
class Kind:
    """A label with its level, the advice shown beside it, and what may stand in its place."""

    level: Level
    name: str
    advice: str
    replacement: str = ""


KINDS: dict[str, Kind] = {
    "NOM": Kind(
        Level.BLOCK, "un nom de personne",
        "Retirez ce nom : dites qui parle par sa place dans l’action. S’il s’agit d’un professionnel, d’un élu ou d’un "
        "auteur d’accord pour être nommé, gardez-le en disant pourquoi.",
        "une personne du groupe",
    ),
    "TEL": Kind(
        Level.BLOCK, "un numéro de téléphone",
        "Retirez ce numéro : le site relaie les messages vers votre équipe.", "[numéro retiré]",
    ),
    "EMAIL": Kind(
        Level.BLOCK, "une adresse électronique",
        "Retirez cette adresse : le site relaie les messages vers votre équipe.", "[adresse retirée]",
    ),
    "NIR": Kind(
        Level.BLOCK, "un numéro de sécurité sociale", "Retirez ce numéro : rien ne justifie de l’écrire ici.",
        "[numéro retiré]",
    ),
    "IBAN": Kind(
        Level.BLOCK, "un numéro de compte", "Retirez ce numéro de compte.", "[numéro retiré]",
    ),
    "CAF": Kind(
        Level.BLOCK, "un numéro d’allocataire", "Retirez ce numéro : il désigne une famille.", "[numéro retiré]",
    ),
    "NUM_ID": Kind(
        Level.BLOCK, "un numéro de dossier ou de pièce", "Retirez ce numéro : il désigne une personne.",
        "[numéro retiré]",
    ),
    "ADRESSE": Kind(
        Level.BLOCK, "une adresse", "Retirez cette adresse : le nom du quartier ou de la commune suffit.",
        "dans le quartier",
    ),
    "NAISSANCE": Kind(
        Level.BLOCK, "une date de naissance", "Retirez cette date : une tranche d’âge suffit.", "[date retirée]",
    ),
    "PROFIL": Kind(
        Level.BLOCK, "un profil sur un réseau", "Retirez ce profil : il mène droit à une personne.", "[profil retiré]",
    ),
    "PRENOM": Kind(
        Level.WARN, "un prénom",
        "Un prénom, le métier et le quartier suffisent à reconnaître quelqu’un. Changez-le et dites-le, ou écrivez "
        "« une participante ».",
        "[prénom modifié]",
    ),
    "COORD_PRO": Kind(
        Level.WARN, "les coordonnées d’un service",
        "Cette coordonnée se périmera, et le site relaie déjà les messages. Gardez-la si vous êtes sûr.",
        "[coordonnées sur la fiche]",
    ),
    "AGE": Kind(
        Level.REMIND, "un âge", "Un âge exact aide à reconnaître quelqu’un : « la quarantaine » suffit souvent.",
    ),
    "DATE": Kind(
        Level.REMIND, "une date exacte", "Le jour exact est-il utile ? « Au printemps » protège davantage.",
    ),
    "HEURE": Kind(
        Level.REMIND, "une heure exacte", "L’heure exacte est-elle utile ? « En soirée » protège davantage.",
    ),
    "LIEU": Kind(
        Level.REMIND, "une petite commune",
        "Moins de 2 000 habitants : tout le monde s’y connaît. Un nom de pays ou de canton protège davantage.",
    ),
    "QUASI": Kind(
        Level.REMIND, "une situation rare",
        "Reconnaîtrait-on cette personne ? Enlevez ce qui la rend unique, ou demandez-lui son accord.",
    ),
    "NOM_PRO": Kind(
        Level.REMIND, "un nom dans l’exercice d’une fonction",
        "Cette personne sait-elle qu’elle est nommée ici, et en est-elle d’accord ?",
    ),
}  # fmt: skip
_GRAVITY = {Level.BLOCK: 0, Level.WARN: 1, Level.REMIND: 2}


@dataclass(frozen=True)
class Span:
    """A run of text, by offsets in code points of the text as it was given: `text[start:end]` is `text`."""

    start: int
    end: int
    label: str
    text: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.label]

    @property
    def level(self) -> str:
        return self.kind.level

    @property
    def advice(self) -> str:
        return self.kind.advice

    @property
    def replacement(self) -> str:
        return self.kind.replacement

    @property
    def excusable(self) -> bool:
        """Only a name may be kept, with a reason that the coordination reads."""
        return self.label == "NOM"


def settled(spans: list[Span]) -> list[Span]:
    """Those that remain where several overlap: the graver, the longer, the first; in the order of the text."""
    kept: list[Span] = []
    taken = bytearray(max((span.end for span in spans), default=0))
    for span in sorted(spans, key=lambda each: (_GRAVITY[each.kind.level], each.start - each.end, each.start)):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda each: each.start)
