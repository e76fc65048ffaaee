"""The letters' process: what waits in the outbox reaches a real mail server, once, or later."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import post
from accounts.management.commands import send_letters
from accounts.models import Letter
from tests import smtp


@pytest.fixture
def box(settings):
    with smtp.served() as box:
        settings.MAILERS = box.mailers
        settings.SITE_URL = "https://essaim.example"
        yield box


def put(to="rose@essaim.test", subject="Bonjour à toutes", body="Le texte, accentué.\n", key="k"):
    return post.put(key=f"{key}:{to}", to=to, person=None, subject=subject, body=body)


def again(letter):
    letter.refresh_from_db()
    return letter


def test_a_letter_leaves_with_its_headers(db, box):
    letter = put()
    call_command("send_letters")
    (received,) = box.letters
    assert received["Subject"] == "Bonjour à toutes"
    assert received["To"] == "rose@essaim.test"
    assert received["From"] == "Essaim <bonjour@essaim.test>"
    assert received["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@essaim.example>")
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Date"].datetime == letter.written_at.replace(microsecond=0)
    assert received.get_content().replace("\r\n", "\n") == "Le texte, accentué.\n"
    assert again(letter).sent_at
    assert letter.leased_until is None


def test_nothing_leaves_twice(db, box):
    put()
    call_command("send_letters")
    call_command("send_letters")
    assert len(box.envelopes) == 1


def test_the_same_news_is_written_once(db, box):
    assert put() is not None
    assert put() is None
    call_command("send_letters")
    assert len(box.envelopes) == 1


def test_many_letters_share_a_few_connections(db, box):
    for number in range(25):
        put(to=f"p{number}@essaim.test")
    call_command("send_letters")
    assert len(box.envelopes) == 25
    assert box.connections == 3


def test_what_has_happened_is_told_first(db, box, ana, max):
    from tests import factories

    factories.sent(ana)
    call_command("send_letters")
    assert {letter["To"] for letter in box.letters} == {ana.email, max.email}


def test_a_refusal_is_tried_later_and_says_no_address(db, box, caplog):
    letter, other = put(), put(to="autre@essaim.test")
    box.answer = lambda recipient: "451 try later rose@essaim.test" if "rose" in recipient else "250 OK"
    now = timezone.now()
    call_command("send_letters")
    assert again(other).sent_at  # one refusal doesn't hold the others back
    assert again(letter).sent_at is None
    assert letter.attempts == 1
    assert letter.last_error == "SMTPRecipientsRefused 451"
    assert "rose" not in caplog.text
    assert timedelta(0) < letter.due_at - now - timedelta(minutes=1) < timedelta(seconds=20)
    call_command("send_letters")
    assert again(letter).attempts == 1  # not due yet


def test_each_try_waits_longer_then_it_is_given_up(db, box):
    letter = put()
    box.answer = lambda recipient: "550 no"
    waits = []
    for _ in range(5):
        Letter.objects.update(due_at=timezone.now())
        before = timezone.now()
        call_command("send_letters")
        waits.append(round((again(letter).due_at - before).total_seconds() / 60))
    assert waits[:4] == [1, 5, 30, 24 * 60]
    assert letter.given_up_at
    box.answer = lambda recipient: "250 OK"
    call_command("send_letters")
    assert box.envelopes == []


def test_a_server_that_does_not_answer_puts_all_off(db, box, settings):
    settings.MAILERS["default"]["OPTIONS"]["port"] = 1
    letters = [put(to=f"p{number}@essaim.test") for number in range(3)]
    call_command("send_letters")
    assert {(again(letter).attempts, letter.last_error) for letter in letters} == {(1, "ConnectionRefusedError 111")}


def test_a_server_that_hangs_up_loses_nothing(db, box):
    first, second = put(to="a@essaim.test"), put(to="b@essaim.test")
    answers = iter(["421 closing", "250 OK"])
    box.on_data = lambda envelope: next(answers)
    call_command("send_letters")
    assert again(first).sent_at is None
    assert first.attempts == 1
    assert again(second).sent_at


def test_a_letter_held_by_another_process_is_left_alone(db, box):
    letter = put()
    Letter.objects.update(leased_until=timezone.now() + timedelta(minutes=5))
    call_command("send_letters")
    assert box.envelopes == []
    Letter.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    call_command("send_letters")
    assert box.letters[0]["Message-ID"] == letter.message_id


@pytest.mark.parametrize(
    "subject",
    ["Bonjour\nBcc: x@y.fr", "Bonjour\r\nTo: x@y.fr", "Bonjour\x0bBcc: x@y.fr", "Bonjour\u2028Bcc: x@y.fr", "x" * 500],
)
def test_a_subject_adds_no_header(db, box, subject):
    put(subject=subject)
    call_command("send_letters")
    (received,) = box.letters
    assert received.get_all("Bcc") is None
    assert received.get_all("To") == ["rose@essaim.test"]
    assert box.envelopes[0].rcpt_tos == ["rose@essaim.test"]


@pytest.mark.parametrize(
    "address",
    ["a@exemple.fr\nBcc: b@c.fr", "a@exemple.fr, b@exemple.fr", "a@exemple.fr;b@exemple.fr", "pas une adresse", '"a@b'],
)
def test_a_forged_address_reaches_nobody(db, box, address):
    letter = put(to=address)
    call_command("send_letters")
    assert box.envelopes == []
    assert again(letter).attempts == 1
    assert "@" not in letter.last_error


@pytest.mark.parametrize("address", ["a+filtre@exemple.fr", '"a@b"@exemple.fr', "a@exemplé.fr"])
def test_a_rare_address_has_one_recipient(db, box, address):
    put(to=address)
    call_command("send_letters")
    assert [len(envelope.rcpt_tos) for envelope in box.envelopes] == [1]


def test_when_asked_to_stop_the_letter_in_hand_is_finished(db, box):
    command = send_letters.Command()
    letters = [put(to=f"p{number}@essaim.test") for number in range(3)]

    def stop_meanwhile(envelope):
        command.stop()
        return "250 OK"

    box.on_data = stop_meanwhile
    command.empty_outbox()
    assert len(box.envelopes) == 1
    assert [bool(again(letter).sent_at) for letter in letters] == [True, False, False]
    assert Letter.objects.waiting().count() == 2  # given back: the next process takes them at once
