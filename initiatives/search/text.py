"""Reading what someone typed: words, "phrases" and -exclusions, with their inflections and synonyms.

User text reaches PostgreSQL as bound parameters of `websearch_to_tsquery` and `phraseto_tsquery` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from accounts.territories import key_of

MAX_SIGNS, MAX_TERMS, MAX_QUERY = 200, 20, 12_000
CONFIG = "fr"
# PostgreSQL's french.stop, without accents (it knows « même », not « meme »), and « les », which it forgets.
STOP = frozenset(
    """les au aux avec ce ces dans de des du elle en et eux il je la le leur lui ma mais me meme mes moi mon ne nos
    notre nous on ou par pas pour qu que qui sa se ses son sur ta te tes toi ton tu un une vos votre vous c d j l a m n
    s t y ete etee etees etes etant etante etants etantes suis es est sommes sont serai seras sera serons serez seront
    serais serait serions seriez seraient etais etait etions etiez etaient fus fut fumes futes furent sois soit soyons
    soyez soient fusse fusses fussions fussiez fussent ayant ayante ayantes ayants eu eue eues eus ai as avons avez ont
    aurai auras aura aurons aurez auront aurais aurait aurions auriez auraient avais avait avions aviez avaient eut
    eumes eutes eurent aie aies ait ayons ayez aient eusse eusses eussions eussiez eussent""".split()  # noqa: SIM905
)
_TOKEN = re.compile(r'(?:(?<!\S)([-−–]))?(?:"([^"]*)"|(\w+))')


def plain(text: str) -> str:
    """Words and spaces only: « socio-culturel » and « CCAS/CIAS » are the same words in the index and in a query."""
    return re.sub(r"[\W_]+", " ", text).strip()


def legible(text: str) -> str:
    """Text without the signs nobody types and XML refuses: controls, lone surrogates, noncharacters."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text)


def forms(word: str) -> list[str]:
    """A word and the inflections French stemming misses: emplois/emploi, travaux/travail, partagée/partagé."""
    word = word.lower()
    found = [word]
    if word.endswith(("s", "x")):
        found.append(word[:-1])
    else:
        found.append(f"{word}s")
        if word.endswith("u"):
            found.append(f"{word}x")
    if word.endswith("aux"):
        found += [f"{word[:-3]}al", f"{word[:-3]}ail"]
    elif word.endswith(("ail", "al")):
        found.append(re.sub(r"ai?l$", "aux", word))
    participle = re.fullmatch(r"(\w{3,}?)(é|e)(e?)s?", word)
    if participle:
        found.append(participle[1] + ("é" if participle[3] else "ée"))
    return list(dict.fromkeys(found))


def fold(word: str) -> str:
    """The key two inflections of a synonym share."""
    key = key_of(word).replace(" ", "")
    return re.sub(r"[sx]$", "", key) if len(key) > 3 else key


def is_stop(word: str) -> bool:
    return key_of(word) in STOP


@dataclass(frozen=True)
class Clause:
    """One thing asked for: any of its alternatives, each a list of words that must all be there; or a phrase."""

    alternatives: tuple[tuple[str, ...], ...] = ()
    phrase: str = ""
    excluded: bool = False
    typed: str = ""
    """The word as typed, where it may be a typo."""

    def query(self) -> SearchQuery | CombinedSearchQuery:
        if self.phrase:
            asked = SearchQuery(self.phrase, config=CONFIG, search_type="phrase")
        else:
            # Each word stands between quotes: « or » is a metal in French, not an operator.
            said = " or ".join(" ".join(f'"{word}"' for word in words) for words in self.alternatives)
            asked = SearchQuery(said, config=CONFIG, search_type="websearch")
        return ~asked if self.excluded else asked


@dataclass(frozen=True)
class Reading:
    """What was understood of a text, and what was left aside."""

    clauses: tuple[Clause, ...]
    too_common: tuple[str, ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def query(self) -> SearchQuery | CombinedSearchQuery | None:
        return reduce(and_, (clause.query() for clause in self.clauses)) if self.clauses else None

    def mark(self) -> SearchQuery | CombinedSearchQuery | None:
        """The same without exclusions: what an excerpt should show."""
        wanted = [clause.query() for clause in self.clauses if not clause.excluded]
        return reduce(and_, wanted) if wanted else None


def read(text: str, synonyms: Iterable[Sequence[str]] = ()) -> Reading:
    """Understand a text. Never raises; what is too long is cut, and `cut` says so."""
    text = legible(text[:MAX_QUERY]).strip()
    cut = len(text) > MAX_SIGNS
    text = re.sub(r"[«»“”„]", '"', text[:MAX_SIGNS])
    text = re.sub(r"['’ʼ]", " ", text)
    # A hyphen inside a word is a space; one before a word, after a space, excludes it.
    text = re.sub(r"(?<=[^\s\"])[-‐‑−–_](?=\w)", " ", text).replace("_", " ")
    tokens = list(_TOKEN.finditer(text))
    cut = cut or len(tokens) > MAX_TERMS
    clauses: list[Clause] = []
    common: list[str] = []
    run: list[str] = []
    known = _Synonyms(synonyms)
    for token in tokens[:MAX_TERMS]:
        excluded, phrase, word = bool(token[1]), token[2], token[3]
        if word is not None and is_stop(word):
            if len(word) > 1:
                common.append(word)
            continue
        if word is not None and not excluded:
            run.append(word)
            continue
        clauses += known.clauses(run)
        run = []
        if word is not None:
            clauses.append(Clause(((word,), *((form,) for form in forms(word)[1:])), excluded=True))
        elif any(not is_stop(part) for part in plain(phrase).split()):
            clauses.append(Clause(phrase=plain(phrase), excluded=excluded))
    clauses += known.clauses(run)
    return Reading(tuple(clauses), tuple(common), cut)


class _Synonyms:
    """The groups of expressions, ready to be recognised in a run of words."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.alternatives: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        for group in groups:
            said = [tuple(word for word in plain(words).split() if not is_stop(word)) for words in group]
            said = [words for words in said if words]
            forms_of_all: list[tuple[str, ...]] = []
            for words in said:
                forms_of_all += [(form,) for form in forms(words[0])] if len(words) == 1 else [words]
            for words in said:
                self.alternatives.setdefault(tuple(fold(word) for word in words), tuple(dict.fromkeys(forms_of_all)))
        self.longest = max(map(len, self.alternatives), default=0)

    def clauses(self, words: Sequence[str]) -> list[Clause]:
        """The longest expressions first, then the words that stand alone."""
        found: list[Clause] = []
        keys = [fold(word) for word in words]
        here = 0
        while here < len(words):
            for length in range(min(self.longest, len(words) - here), 0, -1):
                group = self.alternatives.get(tuple(keys[here : here + length]))
                if group:
                    found.append(Clause(group))
                    here += length
                    break
            else:
                word = words[here]
                found.append(Clause(tuple((form,) for form in forms(word)), typed=word))
                here += 1
        return found
