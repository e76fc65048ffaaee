from typing import Any

from django.core.management.base import BaseCommand

from initiatives import rescan


class Command(BaseCommand):
    help = "Relit les fiches publiées avec les règles d’anonymat du jour ; ouvre un dossier pour ce qui doit partir."

    def handle(self, *args: Any, **options: Any) -> None:
        rescan.read_again()
