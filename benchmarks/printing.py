"""The guide as a book: its time and its memory, by the rendering of the same HTML; one sheet, by the whole guide.

python -m benchmarks.printing                 on the site's own database

Each measure is a fresh process, `rounds` times; the median is kept. « html » renders once every page whose words
are in the book, after one that warms the machinery. « guide » and « epub » make the document then write it, and say the
most memory the process ever held, and what it held before. « sheet » writes sheets no process has seen, one after the
other, as a server does; the first pays for what a process loads once.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from statistics import median
from typing import Any

from benchmarks import scratch

WHICH = ("html", "guide", "epub", "sheet")
SHEETS = 20
GOAL = 20
"""A sheet alone takes at most this part of the whole guide's time."""


def measure(number: int, rounds: int) -> dict[str, Any]:
    """On the database of a size of the corpus, for the report."""
    return summed(lambda which: scratch.run("benchmarks.printing", number, which), rounds)


def summed(ask: Any, rounds: int) -> dict[str, Any]:
    said: dict[str, list[dict[str, float]]] = {which: [] for which in WHICH}
    for _ in range(max(1, min(rounds, 5))):
        for which in WHICH:
            said[which].append(ask(which))
    found: dict[str, Any] = {
        which: {name: round(median(row[name] for row in rows), 4) for name in rows[0]} for which, rows in said.items()
    }
    book, html = found["guide"]["seconds"], found["html"]["seconds"]
    found["ratios"] = {
        "book_by_html": round(book / html, 2),
        "sheet_by_book": round(found["sheet"]["seconds"] / book, 4),
        "first_sheet_by_book": round(found["sheet"]["first"] / book, 4),
        "held": found["sheet"]["seconds"] * GOAL <= book,
    }
    return found


def child(which: str) -> dict[str, float]:
    import django

    django.setup()
    return {"html": _html, "guide": _guide, "epub": _epub, "sheet": _sheet}[which]()


def _html() -> dict[str, float]:
    from django.urls import reverse

    from benchmarks import pages
    from guide.models import Fiche, Method

    fiches = [reverse("guide:fiche", args=[number]) for number in Fiche.objects.readable().values_list("pk", flat=True)]
    methods = [method.get_absolute_url() for method in Method.objects.all()]
    pages.get(fiches[0])
    begun = time.perf_counter()
    weight = sum(len(pages.body(url)) for url in (*fiches, *methods, reverse("guide:glossary")))
    return {"seconds": time.perf_counter() - begun, "kilobytes": weight / 1000}


def _guide() -> dict[str, float]:
    from guide.print import pdf

    return _written(pdf)


def _epub() -> dict[str, float]:
    from guide.print import epub

    return _written(epub)


def _written(writer: Any) -> dict[str, float]:
    from guide.print import chapters

    before = _peak()
    begun = time.perf_counter()
    document = chapters.whole_guide()
    made = time.perf_counter()
    content = writer.written(document)
    ended = time.perf_counter()
    return {
        "seconds": ended - begun,
        "document": made - begun,
        "kilobytes": len(content) / 1000,
        "chapters": len(document.chapters),
        "pages": _pages(content),
        "peak": _peak(),
        "before": before,
    }


def _sheet() -> dict[str, float]:
    from guide.print import keeping, pdf
    from initiatives import printing
    from initiatives.models import Initiative

    times = []
    weight = 0
    sheets = Initiative.objects.published().select_related("public_version__place__departement").order_by("pk")
    for sheet in sheets[: SHEETS + 1]:
        begun = time.perf_counter()
        content = pdf.written(keeping.single(printing.chapter(sheet, sheet.public_version)))
        times.append(time.perf_counter() - begun)
        weight += len(content)
    if len(times) < 2:
        raise SystemExit("no sheet is published here")
    return {
        "seconds": median(times[1:]), "first": times[0], "worst": max(times[1:]), "sheets": len(times) - 1,
        "kilobytes": weight / len(times) / 1000, "peak": _peak(),
    }  # fmt: skip


def _pages(content: bytes) -> int:
    if not content.startswith(b"%PDF"):
        return 0
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(content)).pages)


def _peak() -> float:
    """The most this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def here(which: str) -> dict[str, float]:
    """A measure in a process of its own, on the caller's database."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    environment.setdefault("SECRET_KEY", "benchmarks only")
    environment.setdefault("ALLOWED_HOSTS", "localhost")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.printing", which],
        cwd=scratch.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def said(found: dict[str, Any]) -> str:
    """In lines for people."""
    book, epub, html, sheet, ratios = (found[name] for name in ("guide", "epub", "html", "sheet", "ratios"))
    return "\n".join(
        (
            f"The whole guide, {book['chapters']:.0f} chapters: PDF of {book['pages']:.0f} pages,"
            f" {book['kilobytes']:.0f} kB, in {book['seconds']:.2f} s ({book['document']:.2f} s to make the document);"
            f" at most {book['peak']:.0f} MB in the process, {book['before']:.0f} MB before.",
            f"EPUB of {epub['kilobytes']:.0f} kB in {epub['seconds']:.2f} s; at most {epub['peak']:.0f} MB.",
            f"The same HTML once: {html['seconds']:.2f} s, {html['kilobytes']:.0f} kB."
            f" The PDF takes {ratios['book_by_html']} times that.",
            f"One sheet: {1000 * sheet['seconds']:.0f} ms (median of {sheet['sheets']:.0f}; the first of a process"
            f" {1000 * sheet['first']:.0f} ms), {sheet['kilobytes']:.0f} kB: 1/{1 / ratios['sheet_by_book']:.0f} of the"
            f" whole guide; asked, at most 1/{GOAL}: {'held' if ratios['held'] else 'not held'}.",
        )
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0] in WHICH:
        print(json.dumps(child(arguments[0])))
    elif os.environ.get("BENCH_NUMBER"):
        print(json.dumps(measure(int(os.environ["BENCH_NUMBER"]), int(arguments[0]) if arguments else 3)))
    else:
        print(said(summed(here, int(arguments[0]) if arguments else 3)))
