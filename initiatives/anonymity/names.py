"""Names of people: after a civility, a first name beside a surname, and first names alone.

The lists have holes: what stands around (a civility, a role, a place named after someone) weighs as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from initiatives.anonymity import lexicon, roles
from initiatives.anonymity.reading import Reading, Word
from initiatives.anonymity.spans import Span

_CIVILITY = re.compile(
    r"(?<![\w-])(?:MM?\.|Mrs?\.?|Mmes?\.?|Mlles?\.?|Monsieur|Messieurs|Madame|Mesdames|Mademoiselle|Mesdemoiselles|"
    r"M(?= [A-Z][\w'-])|"
    r"(?i:madame|monsieur|mademoiselle|mme|mlle)) +"
)
_PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "da",
        "dos",
        "das",
        "do",
        "di",
        "del",
        "della",
        "la",
        "le",
        "el",
        "al",
        "ben",
        "bin",
        "ibn",
        "bint",
        "von",
        "van",
        "der",
        "den",
        "ould",
        "ait",
        "ter",
        "bel",
        "d'",
        "l'",
        "d",
    ]
)
_SOMEONE_BEFORE = re.compile(
    r"\b(?:habitante?|participante?|b[ée]n[ée]ficiaire|usag[èe]re?|r[ée]sidente?|locataire|voisine?|maman|papa|"
    r"m[èe]re|p[èe]re|allocataire|"
    r"monsieur|dame|jeune|fille|gar[çc]on|fils|s[oœ]e?ur|fr[èe]re|famille|[ée]poux|[ée]pouse|mari|femme|compagne|"
    r"compagnon|patiente?|retrait[ée]e?|"
    r"b[ée]n[ée]vole|adolescente?|enfant|b[ée]b[ée]|couple|tante|oncle|grand-m[èe]re|grand-p[èe]re|cousine?|amie?|"
    r"stagiaire|coll[èe]gue|[ée]tudiante?)"
    r"(?: [a-zà-ÿ]+){0,2}? ?[,:(]? ?$"
)
_CALLED_BEFORE = re.compile(
    r"\b(?:avec|chez|que|qu'|petite?|pr[ée]nomm[ée]e?|s'appelle|appel[ée]e?|nomm[ée]e?|fille|fils|s[oœ]e?ur|"
    r"fr[èe]re|m[èe]re|p[èe]re|"
    r"maman|papa|[ée]pouse|mari|voisine?|copine?|amie?|b[ée]b[ée]|jeune|photo de|gr[âa]ce à|pour|dit|demande|"
    r"explique|raconte|r[ée]pond|"
    r"comme|entre|et|merci à|bravo à|voir|aider|accompagner|rencontrer|appeler|tante|oncle|a[îi]n[ée]e?|cadette?|"
    r"benjamine?|jumelle|a[îi]n[ée],) ?$"
)
_STRONG_BEFORE = re.compile(
    r"\b(?:avec|chez|petite|petit|pr[ée]nomm[ée]e?|s'appelle|appel[ée]e?|nomm[ée]e?|fille|fils|s[oœ]e?ur|fr[èe]re|"
    r"maman de|m[èe]re de|"
    r"b[ée]b[ée]|jeune|photo de|gr[âa]ce à|a[îi]n[ée]e?,?|cadette?,?|depuis que|parce que|raconte|explique|demande|"
    r"dit|c'est) ?$"
)
_VERB_AFTER = re.compile(
    r"^,? (?:qui |ne |n'|se |s'|y |en |nous |lui |l'|m'|me )?(?:a|est|avait|[ée]tait|vient|venait|va|habite|vit|"
    r"dit|disait|raconte|explique|pleure|participe|aime|ose|fait|"
    r"travaille|prend|arrive|propose|anime|sait|veut|peut|parle|habitait|souhaite|demande|apporte|rit|sourit|"
    r"chante|pr[ée]pare|refuse|"
    r"accepte|rejoint|quitte|repart|revient|garde|[ée]l[èe]ve|pense|voudrait|s'appelle|tient|donne|reste|met|perd|"
    r"gagne|dort|mange|[ée]crit|lit|joue|court|attend|conna[îi]t|devient|semble|avoue|confie|t[ée]moigne|ajoute|"
    r"r[ée]pond|[ée]tait|aura|sera)\b"
)
_AGED_AFTER = re.compile(r"^,? \(?(?:\d{1,3}|[a-z-]+) ans\b|^,? (?:n[ée]e? |[âa]g[ée]e? de )")
_TITLED_GROUP = re.compile(r"«[^»\n]{1,48}»|“[^”\n]{1,48}”|\"[^\"\n]{1,48}\"")
_SPEAKS = re.compile(r"\b(?:je|j'|tu|il|elle|on|nous|vous|ils|elles|est|a|ai|m'a|suis)\b")
_FAMILY = re.compile(r"\b(?:famille|couple|[ée]poux|fr[èe]res|s[oœ]e?urs|fratrie|parents) $")
_SHORTEST = 3
_PLACED = re.compile(r"(?:\b(?:à|vers|sur|de|entre|et)|\bd') ?$")


@dataclass(frozen=True)
class Run:
    """Capitalised words that stand side by side, with the particles between them."""

    words: list[Word]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


def spans(reading: Reading) -> Iterator[Span]:
    titled = list(_titled(reading))
    yield from (span for span in titled if span.label)
    taken = bytearray(len(reading.text))
    for start, end in [*((span.start, span.end) for span in titled), *_titles(reading)]:
        taken[start:end] = b"\1" * (end - start)
    excused = False  # « Article de Cyprien Avenel et Cristelle Martin »: the second goes with the first
    last_end = -1
    made_up = bool(roles.ALL_MADE_UP.search(reading.text))
    for run in _runs(reading):
        if taken[run.start]:
            continue
        between = reading.text[last_end : run.start] if last_end >= 0 else ""
        follows = excused and bool(re.fullmatch(r" ?(?:,|et|&|, et|ainsi que) ?", between))
        full = _full_name(reading, run)
        if full:
            # Written on a school or above a law, it is no person's; said to be changed, it is nobody's.
            free = _is_free(reading, full)
            excused = free or follows or roles.named_in_office(reading, full.start, full.end, titled=False)
            last_end = full.end
            if free or (made_up and not excused):
                continue
            text = reading.text[full.start : full.end]
            yield Span(full.start, full.end, "NOM_PRO" if excused else "NOM", text)
            continue
        if made_up:
            continue
        if _is_family(reading, run):
            yield Span(run.start, run.end, "NOM", reading.text[run.start : run.end])
            continue
        alone = _first_name(reading, run)
        if alone:
            yield Span(alone.start, alone.end, "PRENOM", alone.text)


def _titles(reading: Reading) -> Iterator[tuple[int, int]]:
    """What stands between quotation marks without anybody speaking: a group, a play, a song."""
    for found in _TITLED_GROUP.finditer(reading.text):
        if not _SPEAKS.search(found[0].lower()):
            yield found.span()


def _titled(reading: Reading) -> Iterator[Span]:
    """What follows a civility; a span without label where it is free (initials): nothing more is said of it."""
    for found in _CIVILITY.finditer(reading.text):
        words = _following(reading, found.end())
        if not words:
            continue
        end = words[-1].end
        if (len(words) == 1 and words[0].is_initial) or re.match(
            r"[A-Z]\.(?! ?[A-ZÀ-Þ][\w'-])", reading.text[found.end() : found.end() + 8]
        ):
            yield Span(found.start(), end, "", "")
            continue
        said = reading.text[found.start() : end]
        office = roles.named_in_office(reading, found.start(), end, titled=True)
        if roles.is_made_up(reading, found.start(), end):
            yield Span(found.start(), end, "", "")
        else:
            yield Span(found.start(), end, "NOM_PRO" if office else "NOM", said)


def _following(reading: Reading, start: int) -> list[Word]:
    """The words of the name that begins here."""
    words: list[Word] = []
    position = start
    for word in _from(reading, start):
        gap = reading.text[position : word.start]
        if (words and not re.fullmatch(r" |\. ?|\.-| ?\(|-", gap)) or (not words and gap.strip()):
            break
        if gap.strip() == "(" or len(words) >= 5:
            break
        if (
            (word.is_capital and not (words and word.is_common and not word.is_caps and word.key in _ROLE_WORDS))
            or (words and word.key in _PARTICLES)
            or (not words and _is_name_in_lower_case(word))
            or (not words and word.key in _PARTICLES)
            or (
                words and all(not each.is_capital for each in words) and _is_name_in_lower_case(word) and len(words) < 3
            )
        ):
            words.append(word)
        else:
            break
        position = word.end
    while words and words[-1].key in _PARTICLES and not words[-1].is_capital:
        words.pop()
    if (words and words[0].key in _ROLE_WORDS) or (words and all(word.key in _PARTICLES for word in words)):
        return []
    # « Madame la Présidente », « Monsieur le Maire ».
    if words and words[0].key in {"le", "la", "l"} and not words[0].is_capital:
        return []
    return words


def _from(reading: Reading, start: int) -> Iterator[Word]:
    low, high = 0, len(reading.words)
    while low < high:
        middle = (low + high) // 2
        if reading.words[middle].start < start:
            low = middle + 1
        else:
            high = middle
    yield from reading.words[low : low + 8]


_ROLE_WORDS = frozenset(
    """maire president presidente directeur directrice ministre prefet prefete depute deputee senateur senatrice juge
    professeur docteur conseiller conseillere adjoint adjointe tout bonjour cher chers chere chacun""".split()  # noqa: SIM905
)


def _is_name_in_lower_case(word: Word) -> bool:
    if word.is_common or len(word.key) < 3:
        return False
    return all(part in lexicon.surnames() or part in lexicon.first_names() for part in word.parts)


def _runs(reading: Reading) -> Iterator[Run]:
    words: list[Word] = []
    pending: list[Word] = []
    for word in reading.words:
        last = (pending or words)[-1] if words else None
        joined = (
            last is not None
            and reading.text[last.end : word.start] in (" ", "  ", ". ")
            and (reading.text[last.end : word.start] != ". " or last.is_initial)
        )
        if not joined:
            if words:
                yield Run(words)
            words, pending = [], []
        if word.is_capital and word.opens and not words and word.is_common and not word.is_caps and not _is_first(word):
            continue  # « Avec Samira »: the capital is the sentence's
        if word.is_capital:
            words += [*pending, word]
            pending = []
        elif words and word.key in _PARTICLES and len(pending) < 2:
            pending.append(word)
        elif words:
            yield Run(words)
            words, pending = [], []
    if words:
        yield Run(words)


def _is_first(word: Word) -> bool:
    """A first name, double ones included: « Jean-Baptiste », « Marie-Ange »."""
    known = lexicon.first_names()
    parts = word.parts
    return bool(parts) and (word.key in known or (len(parts) > 1 and all(part in known for part in parts)))


def _is_unsure(word: Word) -> bool:
    return word.key in lexicon.AMBIGUOUS or word.is_common or (word.opens and not _is_very_common(word))


def _is_very_common(word: Word) -> bool:
    return all(part in lexicon.common_first_names() for part in word.parts)


def _is_surname(word: Word) -> bool:
    known = lexicon.surnames()
    return word.key in known or _is_first(word) or word.key in lexicon.common_first_names()


def _full_name(reading: Reading, run: Run) -> Run | None:
    """A first name and a surname, in either order, with what stands between."""
    words = run.words
    solid = [word for word in words if word.is_capital and not word.is_initial]
    if len(solid) < 2:
        # « F. Benali », « Benali F. »
        if len(words) == 2 and solid and not solid[0].is_common and words[0].is_initial:
            known = solid[0].key in lexicon.surnames() or _is_first(solid[0])
            return run if known and not words[0].opens else None
        return None
    for position, word in enumerate(words):
        after = words[position + 1 :]
        if word.is_capital and _is_first(word) and after and _may_follow(word, after, reading):
            end = _end_of_surname(after)
            return Run([word, *after[:end]])
    first, second = solid[0], solid[1]
    if first.is_caps and second.is_caps and len(solid) > 2:
        first, second = first, solid[2]  # « DA COSTA Maria »
    if _is_first(second) and not _is_unsure(second) and not first.is_common and _surname_leads(first, reading):
        return Run(words[words.index(first) : words.index(second) + 1])
    # Nobody the lists know: a role says that it is someone.
    unknown = not any(word.is_common or word.is_caps or word.key in lexicon.large_communes() for word in solid)
    return run if unknown and _SOMEONE_BEFORE.search(reading.before(run.start, 40)) else None


def _surname_leads(word: Word, reading: Reading) -> bool:
    """« DELATTRE Sylvie », « Benali Fatima »."""
    if word.is_caps:
        return len(word.text) > 2 and word.key not in lexicon.words() and (len(word.text) > 4 or _is_surname(word))
    return word.key in lexicon.surnames() and not roles.is_a_place(reading, word.start)


def _may_follow(first: Word, after: list[Word], reading: Reading) -> bool:
    """What follows a first name is its surname, or another first name."""
    found = [word for word in after if word.is_capital and not word.is_initial]
    if not found or re.fullmatch("[IVXLCDM]+", found[0].text):
        return False
    surname = next((word for word in found[:2] if not word.is_common), found[0])
    if surname.is_common and not surname.is_caps and surname.key not in lexicon.surnames():
        return False
    linked = after[0] is not surname
    if linked and surname.key in lexicon.large_communes() and after[0].key in {"de", "du", "des"}:
        return False
    if first.key in lexicon.AMBIGUOUS:
        return not surname.is_common and surname.key not in lexicon.large_communes()
    if first.is_common or first.is_caps:
        return _is_surname(surname) and not surname.is_common
    return True


def _end_of_surname(after: list[Word]) -> int:
    """How many of these words are of the surname: two at most beyond particles, never a word of the language."""
    taken = solid = 0
    for word in after:
        if word.is_capital and (solid >= 3 or (solid and word.is_common and not word.is_caps)):
            break
        solid += word.is_capital
        taken += 1
    while taken and not after[taken - 1].is_capital:
        taken -= 1
    return taken


def _is_free(reading: Reading, run: Run) -> bool:
    key = " ".join(word.key for word in run.words)
    return key in roles.FIGURES or roles.is_a_place(reading, run.start) or roles.is_made_up(reading, run.start, run.end)


def _is_family(reading: Reading, run: Run) -> bool:
    """« La famille Kowalczyk »."""
    word = run.words[0]
    known = word.key in lexicon.surnames() or _is_first(word)
    is_body = any(each.is_common for each in run.words) or (word.key in lexicon.large_communes() and not known)
    return len(run.words) < 3 and not is_body and bool(_FAMILY.search(reading.before(word.start, 20)))


def _first_name(reading: Reading, run: Run) -> Word | None:
    """A first name alone. Beside another capital it is a place, a body or a brand."""
    solid = [word for word in run.words if not word.is_initial]
    # « SOLiHA », « Saint-Malo »
    if solid and (re.search("[a-zà-ÿ][A-ZÀ-Þ]", solid[0].text) or solid[0].parts[:1] in (["saint"], ["sainte"])):
        return None
    if len(solid) != 1 or not _is_first(solid[0]) or len(solid[0].key) < _SHORTEST or solid[0].is_caps:
        return None
    word = solid[0]
    before, after = reading.before(word.start, 40), reading.after(word.end, 30)
    if roles.is_a_place(reading, word.start) or roles.is_made_up(reading, word.start, word.end):
        return None
    if len(word.parts) > 1 and not all(part in lexicon.common_first_names() for part in word.parts):
        return None
    is_place = word.key in lexicon.large_communes() or word.key in lexicon.small_communes()
    if is_place and _PLACED.search(before):
        return None
    if re.match("[-/_@]", reading.text[word.end : word.end + 1]) or (
        word.start and reading.text[word.start - 1] in "-/_@."
    ):
        return None
    someone = bool(
        _AGED_AFTER.match(after)
        or (_VERB_AFTER.match(after) and not re.search(r"\b(?:la|le|les|l'|une?|cette|ce|sa|son) ?$", before))
    )
    if word.is_common:
        return word if _STRONG_BEFORE.search(before) and someone else None
    if word.key in lexicon.AMBIGUOUS:
        return word if someone or _STRONG_BEFORE.search(before) else None
    if re.search(r"\b(?:la|le|les|l'|cette|ce|nos|vos|aux|au|du|des|sainte?s?) ?$", before) and not re.search(
        r"\b(?:petite?|jeune) ?$", before
    ):
        return None
    if _is_very_common(word):
        return word
    # A rare first name: something must say that it is one.
    return word if someone or _CALLED_BEFORE.search(before) or _SOMEONE_BEFORE.search(before) else None
