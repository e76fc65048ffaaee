"""What the letters' process does by itself on Monday morning, for any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts import digest


class Command(BaseCommand):
    help = "Écrit le résumé de la semaine à qui l’a demandé ; rien à qui n’a rien à lire."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="comme si l’on était ce jour-là (AAAA-MM-JJ)")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        self.stdout.write(f"{digest.run(on or timezone.localdate())} résumés écrits.")
