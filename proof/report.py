"""docs/proof/<date>-faults.md: one line a run and a build, kept when another run of the same day adds its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from config import database
from proof.journal import Outcome

FOLDER = database.ROOT / "docs" / "proof"
HEADS = ("fautes", "version", "instants", "acquittés", "perdus", "doubles", "déchirés", "autres chiffres", "résultat")

SAID = """# Fautes provoquées, {day}

{cores} cœurs partagés, {memory:.0f} Go, Linux {machine} ; {used}.
Dés : {seed} (`python -m proof --seed {seed}`). Le site est servi comme en production (gunicorn `gthread`, réserve de
connexions) sur un PostgreSQL à lui, `fsync` et `synchronous_commit` en marche, avec un vrai serveur SMTP.

Acquitté : le navigateur a reçu la réponse qui dit « c’est fait », et l’a noté avec l’empreinte de ce qu’il envoyait.
Perdu : acquitté, et absent de la base. Double : fait deux fois. Déchiré : fait à moitié. La version « affaiblie » a
perdu une de ses gardes : la même épreuve doit le voir (`docs/operations.md`, « Les preuves »).
"""


def write(outcomes: list[Outcome], titles: dict[str, str], seed: int, server: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    today = datetime.now(UTC).date()
    file = FOLDER / f"{today:%Y-%m-%d}-faults.md"
    lines = kept(file) | {(one.run, build(one)): row(one, titles[one.run]) for one in outcomes}
    ordered = sorted(lines, key=lambda key: (int(key[0][1:]), key[1] != "telle quelle"))
    file.write_text(text(f"{today:%d/%m/%Y}", [lines[key] for key in ordered], seed, server), encoding="utf-8")
    return file


def kept(file: Path) -> dict[tuple[str, str], str]:
    if not file.exists():
        return {}
    rows = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("| F")]
    cells = [[cell.strip() for cell in line.split("|")] for line in rows]
    return {(cell[1].split(" ")[0], cell[2]): line for cell, line in zip(cells, rows, strict=True)}


def build(outcome: Outcome) -> str:
    return "affaiblie" if outcome.is_weakened else "telle quelle"


def row(outcome: Outcome, title: str) -> str:
    if outcome.is_weakened:
        result = "faiblesse vue" if outcome.is_caught else "**faiblesse non vue**"
    else:
        result = "tenu" if outcome.holds else "**rompu**"
    if outcome.broken:
        result += " : " + " ; ".join(outcome.broken)
    numbers = (outcome.instants, outcome.acknowledged, outcome.lost, outcome.ghost, outcome.torn)
    cells = (f"{outcome.run} {title}", build(outcome), *map(str, numbers), " ; ".join(outcome.figures), result)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def text(day: str, rows: list[str], seed: int, server: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    used = ", ".join(
        (f"Python {platform.python_version()}", f"Django {version('django')}", f"gunicorn {version('gunicorn')}",
         f"psycopg {version('psycopg')}", f"PostgreSQL {server}", f"état {state()}")
    )  # fmt: skip
    head, rule = (f"| {' | '.join(cells)} |" for cells in (HEADS, ["---"] * len(HEADS)))
    said = SAID.format(day=day, cores=os.cpu_count(), memory=memory, machine=platform.machine(), used=used, seed=seed)
    return "\n".join((said, head, rule, *rows, ""))


def state() -> str:
    """Which code it was, when the folder says it."""
    asked = ("git", "describe", "--always", "--dirty")
    done = subprocess.run(asked, cwd=database.ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "d’une copie"


def complain(outcome: Outcome) -> None:
    if not outcome.is_as_expected:
        what = "la faiblesse n’a pas été vue" if outcome.is_weakened else "une promesse n’est pas tenue"
        print(f"{outcome.run} : {what}.", file=sys.stderr)
