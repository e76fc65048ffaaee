"""The process that does a list of students, killed at any instant: every line done once, every letter written once."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests import smtp
from tests.senders import senders

STUDENTS = 400
# A hand of 20 lines a transaction, so that there are many places to die in.
SMALL_TURNS = "from training import imports; imports.BATCH = 20"
# It dies once in three with its lines and their letters written and not committed, once in six just after.
FRAGILE = """
import os, signal
from random import random
from training import imports

def dies(work, share):
    def done(*about):
        answer = work(*about)
        if random() < share:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return done

imports.BATCH = 20
imports.Invitation.bring = dies(imports.Invitation.bring, 1 / 6)
imports.emails.arrived = dies(imports.emails.arrived, 1 / 6)
imports.next_lines = dies(imports.next_lines, 1 / 6)
"""


@pytest.fixture
def listed(database_copy) -> Iterator[psycopg.Connection]:
    """A cohort, its trainer, and a list that was confirmed."""
    with psycopg.connect(database_copy, autocommit=True) as connection:

        def made(question: str, *values: object) -> int:
            return connection.execute(question, values).fetchone()[0]

        person = made(
            "INSERT INTO accounts_person (password, email, name, is_active, joined_at)"
            " VALUES ('', 'tess@essaim.test', 'Tess', true, now()) RETURNING id"
        )
        organisation = made("INSERT INTO accounts_organisation (name, siret) VALUES ('IRTS', '') RETURNING id")
        made(
            "INSERT INTO accounts_role (person_id, kind, organisation_id, deputy, from_on)"
            " VALUES (%s, 'trainer', %s, false, '2020-01-01') RETURNING id", person, organisation,
        )  # fmt: skip
        made(
            "INSERT INTO training_centre (organisation_id, opened_on) VALUES (%s, now()) RETURNING organisation_id",
            organisation,
        )
        cohort = made(
            "INSERT INTO training_cohort (centre_id, name, curriculum, starts_on, ends_on, join_code, join_open,"
            " created_at) VALUES (%s, 'ASS', '2026', '2026-09-01', '2099-06-30', 'BCDFGHJK', true, now()) RETURNING id",
            organisation,
        )
        rows = [
            {"line": n + 2, "email": f"e{n}@exemple.test", "name": "", "group": f"TD {n % 3}", "fault": ""}
            for n in range(STUDENTS)
        ]
        made(
            "INSERT INTO training_studentimport (cohort_id, by_id, file_name, rows, status, done, read_at)"
            " VALUES (%s, %s, 'liste.csv', %s, 'doing', 0, now()) RETURNING id", cohort, person, json.dumps(rows),
        )  # fmt: skip
        yield connection


def one(listed: psycopg.Connection, question: str) -> int:
    return listed.execute(question).fetchone()[0]


def told(listed: psycopg.Connection) -> tuple[int, int, int, int]:
    """How many are expected, in a group, written to; how far the list says it is."""
    return (
        one(listed, "SELECT count(*) FROM training_invitation"),
        one(listed, "SELECT count(*) FROM training_invitation_groups"),
        one(listed, "SELECT count(*) FROM accounts_letter WHERE key LIKE 'training/invited:%'"),
        one(listed, "SELECT done FROM training_studentimport"),
    )


def test_killed_at_any_instant_it_goes_on_without_doubling(listed, database_copy):
    ends, deadline = [], time.monotonic() + 90
    with smtp.served() as box, senders(box, database_copy, "--once", before=FRAGILE) as processes:
        while one(listed, "SELECT count(*) FROM training_studentimport WHERE status = 'doing'"):
            assert time.monotonic() < deadline
            processes.start()
            ends.append(processes.wait())
            invited, inside, letters, done = told(listed)
            assert invited == inside == letters == done  # never half a line
    assert told(listed) == (STUDENTS,) * 4
    assert ends.count(-signal.SIGKILL) >= 3


def test_two_processes_do_each_line_once(listed, database_copy):
    with (
        smtp.served() as box,
        senders(box, database_copy, "--forever", before=SMALL_TURNS) as first,
        senders(box, database_copy, "--forever", before=SMALL_TURNS) as second,
    ):
        first.start()
        second.start()
        deadline = time.monotonic() + 90
        while one(listed, "SELECT count(*) FROM training_studentimport WHERE status = 'doing'"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        for each in (first, second):
            each.signal(signal.SIGTERM)
        assert (first.wait(), second.wait()) == (0, 0)
    assert told(listed) == (STUDENTS,) * 4
