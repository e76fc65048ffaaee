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
_CAF = re.compile(
    r"(?:\bcaf\b|allocataires?|allocations familiales|\bmsa\b)[^.;\n]{0,40}?"
    r"(?<![\d€])((?<!\d)\d{6,8}(?: ?[a-z])?)(?![\w]| ?€| ?euros)",
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
    r"passeport|"
    r"permis de conduire|france travail|p[ôo]le emploi|\bdossiers? (?:social|m[ée]dical|familial|individuel|patient|"
    r"usager|rsa|apa|ase|aemo|dalo|ppa|ald|cmu|css|ame|de surendettement|de protection|d'aide|personnel|n° de|"
    r"de m\.|de mme|de monsieur|de madame|de la famille)|(?:son|sa|leur|mon) (?:num[ée]ro de )?dossier|"
    r"num[ée]ro (?:d')?[ée]crou|n° (?:d')?[ée]crou|[ée]crou|\bine\b|num[ée]ro fiscal|n° fiscal|num[ée]ro d'usager|"
    r"num[ée]ro de patient|\bipp\b|identifiant|num[ée]ro unique|demande de logement|matricule|\bbeneficiaire n°|"
    r"bénéficiaire n°|carte vitale|surendettement|banque de france|livret de famille)"
    r"[^.;\n]{0,40}?[ :#°(](" + _CHUNK + r"(?:[-/ ]" + _CHUNK + r"){0,5}(?: [A-Z](?!\w))?)"
    r"(?![\w€%]|[ ](?:€|euros|h\b|ans|jours|mois|personnes|familles|habitants))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"\d")


def spans(reading: Reading) -> Iterator[Span]:
    text = reading.text
    if not _DIGITS.search(text):
        return
    for found in _NIR.finditer(text):
        digits = re.sub(r"[ .-]", "", found[0]).upper()
        around = reading.before(found.start()) + " " + reading.after(found.end(), 30)
        if is_nir(digits) or _NIR_SAID.search(around):
            yield Span(found.start(), found.end(), "NIR", found[0])
    for found in _NIR_TOLD.finditer(text):
        yield Span(*found.span(1), "NIR", found[1])
    for found in _IBAN.finditer(text):
        # The letters of a following word may have been read as the end of the number.
        for end in _ends(found):
            if iban.is_valid(text[found.start() : end]):
                yield Span(found.start(), end, "IBAN", text[found.start() : end])
                break
        else:
            if _BANK_SAID.search(reading.before(found.start())):
                yield Span(found.start(), found.end(), "IBAN", found[0])
    for found in _RIB.finditer(text):
        if _BANK_SAID.search(reading.before(found.start())):
            yield Span(found.start(), found.end(), "IBAN", found[0])
    for found in _CARD.finditer(text):
        said = re.search(r"carte|\bcb\b|visa|mastercard", reading.before(found.start(), 40))
        if said or luhn.is_valid(re.sub(r"\D", "", found[0])):
            yield Span(found.start(), found.end(), "NUM_ID", found[0])
    for rule in (_CAF, _CAF_REVERSED):
        for found in rule.finditer(text):
            yield Span(*found.span(1), "CAF", found[1])
    for found in _PLATE.finditer(text):
        yield Span(found.start(), found.end(), "NUM_ID", found[0])
    for found in _PAPER.finditer(text):
        number = found[1].strip()
        digits = sum(sign.isdigit() for sign in number)
        if digits < 4 or _YEAR.fullmatch(number) or siret.is_valid(number):
            continue
        yield Span(found.start(1), found.start(1) + len(found[1].rstrip()), "NUM_ID", number)


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
