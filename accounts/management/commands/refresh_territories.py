"""Cut the packaged geographic code (npm `@etalab/decoupage-administratif`) down to the files kept here.

npm pack @etalab/decoupage-administratif && tar xzf *.tgz
python manage.py refresh_territories package 2026
"""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.content import TERRITORIES


class Command(BaseCommand):
    help = "Refait accounts/content/territories/ depuis le paquet ouvert du code officiel géographique."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", type=Path)
        parser.add_argument("vintage")

    def handle(self, *, package: Path, vintage: str, **options: Any) -> None:
        def read(name: str) -> list[dict[str, Any]]:
            rows: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text())
            return rows

        epci_of = {member["code"]: epci["code"] for epci in read("epci") for member in epci["membres"]}
        communes = [row for row in read("communes") if row["type"] == "commune-actuelle"]
        self.write("regions", "code name", [(r["code"], r["nom"]) for r in read("regions")])
        self.write(
            "departements", "code name region", [(r["code"], r["nom"], r["region"]) for r in read("departements")]
        )
        self.write("epcis", "code name", [(r["code"], r["nom"]) for r in read("epci")])
        self.write(
            "communes",
            "code name departement epci population postal_codes",
            [
                (
                    r["code"],
                    r["nom"],
                    r["departement"],
                    epci_of.get(r["code"], ""),
                    r.get("population", ""),
                    " ".join(r.get("codesPostaux", [])),
                )
                for r in communes
            ],
        )
        (TERRITORIES / "VINTAGE").write_text(f"{vintage}\n")

    def write(self, name: str, header: str, rows: list[tuple[Any, ...]]) -> None:
        TERRITORIES.mkdir(parents=True, exist_ok=True)
        with open(TERRITORIES / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header.split())
            for row in sorted(rows):
                writer.writerow([str(cell).replace("'", "’") for cell in row])
        self.stdout.write(f"{name} : {len(rows)}")
