"""The site as people meet it: a real server with its own database, letters and all, stopped by its id at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for a process to stop, or for the first page


class Place(NamedTuple):
    address: str
    database: str


@contextmanager
def served(folder: Path) -> Iterator[Place]:
    """A demonstration made for these tests. What its processes complain of ends in an error."""
    with ExitStack() as end, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(64)  # who comes before the server is ready waits at the door
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        database = end.enter_context(own_database())
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "DB_POOL": "8",  # as in the demonstration: a thread has its connection
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "MEDIA_ROOT": str(folder / "media"),
            "SECRET_KEY": "journeys-only",
            "SITE_URL": address,
            "DEMO": "1",
            "DEBUG": "",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
        }
        said = folder / "said.txt"
        subprocess.run([sys.executable, "-m", "config.demo", "prepare"], cwd=ROOT, env=environment, check=True)
        with said.open("wb") as log:
            letters = ["manage.py", "send_letters", "--forever"]
            web = ["-m", "gunicorn", "config.wsgi", "--bind", f"fd://{door.fileno()}", "--worker-class", "gthread"]
            web += ["--workers", "1", "--threads", "8", "--log-level", "warning", "--no-control-socket"]
            for arguments in (letters, web):
                child = subprocess.Popen(
                    [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log,
                    pass_fds=[door.fileno()],
                )  # fmt: skip
                end.callback(stop, child)
            # The first page of a process is the longest: nobody's story pays for it.
            with urlopen(f"{address}/", timeout=PATIENCE) as first:  # noqa: S310 - our own address
                first.read()
            yield Place(address, database)
            end.close()
    complaints = said.read_text()
    assert "Traceback" not in complaints, complaints[-4000:]


def stop(child: subprocess.Popen[bytes]) -> None:
    assert child.poll() is None, f"a process of the site ended by itself (code {child.returncode})"
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        raise


@contextmanager
def own_database() -> Iterator[str]:
    """The URL of a new database: a copy of the tests' when there is one, else empty, to be migrated."""
    place = settings.DATABASES["default"]
    tests = connections["default"].settings_dict["NAME"]
    name = f"{place['TEST']['NAME']}_journeys"
    url = urlsplit(settings.DATABASE_URL)
    connections.close_all()
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = f' TEMPLATE "{tests}"' if tests == place["TEST"]["NAME"] else ""
        server.execute(f'CREATE DATABASE "{name}"{template}')
        try:
            yield urlunsplit(url._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
