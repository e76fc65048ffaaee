"""What rooms to the right show beside a list of the catalogue: it links to it, and knows nothing of what it says.

Who registers bumps the catalogue's version (`search.shown_beside_changed`) when what it yields changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    kind: str = ""


type Teller = Callable[[Mapping[str, Sequence[str]]], Iterable[Link]]
_tellers: list[Teller] = []


def register(teller: Teller) -> Teller:
    """`teller` is given what is chosen in each facet, and yields nothing where it has nothing to show."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def of(choices: Mapping[str, Sequence[str]]) -> list[Link]:
    return [link for teller in _tellers for link in teller(choices)]
