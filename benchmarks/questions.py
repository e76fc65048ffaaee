"""What is asked of the catalogue while it is measured: sixty addresses, of six kinds, always the same."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Asked:
    kind: str
    url: str


def _ask(kind: str, *pairs: tuple[str, str]) -> Asked:
    return Asked(kind, "/initiatives/" + (f"?{urlencode(pairs)}" if pairs else ""))


WORDS = (
    "parents", "jardin", "logement", "numérique", "repas", "vélo", "solitude", "emploi", "théâtre", "compost", "santé",
    "école", "quartier", "habitants", "cuisine", "mémoire", "chauffage", "séjour", "café", "dettes",
    # without accents, plural or singular, inflected
    "epicerie", "jardins", "travaux", "lettre", "rénové", "numeriques",
)  # fmt: skip
PHRASES = ("groupe de parole", "pouvoir d’agir", "accès aux droits", "table de quartier")
SEVERAL = ("jardin habitants", "cuisine parents école", "isic jeunes", "logement -travaux")
TYPOS = ("solitdue", "chaufage")

QUESTIONS: tuple[Asked, ...] = (
    *(_ask("word", ("q", word)) for word in WORDS),
    *(_ask("phrase", ("q", f'"{phrase}"')) for phrase in PHRASES),
    *(_ask("several words", ("q", words)) for words in SEVERAL),
    *(_ask("typo", ("q", word)) for word in TYPOS),
    # facets alone
    _ask("facets", ("methode", "travail-social-de-groupe")),
    _ask("facets", ("methode", "travail-social-de-groupe"), ("methode", "theatre-forum")),
    _ask("facets", ("theme", "logement")),
    _ask("facets", ("theme", "parentalite"), ("public", "familles")),
    _ask("facets", ("departement", "62")),
    _ask("facets", ("departement", "62"), ("departement", "59"), ("theme", "alimentation")),
    _ask("facets", ("region", "53"), ("methode", "education-populaire")),
    _ask("facets", ("levier", "3")),
    _ask("facets", ("levier", "3"), ("levier", "6"), ("public", "jeunes")),
    _ask("facets", ("depuis", "2020"), ("profondeur", "recit")),
    _ask("facets", ("frein", "1")),
    _ask("facets", ("commune", "35238")),
    # words and facets
    _ask("words and facets", ("q", "jardin"), ("departement", "93")),
    _ask("words and facets", ("q", "parents"), ("methode", "travail-social-de-groupe")),
    _ask("words and facets", ("q", "emploi"), ("public", "jeunes"), ("region", "11")),
    _ask("words and facets", ("q", "repas"), ("theme", "alimentation"), ("levier", "3")),
    _ask("words and facets", ("q", "santé"), ("depuis", "2018"), ("theme", "sante")),
    _ask("words and facets", ("q", "quartier"), ("commune", "59350")),
    # nothing but going through
    _ask("browse"),
    _ask("browse", ("page", "2")),
    _ask("browse", ("page", "40")),
    _ask("browse", ("tri", "titre")),
    _ask("browse", ("tri", "titre"), ("page", "12")),
    _ask("browse", ("q", "action"), ("page", "5")),
)
