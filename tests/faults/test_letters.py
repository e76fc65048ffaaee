"""The letters' process killed between DATA and commit: no letter is lost, and a second copy is the same letter."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from tests import smtp
from tests.senders import fill_outbox, senders

LETTERS = 30
KILLS = 20


@pytest.fixture
def outbox(database_copy) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_copy, autocommit=True) as connection:
        fill_outbox(connection, LETTERS)
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
