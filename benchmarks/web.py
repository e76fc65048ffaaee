"""G4, G5, G6, G9. Pages over HTTP beside their peers, in interleaved rounds: one request at a time, then sixteen."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from statistics import median
from typing import Any

import django

from benchmarks import scratch
from benchmarks.client import Client, Load, load
from benchmarks.layer import quantile
from benchmarks.peers.__main__ import install
from benchmarks.serving import served

CATALOGUE = "/initiatives/"
SLOW = {"textbook", "wagtail"}
MOST_WAGTAIL = 10_000
"""Beyond, its own index takes half an hour to make."""


def measure(number: int, rounds: int, *, peers: bool, seconds: float) -> dict[str, Any]:
    from benchmarks.queries import queries, sample

    every = [query.url for query in queries()]
    few = [query.url for query in sample(40 if number <= 10_000 else 16)]
    with ExitStack() as stack:
        ports = {"ours": stack.enter_context(served("ours", number))}
        saved = Client(ports["ours"]).get(CATALOGUE, {"Accept-Encoding": "identity"})
        saved_in = scratch.PLACE / "saved"
        saved_in.mkdir(parents=True, exist_ok=True)
        # As a template that has nothing to fill: its braces, if any, are said literally.
        text = saved.body.decode().replace("{%", "{&#37;").replace("{{", "{&#123;").replace("{#", "{&#35;")
        (saved_in / "page.html").write_text(text)
        ports["hello"] = stack.enter_context(served("hello", number))
        if peers:
            ports["textbook"] = stack.enter_context(served("textbook", number))
        if peers and number <= MOST_WAGTAIL:
            scratch.run("benchmarks.peers.wagtail_site", number, python=install())
            ports["wagtail"] = stack.enter_context(served("wagtail", number, install()))
        asked = {"ours": every, "hello": ["/"] * len(every), "textbook": few, "wagtail": few}
        return {
            "pages": one_by_one(ports, asked, few, rounds),
            "loads": together(ports, asked, rounds, seconds),
            "again": revalidated(ports, rounds, seconds),
            "encoding": Client(ports["ours"]).get(CATALOGUE).headers.get("content-encoding", "none"),
            "workers": 2,
            "few": len(few),
        }


def one_by_one(ports: dict[str, int], asked: dict[str, list[str]], few: list[str], rounds: int) -> dict[str, Any]:
    """Each address asked of each server in turn; medians over the rounds, then p50 and p95 over the addresses."""
    clients = {name: Client(port) for name, port in ports.items()}
    times: dict[str, dict[int, list[float]]] = {name: {} for name in ports}
    sizes: dict[str, list[int]] = {name: [] for name in ports}
    for turn in range(-1, rounds):
        for name, client in clients.items():
            if name in SLOW and turn > 1:
                continue
            for place, url in enumerate(asked[name]):
                reply = client.get(url)
                if reply.status != 200:
                    raise SystemExit(f"{name} {url} answered {reply.status}")
                sizes[name].append(reply.size)
                if turn >= 0:
                    times[name].setdefault(place, []).append(reply.took)
    shared = {url: place for place, url in enumerate(asked["ours"]) if url in set(few)}
    found = {}
    for name, each in times.items():
        medians = {place: median(some) for place, some in each.items()}
        found[name] = {
            "p50": quantile(list(medians.values()), 0.5),
            "p95": quantile(list(medians.values()), 0.95),
            "bytes": median(sizes[name]),
        }
        if name == "ours":  # on the addresses the slow ones were asked
            some = [medians[place] for place in shared.values()]
            found["ours, same addresses"] = {"p50": quantile(some, 0.5), "p95": quantile(some, 0.95), "bytes": 0}
    return found


def together(ports: dict[str, int], asked: dict[str, list[str]], rounds: int, seconds: float) -> dict[str, Any]:
    """Requests a second at sixteen connections, the median of the rounds."""
    loads: dict[str, list[Load]] = {name: [] for name in ports}
    for turn in range(max(1, min(rounds, 3))):
        for name, port in ports.items():
            if name not in SLOW or not turn:
                loads[name].append(load(port, asked[name], seconds=seconds))
    return {name: _said(some) for name, some in loads.items()}


def revalidated(ports: dict[str, int], rounds: int, seconds: float) -> dict[str, Any]:
    """An anonymous page asked again with its validator, beside a static template and a static file."""
    client = Client(ports["ours"])
    first = client.get(CATALOGUE)
    tag = first.headers.get("etag")
    again = {"If-None-Match": tag} if tag else {}
    file = _a_file(first_page=client.get(CATALOGUE, {"Accept-Encoding": "identity"}).body.decode())
    tries = {
        "304": (ports["ours"], CATALOGUE, again),
        "static template": (ports["hello"], "/page", {}),
        "static file": (ports["ours"], file, {}),
    }
    loads: dict[str, list[Load]] = {name: [] for name in tries}
    for _ in range(max(1, min(rounds, 5))):
        for name, (port, url, headers) in tries.items():
            loads[name].append(load(port, [url], seconds=seconds / 2, headers=headers))
    status = client.get(CATALOGUE, again).status
    return {"status": status, "file": file, "loads": {name: _said(some) for name, some in loads.items()}}


def _a_file(first_page: str) -> str:
    """The style sheet of the page."""
    return first_page.split('rel="stylesheet" href="')[1].split('"')[0]


def _said(some: list[Load]) -> dict[str, Any]:
    took = sorted(ms for one in some for ms in one.took) or [0.0]
    return {
        "rate": median(one.rate for one in some),
        "done": sum(one.done for one in some),
        "failed": sum(one.failed for one in some),
        "p50": quantile(took, 0.5),
        "p95": quantile(took, 0.95),
    }


if __name__ == "__main__":
    django.setup()
    number = int(os.environ["BENCH_NUMBER"])
    arguments = sys.argv[1:]
    result = measure(number, int(arguments[0]), peers="alone" not in arguments, seconds=float(arguments[1]))
    print(json.dumps(result))
