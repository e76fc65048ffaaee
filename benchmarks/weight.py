"""G11. What a first visit of a page brings over the network, from the page itself and the files it names."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
import django
from django.conf import settings

from benchmarks import pages
from benchmarks.load import FIRST

HOST = "http://localhost"
PROXY_BROTLI, PROXY_GZIP = 5, 6
"""Levels a proxy commonly compresses pages with; files are compressed once, by collectstatic."""


@dataclass
class Weight:
    url: str
    html: int = 0
    """As this site's server sends it to a browser that accepts brotli and gzip."""
    encoding: str = "none"
    html_proxy: int = 0
    """As a proxy before it would, by brotli."""
    html_gzip: int = 0
    html_plain: int = 0
    css: int = 0
    js: int = 0
    images: int = 0
    fonts: int = 0
    requests: int = 0
    stylesheets: int = 0
    third_party: list[str] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """HTML, CSS and JavaScript, compressed; fonts and pictures apart."""
        return min(self.html, self.html_proxy) + self.css + self.js

    @property
    def whole(self) -> int:
        """Everything but the fonts."""
        return self.counted + self.images


class _Needs(HTMLParser):
    """The addresses a browser asks for when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        rel = set(said.get("rel", "").split())
        if tag == "link" and rel & {"stylesheet", "icon", "preload", "modulepreload", "manifest"}:
            self.found[said["href"]] = tag
        elif tag in {"script", "img", "iframe", "source", "video", "audio", "embed"} and said.get("src"):
            self.found[said["src"]] = tag
        elif tag == "use" and not said.get("href", "#").startswith("#"):
            self.found[said["href"].partition("#")[0]] = tag


def weigh(url: str) -> Weight:
    html = pages.body(url)
    sent = pages.get(url, HTTP_ACCEPT_ENCODING="br, gzip")
    weight = Weight(
        url,
        html=len(sent.content),
        encoding=sent.headers.get("Content-Encoding", "none"),
        html_proxy=len(brotli.compress(html, quality=PROXY_BROTLI)),
        html_gzip=len(gzip.compress(html, PROXY_GZIP)),
        html_plain=len(html),
        requests=1,
    )
    needs = _Needs()
    needs.feed(html.decode())
    waiting, seen = list(needs.found), set()
    while waiting:
        address = urljoin(HOST + url, waiting.pop())
        if address in seen or address.startswith("data:"):
            continue
        seen.add(address)
        if not address.startswith(f"{HOST}/"):
            weight.third_party.append(address)
            continue
        waiting += _count(weight, address)
    return weight


def _count(weight: Weight, address: str) -> list[str]:
    """Add one file; the scripts and other sites it names in its turn."""
    path = urlsplit(address).path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")
    file = Path(settings.STATIC_ROOT) / path
    served = min(Path(f"{file}{end}").stat().st_size for end in ("", ".br") if Path(f"{file}{end}").exists())
    weight.requests += 1
    weight.stylesheets += file.suffix == ".css"
    match file.suffix:
        case ".css":
            weight.css += served
            named = re.findall(r"url\([\"']?([^\"')]+)", file.read_text(encoding="utf-8"))
            # Fonts a style sheet names are asked for when a letter needs them: those of every page are preloaded.
            return [one for one in named if urlsplit(one).netloc]
        case ".js" | ".mjs":
            weight.js += served
            named = re.findall(
                r"^\s*(?:import|export)\b[^\n]*?[\"']([^\"'\n]+)[\"']", file.read_text(encoding="utf-8"), re.M
            )
            return [urljoin(address, one) for one in named if one.startswith((".", "/", "http"))]
        case ".woff2":
            weight.fonts += served
        case _:
            weight.images += served
    return []


def measure() -> dict[str, Any]:
    sheet = FIRST
    said = {name: weigh(url) for name, url in pages.weighed(sheet).items()}
    return {
        "pages": {name: asdict(one) | {"counted": one.counted, "whole": one.whole} for name, one in said.items()},
        "queries": {name: len(pages.statements(url).asked) for name, url in pages.visited(sheet).items()},
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure()))
