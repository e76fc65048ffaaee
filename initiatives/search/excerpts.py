"""The words found, shown in their text: everything people wrote is escaped, and only then marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guide.stems import Token, tokens

type Expressions = Collection[tuple[str, ...]]

BEFORE, LONG = 60, 240
"""Signs a passage may begin before the first word it shows, if a sentence begins there, and signs it has."""
_SENTENCE = re.compile(r"(?<=[.!?…:\n])\s+")


def marked(text: str, expressions: Expressions) -> SafeString | str:
    """The text with these words and expressions marked, each as keys in a row; the very same text when it has none."""
    found = list(_found(text, expressions))
    return _with_marks(text, found, 0, len(text)) if found else text


def missing(texts: Sequence[str], wanted: Sequence[Expressions]) -> list[Expressions]:
    """Of several things asked, each said by any of its expressions, those these texts don't say."""
    keys = [[token.key for token in tokens(text)] for text in texts]
    said = [f" {' '.join(words)} " for words in keys]

    def told(words: tuple[str, ...]) -> bool:
        return any(f" {' '.join(words)} " in text for text in said)

    return [expressions for expressions in wanted if not any(told(words) for words in expressions)]


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
    """The words and expressions found, each as one token; those typed as an expression are found in a row only."""
    said = list(tokens(text))
    firsts = {words[0] for words in expressions}
    longest = max(map(len, expressions), default=0)
    here = 0
    while here < len(said):
        size = 1
        if said[here].key in firsts:
            for length in range(longest, 0, -1):
                row = said[here : here + length]
                if len(row) == length and tuple(token.key for token in row) in expressions:
                    yield Token(row[0].start, row[-1].end, row[0].key)
                    size = length
                    break
        here += size


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
