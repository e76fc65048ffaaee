"""Names behind a civility: « Mme Fatima Benali », « madame petit », « M. et Mme Le Goff »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initiatives.anonymity import lexicon, roles
from initiatives.anonymity.reading import Reading, Word
from initiatives.anonymity.spans import Span

_TITLE = (
    r"(?:MM?\.|Mrs?\.?|Mmes?\.?|Mlles?\.?|Ms|Me|Dr\.?|"
    r"(?i:monsieur|madame|mademoiselle|mme|mlle|messieurs|mesdames|docteur))"
)
_CIVILITY = re.compile(
    rf"(?<![\w-])(?:{_TITLE}(?: et |/){_TITLE}|{_TITLE}|M(?= [A-Z][\w'-]))(?: +(?i:veuve|vve))? +(?!et )"
)
PARTICLES = frozenset(
    """de du des da dos das do di del della la le el al ben bin ibn bint von van der den ould oulad ait ter bel d
    l abou abu bou aboul abd""".split()  # noqa: SIM905
)
_LONGEST = 5  # words of a name
_INITIAL = re.compile(r"[A-Z]\.(?:-?[A-Z]\.)*(?! ?[A-ZÀ-Þ][\w'-])")
# What may follow a civility without being a name.
_ROLE_WORDS = frozenset(
    """maire president presidente directeur directrice ministre prefet prefete depute deputee senateur senatrice juge
    professeur docteur conseiller conseillere adjoint adjointe tout bonjour cher chers chere chacun qui que pour
    commissaire procureur recteur inspecteur inspectrice secretaire proviseur principal propre loyal muscle
    hiver carnaval soleil patate loup""".split()  # noqa: SIM905
)


def spans(reading: Reading) -> Iterator[Span]:
    """One a civility; without label where the name is nobody's, or initials: nothing more is to be said of it."""
    for found in _CIVILITY.finditer(reading.text):
        words = following(reading, found.end())
        if not words:
            continue
        end = words[-1].end
        if (
            (len(words) == 1 and words[0].is_initial)
            or _INITIAL.match(reading.text, found.end(), found.end() + 16)
            or roles.is_made_up(reading, found.start(), end)
        ):
            label = ""
        else:
            office = roles.named_in_office(reading, found.start(), end, titled=True) or found[0][:2] in ("Dr", "Me")
            label = "NOM_PRO" if office else "NOM"
        yield Span(found.start(), end, label, reading.text[found.start() : end])


def following(reading: Reading, start: int) -> list[Word]:
    """The words of the name that begins here."""
    words: list[Word] = []
    position = start
    for word in reading.words_from(start, _LONGEST + 3):
        gap = reading.text[position : word.start]
        joined = re.fullmatch(r" ?[dlDL]'| |\. ?|\.-|-", gap) if words else not gap.strip() or gap in ("d'", "D'")
        if not joined or len(words) == _LONGEST or not _goes_on(words, word):
            break
        words.append(word)
        position = word.end
    while words and words[-1].key in PARTICLES and not words[-1].is_capital:
        words.pop()
    # « Madame la Présidente », « Monsieur le maire »; not « madame le guen ».
    is_article = bool(words) and words[0].key in {"le", "la", "l"} and not words[0].is_capital
    is_article = is_article and (words[-1].is_capital or words[-1].is_common or not words[-1].entry.surname)
    if is_article or all(word.key in PARTICLES for word in words) or words[0].key in _ROLE_WORDS:
        return []
    return words


def _goes_on(words: list[Word], word: Word) -> bool:
    if word.is_capital:
        return not words or word.is_caps or not word.is_common or word.key not in _ROLE_WORDS
    if word.key in PARTICLES:
        return True
    told = [each for each in words if each.key not in PARTICLES]
    return len(told) < 2 and not any(each.is_capital for each in told) and _is_name_in_lower_case(word, bool(told))


def _is_name_in_lower_case(word: Word, follows: bool) -> bool:
    key = word.key
    if len(key) < 3 or key in _ROLE_WORDS:
        return False
    if word.is_common:
        return not follows and key in lexicon.common_surnames()
    return word.entry.surname
