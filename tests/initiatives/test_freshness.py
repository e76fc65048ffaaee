"""A year later: is it still true? Three buttons, no sign-in; without an answer a sheet ages, then is archived."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import rhythms
from accounts.models import Letter
from accounts.models.letters import Rhythm, Topic
from initiatives import freshness, publication
from initiatives.emails import tell_moves
from initiatives.models import Agreement, Case, Entry, Initiative, Move, TypedText, Version
from initiatives.models.choices import State
from initiatives.workflow import CaseStatus, SheetStatus, Verb
from tests import factories

VERIFIED = date(2025, 3, 31)
TWELVE, SEVENTEEN, EIGHTEEN, TWENTY_FOUR = (freshness.after(VERIFIED, months) for months in (12, 17, 18, 24))
LINK = re.compile(r"https?://[^/]+(/accord/[\w-]+/)\?reponse=(\w+)")


@pytest.fixture
def sheet(ana, max) -> Initiative:
    made = factories.published(ana, max)
    Initiative.objects.filter(pk=made.pk).update(verified_on=VERIFIED)
    tell_moves()
    return made


def live(*days: date) -> None:
    for day in days:
        freshness.run(day)
        tell_moves()


def now(sheet: Initiative) -> Initiative:
    return Initiative.objects.get(pk=sheet.pk)


def said(sheet: Initiative, *verbs: str) -> list[str]:
    return list(sheet.moves.filter(verb__in=verbs or [Verb.ASK_FRESHNESS, Verb.AGE, Verb.ARCHIVE]).values_list(
        "verb", flat=True
    ))  # fmt: skip


def letter_to(person) -> Letter:
    return Letter.objects.filter(person=person, body__contains="reponse=").latest("pk")


def links(person) -> dict[str, str]:
    """answer → the address of its button in the last letter."""
    return {answer: f"{path}?reponse={answer}" for path, answer in LINK.findall(letter_to(person).body)}


# Asking


def test_nothing_is_asked_before_a_year(sheet):
    live(TWELVE - timedelta(days=1))
    assert said(sheet) == []


def test_after_a_year_each_author_is_asked_with_three_buttons(sheet, ana, stan):
    factories.co_author(sheet, stan)
    live(TWELVE)
    letter = letter_to(ana)
    assert letter.subject.startswith("Votre fiche est-elle toujours juste")
    assert letter.topic == Topic.FRESHNESS
    assert list(links(ana)) == ["oui", "terminee", "modifier"]
    assert links(ana)["oui"] != links(stan)["oui"]
    assert f"{EIGHTEEN.day} septembre 2026" in letter.body
    assert now(sheet).status == SheetStatus.PUBLISHED


def test_once_a_year_and_one_reminder(sheet, ana):
    first = TWELVE
    live(*(first + timedelta(days=n) for n in range(0, 170, 10)))
    assert said(sheet) == [Verb.ASK_FRESHNESS] * 2
    assert list(sheet.moves.filter(verb=Verb.ASK_FRESHNESS).values_list("motive", flat=True)) == ["", "reminder"]
    assert letter_to(ana).subject.startswith("Rappel")
    assert Agreement.objects.filter(kind="freshness").waiting().count() == 1  # the reminder's link replaces the first


def test_who_wants_no_such_letter_gets_none_and_the_sheet_ages_all_the_same(sheet, ana):
    rhythms.choose(ana, Topic.FRESHNESS, Rhythm.NEVER)
    live(TWELVE)
    assert not Agreement.objects.exists()
    live(EIGHTEEN)
    assert "à actualiser" in letter_to(ana).subject


# Ageing


def test_eighteen_months_then_twenty_four(sheet, ana):
    live(TWELVE, EIGHTEEN - timedelta(days=1))
    assert now(sheet).status == SheetStatus.PUBLISHED
    live(EIGHTEEN)
    assert now(sheet).status == SheetStatus.STALE
    assert Entry.objects.filter(initiative=sheet).exists()
    assert letter_to(ana).topic == ""
    live(TWENTY_FOUR - timedelta(days=1))
    assert now(sheet).status == SheetStatus.STALE
    live(TWENTY_FOUR)
    assert now(sheet).status == SheetStatus.ARCHIVED
    assert not Entry.objects.filter(initiative=sheet).exists()
    live(TWENTY_FOUR + timedelta(days=400))
    assert said(sheet, Verb.AGE, Verb.ARCHIVE) == [Verb.AGE, Verb.ARCHIVE]


def test_an_archived_page_is_still_read(sheet, as_):
    live(TWENTY_FOUR)
    assert as_(None).get(sheet.get_absolute_url()).status_code == 200
    assert sheet.public_version.title not in as_(None).get("/initiatives/").text


def test_what_stands_outside_of_the_clock(ana, max):
    source = Initiative.objects.filter(origin="public_source").first()
    kept = [source.pk]
    for fields in (
        {"masked_at": timezone.now()},
        {"status": SheetStatus.WITHDRAWN},
        {"status": SheetStatus.MERGED},
        {"status": SheetStatus.ARCHIVED},
    ):
        kept.append(factories.published(ana, max).pk)
        Initiative.objects.filter(pk=kept[-1]).update(**fields)
    Initiative.objects.filter(pk__in=kept).update(verified_on=VERIFIED)
    before = list(Initiative.objects.filter(pk__in=kept).order_by("pk").values("status", "freshness_asked_on"))
    live(TWELVE, EIGHTEEN, TWENTY_FOUR)
    assert list(Initiative.objects.filter(pk__in=kept).order_by("pk").values("status", "freshness_asked_on")) == before


def test_what_waits_for_the_coordination_does_not_age(sheet, ana):
    case = Case.submit(factories.fill(sheet.version_to_edit(ana), title="Un titre neuf"), ana)
    live(EIGHTEEN)
    assert now(sheet).status == SheetStatus.PUBLISHED
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.CANCELLED)
    live(EIGHTEEN)
    assert now(sheet).status == SheetStatus.STALE


END_OF_MONTHS = st.sampled_from([VERIFIED, date(2024, 2, 29), date(2024, 8, 31), date(2025, 2, 28)])


@given(
    verified=END_OF_MONTHS | st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    days=st.lists(st.integers(min_value=300, max_value=900), max_size=6),
    last=st.integers(300, 900),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_missed_or_lived_twice_give_the_same(sheet, verified, days, last):
    def reset():
        Initiative.objects.filter(pk=sheet.pk).update(
            status=SheetStatus.PUBLISHED, freshness_asked_on=None, verified_on=verified
        )

    def state():
        found = now(sheet)
        return found.status, found.freshness_asked_on, found.verified_on

    on = verified + timedelta(days=last)
    reset()
    freshness.run(on)
    alone = state()
    freshness.run(on)
    assert state() == alone
    reset()
    for day in sorted(days):
        if day <= last:
            freshness.run(verified + timedelta(days=day))
    freshness.run(on)
    assert state() == alone


def test_months_end_where_they_end():
    assert freshness.after(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert freshness.after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert freshness.after(date(2026, 1, 31), -2) == date(2025, 11, 30)


# Answering


@pytest.fixture
def asked(sheet, ana) -> dict[str, str]:
    live(TWELVE)
    return links(ana)


def test_the_page_shows_the_three_buttons_and_does_nothing(sheet, asked, as_, django_assert_max_num_queries):
    browser = as_(None)
    with django_assert_max_num_queries(12):
        page = browser.get(asked["terminee"])
    assert page.status_code == 200
    for words in ("Où en est l’action", "Toujours en cours", "Terminée", "À modifier", sheet.public_version.title):
        assert words in page.text
    assert re.search(r'button-primary[^>]*value="ended"', page.text)
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert now(sheet).verified_on == VERIFIED
    assert browser.get(asked["oui"].split("?")[0] + "?reponse=n’importe").status_code == 200


@pytest.mark.parametrize("day", [TWELVE, EIGHTEEN, TWENTY_FOUR])
def test_still_going_on_brings_it_back(sheet, ana, max, as_, day):
    live(day)
    page = as_(None).post(links(ana)["oui"], {"answer": "yes"}, follow=True)
    assert "Merci, c’est noté" in page.text
    after = now(sheet)
    assert (after.status, after.verified_on, after.verified_by) == (SheetStatus.PUBLISHED, timezone.localdate(), None)
    assert after.public_version_id == sheet.public_version_id
    assert Entry.objects.get(initiative=sheet).verified_on == timezone.localdate()
    move = sheet.moves.filter(verb=Verb.VERIFY).get()
    assert move.by == ana
    live(freshness.after(after.verified_on, 12))
    assert said(sheet)[-1] == Verb.ASK_FRESHNESS  # a new year begins


def test_it_is_answered_once_for_the_team(sheet, ana, stan, as_):
    factories.co_author(sheet, stan)
    live(TWELVE)
    mine, theirs = links(ana), links(stan)
    as_(None).post(mine["oui"], {"answer": "yes"})
    for path in (mine["oui"], theirs["terminee"]):
        assert as_(None).get(path).status_code == 410
        assert as_(None).post(path, {"answer": "ended"}).status_code == 410
    assert said(sheet, Verb.VERIFY) == [Verb.VERIFY]


def test_ended_is_said_to_the_public_at_once_and_changes_nothing_else(sheet, ana, asked, as_):
    before = sheet.public_version
    as_(None).post(asked["terminee"], {"answer": "ended"})
    after = now(sheet).public_version
    assert (after.pk != before.pk, after.state, after.is_frozen) == (True, State.ENDED, True)
    told = {field.attname for field in Version._meta.concrete_fields} - {
        "id", "number", "created_at", "saved_at", "frozen_at", "edition", "snapshot", "state", "created_by_id",
    }  # fmt: skip
    assert {name: getattr(after, name) for name in told} == {name: getattr(before, name) for name in told}
    assert list(after.methods.all()) == list(before.methods.all())
    assert Version.objects.get(pk=before.pk).state == State.ONGOING  # what was published stays as it was
    assert now(sheet).status == SheetStatus.PUBLISHED
    assert not Case.objects.open().filter(initiative=sheet).exists()
    assert "terminée" in as_(None).get(sheet.get_absolute_url()).text


def test_ended_is_written_in_the_draft_too_and_its_window_is_told(sheet, ana, asked, as_):
    working = factories.fill(sheet.version_to_edit(ana), title="Un titre neuf")
    as_(None).post(asked["terminee"], {"answer": "ended"})
    again = Version.objects.get(pk=working.pk)
    assert (again.state, again.title, again.edition) == (State.ENDED, "Un titre neuf", working.edition + 1)
    assert now(sheet).public_version.title == sheet.public_version.title
    assert not TypedText.objects.exists()


def test_of_an_action_that_is_over_one_asks_whether_the_page_is_right(sheet, ana, as_):
    Version.objects.filter(pk=sheet.public_version_id).update(state=State.ENDED)
    live(TWELVE)
    assert list(links(ana)) == ["oui", "modifier"]
    page = as_(None).get(links(ana)["oui"])
    assert "Rien n’a changé" in page.text
    assert 'value="ended"' not in page.text
    as_(None).post(links(ana)["oui"], {"answer": "ended"})
    assert now(sheet).public_version_id == sheet.public_version_id
    assert now(sheet).verified_on == timezone.localdate()


def test_something_to_change_leads_to_the_screens(sheet, ana, asked, as_):
    answer = as_(ana).post(asked["modifier"], {"answer": "edit"})
    assert answer.url == f"{sheet.get_absolute_url()}modifier/"
    assert as_(ana).get(answer.url).status_code == 200
    assert as_(None).get(answer.url).status_code == 302  # signed in, as for any change
    assert now(sheet).verified_on == VERIFIED
    assert Agreement.objects.get(kind="freshness").answer == "edit"


@pytest.mark.parametrize("what", ["masked", "left", "withdrawn", "expired"])
def test_a_link_that_no_longer_stands_does_nothing(sheet, ana, asked, as_, what):
    if what == "masked":
        Initiative.objects.filter(pk=sheet.pk).update(masked_at=timezone.now())
    elif what == "left":
        sheet.authorships.all().delete()
    elif what == "withdrawn":
        Initiative.objects.filter(pk=sheet.pk).update(status=SheetStatus.WITHDRAWN)
    else:
        Agreement.objects.update(expires_at=timezone.now())
    before = Move.objects.count()
    for answer in ("yes", "ended", "edit"):
        page = as_(None).post(asked["oui"], {"answer": answer})
        assert page.status_code == 410
        assert sheet.public_version.title not in page.text
    assert Move.objects.count() == before


def test_a_forged_answer_is_refused_in_a_sentence(sheet, asked, as_):
    for forged in ("no", "", "x", "\x00"):
        page = as_(None).post(asked["oui"], {"answer": forged})
        assert page.status_code == 200
        assert "Choisissez une réponse" in page.text
    assert now(sheet).verified_on == VERIFIED


def test_the_coordination_publishes_a_change_and_the_year_begins_again(sheet, ana, asked):
    version = factories.fill(sheet.version_to_edit(ana), title="Un titre neuf")
    case = Case.submit(version, ana)
    publication.publish(case.version, None)
    live(timezone.localdate() + timedelta(days=1))
    assert now(sheet).status == SheetStatus.PUBLISHED


def test_the_command_says_what_it_did(sheet, capsys):
    call_command("freshness", "--on", f"{EIGHTEEN}")
    assert "1 à actualiser" in capsys.readouterr().out
