"""What the house does by itself: each work once a day, from seven in the morning, whoever is asked to do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import daily
from accounts.management.commands.send_letters import Command
from accounts.models import Reference


def at(hour: int, day: int = 16) -> datetime:
    return timezone.make_aware(datetime(2026, 11, day, hour, 30))


@pytest.fixture
def done(db, monkeypatch) -> list[date]:
    days: list[date] = []
    monkeypatch.setattr(daily, "_works", {"sweep": days.append})
    monkeypatch.setattr(daily, "_over_on", None)
    monkeypatch.setattr(daily, "_looked_at", -daily.EVERY)
    return days


def look(monkeypatch, moment) -> None:
    monkeypatch.setattr(daily, "_looked_at", -daily.EVERY)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    daily.look()


def test_once_a_day_from_seven(done, monkeypatch):
    for moment in (at(6), at(7), at(8), at(23), at(6, 17), at(9, 17)):
        look(monkeypatch, moment)
    assert done == [date(2026, 11, 16), date(2026, 11, 17)]


def test_two_processes_do_it_once(done):
    assert daily.run_due(at(7))
    assert daily.run_due(at(8))
    assert len(done) == 1


def test_what_another_is_doing_is_left_to_it(done):
    Reference.objects.create(name="daily-sweep", vintage=daily._stamp(at(7)))
    assert not daily.run_due(at(7) + timedelta(minutes=10))
    assert done == []
    assert daily.run_due(at(9))  # the other was killed
    assert len(done) == 1


def test_a_work_that_breaks_holds_no_other_and_is_tried_again(done, monkeypatch, caplog):
    def broken(on: date) -> None:
        raise RuntimeError

    monkeypatch.setattr(daily, "_works", {"broken": broken, "sweep": done.append})
    assert not daily.run_due(at(7))
    assert len(done) == 1
    assert "broken" in caplog.text
    monkeypatch.setattr(daily, "_works", {"broken": done.append})
    assert not daily.run_due(at(8))
    assert daily.run_due(at(8) + timedelta(minutes=31))
    assert len(done) == 2


def test_looking_costs_nothing_once_all_is_done(done, monkeypatch, django_assert_num_queries):
    look(monkeypatch, at(9))
    with django_assert_num_queries(0):
        look(monkeypatch, at(10))


def test_any_day_by_hand(done, capsys):
    call_command("daily", "--on", "2027-01-31")
    assert done == [date(2027, 1, 31)]
    assert "sweep" in capsys.readouterr().out


def test_the_letters_process_does_it(done, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(7))
    process = Command()
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(process, "empty_outbox", process.stop)
    process.handle(forever=True)
    assert done == [date(2026, 11, 16)]


def test_every_room_has_registered_its_own():
    assert {"forget-letters", "weekly-digest", "retention", "rescan", "freshness"} <= set(daily._works)
