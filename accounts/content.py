"""Reference data kept in files, copied into the database after each migration when the files have changed."""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.models import OrganisationKind, Reference
from accounts.models.territories import Level
from accounts.territories import key_of

HERE = Path(__file__).parent / "content"
TERRITORIES = HERE / "territories"
TERRITORY_SOURCE = "Code officiel géographique (Insee), paquet ouvert d’Etalab, Licence Ouverte 2.0"


def after_migrate(**kwargs: Any) -> None:
    synchronise("territories", sorted(TERRITORIES.iterdir()), load_territories)
    synchronise("organisation-kinds", [HERE / "organisation_kinds.toml"], load_organisation_kinds)


def synchronise(name: str, files: Iterable[Path], load: Callable[[], dict[str, str] | None]) -> bool:
    """Run `load` in one transaction unless these files are already what the database holds; True when it ran.

    `load` may return what to remember of the set (`vintage`, `source`).
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    with transaction.atomic():
        known, _ = Reference.objects.select_for_update().get_or_create(name=name)
        if known.digest == digest.hexdigest():
            return False
        about = load() or {}
        known.digest = digest.hexdigest()
        known.vintage = about.get("vintage", "")
        known.source = about.get("source", "")
        known.save()
    return True


def read_toml(path: Path) -> dict[str, Any]:
    with open(path, "rb") as file:
        return tomllib.load(file)


def load_organisation_kinds() -> None:
    for position, row in enumerate(read_toml(HERE / "organisation_kinds.toml")["organisation_kind"]):
        OrganisationKind.objects.update_or_create(
            code=row["code"],
            defaults={"label": row["label"], "data_inclusion": row.get("data_inclusion", ""), "position": position},
        )


def load_territories() -> dict[str, str]:
    """Copy the four levels and the country; a place that left the code stays, since sheets may name it."""
    rows = list(territory_rows())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming (level text, code text, name text, key text, departement text, region text,"
            " epci text, population integer, postal_codes jsonb, col smallint, row smallint) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            'INSERT INTO accounts_territory (level, code, name, key, population, postal_codes, "column", "row")'
            " SELECT level, code, name, key, population, postal_codes, col, row FROM incoming"
            " ON CONFLICT (level, code) DO UPDATE SET name = excluded.name, key = excluded.key,"
            " population = excluded.population, postal_codes = excluded.postal_codes,"
            ' "column" = excluded."column", "row" = excluded."row"'
        )
        cursor.execute(
            "UPDATE accounts_territory AS place SET departement_id = d.id, region_id = r.id, epci_id = e.id"
            " FROM incoming"
            " LEFT JOIN accounts_territory d ON d.level = 'departement' AND d.code = incoming.departement"
            " LEFT JOIN accounts_territory r ON r.level = 'region' AND r.code = incoming.region"
            " LEFT JOIN accounts_territory e ON e.level = 'epci' AND e.code = incoming.epci"
            " WHERE place.level = incoming.level AND place.code = incoming.code"
        )
        cursor.execute("ANALYZE accounts_territory")
    return {"vintage": (TERRITORIES / "VINTAGE").read_text().strip(), "source": TERRITORY_SOURCE}


def territory_rows() -> Iterator[tuple[Any, ...]]:
    """(level, code, name, key, departement, region, epci, population, postal codes as JSON, column, row)."""

    def read(name: str) -> list[dict[str, str]]:
        with open(TERRITORIES / f"{name}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    cells = json.loads((HERE / "hexagons.json").read_text())["cells"]
    region_of = {row["code"]: row["region"] for row in read("departements")}
    communes = read("communes")
    # An EPCI may straddle départements: it is filed under the one most of its communes are in.
    home_of: dict[str, Counter[str]] = defaultdict(Counter)
    for row in communes:
        home_of[row["epci"]][row["departement"]] += 1
    yield (Level.NATION, "FR", "France", "france", None, None, None, None, "[]", None, None)
    for row in read("regions"):
        yield (
            Level.REGION,
            row["code"],
            row["name"],
            key_of(row["name"]),
            None,
            row["code"],
            None,
            None,
            "[]",
            None,
            None,
        )
    for row in read("departements"):
        cell = cells.get(row["code"], {})
        yield (
            Level.DEPARTEMENT,
            row["code"],
            row["name"],
            key_of(row["name"]),
            row["code"],
            row["region"],
            None,
            None,
            "[]",
            cell.get("col"),
            cell.get("row"),
        )
    for row in read("epcis"):
        home = home_of[row["code"]].most_common(1)[0][0] if home_of[row["code"]] else None
        region = region_of.get(home) if home else None
        yield (
            Level.EPCI,
            row["code"],
            row["name"],
            key_of(row["name"]),
            home,
            region,
            row["code"],
            None,
            "[]",
            None,
            None,
        )
    for row in communes:
        yield (
            Level.COMMUNE,
            row["code"],
            row["name"],
            key_of(row["name"]),
            row["departement"],
            region_of.get(row["departement"]),
            row["epci"] or None,
            row["population"] or None,
            json.dumps(row["postal_codes"].split()),
            None,
            None,
        )
