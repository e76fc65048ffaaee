"""The databases of several workers: one is migrated and filled, each worker has a copy of it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql


@contextmanager
def copied(worker: str, workers: int, folder: Path) -> Iterator[None]:
    """The worker's own database, made before the tests and dropped after them. `folder` is that of all the workers."""
    own = str(connections["default"].settings_dict["TEST"]["NAME"])
    whole = own.removesuffix(f"_{worker}")
    with (folder / "databases").open("a+") as served:
        fcntl.flock(served, fcntl.LOCK_EX)
        served.seek(0)
        before = served.read().split()
        with server() as asked:
            # Left by a run that was killed, it may be of another day; dropped by the last one served, it is made again.
            known = asked.execute("SELECT 1 FROM pg_database WHERE datname = %s", [whole]).fetchone()
        if not before or not known:
            make(whole, own)
        with server() as asked:
            drop(asked, own)
            asked.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(own), sql.Identifier(whole)))
            served.write(f"{worker}\n")
            if len(before) + 1 >= workers:
                drop(asked, whole)
    yield
    connections.close_all()
    with server() as asked:
        drop(asked, own)


def server() -> psycopg.Connection:
    return psycopg.connect(settings.DATABASE_URL, autocommit=True)


def make(whole: str, own: str) -> None:
    """Migrate and fill it, then leave the settings as they were."""
    connection = connections["default"]
    about, name = connection.settings_dict, connection.settings_dict["NAME"]
    about["TEST"]["NAME"] = whole
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    about["TEST"]["NAME"] = own
    about["NAME"] = settings.DATABASES["default"]["NAME"] = name


def drop(asked: psycopg.Connection, name: str) -> None:
    asked.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
