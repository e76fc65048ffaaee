"""Statements that take Django longer to write than PostgreSQL to answer, written once a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from psycopg.pq import Format

_PLACE = -(1 << 62)
"""Stands for the first key in a statement being written; the next ones stand below. No row has such a key."""


def cursor() -> Any:
    """A cursor whose statements are prepared by the server and answered in binary, counted like Django's own."""
    connection.ensure_connection()
    raw: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
    raw.format = Format.BINARY
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(raw)  # type: ignore[arg-type]  # Django wraps any cursor of its driver


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


@cache
def columns(model: type[Model], under: str = "") -> tuple[str, ...]:
    """What `values()` is given for `made()` to make the object again; `under`: the relation it stands behind."""
    return tuple(f"{under}__{field.attname}" if under else field.attname for field in model._meta.concrete_fields)


def made[Thing: Model](model: type[Thing], row: Mapping[str, Any], under: str = "") -> Thing | None:
    """The object of a row that has its `columns()`; None when the relation it stands behind leads nowhere."""
    values = [row[name] for name in columns(model, under)]
    names = columns(model)
    found = values[names.index(model._meta.pk.attname)] is not None
    return model.from_db(DEFAULT_DB_ALIAS, names, values) if found else None
