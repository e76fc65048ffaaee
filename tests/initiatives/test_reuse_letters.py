"""Letters about sheets taken up: nobody is named, nobody is written to too often, and each has its stop."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import rhythms
from accounts.models import Letter
from accounts.models.letters import Rhythm, Topic
from initiatives import freshness, reuses
from initiatives.emails import tell_moves
from initiatives.models import Case, Initiative, Kinship, Reuse
from initiatives.workflow import SheetStatus
from tests import factories

TAKEN = date(2026, 1, 12)
DUE = freshness.after(TAKEN, 6)  # 12 July is a Sunday
MONDAY = date(2026, 7, 13)


@pytest.fixture
def sheet(ana, max) -> Initiative:
    return factories.published(ana, max, title="La soupe du mardi")


@pytest.fixture
def reuse(sheet, stan) -> Reuse:
    made, _ = Reuse.take_up(sheet, stan)
    Reuse.objects.filter(pk=made.pk).update(inspired_at=noon(TAKEN))
    return made


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def letters(name: str, **about) -> list[Letter]:
    return list(Letter.objects.filter(key__startswith=f"initiatives/{name}:", **about).order_by("pk"))


def news() -> list[Letter]:
    return letters("reuse_news")


# Six months later


@pytest.mark.parametrize(
    ("day", "asked"),
    [(TAKEN + timedelta(days=170), 0), (DUE - timedelta(days=2), 0), (DUE, 0), (MONDAY, 1), (date(2026, 12, 2), 1)],
)
def test_after_six_months_and_never_on_a_day_off(reuse, day, asked):
    assert reuses.run(day) == asked
    assert len(news()) == asked


@pytest.mark.parametrize("day_off", [date(2026, 7, 14), date(2026, 8, 1), date(2026, 12, 25)])
def test_days_off_wait_for_the_next_working_day(reuse, day_off):
    assert reuses.run(day_off) == 0
    assert not news()


def test_once_only_whatever_happens(reuse):
    for day in (MONDAY, MONDAY, date(2026, 7, 15), date(2027, 7, 13)):
        reuses.run(day)
    assert len(news()) == 1
    reuse.refresh_from_db()
    assert reuse.reminded_at


def test_three_links_that_show_and_a_stop(reuse, stan, as_):
    reuses.run(MONDAY)
    (letter,) = news()
    assert (letter.person, letter.topic) == (stan, Topic.REUSE)
    assert "La soupe du mardi" in letter.subject
    paths = re.findall(r"https?://[^/\s]+(/initiatives/mes-reprises/\S+)", letter.body)
    assert [path.split("/")[-2] for path in paths] == ["essai", "adaptation", "renoncement"]
    assert "Ne plus recevoir ces lettres" in letter.body
    browser = as_(stan)
    for path in paths:
        assert as_(None).get(path).status_code == 302
        assert browser.get(path).status_code == 200
    reuse.refresh_from_db()
    assert reuse.stage == "inspired"


def test_news_given_since_put_it_off(reuse):
    reuse.refresh_from_db()
    reuse.try_it(date(2026, 5, 4), "", reuse.mark)
    assert reuses.run(MONDAY) == 0
    assert reuses.run(date(2026, 11, 4)) == 1
    assert "Depuis, vous avez essayé" in news()[0].body


@pytest.mark.parametrize("stage", ["adapted", "dropped"])
def test_what_is_over_is_not_asked_about(reuse, stage):
    Reuse.objects.update(stage=stage)
    assert reuses.run(MONDAY) == 0


@pytest.mark.parametrize(
    "fields", [{"masked_at": timezone.now()}, {"status": "withdrawn", "withdrawn_reason": "author"}]
)
def test_nothing_of_a_sheet_nobody_reads(reuse, sheet, fields):
    Initiative.objects.filter(pk=sheet.pk).update(**fields)
    assert reuses.run(MONDAY) == 0
    assert not news()
    Initiative.objects.filter(pk=sheet.pk).update(masked_at=None, status="published")
    assert reuses.run(MONDAY) == 1


def test_a_sheet_joined_to_another_is_named_as_that_other(reuse, sheet, ana, max):
    into = factories.published(ana, max, title="La grande soupe")
    Initiative.objects.filter(pk=sheet.pk).update(status=SheetStatus.MERGED, merged_into=into)
    reuses.run(MONDAY)
    assert "La grande soupe" in news()[0].subject
    assert "soupe du mardi" not in news()[0].body


def test_who_wants_none_gets_none_and_by_the_week_it_waits(reuse, stan):
    rhythms.choose(stan, Topic.REUSE, Rhythm.NEVER)
    reuses.run(MONDAY)
    assert not news()
    rhythms.choose(stan, Topic.REUSE, Rhythm.WEEKLY)
    Reuse.objects.update(reminded_at=None)
    reuses.run(MONDAY)
    assert news()[0].held


def test_a_closed_account_is_written_nothing(reuse, stan):
    stan.is_active = False
    stan.save()
    assert reuses.run(MONDAY) == 0


def test_the_daily_work_does_it(reuse):
    call_command("daily", "--on", MONDAY.isoformat())
    assert len(news()) == 1


def test_who_took_something_up_may_choose(reuse, stan, as_):
    assert rhythms.topics_of(stan) == [Topic.REUSE]
    assert "Les reprises" in as_(stan).get("/compte/lettres/").text


# To the authors


def test_a_team_is_told_that_someone_takes_it_up_and_not_who(sheet, stan, ana, as_):
    as_(stan).post(f"{sheet.get_absolute_url()}inspiration/", {"departement": "42", "note": "Une bouilloire."})
    (letter,) = letters("reuse_inspired")
    assert (letter.person, letter.topic) == (ana, Topic.REUSE)
    for hidden in (stan.name, stan.email, "Loire", "bouilloire"):
        assert hidden not in letter.body, hidden
    assert "Ne plus recevoir ces lettres" in letter.body


def test_one_letter_a_week_however_many_they_are(sheet, ana, as_, monkeypatch):
    path = f"{sheet.get_absolute_url()}inspiration/"
    for n in range(3):
        as_(factories.person(f"Repreneuse {n}")).post(path, {})
    eager = as_(factories.person("Pressée"))
    for _ in range(3):
        eager.post(path, {})
        Reuse.objects.filter(person__name="Pressée").delete()
    assert len(letters("reuse_inspired")) == 1
    later = timezone.now() + timedelta(days=7)
    monkeypatch.setattr(timezone, "now", lambda: later)
    as_(factories.person("Tardive")).post(path, {})
    assert "4 personnes l’ont dit" in letters("reuse_inspired")[1].body


def test_by_the_week_it_joins_the_digest(sheet, stan, ana, as_):
    rhythms.choose(ana, Topic.REUSE, Rhythm.WEEKLY)
    as_(stan).post(f"{sheet.get_absolute_url()}inspiration/", {})
    assert letters("reuse_inspired")[0].held


def published(version, author, by) -> Case:
    case = Case.submit(version, author)
    case.claim(by)
    case.accept(by)
    tell_moves()
    return case


def test_a_team_is_told_when_a_sheet_is_born_of_its_own(reuse, sheet, stan, ana, max):
    child = reuses.begin_child(reuse, stan, "", Reuse.objects.get().mark)
    published(factories.fill(child.working_version(), **factories.complete(title="La bouilloire")), stan, max)
    (letter,) = letters("reuse_born")
    assert letter.person == ana
    assert "La bouilloire" in letter.subject
    child.refresh_from_db()
    assert child.get_absolute_url() in letter.body
    version = factories.fill(child.version_to_edit(stan), title="La grande bouilloire")
    published(version, stan, max)  # a later version says nothing new
    assert len(letters("reuse_born")) == 1


def test_a_revision_that_says_so_first_is_told(sheet, stan, ana, max):
    mine = factories.published(stan, max, title="La bouilloire")
    tell_moves()
    assert not letters("reuse_born")
    version = mine.version_to_edit(stan)
    Kinship.objects.create(version=version, other=sheet, kind="inspiree")
    published(version, stan, max)
    assert [letter.person for letter in letters("reuse_born")] == [ana]


def test_ones_own_and_hidden_ones_are_not_told(sheet, stan, ana, max):
    version = factories.complete_draft(ana, title="D’Ana aussi")
    Kinship.objects.create(version=version, other=sheet, kind="inspiree")
    published(version, ana, max)
    Initiative.objects.filter(pk=sheet.pk).update(masked_at=timezone.now())
    version = factories.complete_draft(stan, title="De Stan")
    Kinship.objects.create(version=version, other=sheet, kind="inspiree")
    published(version, stan, max)
    assert not letters("reuse_born")
