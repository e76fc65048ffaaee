"""Names of people: a first name beside a surname, a family's name, and first names alone.

The lists have holes, and half the first names are words too: what stands around weighs as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from initiatives.anonymity import lexicon, roles, titled
from initiatives.anonymity.reading import Reading, Word
from initiatives.anonymity.spans import Span
from initiatives.anonymity.titled import PARTICLES

_PERSON = (
    r"habitante?|participante?|b[ée]n[ée]ficiaire|usag[èe]re?|r[ée]sidente?|locataire|voisine?|maman|papa|mamie|papi|"
    r"m[èe]re|p[èe]re|allocataire|dame|jeune|fille|gar[çc]on|fils|s[oœ](?:e)?ur|fr[èe]re|[ée]poux|[ée]pouse|mari|"
    r"femme|compagne|compagnon|conjointe?|ex-mari|patiente?|retrait[ée]e?|b[ée]n[ée]vole|adolescente?|enfant|"
    r"b[ée]b[ée]|couple|tante|oncle|grand-m[èe]re|grand-p[èe]re|cousine?|neveu|ni[èe]ce|ami[e]?|copine?|copain|"
    r"stagiaire|coll[èe]gue|[ée]tudiante?|gendre|belle-m[èe]re|beau-p[èe]re|homme|monsieur|filleule?|jumelle|jumeau"
)
_SOMEONE_BEFORE = re.compile(rf"\b(?:{_PERSON})s?(?: [a-zà-ÿ]+){{0,2}}? ?[,:(]? ?$")
_CALLED_BEFORE = re.compile(
    rf"\b(?:avec|chez|que|qu'|petite?|pr[ée]nomm[ée]e?|s'appelle|appel[ée]e?|nomm[ée]e?|(?:{_PERSON}),?|photo de|"
    r"gr[âa]ce à|dit|demande|explique|raconte|r[ée]pond|comme|entre|et|merci à|bravo à|voir|aider|accompagner|"
    r"rencontrer|appeler|a[îi]n[ée]e?,?|cadette?,?|benjamine?,?) ?(?:d'|de )?$"
)
_STRONG_BEFORE = re.compile(
    r"\b(?:avec|chez|petite|petit|pr[ée]nomm[ée]e?|s'appelle|appel[ée]e?|nomm[ée]e?|(?:fille|fils|s[oœ]e?ur|fr[èe]re|"
    r"maman|papa|m[èe]re|p[èe]re|mari|femme|conjointe?|compagne|compagnon|copine?|voisine?|amie?|b[ée]b[ée])"
    r"(?: d'| de |,)?|jeune|photo de|gr[âa]ce à|a[îi]n[ée]e?,?|cadette?,?|depuis que|parce que|lorsque|quand|"
    r"raconte|explique|demande|dit|confie|c'est|mamie|papi|tata|tonton) ?$"
)
_VERB_AFTER = re.compile(
    r"^,? (?:qui |ne |n'|se |s'|y |en |nous |lui |leur |l'|m'|me |la |les |le )*"
    r"(?:ai|as?|est|ont|sont|[a-zà-ÿ]+(?:ait|aient|era|eront|ut|int)|vient|va|vit|dit|raconte|explique|pleure|"
    r"participe|aime|ose|fait|prend|arrive|propose|anime|sait|veut|peut|parle|souhaite|demande|apporte|rit|sourit|"
    r"chante|pr[ée]pare|refuse|accepte|rejoint|quitte|repart|revient|garde|[ée]l[èe]ve|pense|appelle|tient|donne|"
    r"reste|met|perd|gagne|dort|mange|[ée]crit|lit|joue|court|attend|conna[îi]t|devient|semble|avoue|confie|habite|"
    r"t[ée]moigne|ajoute|r[ée]pond|travaille|sort|part|craint|cherche|trouve|montre|cuisine|coud|dessine|danse|"
    r"tricote|jardine|traduit|conduit|tombe|reprend|retrouve|rencontre|h[ée]berge|occupe)\b"
    r"(?! (?:la couleur|le mois|le nom|un mot|une fleur|un proverbe|une ville))"
    r"|^ et (?:ses|son|sa|moi|lui|elle|leurs?)\b|^ ?: ?«"
)
_AGED_AFTER = re.compile(r"^,? ?\(?(?:\d{1,3}|[a-z-]+) (?:ans|mois)\b|^,? (?:n[ée]e? |[âa]g[ée]e? de )")
# « Rose des vents », « Manuel de formation ».
_NOUN_AFTER = re.compile(r"^ (?:des?|du|d'|à|en|au|pour|sur|[a-zé]+e) ?")
_ARTICLE = re.compile(r"\b(?:la|le|les|l'|cette|ces?|nos|vos|mes|aux|au|du|des|sainte?s?|une?|\d+) ?$")
_FAMILIAR = re.compile(r"\b(?:petite?|jeune) ?$")
_TITLED_GROUP = re.compile(r"«[^»\n]{1,48}»|“[^”\n]{1,48}”|\"[^\"\n]{1,48}\"")
_SPEAKS = re.compile(
    r"\b(?:je|j'|tu|il|elle|on|nous|vous|ils|elles|est|a|ai|m'a|suis|moi|mamie|papi|tonton|tata)\b|[,.!?] ?»"
)
_FAMILY = re.compile(
    r"\b(?:famille|chez les|couple|[ée]poux|fr[èe]res|s[oœ]e?urs|fratrie|parents|m[ée]nage|veuve|fils|enfants|dossier|"
    r"situation|affaire|cas) $"
)
_SHORTEST = 3  # letters
_LONGEST_RUN = 12  # words: beyond, it is a heading, and no name
_PLACED = re.compile(r"(?:\b(?:à|vers|sur|de|entre|et|en|,)|\bd') ?$")
_AT = re.compile(r"\b(?:à|vers|sur|en|près de|gare de|ville de|commune de) $")
_JOINED = re.compile(r" {1,2}|\. | ?[dlDL]'| [dD]'")
_AND = re.compile(r" ?(?:,|et|&|/|, et|ainsi que|ou) ?")


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
    behind_civility = list(titled.spans(reading))
    yield from (span for span in behind_civility if span.label)
    taken = bytearray(len(reading.text))
    for start, end in [*((span.start, span.end) for span in behind_civility), *_titles(reading)]:
        taken[start:end] = b"\1" * (end - start)
    excused = False  # « Article de Cyprien Avenel et Cristelle Martin »: the second goes with the first
    last_end = -1
    first_names_are_changed, names_are_changed = roles.said_changed(reading)
    for run in _runs(reading):
        if taken[run.start]:
            continue
        follows = excused and last_end >= 0 and bool(_AND.fullmatch(reading.text[last_end : run.start]))
        full = _full_name(reading, run)
        if full:
            # Written on a school or above a law, it is no person's; said to be changed, it is nobody's.
            free = _is_free(reading, full)
            excused = free or follows or roles.named_in_office(reading, full.start, full.end, titled=False)
            last_end = full.end
            if not free and not (names_are_changed and not excused):
                label = "NOM_PRO" if excused else "NOM"
                yield Span(full.start, full.end, label, reading.text[full.start : full.end])
        elif _is_family(reading, run) and not names_are_changed:
            yield Span(run.start, run.end, "NOM", reading.text[run.start : run.end])
        elif not first_names_are_changed and not follows:
            alone = _first_name(reading, run)
            if alone:
                yield Span(alone.start, alone.end, "PRENOM", alone.text)
    if not first_names_are_changed:
        yield from _in_lower_case(reading, taken)


def _titles(reading: Reading) -> Iterator[tuple[int, int]]:
    """What stands between quotation marks without anybody speaking: a group, a play, a song."""
    for found in _TITLED_GROUP.finditer(reading.text):
        if not _SPEAKS.search(found[0].lower()):
            yield found.span()


def _runs(reading: Reading) -> Iterator[Run]:
    words: list[Word] = []
    pending: list[Word] = []
    for word in reading.words:
        if not words and not word.is_capital:
            continue
        if words:
            last = (pending or words)[-1]
            gap = reading.text[last.end : word.start]
            if len(words) == _LONGEST_RUN or not _JOINED.fullmatch(gap) or (gap == ". " and not last.is_initial):
                yield Run(words)
                words, pending = [], []
        if word.is_capital and not words and _only_opens(word):
            continue
        if word.is_capital:
            words += [*pending, word]
            pending = []
        elif words and word.key in PARTICLES and len(pending) < 2:
            pending.append(word)
        elif words:
            yield Run(words)
            words, pending = [], []
    if words:
        yield Run(words)


def _only_opens(word: Word) -> bool:
    """« Avec Samira »: the capital is the sentence's."""
    entry = word.entry
    return word.opens and not word.is_caps and not entry.first and not word.is_initial and (
        entry.common or not entry.surname
    )  # fmt: skip


