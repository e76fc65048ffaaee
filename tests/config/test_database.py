"""Real servers in folders of their own: who starts one, who stops it, and what a kill leaves."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config import database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds
HOLD = "import sys; from config import database; print(database.url(), flush=True); sys.stdin.read()"


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"still not so after {PATIENCE} seconds"
        time.sleep(0.01)


class Place:
    """One DATA_DIR, and the processes that use its server."""

    def __init__(self, folder: Path):
        self.env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.env["DATA_DIR"] = str(folder)
        self.folder = Path(self.python("from config import database; print(database._folder())"))
        self.holders: list[subprocess.Popen[str]] = []

    def python(self, code: str) -> str:
        run = [sys.executable, "-c", code]
        return subprocess.run(run, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True).stdout.strip()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        run = [sys.executable, "-m", "config.database", *arguments]
        return subprocess.run(run, cwd=ROOT, env=self.env, capture_output=True, text=True)

    def hold(self) -> subprocess.Popen[str]:
        """A process that keeps a lease until its standard input is closed."""
        pipe = subprocess.PIPE
        run = [sys.executable, "-c", HOLD]
        holder = subprocess.Popen(run, cwd=ROOT, env=self.env, stdin=pipe, stdout=pipe, text=True)
        self.holders.append(holder)
        return holder

    def server(self) -> int | None:
        """The number of the process that serves, as it wrote it."""
        for file in self.folder.glob("*/postmaster.pid"):
            lines = file.read_text().splitlines()
            return int(lines[0]) if lines else None
        return None

    def clear(self) -> None:
        for holder in self.holders:
            holder.kill()
            holder.communicate()
        try:
            wait_until(lambda: self.server() is None)
            shutil.rmtree(self.folder, ignore_errors=True)
        except AssertionError:
            self.command("erase")
            raise


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "data")
    yield place
    place.clear()


def address(holder: subprocess.Popen[str]) -> str:
    assert holder.stdout
    return holder.stdout.readline().strip()


def ask(url: str, *statements: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_two_at_once_share_one_server_and_the_last_one_out_stops_it(place):
    first, second = place.hold(), place.hold()
    url = address(first)
    assert address(second) == url
    assert url.startswith("postgresql://essaim@%2F")
    started = ask(url, "SELECT pg_postmaster_start_time()")
    server = place.server()

    first.communicate()
    assert ask(url, "SELECT pg_postmaster_start_time()") == started
    assert place.server() == server

    second.communicate()
    wait_until(lambda: place.server() is None)


def test_what_was_written_is_there_the_next_time(place):
    holder = place.hold()
    ask(address(holder), "CREATE TABLE word (word text)", "INSERT INTO word VALUES ('essaimé')")
    holder.communicate()
    assert ask(address(place.hold()), "SELECT upper(word) FROM word") == [("ESSAIMÉ",)]


def test_a_killed_holder_leaves_no_server(place):
    holder = place.hold()
    address(holder)
    holder.kill()
    wait_until(lambda: place.server() is None)


def test_a_killed_server_starts_again_with_what_it_had_acknowledged(place):
    holder = place.hold()
    url = address(holder)
    ask(url, "CREATE TABLE word (word text)", "INSERT INTO word VALUES ('kept')")
    killed = place.server()
    os.kill(killed, signal.SIGKILL)
    holder.kill()

    assert ask(address(place.hold()), "SELECT word FROM word") == [("kept",)]
    assert place.server() != killed


def test_a_process_that_took_the_dead_server_s_number_is_no_obstacle(place):
    holder = place.hold()
    address(holder)
    os.kill(place.server(), signal.SIGKILL)
    holder.kill()
    (file,) = place.folder.glob("*/postmaster.pid")
    file.write_text(file.read_text().replace(file.read_text().split()[0], str(os.getpid()), 1))

    assert ask(address(place.hold()), "SELECT 1") == [(1,)]


def test_the_server_listens_on_a_private_socket_and_keeps_what_it_acknowledges(place):
    url = address(place.hold())
    names = ("listen_addresses", "synchronous_commit", "fsync", "jit", "server_encoding")
    settings = ask(url, "SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
    assert settings == [("", "on", "on", "off", "UTF8")]
    assert ask(url, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'essaim'") == [("b", "C.UTF-8")]
    sockets = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
    assert sockets.stat().st_mode & 0o777 == 0o700


def test_stop_stops_it_whoever_uses_it(place):
    address(place.hold())
    assert place.command("stop").returncode == 0
    assert place.server() is None


def test_a_command_is_run_with_the_server_and_its_exit_code_is_kept(place):
    code = "import os, psycopg, sys; psycopg.connect(os.environ['DATABASE_URL']); sys.exit(7)"
    assert place.command("run", sys.executable, "-c", code).returncode == 7
    wait_until(lambda: place.server() is None)


def test_without_the_package_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(database, "PACKAGE", "not-a-package-of-ours")
    database._version.cache_clear()
    with pytest.raises(RuntimeError, match=r"DATABASE_URL.*make demo"):
        database._version()
    database._version.cache_clear()
