"""A statement written once a process answers what Django would, whichever keys are asked, and however many."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import Value

from accounts import rights
from accounts.models import Person
from accounts.statements import Statement
from initiatives import completeness, reading
from initiatives.models import Version
from tests import factories


@pytest.fixture
def versions(ana):
    """An empty one, one that lacks nothing, one that has rows of every kind the page of a sheet counts."""
    full = factories.complete_draft(ana, title="Avec un freinage", tags=["soupe"])
    full.partner_rows.create(position=0, name="La Maison du 8 mai", role="prête la cuisine")
    return [factories.draft(ana), factories.complete_draft(ana), full]


def test_each_version_gets_its_own_numbers(versions):
    for version in versions:
        asked = Version.objects.filter(pk=version.pk).values(**completeness.counts()).get()
        assert completeness.numbers(version) == {name.removesuffix("_count"): n for name, n in asked.items()}


def test_one_or_several_at_once_say_the_same(versions):
    together = reading.told_all(versions)
    assert together == {version.pk: reading.told(version) for version in versions}
    assert reading.told_all(versions[::-1]) == together


def test_only_the_keys_change(versions):
    written = []

    @Statement
    def named(keys):
        written.append(len(keys))
        return Version.objects.filter(pk__in=keys).order_by().values("pk", "title", most=Value(7))

    for version in versions:
        assert list(named([version.pk])) == [{"pk": version.pk, "title": version.title, "most": 7}]
    assert {row["pk"] for row in named([version.pk for version in versions[:2]])} == {v.pk for v in versions[:2]}
    assert list(named([0])) == []
    assert written == [1, 2]


def test_roles_are_those_django_reads_with_their_places(max, tess, nora, ilan):
    """Whole objects, with what they stand on, whoever asks."""
    for person in (max, tess, nora, ilan):
        read = person.roles.current().select_related("territory", "organisation")
        asked = rights.roles_of(Person.objects.get(pk=person.pk))
        assert [plain(role) for role in asked] == [plain(role) for role in read]
        for one, other in zip(asked, read, strict=True):
            for name in ("territory", "organisation"):
                assert plain(getattr(one, name)) == plain(getattr(other, name))


def plain(thing):
    """What its columns hold."""
    return thing and {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_a_role_of_other_days_gives_nothing(ana):
    for since, until in ((date(2020, 1, 1), date(2020, 12, 31)), (date(2990, 1, 1), None)):
        factories.role(ana, "guide_editor", from_on=since, until_on=until)
    assert rights.roles_of(Person.objects.get(pk=ana.pk)) == []


def test_a_second_factor_is_asked_of_those_who_have_none(tess, ana):
    assert not rights.lacks_second_factor(Person.objects.get(pk=tess.pk))
    Authenticator.objects.filter(user=tess).delete()
    assert rights.lacks_second_factor(Person.objects.get(pk=tess.pk))
    assert not rights.lacks_second_factor(Person.objects.get(pk=ana.pk))
