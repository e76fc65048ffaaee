"""A file of students imported in one go, beside a COPY of the very rows it writes: `make bench ARGS=students`.

Reading the file, its plan and its lines are timed apart; two in five students have an account, the others are invited,
each in two groups. All of it happens in a transaction that is rolled back, on the database of DATABASE_URL, turn and
turn about with COPY; the floor says nothing of who has an account, of twins, of letters' words: it writes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django
from django.db import connection, transaction

SIZES = (500, 2_000)
COPIED = (
    "training_enrolment", "training_enrolment_groups", "training_invitation", "training_invitation_groups",
    "accounts_letter",
)  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def people(size: int) -> str:
    """The file, and the accounts of two lines in five."""
    from allauth.account.models import EmailAddress

    from accounts.models import Person

    addresses = [f"etudiante-{number}@banc.test" for number in range(size)]
    made = Person.objects.bulk_create(
        Person(email=address, name=f"Étudiante {number}") for number, address in enumerate(addresses) if number % 5 < 2
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in made
    )
    lines = (f"{address};Nom{n};Prénom{n};TD {n % 20}, Site {n % 3}" for n, address in enumerate(addresses))
    return "\n".join(["mail;nom;prénom;groupe", *lines])


def one_round(size: int) -> dict[str, float]:
    from accounts.models import Letter, Organisation, Person, Role
    from training import imports
    from training.models import Centre, Cohort, StudentImport

    with transaction.atomic():
        content = people(size).encode("cp1252")
        trainer = Person.objects.create(email="banc@banc.test", name="Banc")
        centre = Centre.objects.create(organisation=Organisation.objects.create(name="Banc d’essai"))
        Role.objects.create(person=trainer, kind="trainer", organisation=centre.organisation)
        cohort = Cohort.objects.create(centre=centre, name="Banc", starts_on="2026-09-01", ends_on="2099-06-30")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_person, account_emailaddress")
        StudentImport.objects.all().delete()
        letters = set(Letter.objects.values_list("pk", flat=True))
        read: list[imports.Row] = []
        said = {"read": timed(lambda: read.extend(imports.read_bytes(content)))}
        assert len(read) == size
        assert not any(row.fault for row in read)
        said["prepare"] = timed(lambda: imports.prepare(cohort, trainer, "banc.csv", read))
        reading = StudentImport.objects.get()
        said["plan"] = timed(lambda: imports.plan(reading))
        assert reading.confirm(trainer)
        turns: list[float] = []

        def whole() -> None:
            while True:
                turns.append(timed(imports.next_lines))
                reading.refresh_from_db()
                if reading.status == StudentImport.Status.DONE:
                    return

        said["import"] = timed(whole)
        said["turn"] = max(turns)
        assert cohort.enrolments.count() + cohort.invitations.count() == size
        assert Letter.objects.exclude(pk__in=letters).count() == size
        said["copy"] = copied(letters)
        transaction.set_rollback(True)
    return said


def copied(letters: set[int]) -> float:
    """What the import wrote, taken away and written again by COPY, in tables that keep their indexes and checks."""
    rows: dict[str, list[bytes]] = {}
    with connection.cursor() as cursor:
        for table in COPIED:
            kept = " WHERE NOT id = ANY(%s)" if table == "accounts_letter" else ""
            question = f"COPY (SELECT * FROM {table}{kept}) TO STDOUT"  # noqa: S608
            with cursor.copy(question, [list(letters)] if kept else None) as copy:
                rows[table] = [bytes(part) for part in copy]
        for table in reversed(COPIED):
            kept = " WHERE NOT id = ANY(%s)" if table == "accounts_letter" else ""
            cursor.execute(f"DELETE FROM {table}{kept}", [list(letters)] if kept else None)  # noqa: S608
        began = time.perf_counter()
        for table in COPIED:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for part in rows[table]:
                    copy.write(part)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return (time.perf_counter() - began) * 1000


def measure(rounds: int) -> dict[str, Any]:
    """Milliseconds, medians; the ratio is the median of each round's own."""
    said: dict[str, Any] = {"rounds": rounds, "sizes": {}}
    for size in SIZES:
        turns = [one_round(size) for _ in range(rounds)]
        found = {name: round(median(each[name] for each in turns), 1) for name in turns[0]}
        found["ratio"] = round(median(each["import"] / each["copy"] for each in turns), 2)
        said["sizes"][str(size)] = found
    return said


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]) if sys.argv[1:] else 5)))
