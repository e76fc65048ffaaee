"""The letters' sender as a process that may be signalled and killed, one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests import smtp

# Django is loaded once; each line read starts a sender of its own and answers its number, then how it ended.
NURSERY = """
import os, sys, django
django.setup()
{before}
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


def fill_outbox(connection: psycopg.Connection[Any], number: int, text: str = "Texte") -> None:
    """Letters that wait, as rows: « {} » in their text is their number."""
    connection.execute(
        "INSERT INTO accounts_letter"
        ' (key, "to", subject, body, topic, held, message_id, written_at, due_at, attempts, last_error)'
        " SELECT 'k' || n, 'p' || n || '@essaim.test', 'Lettre ' || n, replace(%s, '{}', n::text), '', false,"
        " '<m' || n || '@essaim.test>', now(), now(), 0, '' FROM generate_series(1, %s) AS n",
        [text, number],
    )


class Senders:
    """One sender at a time, started, signalled and awaited."""

    def __init__(self, nursery: subprocess.Popen[str]) -> None:
        self.nursery = nursery
        self.pid = 0
        self.known = threading.Event()

    def start(self) -> None:
        self.known.clear()
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        self.pid = int(self.nursery.stdout.readline())
        self.known.set()

    def signal(self, number: int) -> None:
        """From the mail server's thread, which may be faster than the line that says who was started."""
        assert self.known.wait(5)
        os.kill(self.pid, number)

    def wait(self) -> int:
        assert self.nursery.stdout
        return int(self.nursery.stdout.readline())


@contextmanager
def senders(box: smtp.Postbox, database: str, *options: str, before: str = "") -> Iterator[Senders]:
    """`before` is run once, when Django is ready."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database, "DEMO": "", "DEBUG": "",
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(box.port), "SMTP_PLAIN": "1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY.format(before=before), *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    try:
        yield Senders(nursery)
    finally:
        assert nursery.stdin
        nursery.stdin.close()
        nursery.wait(10)
