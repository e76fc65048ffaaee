"""Rules get better: published sheets are read again, and what they now see opens a case, once."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

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
    report = Report.objects.get(case=case)
    assert report.kind == Report.Kind.FOUND
    said = report.text + case.moves.get().text
    assert "n numéro de téléphone" in said
    assert "06 39" not in said
    assert "Durand" not in said
    emails.tell_moves()
    (letter,) = Letter.objects.filter(person=max, key__startswith="initiatives/found:")
    assert letter.subject.startswith("Urgent")
    assert "un numéro de téléphone" in letter.body
    # Nobody wrote: nothing is said of a reader, nor of a claim that was found baseless.
    for untrue in ("Quelqu’un", "infondée", "signale"):
        assert untrue not in letter.subject + letter.body


def found(sheet, by=None) -> Report:
    rescan.read_again()
    report = Report.objects.get(initiative=sheet, kind="found")
    if by:
        report.case.claim(by)
    return report


def test_its_page_and_the_queue_say_where_it_comes_from(sheet, max, as_, django_assert_max_num_queries):
    report = found(sheet)
    browser = as_(max)
    assert "relevé par le site" in browser.get(reverse("initiatives:queue")).text
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("initiatives:case", args=[report.case_id])).text
    assert "Ce que le site a relevé" in page
    assert "un numéro de téléphone" in page
    for untrue in ("aucune adresse laissée", "infondée", "Une personne a"):
        assert untrue not in page


def test_it_is_decided_in_three_days_like_a_claim(sheet, max, as_):
    report = found(sheet, max)
    assert (report.case.decision_due_at - report.case.received_at).total_seconds() == 72 * 3600
    assert report.outcomes() == [Report.Outcome.TO_CORRECT, Report.Outcome.WITHDRAWN]
    page = as_(max).get(reverse("initiatives:case", args=[report.case_id])).text
    assert "si elle a laissé une adresse" not in page
    report.uphold(max, "to_correct", "Retirez ce qui permet d’appeler cette personne.")
    sheet.refresh_from_db()
    assert sheet.masked_at is not None
    emails.tell_moves()
    assert not Letter.objects.filter(key__startswith="initiatives/report_answered:").exists()
    assert Letter.objects.filter(key__startswith="initiatives/asked_to_correct:").exists()


def test_nobody_sends_such_a_report(sheet, as_):
    page = as_(None).get(reverse("initiatives:report", args=[sheet.slug])).text
    assert 'value="found"' not in page
    answer = as_(None).post(reverse("initiatives:report", args=[sheet.slug]), {"kind": "found", "text": "Voilà."})
    assert answer.status_code == 200
    assert not Report.objects.exists()


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
    assert rescan.each_day(date(2027, 1, 31))
    assert not rescan.each_day(date(2027, 1, 31))
    (tmp_path / "names.txt").write_text("durand\n")
    monkeypatch.setattr(rescan, "RULES", tmp_path)
    assert rescan.each_day(date(2027, 1, 31))


def test_the_public_source_sheets_are_clean(db):
    """Their words are public already, and name nobody they shouldn't."""
    rescan.read_again()
    assert not Case.objects.exists()
