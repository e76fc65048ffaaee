"""Says what would make someone recognised in each text of a file: to check the assistant, or before an import."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.anonymity import scan


class Command(BaseCommand):
    help = "Relève les données personnelles d’un fichier JSONL : une ligne {id, text} donne une ligne {id, spans}."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="fichier JSONL, une ligne par texte, ou « - » pour l’entrée standard")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as lines:
                bad = self.read(lines)
        except OSError as problem:
            raise CommandError(f"{file} ne s’ouvre pas : {problem.strerror}.") from None
        if bad:
            raise CommandError(f"Lignes illisibles : {bad} ; les autres ont été lues.")

    def read(self, lines: Iterable[bytes]) -> int:
        """Answers each line; how many could not be read."""
        bad = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
                name, text = row["id"], row["text"]
                if not isinstance(text, str):
                    raise TypeError
            except (ValueError, KeyError, TypeError, RecursionError):
                bad += 1
                self.stderr.write(f"Ligne {number} : il faut un objet JSON avec « id » et « text ».")
                continue
            spans = [
                {"start": span.start, "end": span.end, "label": span.label, "level": str(span.level)}
                for span in scan(text)
            ]
            # ASCII, so that no console's encoding nor lone surrogate can stop it.
            self.stdout.write(json.dumps({"id": name, "spans": spans}))
        return bad
