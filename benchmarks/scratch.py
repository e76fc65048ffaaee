"""Databases of their own, one a size of the corpus, on the server the project would use; kept until asked otherwise.

Every measure is a process of its own, told by its environment which one it works on.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).parent.parent
PLACE = ROOT / ".data" / "bench"
LOCK = 620_900
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "CHROMIUM")
# What makes a database made before another one.
SOURCES = (
    *(f"benchmarks/{name}" for name in ("corpus.py", "lexicon.json", "load.py", "references.py", "vocabulary.py")),
    "*/migrations/*.py", "*/models/*.py", "guide/*.py", "initiatives/search/*.py",
)  # fmt: skip


def server() -> str:
    from config import database

    return os.environ.get("DATABASE_URL") or database.url()


def name_of(number: int) -> str:
    return f"essaim_bench_{number}"


def address_of(number: int) -> str:
    return urlunsplit(urlsplit(server())._replace(path=f"/{name_of(number)}"))


def environment(number: int) -> dict[str, str]:
    """The settings of a site in service, but for HTTPS, and nothing of the caller's own site."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "DATABASE_URL": address_of(number),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "STATIC_ROOT": str(PLACE / "static"),
        "MEDIA_ROOT": str(PLACE / "media"),
        "SECRET_KEY": "benchmarks only",
        "LOG_LEVEL": "ERROR",
        "BENCH_NUMBER": str(number),
    }


def run(module: str, number: int, *arguments: str, python: str | Path = sys.executable, patience: int = 7200) -> Any:
    """What `python -m module` says as its last line, in JSON; the lines before are for people."""
    with subprocess.Popen(
        [str(python), "-m", module, *arguments], cwd=ROOT, env=environment(number), stdout=subprocess.PIPE, text=True
    ) as child:
        last = ""
        begun = time.monotonic()
        assert child.stdout is not None
        for line in child.stdout:
            if last:
                print(f"  {last}", flush=True)
            last = line.rstrip("\n")
            if time.monotonic() - begun > patience:
                child.kill()
        if child.wait():
            raise SystemExit(f"{module} ended with code {child.returncode}: {last}")
    return json.loads(last)


@contextmanager
def alone() -> Iterator[None]:
    """One run at a time on a server: a second would remove the databases of the first."""
    with psycopg.connect(server(), autocommit=True) as connection:
        got = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if not got or not got[0]:
            raise SystemExit("Another measure is running on this server.")
        yield


def prepare(number: int) -> dict[str, Any]:
    """What is known of the corpus of that size, made now if it isn't there or if the code that makes it changed."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=ROOT, env=environment(number), check=True)
    made_by = _made_by()
    with psycopg.connect(server(), autocommit=True) as connection:
        known = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name_of(number)]
        ).fetchone()
        found: dict[str, Any] = json.loads(known[0]) if known and known[0] else {}
        if found.get("made_by") == made_by:
            return found
        name = sql.Identifier(name_of(number))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
        facts: dict[str, Any] = run("benchmarks.load", number, str(number)) | {"made_by": made_by}
        facts["size"] = _size(number)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(json.dumps(facts))))
    return facts


def _size(number: int) -> dict[str, str]:
    """The whole, and the tables of the search with their indexes."""
    tables = ("initiatives_version", "initiatives_entry", "initiatives_posting", "initiatives_word")
    with psycopg.connect(address_of(number)) as connection:
        whole = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        each = {
            table: connection.execute(
                "SELECT pg_size_pretty(pg_total_relation_size(to_regclass(%s)))", [table]
            ).fetchone()
            for table in tables
        }
    return {"database": whole[0] if whole else ""} | {table: row[0] for table, row in each.items() if row}


def drop(number: int) -> None:
    with psycopg.connect(server(), autocommit=True) as connection:
        name = sql.Identifier(name_of(number))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def sizes() -> list[int]:
    """Those of the databases that are there."""
    with psycopg.connect(server(), autocommit=True) as connection:
        found = connection.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'essaim\_bench\_%'").fetchall()
    return [int(name.rpartition("_")[2]) for (name,) in found if name.rpartition("_")[2].isdigit()]


def _made_by() -> str:
    digest = hashlib.sha256()
    for file in sorted({file for pattern in SOURCES for file in ROOT.glob(pattern)}):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
