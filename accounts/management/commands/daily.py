from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts import daily


class Command(BaseCommand):
    help = "Fait tout ce que le site fait chaque jour de lui-même, pour aujourd’hui ou pour un autre jour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="comme si l’on était ce jour-là (AAAA-MM-JJ)")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        for name in daily.run(on or timezone.localdate()):
            self.stdout.write(f"{name} : fait")
