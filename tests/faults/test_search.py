"""Two processes change the catalogue, two read it, connections are killed: every answer equals a count by hand."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
CHANGES, READINGS, REBUILDS = 50, 20, 8
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'shelf' ORDER BY random() LIMIT 1
"""


def shelves(url: str, *kinds: tuple[str, int, int]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shelves", *(str(each) for kind in kinds for each in kind)],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_readers_and_writers_at_once(database_copy):
    dice = random.Random(62)
    with psycopg.connect(database_copy, autocommit=True) as server:
        server.execute("DELETE FROM guide_synonymgroup")  # what is counted by hand knows no synonym
    writers = [("write", seed, CHANGES) for seed in (1, 2)]
    readers = [("read", seed, READINGS) for seed in (3, 4)]
    everyone, killed = shelves(database_copy, *readers, *writers), 0
    with psycopg.connect(database_copy, autocommit=True) as server:
        while (said := told(everyone, 0.2)) is None:
            if dice.random() < 0.5:
                killed += server.execute(KILL).rowcount
    assert_right(everyone, said)
    checked = [int(number) for number in re.findall(r"checked (\d+)", said)]
    assert killed
    assert len(checked) == 2
    assert sum(checked) > READINGS


def test_the_index_is_made_again_while_sheets_change(database_copy):
    """Neither side waits for ever, is undone, or puts back a sheet that has just been hidden."""
    with psycopg.connect(database_copy, autocommit=True) as server:
        server.execute("DELETE FROM guide_synonymgroup")
    everyone = shelves(database_copy, ("rebuild", 5, REBUILDS), *(("write", seed, 2 * CHANGES) for seed in (6, 7)))
    said = told(everyone, 240)
    assert said is not None, "they wait for one another"
    assert_right(everyone, said)


def told(everyone: subprocess.Popen[str], seconds: float) -> str | None:
    """All that they said, once they have ended."""
    try:
        return everyone.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        return None


def assert_right(everyone: subprocess.Popen[str], said: str) -> None:
    """Nobody broke, no answer differs, and the index says what the sheets say: that is asked last."""
    assert everyone.returncode == 0, said[-3000:]
    assert not re.search("DIFFERENT|DEADLOCK", said), said[:3000]
