"""A small client of our own: connections kept open, one request after the other, and never for ever."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ACCEPTED = {"Accept-Encoding": "br, gzip", "Accept": "text/html", "Connection": "keep-alive"}


@dataclass
class Reply:
    status: int
    size: int
    took: float
    headers: Mapping[str, str]
    body: bytes = b""


class Client:
    """One connection, for times taken one after the other."""

    def __init__(self, port: int, patience: float = 120) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        for attempt in (1, 2):
            begun = time.perf_counter()
            try:
                self.connection.request("GET", url, headers=ACCEPTED | dict(headers or {}))
                answer = self.connection.getresponse()
                body = answer.read()
            except (http.client.HTTPException, ConnectionError):
                # The server closes a connection left alone for two seconds: open another, once.
                self.connection.close()
                if attempt == 2:
                    raise
                continue
            took = (time.perf_counter() - begun) * 1000
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, len(body), took, said, body)
        raise AssertionError


@dataclass
class Load:
    """What many connections obtained together."""

    done: int = 0
    failed: int = 0
    seconds: float = 0
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.done / self.seconds if self.seconds else 0


def load(
    port: int, urls: Sequence[str], connections: int = 16, seconds: float = 5, headers: Mapping[str, str] | None = None
) -> Load:
    """As many requests as `connections` get in about so many seconds; the ones begun are waited for."""
    return asyncio.run(_load(port, urls, connections, seconds, ACCEPTED | dict(headers or {})))


async def _load(port: int, urls: Sequence[str], connections: int, seconds: float, headers: Mapping[str, str]) -> Load:
    result = Load()
    begun = time.perf_counter()
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    async def one(place: int) -> None:
        reader = writer = None
        while time.perf_counter() - begun < seconds:
            url = urls[place % len(urls)]
            place += connections
            sent = time.perf_counter()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}\r\n".encode())
                ok = await asyncio.wait_for(_answered(reader), 120)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                ok = None
            if ok is None or not ok:
                if writer:
                    writer.close()
                writer = None
            if ok is None:
                result.failed += 1
                await asyncio.sleep(0.01)
            else:
                result.done += 1
                result.took.append((time.perf_counter() - sent) * 1000)
        if writer:
            writer.close()

    await asyncio.gather(*(one(place) for place in range(connections)))
    result.seconds = time.perf_counter() - begun
    return result


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer whole; whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if status >= 400:
        raise OSError(f"{status}")
    if "transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif "content-length:" in head:
        await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
    elif status != 304:
        await reader.read()
        return False
    return "connection: close" not in head
