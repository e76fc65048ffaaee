"""What else is decided when a sheet is published. Rooms to the right register a form shown beside the decision and

settled in its transaction: the levers a sheet supports, kept, removed or reworded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.http import QueryDict

from accounts.models import Person
from initiatives.models import Version


class SettlingForm(Protocol):
    def is_valid(self) -> bool: ...

    def settle(self, by: Person) -> None:
        """Write what was decided; called inside the transaction of the acceptance."""


@dataclass(frozen=True)
class Settling:
    """`form(version, data)` makes the bound or unbound form; `template` shows it as `settling.form`."""

    name: str
    title: str
    template: str
    form: Callable[[Version, QueryDict | None], SettlingForm]


_settlings: list[Settling] = []


def register(settling: Settling) -> None:
    if settling not in _settlings:
        _settlings.append(settling)


def registered() -> list[Settling]:
    return list(_settlings)
