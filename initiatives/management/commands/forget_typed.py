"""What `send_letters` does by itself each day, for any day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from initiatives import retention


class Command(BaseCommand):
    help = "Efface ce qui a été tapé et jamais enregistré : depuis plus de douze mois, ou sur une version envoyée."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="comme si l’on était ce jour-là (AAAA-MM-JJ)")

    def handle(self, *args: Any, date: date | None = None, **options: Any) -> None:
        now = timezone.make_aware(datetime.combine(date, time(23, 59))) if date else timezone.now()
        self.stdout.write(f"{retention.forget_typed(now)} textes tapés effacés.")
