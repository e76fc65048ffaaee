"""Births, ages, days and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initiatives.anonymity.reading import Reading
from initiatives.anonymity.spans import Span

_MONTH = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|janv\.?|"
    r"f[ée]vr?\.?|juil\.?|sept\.?|oct\.?|nov\.?|d[ée]c\.?)"
)
_DAY = (
    rf"(?:(?:1er|\d{{1,2}}) {_MONTH}(?: \d{{4}})?|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|"
    rf"\d{{4}}-\d{{2}}-\d{{2}})"
)
_BORN = re.compile(
    rf"(?:\bn[ée]e?s?(?:\(e\)|·e|\.e)?(?: [a-zà-ÿ-]+)? (?:le :? ?|en |au mois de |un )?|"
    rf"\bdate (?:et lieu )?de naissance[^\d\n]{{0,25}}|\bddn ?:? ?|\bnaissance ?:? ?(?:le )?|"
    rf"\ba vu le jour le |\b(?:son|leur|mon|ton) anniversaire[^\d\n.]{{0,20}}|"
    rf"\bnée? à [A-ZÀ-Þ][\w-]+,? (?:le |en ))"
    rf"({_DAY}|{_MONTH} \d{{4}}|(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# What is born without being anybody.
_THING = re.compile(
    r"projets?|id[ée]es?|ateliers?|associations?|collectifs?|groupes?|actions?|initiatives?|jardins?|comit[ée]s?|"
    r"r[ée]seaux?|"
    r"d[ée]marches?|aventure|envies?|[ée]picerie|structure|centre|dispositifs?|fabrique|rendez-vous|f[êe]te|"
    r"conseil|coop[ée]rative|"
    r"journal|film|festival|partenariat|lieu|caf[ée]|cuisine|mouvement|m[ée]thode|notion|concept|programme|service|"
    r"quartier|ville|"
    r"travail social|fresque|chorale|troupe|bourse|charte|plateforme|entreprise|tiers-lieu|cit[ée]\b|"
    r"f[ée]d[ée]ration|fondation"
)
_AGE = re.compile(
    r"\b(?:\d{1,2}|1[01]\d|vingt|trente|quarante|cinquante|soixante|quatre-vingts?)(?:[ -](?:et[ -])?(?:un|deux|"
    r"trois|quatre|cinq|six|"
    r"sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize)){0,2} ans\b|\b\d{1,2} mois\b(?= et| seulement)",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"(?:depuis|pendant|durant|en|sur|dans|après|d'ici|il y a|pour|tous les|les|plan de|convention de|au bout de|"
    r"plus de|moins de|"
    r"près de|environ|bientôt|dès|à partir de|de \d{1,3} à|entre \d{1,3} et|moyenne de|voilà|première?s?|"
    r"dernière?s?|prochaines?|"
    r"deux ou|trois ou|projet de|contrat de|bail de|âge de \d+ à|\d à|\d -|\d-|fait|premiers|derniers|prochains) ?$"
)
_DATE = re.compile(
    rf"\b(?:le |du |au |ce )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?({_DAY})(?!\d)", re.IGNORECASE
)
_LEGAL = re.compile(
    r"(?:\bloi|décret|article|arrêté|délibération|circulaire|ordonnance|convention|version|rapport|directive|"
    r"n°)[^.;\n]{0,45}$"
)
_HOUR = re.compile(
    r"\b(?:[01]?\d|2[0-4]) ?(?:h|heures?|:) ?(?:[0-5]\d)\b|\b(?:à|vers|dès) (?:[01]?\d|2[0-4]) ?(?:h|heures)\b",
    re.IGNORECASE,
)


def spans(reading: Reading) -> Iterator[Span]:
    text = reading.text
    for found in _BORN.finditer(text):
        said_of = reading.before(found.start(), 70)
        is_year = re.fullmatch(r"\d{4}", found[1])
        if _THING.search(said_of) and not re.search(
            r"date de naissance|ddn|enfant|fille|fils", said_of + found[0].lower()
        ):
            continue
        if is_year and not said_of.strip():
            continue
        yield Span(*found.span(1), "NAISSANCE", found[1])
    for found in _AGE.finditer(text):
        if not _LASTING.search(reading.before(found.start(), 24)):
            yield Span(found.start(), found.end(), "AGE", found[0])
    for found in _DATE.finditer(text):
        if not _LEGAL.search(reading.before(found.start(), 60)):
            yield Span(*found.span(1), "DATE", found[1])
    for found in _HOUR.finditer(text):
        yield Span(found.start(), found.end(), "HEURE", found[0])
