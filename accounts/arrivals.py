"""What waits for a person: in the browser where they sign in, or for an address they have just proved to be theirs.

Rooms to the right register it in AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from accounts.models import Person

type Arrival = Callable[[HttpRequest, Person], None]
_arrivals: list[Arrival] = []


def register(arrival: Arrival) -> None:
    if arrival not in _arrivals:
        _arrivals.append(arrival)


def welcome(request: HttpRequest, person: Person) -> None:
    for arrival in _arrivals:
        arrival(request, person)


type Confirmation = Callable[[Person], object]
_confirmations: list[Confirmation] = []


def register_confirmation(confirmation: Confirmation) -> None:
    """Called when a person confirms an address, which is then one of their verified ones."""
    if confirmation not in _confirmations:
        _confirmations.append(confirmation)


def confirmed(person: Person) -> None:
    for confirmation in _confirmations:
        confirmation(person)
