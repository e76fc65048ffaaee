"""What makes someone easy to recognise without naming them: a small commune, a situation nobody shares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accounts.territories import key_of
from initiatives.anonymity import lexicon
from initiatives.anonymity.reading import Reading
from initiatives.anonymity.spans import Span

_SIZE = re.compile(r"\((?:environ )?(\d{1,3}|1[ .]?\d{3}) (?:hab\b\.?|habitants?|âmes)\)?")
_NAMED = re.compile(r"[A-ZÀ-Þ][\w']{0,30}(?:[ -][A-ZÀ-Þ][\w']{0,30}){0,5} ?$")
_IN = re.compile(
    r"\b(?:à|de|du|d'|commune d[e'] ?|communes d[e'] ?|village d[e'] ?|mairie d[e'] ?|maire d[e'] ?|bourg d[e'] ?|"
    r"sur|vers|près de|chez) ?((?:L[ea]s? |L')?[A-ZÀ-Þ][\w']{1,30}"
    r"(?:[ -](?:(?:sur|sous|les|lès|le|la|de|du|des|en|et|d|l|aux|au)[ '-])?[A-ZÀ-Þ][\w']{1,30}){0,5})"
)
_VILLAGE = re.compile(r"(?:commune|village|mairie|maire|bourg|hameau) d[e'] ?$", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:(?:la|le) (?:seule?|unique)|l'unique|l'ancien(?:ne)?|la doyenne|le doyen) (?!fois|chose|solution|"
    r"réponse|moyen|condition|"
    r"question|raison|différence|problème|objectif|but|lieu|endroit|salle|école|mairie|gare|local|bâtiment|usine|"
    r"site|maison|"
    r"manière|façon|règle|projet|formule|modèle|régime|cinéma|café|boulangerie|presbytère|caserne|région|structure|"
    r"action|"
    r"association|service|centre|moment|critère|enjeu|frein|difficulté|regret|point|outil|financement|et )"
    r"[^,.;:!?\n]{3,60}(?:,[^.;:!?\n]{3,50}?(?:,|(?=[.;:!?\n])))?",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"m[èe]re|p[èe]re|femme|homme|famille|fille|gar[çc]on|habitant|boulang|voisin|veu[fv]|jeune|dame|monsieur|"
    r"enfant|couple|"
    r"participant|r[ée]sident|locataire|commer[çc]ant|agricult|instit|facteur|m[ée]decin|cur[ée]|ouvri|travesti|"
    r"trans|togolais|"
    r"doyen|ivoirien|malien|syrien|afghan|ukrainien|roumain|rom\b|sourd|aveugle|handicap|atteinte? d|malad|divorc|"
    r"expuls|"
    r"incarc[ée]r|hospitalis|migrant|r[ée]fugi|[ée]tudiant|personne|patron|gardien|conducteur|chauffeur"
)


def spans(reading: Reading) -> Iterator[Span]:
    yield from places(reading)
    yield from rare(reading)


def places(reading: Reading) -> Iterator[Span]:
    text = reading.text
    for found in _SIZE.finditer(text):
        if int(re.sub(r"\D", "", found[1])) < 2000:
            named = _NAMED.search(text, max(found.start() - 60, 0), found.start())
            start = named.start() if named else found.start()
            yield Span(start, found.end(), "LIEU", text[start : found.end()])
    for found in _IN.finditer(text):
        name = found[1].rstrip("'")
        key = key_of(name)
        is_said = bool(_VILLAGE.search(text[max(found.start() - 20, 0) : found.start(1)]))
        if key in lexicon.small_communes() and (is_said or not _is_anything_else(key)):
            yield Span(found.start(1), found.start(1) + len(name), "LIEU", name)


def _is_anything_else(key: str) -> bool:
    """Also a word, a first name or a surname: a capital is not enough to make it a place."""
    lists = (lexicon.words(), lexicon.first_names(), lexicon.surnames())
    return any(key in each for each in lists) or len(key) < 4


def rare(reading: Reading) -> Iterator[Span]:
    for found in _ONLY.finditer(reading.text):
        if _PERSONAL.search(found[0].lower()):
            said = found[0].rstrip()
            yield Span(found.start(), found.start() + len(said), "QUASI", said)