def _sure_of_first(word: Word) -> int:
    """How sure one is that this is a first name, from 0 to 3."""
    entry = word.entry
    if word.is_initial or not entry.first:
        return 0
    if entry.first == 2:
        return 2 if entry.risky else 3
    return 0 if entry.common else 2


def _is_sure_first(word: Word) -> bool:
    return _sure_of_first(word) > 1 and not word.is_caps and word.key not in lexicon.PLACES


def _sure_of_surname(word: Word) -> int:
    """How sure one is that this is a surname beside a first name, from -2 to 2."""
    entry = word.entry
    if re.fullmatch("[IVXLCDM]+", word.text):
        return -2
    if word.is_caps:
        return 2 if entry.surname or len(word.text) > 4 else 0
    if entry.common:
        return 1 if entry.surname else -2
    if entry.surname:
        return 2
    return 0 if entry.town else 1


def _full_name(reading: Reading, run: Run) -> Run | None:
    """A first name and a surname, in either order, with what stands between."""
    words = run.words
    solid = [word for word in words if word.is_capital and not word.is_initial]
    if len(solid) < 2:
        # « F. Benali », « Benali F. »
        if len(words) == 2 and solid and not solid[0].is_common and words[0].is_initial:
            return run if solid[0].entry.surname else None
        return None
    for position, word in enumerate(words):
        after = words[position + 1 :]
        if after and word.is_capital and _may_follow(word, after):
            return Run([word, *after[: _end_of_surname(after)]])
    # « DELATTRE Sylvie », « DA COSTA Maria », « Benali Fatima »
    first = next((word for word in solid[1:] if _is_sure_first(word)), None)
    if first and _surname_leads(solid[0], reading):
        return Run(words[words.index(solid[0]) : words.index(first) + 1])
    # Nobody the lists know: a role says that it is someone.
    unknown = not any(word.is_common or word.is_caps or word.entry.town for word in solid)
    return run if unknown and _SOMEONE_BEFORE.search(reading.before(run.start, 40)) else None


