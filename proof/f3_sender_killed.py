"""F3. The letters' sender killed between DATA and commit: no letter is lost, and a second copy is the same letter."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from proof.ground import Ground
from proof.journal import Outcome, sha
from tests import smtp
from tests.senders import fill_outbox, senders

TITLE = "Expéditeur tué entre DATA et l’écriture"
KILLS = 3  # for each instant asked
LETTERS_A_KILL = 50  # a second copy for each would be 2 %
MOST_COPIES = 0.02
LEASE = timedelta(minutes=5)
TEXT = "Lettre {}. Votre fiche est bien arrivée ; une personne de votre territoire vous lit."


def run(ground: Ground) -> Outcome:
    kills, dice = ground.instants * KILLS, ground.dice
    outcome, count = ground.outcome(kills), kills * LETTERS_A_KILL
    with psycopg.connect(ground.url) as connection:
        fill_outbox(connection, count, TEXT)
    # One kill somewhere in each stretch of letters, from a little before the server's answer to a little after.
    stretch = count // kills
    doomed = {n * stretch + dice.randrange(stretch): dice.uniform(-0.002, 0.004) for n in range(kills)}
    before = "from proof.weakened import weaken; weaken('f3')" if ground.is_weakened else ""
    ends: list[int] = []
    longest = timedelta()
    with smtp.served() as box, senders(box, ground.url, "--once", before=before) as processes:

        def answer(envelope: Any) -> str:
            delay = doomed.get(len(box.envelopes) - 1)
            if delay is not None:
                pid = processes.pid
                if delay < 0:
                    kill(pid)
                else:
                    threading.Timer(delay, kill, [pid]).start()
            return "250 OK"

        box.on_data = answer
        for _ in range(kills * 3):
            processes.start()
            ends.append(processes.wait())
            for (until,) in ground.rows("SELECT max(leased_until) FROM accounts_letter WHERE leased_until > now()"):
                longest = max(longest, (until or datetime.now(UTC)) - datetime.now(UTC))
            # The leases of the dead come to their end: five minutes later, without waiting for them.
            ground.write(
                "UPDATE accounts_letter SET leased_until = now() - interval '1 second' WHERE leased_until > now()"
            )
            if not ground.rows("SELECT 1 FROM accounts_letter WHERE sent_at IS NULL LIMIT 1"):
                break
        received = [(str(letter["To"]), str(letter["Message-ID"]), str(letter.get_content())) for letter in box.letters]
    written = ground.table(
        'SELECT "to", message_id, body, sent_at IS NOT NULL FROM accounts_letter'
    )  # fmt: skip
    for to, (_, body, sent) in written.items():
        if sent:  # the site says it has told this person
            ground.journal.write("told", to, body)
    acknowledged = ground.journal.read("told")
    copies = Counter(to for to, _, _ in received)
    bodies = {to: sha(body.replace("\r\n", "\n").rstrip("\n")) for to, _, body in received}
    outcome.acknowledged = len(acknowledged)
    outcome.lost = sum(line.key not in copies for line in acknowledged)
    outcome.torn = sum(line.key in bodies and bodies[line.key] != line.sha256 for line in acknowledged)
    twice = sum(number - 1 for number in copies.values())
    stuck = sum(not sent for _, _, sent in written.values())
    identifiers = {(to, identifier) for to, identifier, _ in received}
    outcome.figures += [
        f"expéditeur tué {ends.count(-signal.SIGKILL)} fois", f"secondes copies {twice} ({twice / count:.2%})",
        f"Message-ID identiques : {'oui' if len(identifiers) == len(copies) else 'non'}",
        f"bail le plus long {longest.total_seconds():.0f} s",
        f"lettres retenues après le bail {stuck}",
    ]  # fmt: skip
    outcome.promise(ends.count(-signal.SIGKILL) >= min(50, kills * 0.8), "trop peu d’expéditeurs tués")
    outcome.promise(twice <= MOST_COPIES * count, f"{twice / count:.2%} de secondes copies")
    outcome.promise(max(copies.values(), default=0) <= 2, "une lettre partie plus de deux fois")
    outcome.promise(len(identifiers) == len(copies), "une seconde copie d’un autre Message-ID")
    outcome.promise(longest <= LEASE + timedelta(seconds=5), f"un bail de {longest}")
    outcome.promise(not stuck, f"{stuck} lettres retenues")
    return outcome


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        time.sleep(0)  # it had finished
