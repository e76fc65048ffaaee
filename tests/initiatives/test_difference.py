"""The difference is complete: nothing a version says is left out of it."""

from initiatives.difference import FIELDS, snapshot
from initiatives.models import Version
from levers.models import Lever, Mapping
from tests import factories

# Identity, dates and counts of a version; `period` tells the years, the month and what the source says of them.
ABOUT = {
    "id", "initiative", "number", "created_by", "created_at", "saved_at", "frozen_at", "edition", "depth", "snapshot",
    "start_year", "start_month", "end_year", "period_note",
}  # fmt: skip


def test_every_field_of_a_version_is_compared():
    written = {field.name for field in [*Version._meta.concrete_fields, *Version._meta.many_to_many]}
    assert written - ABOUT - {"tagged_items"} <= set(FIELDS)


def test_rows_are_told_in_french(ana):
    version = factories.complete_draft(ana)
    lever = Lever.objects.of_dagbert()[0]
    Mapping.objects.create(version=version, lever=lever, sentence="Oui.", strength="counter_example")
    assert "contre-exemple" in snapshot(version)["mapping"]
