"""Each letter when one wants it: at once, by the week, never; stopped by one click, from the letter itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import post, rhythms
from accounts.models import Letter, LetterPreference
from accounts.models.letters import Rhythm, Topic
from initiatives import emails
from initiatives.models import Inquiry
from tests import factories, smtp

PAGE = "/compte/lettres/"
GOOD = dict.fromkeys(("reminders", "thread", "contact", "freshness", "reuse"), "each")
STOP = re.compile(r"https?://[^/]+(/compte/lettres/arreter/\S+)")


def told(person, topic=Topic.REMINDERS, key="k"):
    return post.write(person, "accounts/no_account", key=key, topic=topic)


def stop_path(letter: Letter) -> str:
    found = STOP.search(letter.body)
    assert found
    return found[1]


# Writing


def test_without_a_choice_each_letter_leaves_at_once(ana):
    letter = told(ana)
    assert (letter.topic, letter.held) == (Topic.REMINDERS, False)
    assert letter in Letter.objects.waiting()


def test_by_the_week_a_letter_waits_and_is_not_sent(ana):
    rhythms.choose(ana, Topic.REMINDERS, Rhythm.WEEKLY)
    letter = told(ana)
    assert letter.held
    assert not STOP.search(letter.body)
    assert letter not in Letter.objects.waiting()


def test_never_means_that_nothing_is_written(ana):
    rhythms.choose(ana, Topic.REMINDERS, Rhythm.NEVER)
    assert told(ana) is None
    assert not Letter.objects.exists()


def test_an_essential_letter_always_goes(ana):
    for topic in Topic:
        rhythms.choose(ana, topic, Rhythm.NEVER)
    letter = told(ana, topic="")
    assert letter in Letter.objects.waiting()
    assert not STOP.search(letter.body)


def test_an_address_without_account_has_no_choice_to_make(db):
    letter = told("rose@exemple.test")
    assert letter.topic == ""
    assert "arreter" not in letter.body


def test_a_new_choice_is_about_what_is_held_too(ana):
    rhythms.choose(ana, Topic.REMINDERS, Rhythm.WEEKLY)
    rhythms.choose(ana, Topic.THREAD, Rhythm.WEEKLY)
    told(ana), told(ana, Topic.THREAD, "other")
    rhythms.choose(ana, Topic.REMINDERS, Rhythm.EACH)
    rhythms.choose(ana, Topic.THREAD, Rhythm.NEVER)
    assert [letter.topic for letter in Letter.objects.waiting()] == [Topic.REMINDERS]
    assert not Letter.objects.filter(held=True).exists()


# The page


def test_one_chooses_about_what_can_concern_one(ana, max, stan, as_, django_assert_max_num_queries):
    factories.draft(ana)
    assert rhythms.topics_of(ana) == [Topic.REMINDERS, Topic.THREAD, Topic.CONTACT, Topic.FRESHNESS, Topic.REUSE]
    assert rhythms.topics_of(max) == [Topic.CASES, Topic.REMINDERS, Topic.THREAD]
    browser = as_(max)
    with django_assert_max_num_queries(12):
        page = browser.get(PAGE)
    assert "Les dossiers à relire sur mon territoire" in page.text
    assert "messages relayés" not in page.text
    assert "Vous ne recevez rien d’autre aujourd’hui" in as_(stan).get(PAGE).text


def test_a_choice_is_kept(ana, as_):
    factories.draft(ana)
    browser = as_(ana)
    answer = browser.post(PAGE, {**GOOD, "reminders": "weekly", "freshness": "never"})
    assert answer.url == PAGE
    assert "Vos choix sont enregistrés" in browser.get(PAGE).text
    kept = dict(LetterPreference.objects.values_list("topic", "rhythm"))
    assert kept == {"reminders": "weekly", "freshness": "never"}


def test_a_forged_choice_is_refused(ana, as_):
    factories.draft(ana)
    for forged in ("weekly", "parfois", "\x00", ""):
        page = as_(ana).post(PAGE, {**GOOD, "freshness": forged})
        assert page.status_code == 200
        assert "Erreur" in page.text
    assert not LetterPreference.objects.exists()
    as_(ana).post(PAGE, {**GOOD, "cases": "never"})
    assert not LetterPreference.objects.filter(topic="cases").exists()


def test_the_account_leads_there(ana, as_):
    assert f'href="{PAGE}"' in as_(ana).get("/compte/").text
    assert as_(None).get(PAGE).status_code == 302


# Stopping, from the letter


def test_a_get_stops_nothing_and_a_post_does(ana, as_):
    path = stop_path(told(ana))
    page = as_(None).get(path)
    assert "Ne plus les recevoir" in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert not LetterPreference.objects.exists()
    page = as_(None).post(path)
    assert "C’est arrêté" in page.text
    assert told(ana, key="later") is None
    assert as_(None).post(path).status_code == 200  # pressed twice


def test_a_mail_program_stops_them_without_cookie_or_token(ana):
    """RFC 8058: a POST that says One-Click, from anywhere, with nothing else; the rest of the site refuses it."""
    program = Client(enforce_csrf_checks=True)
    headers = {"origin": "https://mail.example"}
    path = stop_path(told(ana))
    assert program.post(path, {"List-Unsubscribe": "One-Click"}, headers=headers).status_code == 200
    assert rhythms.rhythm_of(ana, Topic.REMINDERS) == Rhythm.NEVER
    assert program.post(PAGE, {"reminders": "each"}, headers=headers).status_code == 403


def test_the_session_has_no_part_in_it(ana, max, as_):
    as_(max).post(stop_path(told(ana)))
    assert list(LetterPreference.objects.values_list("person", "topic")) == [(ana.pk, "reminders")]


def test_a_wrong_link_stops_nothing(ana, max, as_):
    path = stop_path(told(ana))
    forged = path.replace(f"/{ana.pk}-", f"/{max.pk}-")
    for wrong in (forged, path[:-4] + "/", "/compte/lettres/arreter/x/", path.replace("reminders", "cases")):
        assert as_(None).post(wrong).status_code == 404, wrong
    assert not LetterPreference.objects.exists()


def test_the_letter_says_so_to_mail_programs(ana, settings):
    settings.SITE_URL = "https://essaim.example"
    with smtp.served() as box:
        settings.MAILERS = box.mailers
        letter = told(ana)
        told(ana, topic="", key="essential")
        call_command("send_letters")
    topical, essential = box.letters
    assert topical["List-Unsubscribe"] == f"<https://essaim.example{stop_path(letter)}>"
    assert topical["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert essential["List-Unsubscribe"] is None


# What others wrote isn't lost


def test_a_message_nobody_of_the_team_wants_goes_to_the_coordination(ana, max):
    sheet = factories.published(ana, max)
    rhythms.choose(ana, Topic.CONTACT, Rhythm.NEVER)
    inquiry = Inquiry.objects.create(initiative=sheet, name="Zoé", email="zoe@exemple.test", text="Où était la salle ?")
    emails.readers.relay(inquiry)
    assert "Où était la salle" in Letter.objects.get(person=max, key__startswith="initiatives/inquiry:").body
    assert not Letter.objects.filter(person=ana, key__startswith="initiatives/inquiry:").exists()


# Keeping


@pytest.mark.parametrize(("days", "left"), [(364, 1), (367, 0)])
def test_letters_are_kept_a_year(ana, days, left):
    told(ana)
    Letter.objects.update(written_at=timezone.now() - timedelta(days=days))
    post.forget(timezone.localdate())
    assert Letter.objects.count() == left


def test_the_address_of_the_page_is_the_one_letters_give(ana, settings):
    assert settings.SITE_URL + reverse("accounts:letters") in told(ana).body
