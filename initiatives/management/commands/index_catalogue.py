"""Index every published sheet anew: after a change of what is indexed, or when in doubt."""

from typing import Any

from django.core.management.base import BaseCommand

from initiatives import search


class Command(BaseCommand):
    help = "Refait l’index du catalogue."

    def handle(self, **options: Any) -> None:
        done = 0
        for done in search.rebuild():
            if done % 500 == 0:
                self.stdout.write(f"{done} fiches")
        self.stdout.write(f"{done} fiches indexées")
