"""Index every published sheet anew, the site going on: after a change of what is indexed, or when in doubt."""

from typing import Any

from django.core.management.base import BaseCommand

from initiatives import search
from initiatives.models import Initiative


class Command(BaseCommand):
    help = "Refait l’index du catalogue."

    def handle(self, **options: Any) -> None:
        total, done = Initiative.objects.published().count(), 0
        for done in search.rebuild():
            self.stdout.write(f"{done} fiches lues sur {total}")
        self.stdout.write(f"{done} fiches indexées")
