"""The figures in words: what is printed, and what is kept in RESULTS.md. Nothing in it says which machine it was."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import goals, scratch

RESULTS = Path(__file__).parent / "RESULTS.md"
MOST_QUERIES = 12
PROMISED = {"first": 60, "second": 10}
PRINTED = {"html": "HTML", "guide": "PDF", "epub": "EPUB", "sheet": "PDF of one sheet"}


def mismatches(kept: dict[str, Any]) -> int:
    return sum(said["mismatches"] for said in kept.get("gate", {}).values())


def text(kept: dict[str, Any]) -> str:
    parts = (_head(), _goals(kept), _corpus(kept), _layer(kept), _web(kept), _growth(kept), _memory(kept), _moves(kept),
             _weight(kept), _browser(kept), _coverage(kept), _printing(kept), _students(kept), _gate(kept),
             _demo(kept))  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _head() -> str:
    with psycopg.connect(scratch.server()) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    versions = (
        f"{date.today():%d %B %Y}", f"Python {platform.python_version()}", f"Django {version('django')}",
        f"psycopg {psycopg.__version__}", f"PostgreSQL {found[0].split()[0] if found else ''}",
        f"pyroaring {version('pyroaring')}", f"gunicorn {version('gunicorn')}", f"{os.cpu_count()} processors",
    )  # fmt: skip
    return f"""# Results

{" · ".join(versions)}

`make bench` makes this page. Times depend on the machine and on what else it does: only ratios inside one run mean
something from one run to the next. Counts and sizes are exact. Each section says the day it was measured."""


def _goals(kept: dict[str, Any]) -> str:
    rows = (
        (
            f"{line.goal}",
            line.what,
            _n(line.number),
            f"**{line.measured}**",
            line.asked,
            "yes" if line.held else "**no**",
        )
        for line in sorted(goals.lines(kept), key=lambda line: (int(line.goal[1:]), int(line.number)))
    )
    table = _table(("goal", "measure", "sheets", "measured", "asked", "held"), rows)
    missed = sorted({line.goal for line in goals.lines(kept) if not line.held}, key=lambda goal: int(goal[1:]))
    why = "\n".join(f"- **{goal}**: {goals.HELD_BY[goal]}" for goal in missed if goal in goals.HELD_BY)
    parts = ["## Goals", table or "Nothing was measured.", why and f"What holds those that aren't met:\n\n{why}"]
    return "\n\n".join(filter(None, parts))


def _corpus(kept: dict[str, Any]) -> str:
    rows = (
        (
            _n(number), f"`{said['digest']}`", f"{said['schema_in']:.0f}", f"{said['written_in']:.0f}",
            f"{said['indexed_in']:.0f}", *said["size"].values(), said["on"],
        )
        for number, said in _sized(kept, "corpus")
    )  # fmt: skip
    head = (
        "sheets",
        "corpus",
        "schema s",
        "rows s",
        "index s",
        "database",
        "versions",
        "entries",
        "postings",
        "words",
        "on",
    )
    return f"""## The catalogue measured

Generated sheets beside the real ones: sheet *i* is the same whatever their number. Written and indexed in parallel; the
size of a database counts its peers' tables once they are there, that of a table its indexes.

{_table(head, rows)}"""


def _layer(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "layer"):
        rows = (
            (name, *(_ms(said[which][name][share]) for which in ("asks", "pages") for share in ("p50", "p95")),
             f"{said['same_totals'].get(name, said['questions'])}/{said['questions']}")
            for name in said["asks"]
        )  # fmt: skip
        kinds = ", ".join(f"{kind} {mine:.2f} ({floor:.2f})" for kind, (mine, floor) in said["kinds"].items())
        head = ("layer", "p50", "p95", "p50 with cards", "p95 with cards", "same totals")
        parts.append(
            f"### {_n(number)} sheets, {said['rounds']} rounds ({said['on']})\n\n{_table(head, rows)}\n\n"
            f"p50 by kind, ours (floor): {kinds}. {said['values']:.0f} values counted at the median question."
        )
    return _section(
        "The data layer",
        """160 questions, each the median of its rounds, milliseconds; p50 and p95 over the questions. The first twenty,
