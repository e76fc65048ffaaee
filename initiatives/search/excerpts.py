"""The words found, shown in their text: everything people wrote is escaped, and only then marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guide.stems import Token, tokens

BEFORE, LONG = 6, 34
"""Words kept before the first word shown, and words in a passage."""


def marked(text: str, keys: Collection[str]) -> SafeString | str:
    """The text with the words of these normal forms marked; the very same text when it has none."""
    found = [token for token in tokens(text) if token.key in keys]
    return _with_marks(text, found, 0, len(text)) if found else text


def excerpt(texts: Sequence[str], keys: Collection[str]) -> SafeString | str:
    """The passage of these texts that has the most of the words; "" when none has any."""
    best: tuple[int, str, list[Token], int, int] | None = None
    for text in texts:
        said = list(tokens(text))
        places = [place for place, token in enumerate(said) if token.key in keys]
        for place in places:
            window = said[place : place + LONG - BEFORE]
            many = len(Counter(token.key for token in window if token.key in keys))
            if best is None or many > best[0]:
                first, last = max(0, place - BEFORE), min(len(said), place + LONG - BEFORE)
                shown = [token for token in said[first:last] if token.key in keys]
                start = 0 if first == 0 else said[first].start
                end = len(text) if last == len(said) else said[last - 1].end
                best = (many, text, shown, start, end)
            if best[0] == len(keys):
                break
    if best is None:
        return ""
    _, text, shown, start, end = best
    passage = _with_marks(text, shown, start, end)
    return format_html("{}{}{}", "… " if start else "", passage, " …" if end < len(text) else "")


def _with_marks(text: str, found: Sequence[Token], start: int, end: int) -> SafeString:
    pieces: list[tuple[str, str]] = []
    here = start
    for token in found:
        pieces.append((text[here : token.start], text[token.start : token.end]))
        here = token.end
    body = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", body, text[here:end])
