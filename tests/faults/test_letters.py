"""The letters' process killed between DATA and commit: no letter is lost, and a second copy is the same letter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests import smtp

LETTERS = 30
KILLS = 20

# Django is loaded once; each line read starts a sender of its own and answers its number, then how it ended.
NURSERY = """
import os, sys, django
django.setup()
from django.core.management import call_command
from django.db import connections
for _ in sys.stdin:
    child = os.fork()
    if not child:
        call_command("send_letters", *sys.argv[1:])
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Senders:
    """One sender at a time, started, signalled and awaited."""

    def __init__(self, nursery: subprocess.Popen[str]) -> None:
        self.nursery = nursery
        self.pid = 0
        self.known = threading.Event()

    def start(self) -> None:
        self.known.clear()
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        self.pid = int(self.nursery.stdout.readline())
        self.known.set()

    def signal(self, number: int) -> None:
        """From the mail server's thread, which may be faster than the line that says who was started."""
        assert self.known.wait(5)
        os.kill(self.pid, number)

    def wait(self) -> int:
        return int(self.nursery.stdout.readline())


@contextmanager
def senders(box: smtp.Postbox, database: str, *options: str) -> Iterator[Senders]:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database, "DEMO": "", "DEBUG": "",
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(box.port), "SMTP_PLAIN": "1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY, *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    try:
        yield Senders(nursery)
    finally:
        nursery.stdin.close()
        nursery.wait(10)


@pytest.fixture
def outbox(database_copy) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_copy, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO accounts_letter"
            ' (key, "to", subject, body, message_id, written_at, due_at, attempts, last_error)'
            " SELECT 'k' || n, 'p' || n || '@essaim.test', 'Lettre ' || n, 'Texte', '<m' || n || '@essaim.test>',"
            " now(), now(), 0, '' FROM generate_series(1, %s) AS n",
            [LETTERS],
        )
        yield connection


def waiting(outbox: psycopg.Connection) -> int:
    return outbox.execute("SELECT count(*) FROM accounts_letter WHERE sent_at IS NULL").fetchone()[0]


def five_minutes_later(outbox: psycopg.Connection) -> None:
    """The leases of the dead are over."""
    outbox.execute(
        "UPDATE accounts_letter SET leased_until = now() - interval '1 second' WHERE leased_until IS NOT NULL"
    )


def test_killed_between_data_and_commit(outbox, database_copy):
    with smtp.served() as box, senders(box, database_copy, "--once") as processes:
        killed = [0]

        def answer(envelope):
            # The server has the letter; the sender dies at one instant or another around the answer.
            if killed[0] < KILLS and len(box.envelopes) % 2:
                killed[0] += 1
                processes.signal(signal.SIGKILL)
            return "250 OK"

        box.on_data = answer
        ends = []
        for _ in range(KILLS + 2):
            processes.start()
            ends.append(processes.wait())
            five_minutes_later(outbox)
            if not waiting(outbox):
                break

    assert waiting(outbox) == 0
    assert ends.count(-signal.SIGKILL) >= KILLS * 0.9  # a sender may die just after its work
    copies = Counter(letter["To"] for letter in box.letters)
    assert len(copies) == LETTERS  # none lost
    assert sum(copies.values()) <= LETTERS + KILLS
    ids = {(letter["To"], letter["Message-ID"]) for letter in box.letters}
    assert len(ids) == LETTERS  # a second copy says it is the same letter


def test_two_senders_share_the_work(outbox, database_copy):
    with smtp.served() as box, senders(box, database_copy) as first, senders(box, database_copy) as second:
        first.start()
        second.start()
        assert (first.wait(), second.wait()) == (0, 0)
    assert waiting(outbox) == 0
    assert len(box.envelopes) == len({letter["To"] for letter in box.letters}) == LETTERS


def test_sigterm_finishes_the_letter_in_hand(outbox, database_copy):
    with smtp.served() as box, senders(box, database_copy, "--forever") as processes:

        def answer(envelope):
            processes.signal(signal.SIGTERM)
            time.sleep(0.05)
            return "250 OK"

        box.on_data = answer
        processes.start()
        assert processes.wait() == 0
    assert len(box.envelopes) == 1
    assert waiting(outbox) == LETTERS - 1
    held = outbox.execute("SELECT count(*) FROM accounts_letter WHERE leased_until IS NOT NULL").fetchone()[0]
    assert held == 0
