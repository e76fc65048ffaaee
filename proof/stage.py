"""The people and sheets of the runs, made once in a base of their own; each run works on a copy of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Person
from initiatives.models import Authorship, Case, Version
from tests import factories

DRAFTS, RECEIVED, CLAIMED = 330, 60, 300
WRITERS, STARTERS = 30, 60


@dataclass(frozen=True)
class Actor:
    pk: int
    name: str
    email: str
    session: str


@dataclass(frozen=True)
class Draft:
    """A complete sheet, being written by `author`."""

    pk: int
    version: int
    author: Actor


@dataclass(frozen=True)
class File:
    """A case in the queue, or claimed by Max; `author` told the sheet."""

    pk: int
    sheet: int
    version: int
    author: Actor


@dataclass
class Stage:
    max: Actor
    nora: Actor
    ben: Actor
    starters: list[Actor]
    drafts: list[Draft] = field(default_factory=list)
    received: list[File] = field(default_factory=list)
    claimed: list[File] = field(default_factory=list)


def prepare() -> Stage:
    """In the database of the settings, which is empty."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    # The sessions of the cast are made here: nobody types a password in these runs.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    network = factories.organisation("Réseau du travail social collectif du Pas-de-Calais")
    max_, nora, ben = (person(name) for name in ("Max Lemaire", "Nora Petit", "Ben"))
    for coordinator in (max_, nora):
        factories.role(
            coordinator, "coordinator", territory=factories.departement("62"), organisation=network
        )  # fmt: skip
    stage = Stage(
        max=signed_in(max_), nora=signed_in(nora), ben=signed_in(ben),
        starters=[signed_in(person(f"Débutante {n}")) for n in range(STARTERS)],
    )  # fmt: skip
    writers = [person(f"Autrice {n}") for n in range(WRITERS)]
    actors = {writer.pk: signed_in(writer) for writer in writers}
    complete = factories.complete()
    for n in range(DRAFTS):
        author = writers[n % WRITERS]
        version = told(author, n, complete)
        Authorship.objects.create(initiative=version.initiative, person=ben, role=Authorship.Role.CO_AUTHOR)
        stage.drafts.append(Draft(version.initiative_id, version.pk, actors[author.pk]))
    for n in range(RECEIVED + CLAIMED):
        author = writers[n % WRITERS]
        case = Case.submit(told(author, DRAFTS + n, complete), author)
        file = File(case.pk, case.initiative_id, case.version_id, actors[author.pk])
        if n < RECEIVED:
            stage.received.append(file)
        else:
            case.claim(max_ if n % 2 else nora)
            stage.claimed.append(file)
    with connection.cursor() as cursor:
        # What was told while making the stage is none of the runs' business.
        cursor.execute("UPDATE initiatives_move SET told_at = now() WHERE told_at IS NULL")
        cursor.execute("DELETE FROM accounts_letter")
        cursor.execute("VACUUM (ANALYZE)")
    connection.close()  # a database with someone in it isn't copied
    return stage


def person(name: str) -> Person:
    return factories.person(name)


def told(author: Person, n: int, complete: dict[str, object]) -> Version:
    return factories.fill(factories.draft(author), **{**complete, "title": f"La cuisine partagée numéro {n}"})


def signed_in(person: Person) -> Actor:
    browser = Client()
    browser.force_login(person)
    return Actor(person.pk, person.name, person.email, browser.cookies["sessionid"].value)
