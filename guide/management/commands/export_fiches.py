from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide import export
from guide.content import FICHES


class Command(BaseCommand):
    help = "Récrit en fichiers les fiches du guide récrites en ligne (par défaut dans guide/content/fiches)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="DIR", type=Path, default=FICHES, help="le dossier où écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        to: Path = options["to"]
        if not to.is_dir():
            raise CommandError(f"« {to} » n’est pas un dossier.")
        for path in export.export(to):
            self.stdout.write(str(path))
