"""News of an action whose sheet is being changed meanwhile: neither the answer nor the change is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from initiatives.emails import tell_moves
from initiatives.models import Case, Initiative
from initiatives.models.choices import State
from initiatives.workflow import SheetStatus, Verb
from tests import factories
from tests.initiatives.test_freshness import SEVENTEEN, TWELVE, TWENTY_FOUR, letter_to, links, live, now

VERIFIED_A_YEAR_AGO = {"verified_on": "2025-03-31"}


@pytest.fixture
def sheet(ana, max) -> Initiative:
    made = factories.published(ana, max)
    Initiative.objects.filter(pk=made.pk).update(**VERIFIED_A_YEAR_AGO)
    tell_moves()
    live(TWELVE)
    return made


@pytest.fixture
def revision(sheet, ana) -> Case:
    """A change sent after the yearly letter left: its link still works."""
    return Case.submit(factories.fill(sheet.version_to_edit(ana), title="Un titre neuf"), ana)


def test_a_change_one_is_asked_to_complete_is_still_what_one_goes_on_with(sheet, revision, ana, max, as_):
    revision.claim(max)
    revision.request_changes(max, "Dites-en plus.", {})
    as_(None).post(links(ana)["terminee"], {"answer": "ended"})
    public = now(sheet).public_version
    assert (public.title, public.state) == (sheet.public_version.title, State.ENDED)
    working = now(sheet).version_to_edit(ana)
    assert (working.title, working.state) == ("Un titre neuf", State.ENDED)


def test_while_a_change_is_read_its_end_is_told_to_who_reads_it(sheet, revision, ana, max, as_):
    """Published over, the answer would be lost without a word."""
    page = as_(None).post(links(ana)["terminee"], {"answer": "ended"})
    assert page.status_code == 200
    assert "en relecture" in page.text
    assert now(sheet).public_version_id == sheet.public_version_id
    revision.claim(max)
    revision.accept(max)
    assert now(sheet).public_version_id == revision.version_id


def test_while_a_change_is_read_the_page_may_still_be_said_true(sheet, revision, ana, as_):
    as_(None).post(links(ana)["oui"], {"answer": "yes"})
    assert str(now(sheet).verified_on) > "2025-03-31"
    assert Case.objects.open().filter(pk=revision.pk).exists()


def test_while_a_change_is_to_complete_the_clock_waits_then_goes_on(sheet, revision, ana, max):
    revision.claim(max)
    revision.request_changes(max, "Dites-en plus.", {})
    live(TWENTY_FOUR)
    assert now(sheet).status == SheetStatus.PUBLISHED
    revision.cancel(ana)
    live(TWENTY_FOUR)
    assert now(sheet).status == SheetStatus.ARCHIVED


def test_asked_late_for_the_first_time_it_is_not_called_a_reminder(ana, max):
    """The sheet was in review when its year ended, and comes out of it just before the day of the reminder."""
    late = factories.published(ana, max)
    Initiative.objects.filter(pk=late.pk).update(**VERIFIED_A_YEAR_AGO)
    live(SEVENTEEN, SEVENTEEN + timedelta(days=3))
    asked = late.moves.filter(verb=Verb.ASK_FRESHNESS)
    assert [move.motive for move in asked] == [""]
    assert letter_to(ana).subject.startswith("Votre fiche est-elle toujours juste")
    assert "pas reçu de réponse" not in letter_to(ana).body