the exact total, every disjunctive count; then the rows of twenty cards. The floor is the same code with every
posting, word and spelling in the process, and one empty round trip. Tantivy has one segment in its process,
the same normal forms (given to it), and its cards stored in it; it and the textbook forgive no typo and know
no synonym, and the textbook stems otherwise: their totals differ there. The textbook is asked one round only
from 100 000 sheets on.""",
        parts,
    )


def _web(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "web"):
        rows = []
        for name, times in said["pages"].items():
            load = said["loads"].get(name)
            loaded = (f"{load['rate']:.1f}", _ms(load["p95"]), str(load["failed"])) if load else ("", "", "")
            rows.append((name, _ms(times["p50"]), _ms(times["p95"]), f"{times['bytes'] / 1000:.1f}", *loaded))
        again = ", ".join(f"{name} {load['rate']:.0f}" for name, load in said["again"]["loads"].items())
        head = ("page", "p50 ms", "p95 ms", "kB sent", "req/s at 16", "p95 ms at 16", "failed")
        parts.append(
            f"### {_n(number)} sheets ({said['on']})\n\n{_table(head, rows)}\n\nOur pages are sent with"
            f" Content-Encoding {said['encoding']}. Again ( {said['again']['status']}), req/s at 16: {again}."
        )
    return _section(
        "Over HTTP",
        """gunicorn, gthread, two workers of 8 threads, a pool a process, on the loopback, as the Procfile says but for
access logs and renewal; a client of our own, connections kept open, Accept-Encoding br and gzip. Ours has all
its middleware and is asked the 160 addresses; hello is bare Django, no middleware, no database; the textbook
and Wagtail are asked fewer addresses, and ours is compared with them on the same ones; Wagtail up to 10 000
sheets, for its own index takes half an hour to make at 100 000. A static template is
the HTML of our page rendered by bare Django with nothing to fill; a static file is a style sheet served by
whitenoise behind ours.""",
        parts,
    )


def _growth(kept: dict[str, Any]) -> str:
    said = kept.get("growth", {}).get("all")
    if not said:
        return ""
    rows = (
        (_n(number), *(_ms(said[number][what][share]) for what in ("page", "ask") for share in ("p50", "p95")))
        for number in sorted((name for name in said if name.isdigit()), key=int)
    )
    table = _table(("sheets", "page p50", "page p95", "data p50", "data p95"), rows)
    return f"## Growth\n\nEvery size served at once by one worker, asked turn and turn about ({said['on']}).\n\n{table}"


def _memory(kept: dict[str, Any]) -> str:
    rows = (
        (_n(number), *(f"{said[w][what]:.1f}" for w in ("without", "search", "pages") for what in ("uss", "pss")),
         said["on"])
        for number, said in _sized(kept, "memory")
    )  # fmt: skip
    head = ("sheets", "without USS", "PSS", "with search USS", "PSS", "with pages USS", "PSS", "on")
    return _section(
        "Memory of a worker",
        "Megabytes, fresh processes, after the 160 questions twice. « Without » has loaded the same code.",
        [_table(head, rows)],
    )


def _moves(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "moves"):
        bare = said["figures"]["bare UPDATE"]["p50"]
        rows = (
            (name, _ms(times["p50"]), _ms(times["p95"]), f"{times['p50'] / bare:.1f}×")
            for name, times in said["figures"].items()
        )
        settings = ", ".join(f"{name} {value}" for name, value in said["settings"].items())
        table = _table(("gesture", "p50 ms", "p95 ms", "against a bare UPDATE"), rows)
        parts.append(f"### {_n(number)} sheets, {said['times']} times each, {settings} ({said['on']})\n\n{table}")
    return _section(
        "Publishing, and who sees it",
        """« index » brings the index to a sheet already changed, in its transaction; « whole » is the real gesture with
its journal and letters. Two other processes are asked after every one and must find at once what has become
true.""",
        parts,
    )


def _weight(kept: dict[str, Any]) -> str:
    sized = _sized(kept, "weight")
    if not sized:
        return ""
    number, said = sized[-1]
    rows = (
        (name, _kb(w["html"]), w["encoding"], _kb(w["html_proxy"]), _kb(w["html_plain"]), _kb(w["css"]), _kb(w["js"]),
         _kb(w["images"]), f"**{_kb(w['whole'])}**", _kb(w["fonts"]), str(w["requests"]), str(w["stylesheets"]),
         str(len(w["third_party"])))
        for name, w in said["pages"].items()
    )  # fmt: skip
    head = ("page", "HTML sent", "encoding", "by a proxy", "plain", "CSS", "JS", "pictures", "all but fonts", "fonts",
            "requests", "stylesheets", "third party")  # fmt: skip
    queries = _table(("page", "queries"), ((name, str(many)) for name, many in said["queries"].items()))
    return f"""## Weight of a first view, and SQL a page

Kilobytes (1 000 bytes), at {_n(number)} sheets ({said["on"]}). « By a proxy »: brotli at level 5. Files are those
whitenoise serves, compressed once. The print style sheet, icons and preloaded fonts are among the requests.

{_table(head, rows)}

SQL statements a page, for a visitor; the promise is {MOST_QUERIES} at most.

{queries}"""


def _browser(kept: dict[str, Any]) -> str:
    rows = (
        (
            _n(number),
            name,
            f"{said[name]['lcp']:.0f}",
            f"{said[name]['tbt']:.0f}",
            f"{said[name]['cls']:.4f}",
            said["on"],
        )
        for number, said in _sized(kept, "browser")
        for name in ("page", "static")
    )
    return _section(
        "In Chromium",
        """Processor ÷ 4, 1.6 Mbit/s, 150 ms a round trip, 360 × 740, empty cache; medians. The static page is the same
