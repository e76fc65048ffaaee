"""What `send_letters` does by itself each minute, for any day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from initiatives import deadlines


class Command(BaseCommand):
    help = "Fait ce que le calendrier des dossiers demande : reprises, rappels, retards, clôtures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="comme si l’on était ce jour-là (AAAA-MM-JJ)")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        now = timezone.make_aware(datetime.combine(on, time(23, 59))) if on else timezone.now()
        for what, number in deadlines.run(now).items():
            self.stdout.write(f"{number} {what}")
