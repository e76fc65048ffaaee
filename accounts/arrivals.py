"""What waits in a browser for the person who signs in there. Rooms to the right register it in AppConfig.ready()."""

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
