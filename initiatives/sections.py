"""Sections of a sheet that rooms to the right tell: the sheet shows them, and knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from initiatives.models import Version


@dataclass(frozen=True)
class Section:
    """One section: its heading, the template that tells it (given `context`), and the levers its ring colours."""

    slug: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    levers: tuple[Any, ...] = ()
    """Numbers, or things with `number` and `short`, for `{% hexagon_ring %}`."""


type Teller = Callable[["Version"], Iterable[Section]]
_tellers: list[Teller] = []


def register(teller: Teller) -> Teller:
    """Rooms register when the site starts; a teller yields nothing where it has nothing to say."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def of(version: Version) -> list[Section]:
    return [section for teller in _tellers for section in teller(version)]


def ring(sections: Iterable[Section]) -> list[Any]:
    return [lever for section in sections for lever in section.levers]
