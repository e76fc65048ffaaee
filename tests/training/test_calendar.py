"""One's dates in one's own calendar: read anew by a calendar's library, behind a key that one button revokes."""

import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar as Read

from tests import factories
from tests.training.conftest import PARIS
from tests.training.gestures import answer, save, sent, url
from training.models import Calendar, Extension


def at(*wall):
    return datetime(*wall, tzinfo=PARIS)


def feed(person):
    return urlsplit(Calendar.open(person).url).path


def events(person, browser=None):
    """{words: instant}, as a calendar reads them."""
    answered = (browser or Client()).get(feed(person))
    assert answered.status_code == 200
    read = Read.from_ical(answered.content)
    assert not read.errors
    return {str(event["summary"]).replace("\u00a0", " "): event["dtstart"].dt for event in read.walk("VEVENT")}


@pytest.fixture
def given(cohort):
    return factories.assignment(
        cohort, opens_at=at(2026, 11, 1, 9), due_at=at(2027, 3, 29, 0), closes_at=at(2027, 4, 5, 0)
    )


def test_a_student_reads_their_own_dates(ilan, given):
    assert events(ilan) == {
        # On the day clocks change: the last minute, in universal time.
        "À rendre : Lire le travail social de groupe": datetime(2027, 3, 28, 21, 59, tzinfo=UTC),
        "Fin des envois : Lire le travail social de groupe": datetime(2027, 4, 4, 21, 59, tzinfo=UTC),
    }
    Extension.objects.create(assignment=given, student=ilan, due_at=at(2027, 4, 10, 0), reason="Canari")
    assert events(ilan) == {"À rendre : Lire le travail social de groupe": datetime(2027, 4, 9, 21, 59, tzinfo=UTC)}


def test_a_trainer_reads_those_of_the_class(tess, otto, ilan, cohort, other_centre, given, clock):
    Extension.objects.create(assignment=given, student=ilan, due_at=at(2027, 4, 10, 0), reason="Canari")
    factories.assignment(factories.cohort(other_centre, "La leur"), title="Un autre devoir")
    soon = at(2027, 2, 1, 8)
    factories.assignment(cohort, title="Pour février", opens_at=soon, due_at=soon + timedelta(days=9))
    found = events(tess)
    assert found["À rendre : Lire le travail social de groupe (ASS 2026-2029)"] == datetime(
        2027, 3, 28, 21, 59, tzinfo=UTC
    )
    assert found["S’ouvre : Pour février (ASS 2026-2029)"] == datetime(2027, 2, 1, 7, tzinfo=UTC)
    assert len(found) == 4
    assert list(events(otto)) == ["À rendre : Un autre devoir (La leur)"]


def test_what_is_not_open_or_not_theirs_is_not_there(ilan, stan, centre, cohort, given):
    soon = at(2027, 2, 1, 8)
    factories.assignment(cohort, title="Pas encore", opens_at=soon, due_at=soon + timedelta(days=9))
    factories.assignment(cohort, title="À personne", for_all=False)
    factories.assignment(factories.cohort(centre, "Une autre"), title="Ailleurs")
    assert len(events(ilan)) == 2
    assert events(stan) == {}


def test_nothing_private_is_in_it(tess, ilan, given, as_):
    """Neither who, nor what is written, sent, answered, asked later: before and after, the same bytes."""
    given.cohort.groups.create(name="TD-canari")
    before = {person: Client().get(feed(person)).content for person in (ilan, tess)}
    save(as_(ilan), given, "Note-canari.")
    work = given.work_of(ilan)
    work.send()
    answer(as_(tess), work, "Réponse-canari.", "to_redo")
    Extension.objects.create(assignment=given, student=ilan, due_at=at(2027, 3, 1, 0), reason="Raison-canari")
    for person, content in before.items():
        after = Client().get(feed(person)).content
        assert after == content
        for private in ("canari", "Ilan", "Tess", ilan.email, tess.email, "reprendre"):
            assert private not in after.decode()


def test_the_key_is_a_secret_that_opens_without_an_account(ilan, given):
    assert re.fullmatch(r"/formation/agenda/[\w-]{43}\.ics", feed(ilan))
    found = Client().get(feed(ilan))
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert found.headers["Referrer-Policy"] == "no-referrer"
    assert found.headers["Cache-Control"] == "private, no-cache"
    assert "noindex" in found.headers["X-Robots-Tag"]
    assert not found.cookies
    assert Client().post(feed(ilan)).status_code == 405


def test_one_button_revokes_it(ilan, given, as_):
    old = feed(ilan)
    as_(ilan).post(url("calendar"), {"action": "renew"})
    assert feed(ilan) != old
    gone = Client().get(old)
    assert gone.status_code == 404
    assert b"VEVENT" not in gone.content
    assert gone.headers["Referrer-Policy"] == "no-referrer"
    new = feed(ilan)
    as_(ilan).post(url("calendar"), {"action": "stop"})
    assert Client().get(new).status_code == 404
    assert not Calendar.objects.exists()


