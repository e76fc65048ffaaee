"""Numbers of attestations: twelve signs read aloud without mistake, the last of which checks the others.

Twenty-three signs, a prime number: with a weight of its own for each place, one sign mistyped or any two exchanged
never give another number that holds.
"""

from __future__ import annotations

import secrets

SIGNS = "BCDFGHJKMNPQRTVWXZ34679"
LENGTH = 12


def drawn() -> str:
    """A number nobody can guess: one in 9 × 10¹⁴."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return signs + check(signs)


def check(signs: str) -> str:
    """The sign that completes these: the weighted sum of all twelve is a multiple of 23."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 2))
    return SIGNS[-total % len(SIGNS)]


def holds(number: str) -> bool:
    return len(number) == LENGTH and set(number) <= set(SIGNS) and check(number[:-1]) == number[-1]


def read(typed: str) -> str:
    """A number as people type it, in small letters, with spaces or dashes; empty when it isn't one of ours."""
    if len(typed) > 40:
        return ""
    number = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-–—‑.·")
    return number if holds(number) else ""


def spoken(number: str) -> str:
    """In three parts, as one reads it: « BCDF-GHJK-MNPQ »."""
    return "-".join(number[place : place + 4] for place in range(0, LENGTH, 4))
