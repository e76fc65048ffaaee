"""Compare the index of the catalogue with the published sheets; says each difference, and fails if there is one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from initiatives.search import nightly


class Command(BaseCommand):
    help = "Vérifie que l’index du catalogue dit ce que disent les fiches."

    def handle(self, **options: Any) -> None:
        differences = 0
        for sentence in nightly.check():
            self.stdout.write(sentence)
            differences += 1
        if differences:
            raise CommandError(f"{differences} différences : « manage.py index_catalogue » refait l’index.")
        self.stdout.write("L’index dit ce que disent les fiches.")
