"""A draft nobody comes back to: its authors are told a month before, and after a year nothing of it can be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Letter
from initiatives import abandoned
from initiatives.emails import tell_moves
from initiatives.freshness import after
from initiatives.models import Authorship, Case, Initiative, Move, TypedText, Upload, Version
from initiatives.models.rows import VersionRow
from initiatives.workflow import SheetStatus, Verb
from tests import factories

LEFT = date(2025, 10, 15)
WARNED = after(LEFT, 11)  # Tuesday 15 September 2026
END = after(LEFT, 12)
WORD = "zibeline"


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def aged(sheet: Initiative, day: date = LEFT) -> Initiative:
    """As if nothing had been done on it since that day."""
    Initiative.objects.filter(pk=sheet.pk).update(created_at=noon(day))
    sheet.versions.update(saved_at=noon(day), created_at=noon(day))
    with_triggers_off("UPDATE initiatives_move SET at = %s WHERE initiative_id = %s", noon(day), sheet.pk)
    TypedText.objects.filter(version__initiative=sheet).update(at=noon(day))
    return Initiative.objects.get(pk=sheet.pk)


def with_triggers_off(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def letters() -> list[Letter]:
    return list(Letter.objects.filter(key__startswith="initiatives/draft_ends:").order_by("pk"))


def live(*days: date) -> None:
    """Days that pass, letters dated of the day they are written."""
    for day in days:
        seen = {letter.pk for letter in letters()}
        abandoned.run(day)
        Letter.objects.filter(pk__in={letter.pk for letter in letters()} - seen).update(written_at=noon(day))


@pytest.fixture
def draft(ana) -> Initiative:
    version = factories.fill(factories.draft(ana), title=f"La {WORD} du mardi", story=WORD)
    factories.picture(version, alternative=WORD)
    return aged(version.initiative)


@pytest.fixture
def refused(ana, max) -> Initiative:
    """Sent, refused, taken up again, left."""
    said = {"title": f"La {WORD} refusée", "summary": f"{WORD} {factories.SUMMARY}"[:400], "tags": [WORD]}
    version = factories.capitalise(factories.complete_draft(ana, **said))
    factories.picture(version, alternative=WORD)
    case = Case.submit(version, ana)
    case.claim(max)
    case.refuse(max, "trop-peu", "Racontez une séance, du début à la fin, sans nommer personne.")
    case.initiative.version_to_edit(ana)
    tell_moves()
    Letter.objects.all().delete()
    return aged(case.initiative)


def everything_of(sheet: Initiative) -> str:
    rows = [str(list(kind._base_manager.filter(version__initiative=sheet).values())) for kind in VersionRow.kinds()]
    rows += [str(list(sheet.versions.values())), str(list(Upload.objects.filter(initiative=sheet).values()))]
    rows += [str([list(version.tags.names()) for version in sheet.versions.all()]), sheet.slug]
    return " ".join(rows)


def test_told_a_month_before_then_erased(draft, ana):
    live(WARNED - timedelta(days=1))
    assert not letters()
    live(WARNED, WARNED + timedelta(days=1), END - timedelta(days=1))
    (letter,) = letters()
    assert (letter.person, letter.topic) == (ana, "")
    assert f"La {WORD} du mardi" in letter.subject
    assert "15 octobre 2026" in letter.subject
    assert Version.objects.filter(initiative=draft).exists()
    live(END)
    assert WORD not in everything_of(draft)
    draft.refresh_from_db()
    assert draft.status == SheetStatus.WITHDRAWN
    assert not Version.objects.filter(initiative=draft).exists()
    assert not Upload.objects.filter(initiative=draft).exists()
    assert not Authorship.objects.filter(initiative=draft).exists()
    assert draft.moves.last().verb == Verb.WITHDRAW
    live(END, END + timedelta(days=9))
    assert Move.objects.filter(initiative=draft, verb=Verb.WITHDRAW).count() == 1


def test_a_refused_draft_is_emptied_and_its_decision_stays(refused, max, as_):
    live(WARNED, END)
    assert "n’est pas publié" in letters()[0].body
    assert WORD not in everything_of(refused)
    case = refused.cases.get()
    assert (case.status, case.version.title, case.version.snapshot, case.version.place) == ("refused", "", {}, None)
    assert case.version.methods.count() == 0
    assert refused.moves.filter(verb=Verb.REFUSE).exists()
    answer = as_(max).get(f"/initiatives/moderation/{case.pk}/")
    assert answer.status_code == 200
    assert WORD not in answer.text


def test_what_is_done_on_it_starts_the_year_again(draft, ana):
    live(WARNED)
    saved = WARNED + timedelta(days=3)
    draft.versions.update(saved_at=noon(saved))
    live(END, after(saved, 11) - timedelta(days=1))
    assert Version.objects.filter(initiative=draft).exists()
    live(*(after(saved, 11) + timedelta(days=n) for n in range(5)))
    assert len(letters()) == 2


def test_typing_counts_too(draft, ana):
    said = {"step": "quoi", "window": "a" * 24, "data": {"title": ["x"]}, "at": noon(WARNED)}
    TypedText.objects.create(version=draft.working_version(), person=ana, **said)
    live(WARNED, END)
    assert not letters()


def test_late_the_month_is_given_all_the_same(draft):
    late = date(2027, 3, 2)
    live(late)
    assert "2 avril 2027" in letters()[0].subject
    live(date(2027, 3, 31))
    assert Version.objects.filter(initiative=draft).exists()
    live(date(2027, 4, 2))
    assert not Version.objects.filter(initiative=draft).exists()


def test_no_letter_on_a_day_off(draft):
    aged(draft, date(2025, 10, 12))  # eleven months later is a Saturday
    live(date(2026, 9, 12), date(2026, 9, 13))
    assert not letters()
    live(date(2026, 9, 14))
    assert len(letters()) == 1


def test_each_author_is_told_and_one_whose_account_is_closed_is_not_waited_for(draft, ana, stan):
    factories.co_author(draft, stan)
    live(WARNED)
    assert {letter.person for letter in letters()} == {ana, stan}


def test_nobody_to_tell(draft, ana):
    ana.is_active = False
    ana.save()
    live(WARNED, END - timedelta(days=1))
    assert Version.objects.filter(initiative=draft).exists()
    live(END)
    assert not letters()
    assert not Version.objects.filter(initiative=draft).exists()


def test_given_up_after_a_refusal_its_texts_go_too_without_a_letter(refused, ana):
    refused.discard(ana)
    aged(refused)
    live(WARNED, END)
    assert not letters()
    assert WORD not in everything_of(refused)
    moves = refused.moves.count()
    live(END)
    assert refused.moves.count() == moves


def test_what_is_read_or_public_is_not_touched(ana, max):
    sheets = [
        factories.sent(ana).initiative, factories.claimed(ana, max).initiative, factories.published(ana, max),
    ]  # fmt: skip
    sheets[2].version_to_edit(ana)
    taken = factories.published(ana, max)
    Initiative.objects.filter(pk=taken.pk).update(status=SheetStatus.WITHDRAWN)
    for sheet in (*sheets, taken):
        aged(sheet)
    before = list(Version.objects.order_by("pk").values_list("pk", "title"))
    live(WARNED, END, END + timedelta(days=400))
    assert list(Version.objects.order_by("pk").values_list("pk", "title")) == before
    assert not letters()


def test_the_daily_work_does_it(draft):
    call_command("daily", "--on", WARNED.isoformat())
    assert len(letters()) == 1


def test_queries(ana, django_assert_max_num_queries):
    """What isn't due costs one statement, however many drafts there are."""
    for _ in range(5):
        factories.draft(ana)
    with django_assert_max_num_queries(1):
        abandoned.run(timezone.localdate())
