"""The cast, the same in every story (docs/words.md says who they are)."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from xdist.scheduler import LoadScopeScheduling

from accounts.models import Organisation, Person
from initiatives.search import facets, postings
from tests import databases, factories, world
from tests.world import World
from training.models import Centre


class Shared(LoadScopeScheduling):
    """Any worker takes the next test; the journeys keep to one, first: one site is made, each page looked at once."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shared:
    return Shared(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database comes first: it is read by one worker while another makes the database."""
    items.sort(key=lambda item: "django_db_setup" in item.fixturenames or bool(item.get_closest_marker("django_db")))


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_keepdb) -> bool:
    """A worker takes the copy that is made for it just below."""
    return django_db_keepdb or hasattr(request.config, "workerinput")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, django_db_modify_db_settings, django_db_blocker, tmp_path_factory
) -> Iterator[None]:
    worker = getattr(request.config, "workerinput", None)
    if worker is None or request.config.getvalue("reuse_db"):
        yield
        return
    folder = tmp_path_factory.getbasetemp().parent
    with django_db_blocker.unblock(), databases.copied(worker["workerid"], worker["workercount"], folder):
        yield


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        MEDIA_ROOT=base / "media",
        MADE_ROOT=base / "made",
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
        MAILERS={"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}},
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def rarely_swept() -> None:
    """What was imported stays until the end: Python looks for what may go among the rest, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """A database emptied between two tests begins its versions again."""
    postings.forget()
    facets.forget()


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The whole world of a module's stories, in a transaction that each of them only adds a savepoint to."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture
def everything(built, db, caplog) -> Iterator[World]:
    """The world as it was built, whatever the story before did to it; what refuses it is not told on the console."""
    with caplog.at_level(logging.CRITICAL, logger="django"):
        yield built.anew()


@pytest.fixture
def network(db) -> Organisation:
    return factories.organisation("Réseau du travail social collectif du Pas-de-Calais")


@pytest.fixture
def ana(db) -> Person:
    """Tells initiatives, in Pas-de-Calais."""
    return factories.person("Ana")


@pytest.fixture
def max(db, network) -> Person:
    """Coordinates Pas-de-Calais."""
    person = factories.person("Max")
    factories.role(person, "coordinator", territory=factories.departement("62"), organisation=network)
    return person


@pytest.fixture
def nora(db) -> Person:
    """Coordinates the whole country."""
    person = factories.person("Nora")
    factories.role(person, "coordinator", organisation=factories.organisation("Équipe nationale"))
    return person


@pytest.fixture
def centre(db) -> Centre:
    return factories.centre()


@pytest.fixture
def other_centre(db) -> Centre:
    return factories.centre("École supérieure d’un autre bord")


@pytest.fixture
def tess(db, centre) -> Person:
    """Trains at the centre."""
    person = factories.person("Tess")
    factories.role(person, "trainer", organisation=centre.organisation)
    return person


@pytest.fixture
def cohort(centre):
    return factories.cohort(centre)


@pytest.fixture
def ilan(db, cohort) -> Person:
    """Studies at the centre, in the cohort."""
    person = factories.person("Ilan")
    cohort.enrol(person)
    return person


@pytest.fixture
def stan(db) -> Person:
    """A stranger with an account."""
    return factories.person("Stan")


@pytest.fixture
def eve(db) -> Person:
    """An expert."""
    person = factories.person("Eve")
    factories.role(person, "expert")
    return person


@pytest.fixture
def hugo(db, centre) -> Person:
    """Heads the centre."""
    person = factories.person("Hugo")
    factories.role(person, "centre_head", organisation=centre.organisation)
    return person


@pytest.fixture
def gaby(db) -> Person:
    """Edits the guide."""
    person = factories.person("Gaby")
    factories.role(person, "guide_editor")
    return person


@pytest.fixture
def dan(db) -> Person:
    """Protects data."""
    person = factories.person("Dan")
    factories.role(person, "dpo")
    return person


@pytest.fixture
def ada(db) -> Person:
    """Administers accounts, and no content."""
    person = factories.person("Ada")
    factories.role(person, "administrator")
    return person


@pytest.fixture
def otto(db, other_centre) -> Person:
    """Trains at another centre."""
    person = factories.person("Otto")
    factories.role(person, "trainer", organisation=other_centre.organisation)
    return person


@pytest.fixture
def as_(db) -> Callable[[Person | None], Client]:
    """`as_(ana).get(…)`: a browser signed in as someone; `as_(None)` is nobody's."""

    def client(person: Person | None) -> Client:
        browser = Client()
        if person:
            browser.force_login(person)
        return browser

    return client