def _surname_leads(word: Word, reading: Reading) -> bool:
    if word.is_caps:
        particle = word.key in PARTICLES
        return particle or (len(word.text) > 2 and (word.entry.surname or (len(word.text) > 4 and not word.is_common)))
    return (
        word.entry.surname and not word.is_common and not word.entry.town and not roles.is_a_place(reading, word.start)
    )


def _may_follow(first: Word, after: list[Word]) -> bool:
    """What follows a first name is its surname, or another first name."""
    found = [word for word in after if word.is_capital and not word.is_initial]
    sure = _sure_of_first(first)
    if not found or not sure or (first.is_caps and not found[0].is_caps):
        return False
    surname = max(found[:2], key=_sure_of_surname)
    if surname is not after[0] and surname.entry.town and after[0].key in {"de", "du", "des"}:
        return False  # « Marie de Lens » lives there
    return sure + _sure_of_surname(surname) >= 3 and (sure > 2 or not surname.is_mere_town)


def _end_of_surname(after: list[Word]) -> int:
    """How many of these words are of the surname: three at most beyond particles, no mere word of the language."""
    taken = solid = 0
    for word in after:
        if word.is_capital and (solid >= 3 or (solid and word.is_common and not word.entry.surname)):
            break
        solid += word.is_capital
        taken += 1
    while taken and not after[taken - 1].is_capital:
        taken -= 1
    return taken


