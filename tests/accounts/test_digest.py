"""Once a week, in one letter: what one asked to receive so, and what is to be done; nothing when there is nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import digest, post, rhythms
from accounts.models import Letter, LetterPreference
from accounts.models.letters import LetterQuerySet, Rhythm, Topic
from initiatives import emails
from tests import factories
from tests.accounts.test_letter_preferences import stop_path

MONDAY = datetime(2026, 11, 16).date()
DIGEST = "accounts/weekly_digest:"


@pytest.fixture
def weekly(ana):
    for topic in (Topic.REMINDERS, Topic.THREAD):
        rhythms.choose(ana, topic, Rhythm.WEEKLY)
    return ana


def held(person, topic=Topic.REMINDERS, subject="À faire avant le 20 novembre", body="", days=2, key="") -> Letter:
    letter = post.put(
        key=key or f"{topic}-{subject}", to=person.email, person=person, subject=subject, topic=topic, held=True,
        body=body or "Bonjour Ana,\n\nUn dossier attend.\n\nPour le lire :\nhttps://essaim.test/suivi/1/\n\nEssaim\n",
    )  # fmt: skip
    assert letter
    Letter.objects.filter(pk=letter.pk).update(written_at=at(MONDAY - timedelta(days=days)))
    return letter


def at(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()).replace(hour=10))


def digests():
    return Letter.objects.filter(key__startswith=DIGEST)


def test_one_letter_with_all_that_was_held(weekly, django_assert_max_num_queries):
    held(weekly)
    held(weekly, subject="Encore un rappel")
    held(weekly, Topic.THREAD, "La coordination vous écrit", "Bonjour Ana,\n\nMerci, c’est clair.\n\nEssaim\n")
    assert digest.run(MONDAY) == 1
    letter = digests().get()
    assert letter.subject == "Votre semaine sur Essaim : 3 nouvelles"
    assert letter.to == weekly.email
    for words in ("LES RAPPELS", "samedi 14 novembre : À faire avant le 20 novembre", "https://essaim.test/suivi/1/",
                  "LES MESSAGES DANS UN DOSSIER", "Merci, c’est clair."):  # fmt: skip
        assert words in letter.body, letter.body
    assert letter.body.count("Bonjour") == 1
    assert not Letter.objects.filter(held=True).exists()
    assert list(Letter.objects.waiting()) == [letter]  # what it holds has gone with it


def test_nothing_when_there_is_nothing(weekly, max, nora):
    assert digest.run(MONDAY) == 0
    assert not Letter.objects.exists()


def test_twice_or_late_says_it_once(weekly):
    held(weekly)
    held(weekly, subject="Écrite ce lundi même", days=0)
    assert digest.run(MONDAY + timedelta(days=1)) == 1  # the process was down on Monday
    assert digest.run(MONDAY + timedelta(days=1)) == 0
    assert digest.run(MONDAY + timedelta(days=4)) == 0
    assert "ce lundi même" not in digests().get().body
    assert digest.run(MONDAY + timedelta(days=7)) == 1
    assert "ce lundi même" in digests().latest("pk").body


def test_a_long_list_says_how_many_more(weekly):
    for n in range(33):
        held(weekly, subject=f"Rappel {n}")
    digest.run(MONDAY)
    assert "… et 3 autres." in digests().get().body


def test_a_coordinator_reads_what_the_queue_holds(ana, max):
    factories.sent(ana)
    factories.claimed(ana, max, title="Une autre fiche")
    assert digest.run(MONDAY) == 0  # each letter at once: no digest was asked for
    rhythms.choose(max, Topic.CASES, Rhythm.WEEKLY)
    assert digest.run(MONDAY + timedelta(days=1)) == 0
    assert digest.run(MONDAY) == 1
    body = digests().get().body
    assert "1 dossier à prendre" in body
    assert "1 dossier entre vos mains" in body
    assert "?vue=les-miens" in body


def test_the_letters_of_a_move_are_held_then_told(ana, max):
    rhythms.choose(max, Topic.CASES, Rhythm.WEEKLY)
    factories.sent(ana)
    emails.tell_moves()
    letter = Letter.objects.get(person=max)
    assert (letter.topic, letter.held) == (Topic.CASES, True)
    Letter.objects.filter(pk=letter.pk).update(written_at=at(MONDAY - timedelta(days=1)))
    digest.run(MONDAY)
    assert "À relire avant le" in digests().get().body


def test_one_click_stops_the_digest(weekly, as_):
    held(weekly)
    digest.run(MONDAY)
    letter = digests().get()
    assert post.stop_url_of(letter).endswith(stop_path(letter))
    page = as_(None).get(stop_path(letter))
    assert "rappels" in page.text
    assert (
        Client(enforce_csrf_checks=True).post(stop_path(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200
    )
    rhythms_now = set(LetterPreference.objects.values_list("rhythm", flat=True))
    assert rhythms_now == {Rhythm.NEVER}
    assert "C’est arrêté" in as_(None).get(stop_path(letter)).text


def test_who_left_is_not_written_to(weekly):
    held(weekly)
    weekly.is_active = False
    weekly.save()
    assert digest.run(MONDAY) == 0


def test_the_command_says_how_many(weekly, capsys):
    held(weekly)
    call_command("weekly_digest", "--on", "2026-11-16")
    assert "1 résumés écrits" in capsys.readouterr().out


def test_killed_in_between_nothing_is_lost_and_nothing_goes_twice(weekly, monkeypatch):
    """The digest and what it holds are one transaction: cut before its end, it never was."""
    held(weekly)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(LetterQuerySet, "update", killed)
        with pytest.raises(KeyboardInterrupt):
            digest.run(MONDAY)
    assert not digests().exists()
    assert Letter.objects.get().held
    assert digest.run(MONDAY) == 1
    assert digest.run(MONDAY) == 0
    assert not Letter.objects.filter(held=True).exists()
