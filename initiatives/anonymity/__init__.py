"""The anonymity assistant: what in a French text could make someone recognised. Pure reading; nothing leaves the house.

A few rules a concept, each a function of a `Reading` that yields spans; the graver wins where two overlap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from initiatives.anonymity import contacts, moments, names, numbers, places
from initiatives.anonymity.reading import Reading
from initiatives.anonymity.spans import KINDS, Kind, Level, Span, settled

__all__ = ["KINDS", "Kind", "Level", "Span", "must_go", "scan", "scan_filename"]

type Rule = Callable[[Reading], Iterator[Span]]
RULES: tuple[Rule, ...] = (numbers.spans, contacts.spans, moments.spans, names.spans, places.spans)


def scan(text: str, *, small_places: bool = True) -> list[Span]:
    """What is found in a text, in its order, without overlaps; offsets are those of the text as it is given.

    `small_places`: the communes under 2 000 inhabitants too, where a text is not meant to say where it happens.
    """
    reading = Reading(text)
    found = [span for rule in RULES for span in rule(reading) if small_places or span.label != "LIEU"]
    spans = []
    for span in settled(found):
        start, end = reading.place(span.start, span.end)
        spans.append(Span(start, end, span.label, text[start:end]))
    return spans


def scan_filename(name: str) -> list[Span]:
    """A file's name, its words parted as a person reads them: « DURAND_Sylvie-2024.jpg »."""
    stem = re.sub(r"\.\w{1,5}$", lambda found: " " * len(found[0]), name)
    parted = re.sub(r"[-_+.]", " ", stem)
    return [Span(span.start, span.end, span.label, name[span.start : span.end]) for span in scan(parted)]


def must_go(text: str) -> list[Span]:
    """What no text of the house may hold, a message included: all that is blocked, names apart, which have reasons."""
    return [span for span in scan(text) if span.level == Level.BLOCK and not span.excusable]
