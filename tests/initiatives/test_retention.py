"""The register says how long readers’ words are kept: a year, to the day; what is decided of them stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives import fate, retention
from initiatives.models import Agreement, Inquiry, Move, Report
from tests import factories

TODAY = timezone.make_aware(datetime(2027, 11, 21, 23, 59))
YEAR = timedelta(days=365)


@pytest.fixture
def sheet(ana, max):
    return factories.published(ana, max)


def report(sheet, by=None) -> Report:
    made = Report.send(sheet, kind="other", sender="s", field="story", text="Ma voisine.", email="x@exemple.test")
    if by:
        made.case.claim(by)
        made.dismiss(by, "Rien n’est à changer ici.")
    return made


def aged(row, by=timedelta(0), field="at"):
    """As if it were a year old on that evening, and a little more."""
    type(row)._base_manager.filter(pk=row.pk).update(**{field: TODAY - YEAR - by})
    return row


def day() -> None:
    retention.each_day(timezone.localdate(TODAY))


@pytest.mark.parametrize(("by", "kept"), [(timedelta(0), True), (timedelta(minutes=1), False)])
def test_what_a_reader_wrote_is_kept_a_year(sheet, max, by, kept):
    said = aged(report(sheet, max), by=by)
    asked = aged(Inquiry.objects.create(initiative=sheet, name="A", email="a@b.test", text="Bonjour"), by=by)
    moves = list(Move.objects.values_list("pk", "verb", "text"))
    day()
    said.refresh_from_db()
    assert bool(said.text) == bool(said.email) == kept
    assert said.field == "story"
    assert said.case.status == "refused"
    assert Inquiry.objects.filter(pk=asked.pk).exists() == kept
    assert list(Move.objects.values_list("pk", "verb", "text")) == moves


def test_what_waits_for_a_decision_is_kept_until_it(sheet, max):
    said = aged(report(sheet), by=timedelta(days=9))
    day()
    said.refresh_from_db()
    assert said.text
    said.case.claim(max)
    said.dismiss(max, "Rien n’est à changer ici.")
    day()
    said.refresh_from_db()
    assert not said.text


def test_its_page_says_that_the_words_are_gone(sheet, max, as_):
    said = report(sheet, max)
    Report.objects.filter(pk=said.pk).update(at=timezone.now() - YEAR - timedelta(days=1))
    retention.each_day(timezone.localdate())
    page = as_(max).get(reverse("initiatives:case", args=[said.case_id])).text
    assert "effacé au bout de douze mois" in page
    assert "Ma voisine." not in page


@pytest.mark.parametrize(("by", "kept"), [(timedelta(0), True), (timedelta(minutes=1), False)])
def test_a_question_nobody_answered_goes_a_year_after_its_link(sheet, ana, by, kept):
    asked, _ = Agreement.ask(sheet, "people", days=9, by=ana, name="Zoé", email="z@exemple.test")
    answered, _ = Agreement.ask(sheet, "employer", days=9, by=ana, name="Léo")
    answered.give("yes")
    noted = Agreement.note_author(sheet, ana, "Une équipe", "e@exemple.test")
    for row in (asked, answered, noted):
        aged(row, by=by, field="expires_at")
    day()
    left = set(Agreement.objects.values_list("pk", flat=True))
    assert left == {answered.pk, noted.pk} | ({asked.pk} if kept else set())


@pytest.mark.parametrize(("days", "kept"), [(364, True), (366, False)])
def test_the_agreements_of_a_sheet_withdrawn_go_a_year_later(sheet, ana, monkeypatch, days, kept):
    answered, _ = Agreement.ask(sheet, "employer", days=9, by=ana, name="Léo")
    answered.give("yes")
    fate.withdraw(sheet, ana, fate.AUTHOR)
    gone = timezone.localdate() + timedelta(days=days)
    retention.each_day(gone)
    assert Agreement.objects.filter(pk=answered.pk).exists() == kept
