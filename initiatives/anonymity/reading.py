"""A text as the rules read it: plain signs and words, each knowing where it stands in the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from initiatives.anonymity import lexicon

# Signs one reads alike. One for one, so that offsets hold.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u3000\t", " "),
        **dict.fromkeys("’‘ʼ′＇`´", "'"),
        **dict.fromkeys("‐‑‒–−﹣－", "-"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        "＠": "@",
        "．": ".",
    }
)
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# The end of a sentence, which that of « tél. » or « M. » is not.
_STOP = re.compile(
    r"(?<!\b[Tt][ée]l)(?<!\b[Aa]v)(?<!\b[Bb]d)(?<!\bM)(?<!\bMM)(?<!\bMme)(?<!\bDr)[.](?=\s)|[!?;](?=\s)|\n"
)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd)'", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A word, its place in the plain text, and what the lists say of it."""

    start: int
    end: int
    text: str
    opens: bool
    """It opens a sentence, an item or a quotation: its capital, if any, says nothing."""

    @cached_property
    def entry(self) -> lexicon.Entry:
        return lexicon.look(self.text)

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def parts(self) -> tuple[str, ...]:
        return self.entry.parts

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_caps(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper() and self.text != "À"

    @property
    def is_word(self) -> bool:
        """As it stands in the dictionary, not merely as one of its forms."""
        return self.key in lexicon.words()

    @property
    def is_mere_town(self) -> bool:
        """A town, and no name one hears often: « Fontaine » is a name first."""
        return self.entry.town and self.key not in lexicon.common_surnames()

    @property
    def is_only_a_word(self) -> bool:
        """A word, and no name one hears often: « Boulanger » is both."""
        return self.entry.common and self.key not in lexicon.common_surnames()

    @property
    def is_common(self) -> bool:
        """A word of the language, whatever its capital."""
        return self.entry.common


class Reading:
    def __init__(self, given: str) -> None:
        self.given = given
        self.at: list[int] | None = None
        text = given.translate(_ALIKE)
        if not unicodedata.is_normalized("NFC", text) or any(sign in text for sign in _HIDDEN):
            text = self._composed(text)
        self.text = text

    def _composed(self, text: str) -> str:
        """Composed accents, and no sign that hides: `at` says where each sign came from."""
        signs: list[str] = []
        self.at = []
        index = 0
        while index < len(text):
            end = index + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            if text[index] not in _HIDDEN:
                for sign in unicodedata.normalize("NFC", text[index:end]):
                    signs.append(sign)
                    self.at.append(index)
            index = end
        self.at.append(len(text))
        return "".join(signs)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A span of the plain text, in the text as it was given."""
        if self.at is None or start >= end:
            return start, end
        last = self.at[end - 1] + 1
        while last < len(self.given) and (unicodedata.combining(self.given[last]) and last < self.at[end]):
            last += 1
        return self.at[start], last

    def before(self, start: int, size: int = 60) -> str:
        """What precedes in the same sentence, lower case."""
        text = self.text[max(start - size, 0) : start]
        cut = 0
        for found in _STOP.finditer(text):
            cut = found.end()
        return text[cut:].lower()

    def after(self, end: int, size: int = 60) -> str:
        text = self.text[end : end + size]
        cut = re.search(r"[.!?;](?=\s|$)|\n", text)
        return (text[: cut.start()] if cut else text).lower()

    def around(self, pattern: re.Pattern[str], before: int, after: int) -> Iterator[tuple[int, int]]:
        """The runs of text that stand around what a pattern finds: the rest needs no reading."""
        start = end = -1
        for found in pattern.finditer(self.text):
            if end < 0 or found.start() - before > end:
                if end >= 0:
                    yield start, end
                start = max(found.start() - before, 0)
            end = min(found.end() + after, len(self.text))
        if end >= 0:
            yield start, end

    def words_from(self, start: int, count: int) -> list[Word]:
        """The words that begin here or further on."""
        first = bisect_left(self.words, start, key=lambda word: word.start)
        return self.words[first : first + count]

    @cached_property
    def words(self) -> list[Word]:
        found = []
        for match in _WORD.finditer(self.text):
            start, text = match.start(), match[0]
            elided = _ELISION.match(text)
            # « l'épicerie » is two words; « N'Diaye », « D'Angelo » are one.
            if elided and len(elided[0]) < len(text) and not (text[0].isupper() and text[len(elided[0])].isupper()):
                start, text = start + len(elided[0]), text[len(elided[0]) :]
            found.append(Word(start, match.end(), text, text[0].isupper() and self._opens(match.start())))
        return found

    def _opens(self, start: int) -> bool:
        if self.text[start - 1 : start] == "(":
            return True
        head = self.text[max(start - 4, 0) : start].rstrip(' "«“(-•*–—')
        if not head:
            return start < 4 or "\n" in self.text[max(start - 4, 0) : start]
        return head[-1] in ".!?…:\n" or "\n" in self.text[max(start - 4, 0) : start]
