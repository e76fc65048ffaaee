"""A database of its own for the time of a measure, on the server the project would use, and nothing left after."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

NAME = "essaim_bench"


@contextmanager
def scratch() -> Iterator[str]:
    """The address of an empty database; the environment says the same to Django, which must not be loaded before."""
    from config import database

    server = os.environ.get("DATABASE_URL") or database.url()
    parts = urlsplit(server)
    url = urlunsplit(parts._replace(path=f"/{NAME}"))
    with tempfile.TemporaryDirectory(prefix="essaim-bench-") as folder:
        _replace(server)
        # Nothing of the caller's own site: its settings are those of a site in service, but for HTTPS.
        for name in ("DEBUG", "DEMO", "SITE_URL", "DB_POOL", "ALLOWED_HOSTS"):
            os.environ.pop(name, None)
        os.environ |= {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATIC_ROOT": f"{folder}/static",
            "MEDIA_ROOT": f"{folder}/media",
            "SECRET_KEY": "benchmarks only",
            "LOG_LEVEL": "ERROR",
        }
        try:
            yield url
        finally:
            _drop(server)
            os.environ["DATABASE_URL"] = server


def _replace(server: str) -> None:
    """A database left by a killed run is removed; one in use belongs to a run that isn't over."""
    with psycopg.connect(server, autocommit=True) as connection:
        used = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [NAME]).fetchone()
        if used and used[0]:
            raise SystemExit(f"The database {NAME} is in use: another measure is running.")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(NAME)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(NAME))
        )


def _drop(server: str) -> None:
    from django.db import connections

    connections.close_all()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
