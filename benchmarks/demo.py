"""(d) How long the demonstration takes to answer: from nothing but installed packages, then the second time."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config import database

PATIENCE = 300
PROMISED = {"first": 60, "second": 10}


def measure() -> dict[str, float]:
    """Seconds until /healthz answers, for a first and a second start in one folder, then nothing is left."""
    folder = Path(tempfile.mkdtemp(prefix="essaim-bench-demo-"))
    folder.chmod(0o711)  # the server of a demo started by root runs as « nobody »
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"DATA_DIR": str(folder / "data"), "PORT": str(port)}
    try:
        return {which: _start(env, port) for which in PROMISED}
    finally:
        subprocess.run([sys.executable, "-m", "config.database", "erase"], cwd=database.ROOT, env=env, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _start(env: dict[str, str], port: int) -> float:
    begun = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "config.demo"], cwd=database.ROOT, env=env, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while not _answers(port):
            if demo.poll() is not None:
                raise SystemExit(f"The demo ended by itself (code {demo.returncode}).")
            if time.perf_counter() - begun > PATIENCE:
                raise SystemExit(f"The demo did not answer in {PATIENCE} seconds.")
            time.sleep(0.05)
        return time.perf_counter() - begun
    finally:
        if demo.poll() is None:
            demo.send_signal(signal.SIGINT)
        demo.wait(60)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
