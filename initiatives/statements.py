"""Statements that take Django longer to write than PostgreSQL to answer, written once a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from initiatives.search.postings import cursor

_PLACE = -(1 << 62)
"""Stands for the first key in a statement being written; the next ones stand below. No row has such a key."""


class Statement:
    """The rows of some keys, each as {name: value}: `rows` makes the queryset, of `values()`, from the keys.

    What it asks depends on nothing else, neither the time nor who asks: only the keys change from one call to the next.
    A JSON value comes back read.
    """

    def __init__(self, rows: Callable[[Sequence[int]], QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._written = lru_cache(maxsize=16)(self._write)

    def __call__(self, keys: Sequence[int]) -> Iterator[dict[str, Any]]:
        text, values, names = self._written(len(keys))
        given = [keys[_PLACE - value] if type(value) is int and value <= _PLACE else value for value in values]
        with cursor() as found:
            found.execute(text, given)
            rows = found.fetchall()
        return (dict(zip(names, row, strict=True)) for row in rows)

    def _write(self, count: int) -> tuple[str, tuple[Any, ...], tuple[str, ...]]:
        query = self._rows([_PLACE - rank for rank in range(count)]).query
        text, values = query.sql_with_params()
        return text, values, tuple(query.selected or ())
