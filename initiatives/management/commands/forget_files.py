from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.files import keeping


class Command(BaseCommand):
    help = "Efface les fichiers qu’aucune fiche ne montre depuis sept jours, et ceux qu’un envoi interrompu a laissés."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--date", type=datetime.fromisoformat, help="comme si c’était ce jour (AAAA-MM-JJ)")

    def handle(self, *args: Any, date: datetime | None = None, **options: Any) -> None:
        if date is not None and timezone.is_naive(date):
            date = timezone.make_aware(date)
        unused, swept = keeping.forget(date)
        self.stdout.write(f"{unused} fichiers oubliés, {swept} restes effacés.")
