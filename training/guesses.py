"""Join codes and numbers of attestations guessed at speed are slowed: wrong ones are counted, by person and by address.

The count is that of ten minutes, each kind on its own.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 600
MOST_A_PERSON = 10
# A classroom types its codes behind one address: signed in, each has their own count.
MOST_AN_ADDRESS = 60


def too_many(request: HttpRequest, of: str = "join") -> bool:
    return any(cache.get(key, 0) >= most for key, most in _counters(request, of).items())


def count_wrong(request: HttpRequest, of: str = "join") -> None:
    for key in _counters(request, of):
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # it has just expired, or this cache keeps nothing
            continue


def _counters(request: HttpRequest, of: str) -> dict[str, int]:
    address = str(get_adapter().get_client_ip(request))
    if request.user.is_authenticated:
        return {f"{of}:person:{request.user.pk}": MOST_A_PERSON, f"{of}:address:{address}": MOST_AN_ADDRESS}
    return {f"{of}:nobody:{address}": MOST_A_PERSON}
