"""The site as deployed: gunicorn's threads with their pool, and the letters' sender; stopped by their ids."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from config import database
from proof.browser import Browser, Unreachable
from proof.cluster import children_of, is_alive

PATIENCE = 60


class Site:
    """`weakness` names what proof/weakened.py takes away from the product; nothing when it is empty."""

    def __init__(
        self, url: str, folder: Path, *, workers: int = 2, weakness: str = "", mail_port: int = 0, sends: bool = False
    ) -> None:
        self.folder, self.weakness, self.sends, self.count = folder, weakness, sends, workers
        self._end = ExitStack()
        self._door = self._end.enter_context(socket.socket())
        self._door.bind(("127.0.0.1", 0))
        self._door.listen(512)  # who comes while no worker is ready waits at the door, as behind gunicorn's own
        self.port: int = self._door.getsockname()[1]
        self.environment = {
            **os.environ, "DATABASE_URL": url, "DB_POOL": "8", "SITE_URL": f"http://127.0.0.1:{self.port}",
            "PROOF_WEAKNESS": weakness,
        }  # fmt: skip
        if mail_port:
            self.environment |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail_port), "SMTP_PLAIN": "1"}
        self.log = folder / "site.log"
        self.web: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        application = "proof.weakened" if self.weakness else "config.wsgi"
        self.web = self._start(
            "-m", "gunicorn", application, "--bind", f"fd://{self._door.fileno()}", "--worker-class", "gthread",
            "--workers", str(self.count), "--threads", "8", "--max-requests", "2000", "--max-requests-jitter", "200",
            "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip
        if self.sends:
            self._start(*self.manage("send_letters", "--forever"))
        wait_for(lambda: Browser(self.port).get("/readyz").status == 200)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.close()

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *words], cwd=database.ROOT, env=self.environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, pass_fds=[self._door.fileno()], start_new_session=True,
            )  # fmt: skip
        self._end.callback(stop, child)
        return child

    def manage(self, *words: str) -> tuple[str, ...]:
        return ("-m", "proof.weakened", *words) if self.weakness else ("manage.py", *words)

    def command(self, *words: str) -> None:
        """A command of the site, to its end."""
        with self.log.open("ab") as log:
            subprocess.run(
                [sys.executable, *self.manage(*words)], cwd=database.ROOT, env=self.environment, stdout=log, stderr=log,
                check=True, timeout=300,
            )  # fmt: skip

    def workers(self) -> list[int]:
        assert self.web is not None
        return [pid for pid in children_of(self.web.pid) if is_alive(pid)]

    def kill_worker(self, dice: random.Random) -> None:
        workers = self.workers()
        if workers:
            os.kill(dice.choice(workers), signal.SIGKILL)


def stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_for(condition: object, patience: float = PATIENCE) -> float:
    """Seconds until it is true; a site that doesn't answer isn't ready."""
    begun = time.monotonic()
    assert callable(condition)
    while True:
        try:
            if condition():
                return time.monotonic() - begun
        except Unreachable:
            pass
        if time.monotonic() - begun > patience:
            raise TimeoutError(f"not true after {patience} s")
        time.sleep(0.02)
