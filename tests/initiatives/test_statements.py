"""A statement written once a process answers what Django would, whichever keys are asked, and however many."""

from __future__ import annotations

import pytest
from django.db.models import Value

from initiatives import completeness, reading
from initiatives.models import Version
from initiatives.statements import Statement
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