def _is_free(reading: Reading, run: Run) -> bool:
    key = " ".join(word.key for word in run.words)
    return (
        roles.is_a_figure(key) or roles.is_a_place(reading, run.start) or roles.is_made_up(reading, run.start, run.end)
    )


def _is_family(reading: Reading, run: Run) -> bool:
    """« La famille Kowalczyk », « le dossier Benhamou »."""
    if len(run.words) > 2 or any(word.is_common for word in run.words):
        return False
    word = run.words[0]
    found = _FAMILY.search(reading.before(word.start, 20))
    if not found or (word.is_caps and len(word.text) < 5):
        return False
    known = word.entry.surname and not word.entry.town
    is_one = found[0].startswith(("famille", "chez les", "époux", "couple", "veuve", "dossier", "situation", "ménage"))
    return known or (is_one and len(word.text) > 3 and not word.entry.town)


def _first_name(reading: Reading, run: Run) -> Word | None:
    """A first name alone. Beside another capital it is a place, a body or a brand."""
    solid = [word for word in run.words if not word.is_initial]
    if len(solid) == 2 and solid[0].key in {"mamie", "papi", "papy", "tata", "tonton", "mami"}:
        solid = solid[1:]
    if len(solid) != 1 or run.words[0].is_initial:
        return None
    word = solid[0]
    entry = word.entry
    if not entry.first or len(entry.key) < _SHORTEST or word.is_caps or re.search("[a-zà-ÿ][A-ZÀ-Þ]", word.text):
        return None
    if len(entry.parts) > 1 and entry.first < 2:
        return None
    glued = reading.text[max(word.start - 1, 0) : word.start] + reading.text[word.end : word.end + 1]
    if any(sign in "-/_@" for sign in glued) or reading.text[max(word.start - 1, 0) : word.start] == ".":
        return None
    before, after = reading.before(word.start, 40), reading.after(word.end, 40)
    if roles.is_a_place(reading, word.start) or roles.is_made_up(reading, word.start, word.end):
        return None
    if (
        word.key in roles.LONE_FIGURES
        or word.key in lexicon.NEVER_ALONE
        or (_ARTICLE.search(before) and not _FAMILIAR.search(before))
    ):
        return None
    strong = bool(_STRONG_BEFORE.search(before))
    if not strong and (
        ((entry.town or entry.key in lexicon.PLACES) and _AT.search(before))
        or ((entry.key in lexicon.PLACES or (entry.town and entry.first == 1)) and _PLACED.search(before))
    ):
        return None
    someone = strong or bool(_AGED_AFTER.match(after) or _VERB_AFTER.match(after))
    if entry.first == 1:
        # A rare first name: something must say that it is one; and more, if it is a word.
        if entry.common or entry.town:
            return word if strong and (_VERB_AFTER.match(after) or _AGED_AFTER.match(after)) else None
        return word if someone or _CALLED_BEFORE.search(before) or _SOMEONE_BEFORE.search(before) else None
    if entry.risky and word.opens and not someone and _NOUN_AFTER.match(after):
        return None
    if entry.risky or (entry.town and word.opens):
        doubtful = word.opens or entry.key in lexicon.PLACES or not before.strip()
        return word if someone or not doubtful else None
    return word


def _in_lower_case(reading: Reading, taken: bytearray) -> Iterator[Span]:
    """« fatoumata diallo », as one types in haste."""
    for word, after in zip(reading.words, reading.words[1:], strict=False):
        if word.is_capital or after.is_capital or len(word.text) <= _SHORTEST or taken[word.start]:
            continue
        if _sure_of_first(word) < 3 or word.is_common or word.entry.town or roles.is_a_place(reading, word.start):
            continue
        beside = reading.text[word.end : after.start] == " " and len(after.text) >= _SHORTEST
        if beside and after.entry.surname and not after.is_mere_town and not after.is_only_a_word:
            yield Span(word.start, after.end, "NOM", reading.text[word.start : after.end])
        elif _STRONG_BEFORE.search(reading.before(word.start, 40)):
            yield Span(word.start, word.end, "PRENOM", word.text)
