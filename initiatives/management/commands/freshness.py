"""What the letters' process does by itself each day, for any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from initiatives import freshness


class Command(BaseCommand):
    help = "Demande des nouvelles des fiches vérifiées il y a un an ; sans réponse, elles vieillissent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="comme si l’on était ce jour-là (AAAA-MM-JJ)")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        for what, number in freshness.run(on or timezone.localdate()).items():
            self.stdout.write(f"{number} {what}")