def test_the_page_makes_it_when_asked_and_not_before(ilan, given, as_):
    browser = as_(ilan)
    assert "Faire mon adresse" in browser.get(url("calendar")).text
    assert not Calendar.objects.exists()
    for _ in range(2):
        browser.post(url("calendar"), {"action": "open"})
    calendar = Calendar.objects.get()
    page = browser.get(url("calendar")).text
    assert calendar.url in page
    assert f'href="webcal:{calendar.url.partition(":")[2]}"' in page
    assert url("calendar") in browser.get(url("home")).text


@pytest.mark.parametrize("action", ["", "erase", "OPEN", "open\x00"])
def test_a_gesture_that_is_none_does_nothing(action, ilan, as_):
    assert as_(ilan).post(url("calendar"), {"action": action}).status_code == 302
    assert not Calendar.objects.exists()


def test_who_neither_studies_nor_teaches_has_none(stan, nora, hugo, as_):
    for person in (stan, nora, hugo):
        assert as_(person).get(url("calendar")).status_code == 404
        assert as_(person).post(url("calendar"), {"action": "open"}).status_code == 404


def test_it_empties_with_what_gives_it(ilan, tess, cohort, given):
    cohort.enrolments.get(student=ilan).leave()
    tess.roles.update(
        until_on=given.created_at.date() - timedelta(days=1), from_on=given.created_at.date() - timedelta(days=9)
    )
    assert events(ilan) == {}
    assert events(tess) == {}


def test_what_is_no_longer_asked_leaves_it_even_begun(ilan, given):
    given.work_of(ilan).save_draft("Commencé.", 0)
    assert b"BEGIN:VEVENT" in Client().get(feed(ilan)).content
    given.withdraw()
    assert b"BEGIN:VEVENT" not in Client().get(feed(ilan)).content


def test_who_has_left_may_still_stop_it(ilan, cohort, as_):
    Calendar.open(ilan)
    cohort.enrolments.get(student=ilan).leave()
    assert as_(ilan).get(url("calendar")).status_code == 200
    as_(ilan).post(url("calendar"), {"action": "stop"})
    assert not Calendar.objects.exists()


def test_a_closed_account_is_read_no_more(ilan, given):
    path = feed(ilan)
    type(ilan).objects.update(is_active=False)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("key", ["x", "a" * 43, "a" * 5000, "%2e%2e", "' OR 1=1", "é", "%00"])
def test_a_wrong_key_opens_nothing(key, ilan, given):
    Calendar.open(ilan)
    assert Client().get(f"/formation/agenda/{key}.ics").status_code in (400, 404)


def test_a_calendar_that_asks_again_is_told_nothing_moved(ilan, given):
    first = Client().get(feed(ilan))
    again = Client().get(feed(ilan), headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Referrer-Policy"] == "no-referrer"
    type(given).objects.update(due_at=at(2027, 3, 30, 0))
    assert Client().get(feed(ilan), headers={"if-none-match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("title", ["Lire; écrire, « dire »", "a\\nb", "BEGIN:VEVENT", "é" * 160, "🐝" * 80, "\u2028x"])
def test_any_title_is_one_line_of_one_event(title, ilan, cohort):
    factories.assignment(cohort, title=title)
    read = Read.from_ical(Client().get(feed(ilan)).content)
    (event,) = read.walk("VEVENT")
    plain = str(event["summary"]).replace("\u00a0", " ").replace("\u202f", " ")
    assert "".join(title.split()) in "".join(plain.split())


def test_each_event_is_complete_and_the_lines_are_short(ilan, tess, given):
    for person in (ilan, tess):
        raw = Client().get(feed(person)).content
        assert raw.endswith(b"END:VCALENDAR\r\n")
        assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
        read = Read.from_ical(raw)
        assert (str(read["version"]), str(read["method"])) == ("2.0", "PUBLISH")
        uids = [str(event["uid"]) for event in read.walk("VEVENT")]
        assert len(uids) == len(set(uids)) == 2
        for event in read.walk("VEVENT"):
            assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "CLASS", "TRANSP"} == set(event)
            assert str(event["url"]).endswith(given.get_absolute_url())


def test_the_key_is_written_in_no_log(ilan, given, caplog, monkeypatch):
    path = feed(ilan)
    key = path.rpartition("/")[2].removesuffix(".ics")
    Calendar.renew(ilan)
    with caplog.at_level(logging.DEBUG):
        Client().get(path)
        live = feed(ilan)
        monkeypatch.setattr("training.calendars.ics", broken)
        Client(raise_request_exception=False).get(live)
    from config.logs import masked

    told = " ".join(masked(record.getMessage()) for record in caplog.records)
    assert "/formation/agenda/" in told
    for secret in (key, live.rpartition("/")[2].removesuffix(".ics")):
        assert secret not in told


def broken(*_):
    raise RuntimeError("broken on purpose")


def test_a_calendar_is_few_queries(ilan, tess, cohort, django_assert_max_num_queries):
    for n in range(20):
        sent(factories.assignment(cohort, title=f"Devoir {n}"), ilan)
    for person in (ilan, tess):
        path = feed(person)
        with django_assert_max_num_queries(5):
            Client().get(path)
