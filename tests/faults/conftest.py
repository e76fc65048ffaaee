from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


def address_of(name: str) -> str:
    """The URL of a database of the tests' server."""
    about = connections["default"].settings_dict
    user = quote(about["USER"]) + (f":{quote(about['PASSWORD'])}" if about["PASSWORD"] else "")
    port = f":{about['PORT']}" if about["PORT"] else ""
    return f"postgresql://{user}@{quote(about['HOST'] or '127.0.0.1', safe='')}{port}/{name}"


@pytest.fixture
def database_copy(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The URL of a copy of the tests' database, where transactions are real and processes may die."""
    with django_db_blocker.unblock():
        about = connections["default"].settings_dict
        if about["NAME"] != about["TEST"]["NAME"]:  # run by themselves, these tests ask pytest-django for nothing
            connections["default"].creation.create_test_db(verbosity=0, keepdb=True)
        name = about["NAME"]
        connections.close_all()  # a database with someone in it isn't copied
    copy = f"{name}_{os.getpid()}"
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copy), sql.Identifier(name)))
        try:
            yield address_of(copy)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy)))


@pytest.fixture
def really_written(database_copy, django_db_blocker) -> Iterator[None]:
    """This process writes in the copy, and so do its threads: what they write is committed, and goes with it."""
    about = connections["default"].settings_dict
    own = about["NAME"]
    with django_db_blocker.unblock():
        about["NAME"] = conninfo_to_dict(database_copy)["dbname"]
        try:
            yield
        finally:
            connections.close_all()
            about["NAME"] = own
