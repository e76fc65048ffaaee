"""A PostgreSQL of the proof's own, from the programs that come with the project: killed, and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from config import database

BASE = "stage"  # the database whose copies the runs work on
PATIENCE = 60  # seconds for a start, recovery included
OPTIONS = {"listen_addresses": "", "max_connections": "120", "jit": "off"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# A commit is answered before it is written down, and written down much later.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_writer_delay": "10s"}


class Cluster:
    """The server is a direct child, so that it can be killed, awaited and started again with no zombie in the way."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.sockets = folder, folder / "data", folder / "sockets"
        self.process: subprocess.Popen[bytes] | None = None
        self.is_hasty = False

    def create(self) -> None:
        self.folder.chmod(0o711)  # as root, the server runs as « nobody »
        for part in (self.data, self.sockets):
            part.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(part, "nobody", pwd.getpwnam("nobody").pw_gid)
        self._run(
            "initdb", "-D", str(self.data), "-U", "proof", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip

    def start(self, *, hasty: bool = False) -> None:
        options = {**OPTIONS, **(HASTY if hasty else DURABLE), "unix_socket_directories": str(self.sockets)}
        said = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._program("postgres"), "-D", str(self.data), *said],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **self._as_account(),
            )  # fmt: skip
        self.is_hasty = hasty
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    log_end = (self.folder / "postgres.log").read_text(errors="replace")[-1500:]
                    raise SystemExit(f"PostgreSQL did not start:\n{log_end}") from None
                time.sleep(0.01)

    def kill(self) -> None:
        """-9, to the server and to all its children: nobody has time to write anything down."""
        assert self.process is not None
        children = children_of(self.process.pid)
        for pid in (self.process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + PATIENCE
        while any(is_alive(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.005)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)

    def make_durable(self, durable: bool) -> None:
        """Running, with these options."""
        if self.is_hasty == durable:
            self.stop()
            self.start(hasty=not durable)

    def url(self, name: str) -> str:
        return f"postgresql://proof@{quote(str(self.sockets), safe='')}:5432/{name}"

    def make(self, name: str, template: str = "template0") -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.url(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def version(self) -> str:
        with psycopg.connect(self.url("postgres")) as server:
            return str(server.execute("SHOW server_version").fetchall()[0][0]).split()[0]

    def _program(self, name: str) -> str:
        return str(database.programs(self.folder) / name)

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [self._program(words[0]), *words[1:]], capture_output=True, text=True, check=False, **self._as_account()
        )
        if done.returncode:
            raise SystemExit(f"{words[0]}:\n{done.stdout}{done.stderr}")

    @staticmethod
    def _as_account() -> dict[str, Any]:
        bare: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            bare |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return bare


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def is_alive(pid: int) -> bool:
    """A zombie that nobody reaps holds nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
