"""G12. What one sees in Chromium on a slow telephone: the catalogue page beside the same page, static.

Processor slowed four times, 1.6 Mbit/s and 150 ms a round trip, an empty cache each time. The static page is the same
HTML with the same style sheets and fonts, its scripts taken out, served as a file by the same server and compressed as
the page is.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from pathlib import Path
from statistics import median
from typing import Any

import brotli

from benchmarks import scratch
from benchmarks.client import Client
from benchmarks.serving import served

PAGE = "/initiatives/?q=jardin+partag%C3%A9"
SLOWER, BITS, DELAY = 4, 1_600_000, 150
# Long tasks and shifts after the page is loaded still count, for this long.
LISTENED = 2_000
OBSERVE = """
window.seen = {lcp: 0, cls: 0, tbt: 0};
const on = (type, act) =>
  new PerformanceObserver(list => list.getEntries().forEach(act)).observe({type, buffered: true});
on("largest-contentful-paint", e => { seen.lcp = e.startTime; });
on("layout-shift", e => { if (!e.hadRecentInput) seen.cls += e.value; });
on("longtask", e => { seen.tbt += Math.max(0, e.duration - 50); });
"""


def measure(number: int, rounds: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from config.browser import find

    static = Path(scratch.PLACE) / "static" / "bench.html"
    with served("ours", number) as port:
        client = Client(port)
        page = client.get(PAGE, {"Accept-Encoding": "identity"}).body
        encoding = client.get(PAGE).headers.get("content-encoding", "none")
    _write(static, re.sub(rb"<script\b.*?</script>", b"", page, flags=re.S), encoding)
    found: dict[str, dict[str, list[float]]] = {"page": {}, "static": {}}
    try:
        with served("ours", number) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find(),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            for turn in range(-1, rounds):
                for name, url in (("page", PAGE), ("static", "/static/bench.html")):
                    said = _visit(browser, f"http://127.0.0.1:{port}{url}")
                    for one, value in said.items():
                        if turn >= 0:
                            found[name].setdefault(one, []).append(value)
            browser.close()
    finally:
        for file in static.parent.glob("bench.html*"):
            file.unlink()
    return {name: {one: median(some) for one, some in said.items()} for name, said in found.items()} | {
        "encoding": encoding, "rounds": rounds,
    }  # fmt: skip


def _write(file: Path, html: bytes, encoding: str) -> None:
    file.write_bytes(html)
    if encoding == "br":
        Path(f"{file}.br").write_bytes(brotli.compress(html, quality=5))
    if encoding in {"br", "gzip"}:
        Path(f"{file}.gz").write_bytes(gzip.compress(html, 6))


def _visit(browser: Any, url: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY, "downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8},
    )
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(LISTENED)
    seen: dict[str, float] = page.evaluate("() => window.seen")
    context.close()
    return seen


if __name__ == "__main__":
    print(json.dumps(measure(int(os.environ["BENCH_NUMBER"]), int(sys.argv[1]))))
