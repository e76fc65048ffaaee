"""Numbers that designate a person: social security, bank, allowances, files and papers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.fr import siret

from initiatives.anonymity.reading import Reading
from initiatives.anonymity.spans import Span

_S = r"[ .-]?"
_NIR = re.compile(
    rf"(?<![\d,.])[1-478]{_S}\d\d{_S}(?:0[1-9]|1[0-2]|[2-9]\d){_S}(?:\d\d|2[AB]){_S}\d{{3}}{_S}\d{{3}}"
    rf"(?:{_S}\d\d)?(?![\d])",
    re.IGNORECASE,
)
_NIR_SAID = re.compile(
    r"s[ée]cu|\bn(?:ir|[°o]) ?ss\b|\bnir\b|\bnn?i\b|\bss\b|immatricul|vitale|mutuelle|assur[ée]|ameli|cmu|cpam"
)
# One that was copied short or wrong is somebody's all the same, when it is said what it is.
_NIR_TOLD = re.compile(
    r"(?:\bnir\b|\bn[°o] ?ss\b|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu)[^\d\n]{0,30}((?:2[AB]|"
    r"\d)[\dAB .-]{8,20}\d)(?!\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])")
_BANK_SAID = re.compile(r"\biban\b|\brib\b|compte|virement|bancaire|banque|remboursement")
_RIB = re.compile(r"(?<!\d)\d{5}[ -]?\d{5}[ -]?[A-Z0-9]{11}[ -]?\d{2}(?!\d)", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)")
_CARD_SAID = re.compile(r"carte|\bcb\b|visa|mastercard")
_CAF = re.compile(
    r"(?:\bcaf\b|allocataires?|allocations familiales|\bmsa\b)[^.;\n]{0,40}?"
    r"(?<![\d€])((?<!\d)(?:\d{6,8}|\d{1,2}[ .]\d{3}[ .]\d{3})(?:[a-z]|(?-i: [A-Z]))?)(?![\w]| ?€| ?euros)",
    re.IGNORECASE,
)
_CAF_REVERSED = re.compile(
    r"(?<!\d)(\d{6,8}(?: ?[A-Z])?)\b[ ,(]{1,3}(?:n° ?|numéro )?(?:allocataire|caf)\b", re.IGNORECASE
)
_PLATE = re.compile(r"(?<![A-Z0-9-])[A-HJ-NP-TV-Z]{2}[ -]\d{3}[ -][A-HJ-NP-TV-Z]{2}(?![A-Z0-9-])")
_CHUNK = r"[A-Z]{0,3}\d[A-Z0-9]{0,20}"
# A paper or a file, then what it is numbered, a few words apart.
_PAPER = re.compile(
    r"(?:\bmdph\b|\bmda\b|titres? de s[ée]jour|cartes? de s[ée]jour|r[ée]c[ée]piss[ée]|\bagdref\b|"
    r"num[ée]ro (?:d')?[ée]tranger|"
    r"n° (?:d')?[ée]tranger|\bofpra\b|\bcnda\b|demandeur d'asile|cartes? (?:nationale )?d'identit[ée]|\bcni\b|"
    r"passeport|demandeu(?:r|se) d'emploi|num[ée]ro unique|n° unique|badge|carnet de sant[ée]|carte (?:de )?bus|"
    r"permis de conduire|france travail|p[ôo]le emploi|\bdossiers? (?:social|m[ée]dical|familial|individuel|patient|"
    r"usager|rsa|apa|ase|aemo|dalo|ppa|ald|cmu|css|ame|de surendettement|de protection|d'aide|personnel|n° de|"
    r"de m\.|de mme|de monsieur|de madame|de la famille)|(?:son|sa|leur|mon) (?:num[ée]ro de )?dossier|"
    r"num[ée]ro (?:d')?[ée]crou|n° (?:d')?[ée]crou|[ée]crou|\bine\b|num[ée]ro fiscal|n° fiscal|num[ée]ro d'usager|"
    r"num[ée]ro de patient|\bipp\b|identifiant|num[ée]ro unique|demande de logement|matricule|\bbeneficiaire n°|"
    r"bénéficiaire n°|carte vitale|surendettement|banque de france|livret de famille)"
    r"[^.;\n]{0,40}?[ :#°(](" + _CHUNK + r"(?:[-/ ]" + _CHUNK + r"){0,5}(?-i: [A-Z](?!\w))?)"
    r"(?![\w€%]|[ ](?:€|euros|h\b|ans|jours|mois|pages|pièces|signes|personnes|familles|habitants))",
    re.IGNORECASE,
)
# « Son numéro de … », whatever the body that gave it.
_OWN = re.compile(
    r"\b(?:son|sa|leur|mon|ma|votre) (?:n°|num[ée]ro|num|identifiant|matricule|r[ée]f[ée]rence|dossier|carte|contrat|"
    r"code)\b"
    r"[^.;\n\d]{0,40}?[ :#°(]("
    + _CHUNK
    + r"(?:[-/. ]"
    + _CHUNK
    + r"){0,5}(?-i: [A-Z](?!\w))?)(?![\w€%]| ?(?:€|euros|ans|jours|pages|pièces))",
    re.IGNORECASE,
)
# A long number that is told as somebody's or as a file's, when nothing tells that it is a body's or an act's.
_NUMBERED = re.compile(
    r"(?:\bnum[ée]ro|\bn°|\bnum\b|\br[ée]f[ée]rence|\br[ée]f\b|\bidentifiant|\bmatricule|\bdossier|\br[ée]c[ée]piss[ée]|"
    r"\battestation|\bcarte|\bcertificat)[^.;\n\d]{0,40}?(?<![\w,.])(" + _CHUNK + r"(?:[-/. ]" + _CHUNK + r"){0,5}"
    r"(?-i: [A-Z](?!\w))?)(?![\w€%]| ?(?:€|euros))",
    re.IGNORECASE,
)
_NOT_SOMEBODY_S = re.compile(
    r"convention|d[ée]lib[ée]ration|march[ée]|arr[êe]t[ée]|d[ée]cret|\bloi\b|siret|siren|\brna\b|finess|facture|commande|"
    r"devis|licence|agr[ée]ment|subvention|\blot\b|s[ée]rie|isbn|issn|article|version|circulaire|\btva\b|\bape\b|\bnaf\b|"
    r"rncp|\bnor\b|\brcs\b|num[ée]ro vert|urgence|appel|t[ée]l|portable|produit|appareil|mod[èe]le|projet|association|"
    r"entreprise|soci[ée]t[ée]|v[ée]lo|machine|parcelle|cadastr|d[ée]claration|d[ée]p[ôo]t|publication|enqu[êe]te|budget|"
    r"fonds|financ|appel [àa]|politique de la ville|r[ée]gion|\bfse\b|feder|\banct\b|bailleur|assurance|police"
)
_LONG = 7  # digits
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/ ](?:19|20)?\d\d)?|\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d\d){1,2}")  # or a day
# Three digits at least: no number of somebody's is shorter.
_DIGITS = re.compile(r"\d[ .\-/]?\d[ .\-/]?\d")
_BEFORE, _AFTER = 110, 60  # signs within which its name is told, and that the longest number takes


def spans(reading: Reading) -> Iterator[Span]:
    for start, end in reading.around(_DIGITS, _BEFORE, _AFTER):
        yield from _social_security(reading, start, end)
        yield from _bank(reading, start, end)
        yield from _files(reading, start, end)


def _social_security(reading: Reading, start: int, end: int) -> Iterator[Span]:
    for found in _NIR.finditer(reading.text, start, end):
        digits = re.sub(r"[ .-]", "", found[0]).upper()
        around = reading.before(found.start()) + " " + reading.after(found.end(), 60)
        if is_nir(digits) or _NIR_SAID.search(around):
            yield Span(found.start(), found.end(), "NIR", found[0])
    for found in _NIR_TOLD.finditer(reading.text, start, end):
        yield Span(*found.span(1), "NIR", found[1])


def _bank(reading: Reading, start: int, end: int) -> Iterator[Span]:
    text = reading.text
    for found in _IBAN.finditer(text, start, end):
        # The letters of a following word may have been read as the end of the number.
        for last in _ends(found):
            if iban.is_valid(text[found.start() : last]):
                yield Span(found.start(), last, "IBAN", text[found.start() : last])
                break
        else:
            if _BANK_SAID.search(reading.before(found.start())):
                yield Span(found.start(), found.end(), "IBAN", found[0])
    for found in _RIB.finditer(text, start, end):
        if _BANK_SAID.search(reading.before(found.start())):
            yield Span(found.start(), found.end(), "IBAN", found[0])
    for found in _CARD.finditer(text, start, end):
        said = _CARD_SAID.search(reading.before(found.start(), 40))
        if said or luhn.is_valid(re.sub(r"\D", "", found[0])):
            yield Span(found.start(), found.end(), "NUM_ID", found[0])


def _files(reading: Reading, start: int, end: int) -> Iterator[Span]:
    text = reading.text
    for rule in (_CAF, _CAF_REVERSED):
        for found in rule.finditer(text, start, end):
            yield Span(*found.span(1), "CAF", found[1])
    for found in _PLATE.finditer(text, start, end):
        yield Span(found.start(), found.end(), "NUM_ID", found[0])
    for rule in (_PAPER, _OWN, _NUMBERED):
        for found in rule.finditer(text, start, end):
            number = found[1].rstrip()
            digits = sum(sign.isdigit() for sign in number)
            is_phone = digits == 10 and number[0] == "0" and rule is not _PAPER
            if rule is _NUMBERED and (digits < _LONG or _NOT_SOMEBODY_S.search(reading.before(found.start(1), 70))):
                continue
            if digits > 3 and not is_phone and not _YEAR.fullmatch(number) and not siret.is_valid(number):
                yield Span(found.start(1), found.start(1) + len(number), "NUM_ID", number)


def _ends(found: re.Match[str]) -> list[int]:
    ends = [found.end()]
    ends += [found.start() + at for at, sign in enumerate(found[0]) if sign == " " and at > 14]
    return sorted(ends, reverse=True)


def is_nir(digits: str) -> bool:
    """Fifteen signs whose last two are 97 minus the others modulo 97; Corsica counts as 19 and 18."""
    if len(digits) != 15 or not digits[13:].isdigit():
        return False
    number = digits[:13].replace("2A", "19").replace("2B", "18")
    return number.isdigit() and 97 - int(number) % 97 == int(digits[13:])
