"""Sections of a sheet that rooms to the right tell: the sheet shows them, and knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    claims: tuple[tuple[str, str], ...] = ()
    """What an argumentaire may take of it: what is supported, and the sentence of proof as the sheet has it."""
    on_paper: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What the template says, in plain words for a printed sheet: headings (or none) and their sentences."""


type Teller = Callable[["Version"], Iterable[Section]]
type TellerOfAll = Callable[[Sequence["Version"]], Mapping[int, list[Section]]]
_tellers: dict[Teller, TellerOfAll] = {}


def register(teller: Teller, of_all: TellerOfAll | None = None) -> Teller:
    """Rooms register when the site starts; a teller yields nothing where it has nothing to say.

    `of_all` tells several versions, by their key, in as many statements as one.
    """
    if teller not in _tellers:
        _tellers[teller] = of_all or (lambda versions: {version.pk: list(teller(version)) for version in versions})
    return teller


def of(version: Version) -> list[Section]:
    return [section for teller in _tellers for section in teller(version)]


def of_all(versions: Sequence[Version]) -> dict[int, list[Section]]:
    """Those of several versions, by their key."""
    found: dict[int, list[Section]] = {version.pk: [] for version in versions}
    for tell in _tellers.values():
        for key, told in tell(versions).items():
            found[key] += told
    return found


def ring(sections: Iterable[Section]) -> list[Any]:
    return [lever for section in sections for lever in section.levers]
