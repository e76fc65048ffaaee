"""The letters' process: turns what has happened into letters, and posts them.

Rows are taken with `FOR UPDATE SKIP LOCKED` under a lease, posted outside any transaction, then marked. A process
killed in between leaves its letters to the next one after the lease: sent at least once, with the same Message-ID.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from accounts import daily, post
from accounts.models import Letter

log = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(minutes=5)
DELAYS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24)]
PAUSE = 1.0  # seconds between two looks at the outbox


class Command(BaseCommand):
    help = "Envoie les lettres en attente."
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="envoie ce qui attend, puis s’arrête (par défaut)")
        how.add_argument("--forever", action="store_true", help="continue jusqu’à SIGTERM ou Ctrl-C")

    def handle(self, *args: Any, forever: bool = False, **options: Any) -> None:
        if not forever:
            self.empty_outbox()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping:
            try:
                self.empty_outbox()
                daily.look()
            except OperationalError:
                log.warning("the database doesn't answer, trying again", exc_info=True)
                connections.close_all()
            time.sleep(0 if self.stopping else PAUSE)

    def stop(self, *_: object) -> None:
        """The letter being posted is finished, the others are given back."""
        self.stopping = True

    def empty_outbox(self) -> None:
        post.tell()
        while not self.stopping and (letters := take()):
            self.send(letters)

    def send(self, letters: list[Letter]) -> None:
        """Post a batch over one connection."""
        connection = mail.mailers.default
        try:
            connection.open()
        except Exception as problem:
            for letter in letters:
                put_off(letter, problem)
            return
        for letter in self.until_stopped(letters):
            try:
                connection.send_messages([message_of(letter)])
            except Exception as problem:
                put_off(letter, problem)
                close(connection)  # in an unknown state: the next letter opens another
            else:
                # Killed before this line, the letter goes once more: the same Message-ID says it is the same.
                Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), leased_until=None, last_error="")
        close(connection)

    def until_stopped(self, letters: list[Letter]) -> Iterator[Letter]:
        for position, letter in enumerate(letters):
            if self.stopping:
                Letter.objects.filter(pk__in=[kept.pk for kept in letters[position:]]).update(leased_until=None)
                return
            yield letter


def take() -> list[Letter]:
    """A few letters due, held for the time of the lease; letters that others hold are passed over."""
    with transaction.atomic():
        waiting = Letter.objects.waiting().select_related("person").order_by("due_at", "pk")
        due = waiting.select_for_update(skip_locked=True, of=("self",))
        letters = list(due[:BATCH])
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(leased_until=timezone.now() + LEASE)
    return letters


def message_of(letter: Letter) -> mail.EmailMessage:
    headers = {
        "Message-ID": letter.message_id,
        "Date": format_datetime(letter.written_at),
        "Auto-Submitted": "auto-generated",
    }
    if url := post.stop_url_of(letter):
        headers |= {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    return mail.EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers=headers,
    )


def close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # a server that hung up is closed already
        connection.close()


def put_off(letter: Letter, problem: Exception) -> None:
    """Try again later, each time a longer while, then give up."""
    now = timezone.now()
    attempts = letter.attempts + 1
    over = attempts > len(DELAYS)
    reason = reason_of(problem)
    log.warning("letter %s not sent (attempt %s): %s", letter.pk, attempts, reason)
    Letter.objects.filter(pk=letter.pk).update(
        attempts=attempts,
        last_error=reason,
        leased_until=None,
        due_at=letter.due_at if over else now + DELAYS[attempts - 1],
        given_up_at=now if over else None,
    )


def reason_of(problem: Exception) -> str:
    """The kind of error and its code. Never its text: servers quote the address in it."""
    refused = getattr(problem, "recipients", None)
    codes = [answer[0] for answer in refused.values()] if isinstance(refused, dict) else []
    code = getattr(problem, "smtp_code", None) or next(iter(codes), None) or getattr(problem, "errno", None)
    name = type(problem).__name__
    return f"{name} {code}" if code else name
