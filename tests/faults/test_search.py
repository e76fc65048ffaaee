"""Two processes change the catalogue, two read it, connections are killed: every answer equals a count by hand."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
CHANGES, READINGS, REBUILDS = 50, 20, 8
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
"""


def shelf(kind: str, seed: int, count: int, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shelves", kind, str(seed), str(count)],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_readers_and_writers_at_once(database_copy):
    dice = random.Random(62)
    with psycopg.connect(database_copy, autocommit=True) as server:
        server.execute("DELETE FROM guide_synonymgroup")  # what is counted by hand knows no synonym
    writers = [shelf("write", seed, CHANGES, database_copy) for seed in (1, 2)]
    readers = [shelf("read", seed, READINGS, database_copy) for seed in (3, 4)]
    with psycopg.connect(database_copy, autocommit=True) as server:
        for writer in writers:
            while writer.poll() is None:
                if dice.random() < 0.5:
                    server.execute(KILL)
                try:
                    writer.wait(0.2)
                except subprocess.TimeoutExpired:
                    continue
    said = [process.communicate(timeout=120)[0] for process in (*readers, *writers)]
    assert [process.returncode for process in (*readers, *writers)] == [0, 0, 0, 0], said
    assert not any("DIFFERENT" in text for text in said), "\n".join(said)[:3000]
    checked = [int(text.split("checked ")[1]) for text in said[:2]]
    assert sum(checked) > READINGS
    assert_right(database_copy)


def test_the_index_is_made_again_while_sheets_change(database_copy):
    """Neither side waits for ever, is undone, or puts back a sheet that has just been hidden."""
    with psycopg.connect(database_copy, autocommit=True) as server:
        server.execute("DELETE FROM guide_synonymgroup")
    everyone = [shelf("rebuild", 5, REBUILDS, database_copy)]
    everyone += [shelf("write", seed, 2 * CHANGES, database_copy) for seed in (6, 7)]
    said = [process.communicate(timeout=240)[0] for process in everyone]
    assert [process.returncode for process in everyone] == [0, 0, 0], said
    assert not any("DIFFERENT" in text or "DEADLOCK" in text for text in said), "\n".join(said)[:3000]
    assert_right(database_copy)


def assert_right(database: str) -> None:
    """The index says what the sheets say."""
    after = subprocess.run(
        [sys.executable, "manage.py", "check_catalogue"], cwd=ROOT, env={**os.environ, "DATABASE_URL": database},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert after.returncode == 0, after.stdout[-3000:] + after.stderr[-3000:]
