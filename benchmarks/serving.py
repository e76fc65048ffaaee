"""Servers as we deploy them: gunicorn, gthread, 8 threads, a pool a process, two workers, on the loopback."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import scratch

WORKERS = 2
APPLICATIONS = {
    "ours": "config.wsgi",
    "hello": "benchmarks.peers.hello",
    "textbook": "benchmarks.peers.textbook.wsgi",
    "wagtail": "benchmarks.peers.wagtail_site.wsgi",
}


@contextmanager
def served(name: str, number: int, python: str | Path = sys.executable, workers: int = WORKERS) -> Iterator[int]:
    """The port of a server that answers. As in the Procfile, but that it isn't renewed and doesn't log accesses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    env = scratch.environment(number) | {"DB_POOL": "8", "PYTHONPATH": str(scratch.ROOT)}
    server = subprocess.Popen(
        [
            str(python), "-m", "gunicorn", APPLICATIONS[name], "--bind", f"127.0.0.1:{port}", "--worker-class",
            "gthread", "--threads", "8", "--workers", str(workers), "--no-control-socket", "--timeout", "120",
            "--log-level", "error",
        ],
        cwd=scratch.ROOT, env=env, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"A server ended by itself (code {server.returncode}).")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("A server did not answer in a minute.")
