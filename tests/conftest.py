"""The cast, the same in every story (docs/words.md says who they are)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation, Person
from initiatives.search import facets, postings
from tests import factories
from training.models import Centre


@pytest.fixture(autouse=True)
def test_settings(settings, tmp_path_factory):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"
    settings.MADE_ROOT = tmp_path_factory.getbasetemp() / "made"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    # A database emptied between two tests begins its versions again.
    postings.forget()
    facets.forget()
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


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