HTML without its scripts, served as a file by the same server, compressed as the page is.""",
        [_table(("sheets", "page", "LCP ms", "TBT ms", "CLS", "on"), rows)],
    )


def _coverage(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "coverage"):
        rows = (
            (name, _ms(row["ours"]), _ms(row["sets"]), _ms(row["sql"]), f"{row['ratio']:.3f}", _ms(row["page_ms"]),
             str(row["page_statements"]))
            for name, row in said["tables"].items()
        )  # fmt: skip
        head = ("table", "ours ms", "intersections alone", "one SQL", "ours / SQL", "whole page ms", "statements")
        parts.append(
            f"### {_n(number)} sheets ({said['on']}), {said['mismatched']} numbers differ\n\n{_table(head, rows)}"
        )
    return _section(
        "The coverage tables",
        """What is known of each lever and territory, proposal and method, theme and public: the sets the search keeps,
intersected in the process, against the one statement that counts the same pairs, lines and columns. Every
number is compared with that statement's.""",
        parts,
    )


def _printing(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "printing"):
        rows = (
            (
                name, f"{said[which]['seconds']:.2f}", f"{said[which].get('peak', 0):.0f}",
                f"{said[which]['kilobytes']:.0f}", f"{said[which].get('pages', 0):.0f}",
            )
            for which, name in PRINTED.items()
        )  # fmt: skip
        ratios = said["ratios"]
        parts.append(
            f"### On {_n(number)} sheets ({said['on']})\n\n"
            f"{_table(('what', 'seconds', 'peak MB', 'kB', 'pages'), rows)}\n\nThe whole guide's PDF takes"
            f" {ratios['book_by_html']:.2f} times the rendering of the same HTML once; a one-sheet PDF"
            f" {ratios['sheet_by_book']:.3f} of the whole guide's (1/20 = 0.05 is asked), the first of a process"
            f" {ratios['first_sheet_by_book']:.3f}."
        )
    return _section(
        "The guide as a book",
        """26 fiches, the methods and the glossary. Each figure is the median of fresh processes, document made and
written; the peak is the most the process ever held. « HTML » draws the same pages once.""",
        parts,
    )


def _students(kept: dict[str, Any]) -> str:
    parts = []
    for number, said in _sized(kept, "students"):
        rows = (
            (_n(int(size)), _ms(row["read"]), _ms(row["prepare"] + row["plan"]), _ms(row["import"]), _ms(row["turn"]),
             _ms(row["copy"]), f"{row['ratio']:.1f}")
            for size, row in said["sizes"].items()
        )  # fmt: skip
        head = ("students", "file read ms", "preview ms", "import ms", "longest batch", "COPY ms", "import / COPY")
        parts.append(f"### Beside {_n(number)} sheets ({said['on']})\n\n{_table(head, rows)}")
    return _section(
        "A file of students",
        """One file imported in one go, by batches with their progress, against COPY of the very rows it writes:
enrolments or invitations, their two groups, and one letter each. The file, its preview and its lines are apart.""",
        parts,
    )


def _gate(kept: dict[str, Any]) -> str:
    parts = [
        f"{_n(number)} sheets ({said['on']}): {said['sheets']:,} published, {said['queries']} questions,"
        f" {said['checks']:,} figures compared, {said['mismatches']} different;"
        f" {said['needles'][0]} of {said['needles'][1]} needles in the first ten."
        + "".join(f"\n- {one}" for one in said["first"])
        for number, said in _sized(kept, "gate")
    ]
    return _section(
        "The honesty gate",
        """Totals, all disjunctive counts and the first twenty in their order, recomputed in plain Python from the rows
of the sheets. Needles are sheets with a name of their own, among the ten thousand first.""",
        parts,
    )


def _demo(kept: dict[str, Any]) -> str:
    said = kept.get("demo", {}).get("0")
    if not said:
        return "## Start of the demo\n\nNot measured (`python -m benchmarks demo`)."
    rows = ((which, f"{said[which]:.1f}", str(promise)) for which, promise in PROMISED.items())
    table = _table(("start", "seconds", "promise"), rows)
    return (
        f"## Start of the demo\n\nSeconds until `/healthz` answers, packages being installed ({said['on']}).\n\n{table}"
    )


def _section(title: str, about: str, parts: list[str]) -> str:
    some = [part for part in parts if part]
    return "\n\n".join([f"## {title}", textwrap.fill(" ".join(about.split()), 120), *some]) if some else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    names = list(head)
    return "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *lines]) if lines else ""


def _sized(kept: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return sorted(kept.get(name, {}).items(), key=lambda pair: int(pair[0]))


def _n(number: str) -> str:
    return f"{int(number):,}"


def _ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"
