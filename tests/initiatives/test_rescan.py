"""Rules get better: published sheets are read again, and what they now see opens a case, once."""

import pytest
from django.core.management import call_command

from accounts.models import Letter
from initiatives import emails, rescan
from initiatives.models import Case, NameKept, Report, Version
from initiatives.workflow import CaseKind
from tests import factories

NAMED = "Chaque mardi, Mme Durand ouvre la salle. Sa fille répond au 06 39 98 12 34. " * 5


@pytest.fixture
def sheet(ana, max):
    initiative = factories.published(ana, max)
    # As if the rules of the day it was published had missed it.
    Version.objects.filter(pk=initiative.public_version_id).update(story=NAMED)
    return initiative


def test_what_must_go_opens_an_urgent_case_and_is_told_without_its_words(sheet, max):
    call_command("read_again")
    case = Case.objects.get(kind=CaseKind.REPORT)
    assert case.urgent
    assert case.initiative == sheet
    said = Report.objects.get(case=case).text + case.moves.get().text
    assert "un numéro de téléphone" in said
    assert "06 39" not in said
    assert "Durand" not in said
    emails.tell_moves()
    assert Letter.objects.filter(person=max, subject__startswith="Urgent").count() == 1


def test_once_for_a_version(sheet):
    rescan.read_again()
    rescan.read_again()
    Case.objects.filter(kind=CaseKind.REPORT).update(status="refused")
    rescan.read_again()
    assert Case.objects.filter(kind=CaseKind.REPORT).count() == 1


def test_a_name_kept_with_its_reason_is_left_in_peace(sheet):
    Version.objects.filter(pk=sheet.public_version_id).update(story="Chaque mardi, Mme Durand ouvre la salle. " * 9)
    NameKept.objects.create(version=sheet.public_version, text="Mme Durand", reason="Élue, d’accord")
    rescan.read_again()
    assert not Case.objects.filter(kind=CaseKind.REPORT).exists()


def test_by_itself_when_the_rules_change_and_only_then(sheet, monkeypatch, tmp_path):
    assert rescan.each_night()
    assert not rescan.each_night()
    (tmp_path / "names.txt").write_text("durand\n")
    monkeypatch.setattr(rescan, "RULES", tmp_path)
    assert rescan.each_night()


def test_the_public_source_sheets_are_clean(db):
    """Their words are public already, and name nobody they shouldn't."""
    rescan.read_again()
    assert not Case.objects.exists()
