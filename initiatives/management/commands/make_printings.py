"""The press: makes the files that were asked for, and the whole guide when it changes.

A row is taken with `FOR UPDATE SKIP LOCKED` under a lease and made outside any transaction: a process killed in between
leaves it to the next one after the lease, three times at most.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connections

from initiatives import press
from initiatives.models import Printing

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks
GUIDE_EVERY = 60.0


class Command(BaseCommand):
    help = "Compose les PDF, EPUB et pages hors ligne demandés."
    stopping = False
    looked_at = -GUIDE_EVERY

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="compose ce qui attend, puis s’arrête (par défaut)")
        how.add_argument("--forever", action="store_true", help="continue jusqu’à SIGTERM ou Ctrl-C")

    def handle(self, *args: Any, forever: bool = False, **options: Any) -> None:
        if forever:
            os.nice(10)  # who reads a page goes first
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.stop)
        while True:
            try:
                self.look_at_the_guide()
                self.make_all()
            except OperationalError:
                if not forever:
                    raise
                log.warning("the database doesn't answer, trying again", exc_info=True)
                connections.close_all()
            if not forever or self.stopping:
                return
            time.sleep(PAUSE)

    def stop(self, *_: object) -> None:
        """The file in hand is finished, the others wait for the next process."""
        self.stopping = True

    def look_at_the_guide(self) -> None:
        if time.monotonic() - self.looked_at >= GUIDE_EVERY:
            press.ask_guide()
            self.looked_at = time.monotonic()

    def make_all(self) -> None:
        while not self.stopping and (printing := Printing.objects.take()):
            press.make(printing)
