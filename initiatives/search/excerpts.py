"""The words found, shown in their text: everything people wrote is escaped, and only then marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guide.stems import Token, normal, tokens

type Expressions = Collection[tuple[str, ...]]

BEFORE, LONG, NEXT = 60, 240, 160
"""In signs: how far before its first word a passage may begin, how long it is, how far an expression may reach."""
_LETTERS = {
    "a": "[aàâäáãå]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîïí]", "n": "[nñ]", "o": "(?:œ|[oôöóõ])", "u": "[uùûüú]",
    "y": "[yÿ]",
}  # fmt: skip
_WRITTEN = {"oe": "(?:œ|[oô]e)", "ae": "(?:æ|ae)"}
_SENTENCE = re.compile(r"(?<=[.!?…:\n])\s+")


def marked(text: str, expressions: Expressions) -> SafeString | str:
    """The text with these words and expressions marked, each as keys in a row; the very same text when it has none."""
    found = list(_found(text, expressions))
    return _with_marks(text, found, 0, len(text)) if found else text


def missing(texts: Sequence[str], wanted: Sequence[Expressions]) -> list[Expressions]:
    """Of several things asked, each said by any of its expressions, those these texts don't say."""
    return [asked for asked in wanted if not any(any(_found(text, asked)) for text in texts)]


def passage(texts: Sequence[str], expressions: Expressions) -> SafeString | str:
    """The passage of these texts that has the most of the words, from where a sentence begins; "" if none has any."""
    best: tuple[int, str, list[Token], int, int] | None = None
    for text in texts:
        found = list(_found(text, expressions))
        for place, token in enumerate(found):
            start = _start(text, token.start)
            shown = [other for other in found[place:] if other.end <= start + LONG]
            many = len({other.key for other in shown})
            if best is None or many > best[0]:
                best = (many, text, shown, start, _end(text, start + LONG))
    if best is None:
        return ""
    _, text, shown, start, end = best
    return format_html("{}{}", _with_marks(text, shown, start, end), " …" if end < len(text) else "")


def _found(text: str, expressions: Expressions) -> Iterator[Token]:
    """The words and expressions found, each as one token; those of several words are found in a row only."""
    end = 0
    for candidate in _beginnings(frozenset(words[0][:2] for words in expressions)).finditer(text):
        if candidate.start() < end:
            continue
        key = normal(candidate[0])
        rows = [words for words in expressions if words[0] == key]
        for words in sorted(rows, key=len, reverse=True):
            last = _in_a_row(text, candidate.end(), words[1:])
            if last:
                end = last
                yield Token(candidate.start(), last, key)
                break


@lru_cache(maxsize=256)
def _beginnings(heads: frozenset[str]) -> re.Pattern[str]:
    """Words that begin with one of these letters, whatever their accents: a text is not read word by word for three."""
    written = "|".join(_WRITTEN.get(head) or "".join(map(_letter, head)) for head in sorted(heads))
    return re.compile(rf"(?<![^\W_])(?:{written})(?:[^\W_]|[\u0300-\u036f]){{0,64}}", re.IGNORECASE)


def _letter(sign: str) -> str:
    return f"{_LETTERS.get(sign, sign)}[\u0300-\u036f]?"


def _in_a_row(text: str, start: int, keys: Sequence[str]) -> int:
    """Where the words that follow `start` end, if they are these; 0 if not."""
    following, end = tokens(text[start : start + NEXT]), start
    for key in keys:
        token = next(following, None)
        if token is None or token.key != key:
            return 0
        end = start + token.end
    return end


def _start(text: str, word: int) -> int:
    """Where the sentence of a word begins, or the word itself when it is far."""
    begins = [0, *(found.end() for found in _SENTENCE.finditer(text, 0, word))]
    return begins[-1] if word - begins[-1] <= LONG - BEFORE else word


def _end(text: str, most: int) -> int:
    """The end of a word, no further than `most`."""
    if most >= len(text):
        return len(text)
    space = text.rfind(" ", most - BEFORE, most)
    return space if space > 0 else most


def _with_marks(text: str, found: Sequence[Token], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    here = start
    for token in found:
        if token.end > end:
            break
        pieces.append((text[here : token.start], text[token.start : token.end]))
        here = token.end
    body = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", body, text[here:end])
