"""The press as a process of its own, started, killed and waited for by the stories of its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 90  # seconds for a press to end
# Slowed between two chapters, and told on its output: a test knows where it is killed.
SLOWED = """
import sys, time
from initiatives import press
from initiatives.models import Printing
advance = Printing.advance
def told(self, done, total):
    advance(self, done, total)
    print(f"{self.format} {done}/{total}", flush=True)
    time.sleep(float(sys.argv[1]))
Printing.advance = told
press.ask_guide = list  # the whole guide is made in its own story
from django.core.management import call_command
call_command("make_printings", *sys.argv[2:])
"""


class Press:
    """One process at a time, on a database and a folder of its own."""

    def __init__(self, database: str, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "MEDIA_ROOT": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "tests",
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str, pause: float = 0.0) -> None:
        command = "import django; django.setup()\n" + SLOWED
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, str(pause), *arguments],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def until(self, line: str) -> None:
        """Wait for it to say this."""
        assert self.process
        assert self.process.stdout
        for said in self.process.stdout:
            if said.strip() == line:
                return
        pytest.fail(f"the press ended without saying {line}")

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def wait(self) -> int:
        assert self.process
        self.process.communicate(timeout=LONGEST)
        return self.process.returncode

    def kill(self) -> int:
        self.signal(signal.SIGKILL)
        return self.wait()


@contextmanager
def pressing(database: str, folder: Path) -> Iterator[Press]:
    press = Press(database, folder)
    try:
        yield press
    finally:
        if press.process and press.process.poll() is None:
            press.kill()
