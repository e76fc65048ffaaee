"""F11. A mail server that is slow, then dead: nobody waits for it, letters are tried again, and the queue is seen."""

from __future__ import annotations

import threading
import time
from typing import Any

from benchmarks.layer import quantile
from proof.browser import Browser
from proof.ground import Ground
from proof.journal import Outcome
from proof.site import Site, wait_for
from tests import smtp
from tests.initiatives.telling import shown

TITLE = "Serveur de courriel lent, puis mort"
SENDS = 7  # a block; blocks alternate, one with a good server, one with a slow one
SLOW = 30.0
MOST = 1.10
DELAYS = [60, 300, 1800, 86400]


class Mood:
    """The mail server's: good, slow (it accepts, then says nothing for thirty seconds), or refusing."""

    def __init__(self) -> None:
        self.is_refusing = False
        self.is_good = threading.Event()
        self.is_good.set()

    def answer(self, envelope: Any) -> str:
        if self.is_refusing:
            return "451 Revenez plus tard"
        if self.is_good.is_set():
            return "250 OK"
        self.is_good.wait(SLOW)
        return "451 Revenez plus tard"


def run(ground: Ground) -> Outcome:
    # A weakened site keeps each person waiting ten seconds: a few are enough.
    blocks, sends = (4, 2) if ground.is_weakened else (max(4, ground.instants * 2), SENDS)
    outcome, mood = ground.outcome(blocks), Mood()
    took: dict[bool, list[float]] = {True: [], False: []}
    with smtp.served() as box:
        box.on_data = mood.answer
        with ground.site(mail_port=box.port, sends=True) as site:
            drafts = iter(ground.stage.drafts)
            for block in range(-1, blocks):
                good = block % 2 == 0
                mood.is_good.set() if good else mood.is_good.clear()
                for _ in range(sends):
                    begun = send(ground, site.port, next(drafts))
                    if block >= 0:  # the first one warms everything
                        took[good].append(begun)
                    time.sleep(ground.dice.uniform(0, 0.05))
            mood.is_good.set()
            wait_for(lambda: not ground.rows("SELECT 1 FROM initiatives_move WHERE told_at IS NULL"))
        waits = backoff(ground, site, mood)
        queue = ground.rows(
            "SELECT count(*), count(*) FILTER (WHERE attempts > 0),"
            " count(*) FILTER (WHERE attempts > 0 AND last_error <> ''), max(attempts) FROM accounts_letter"
            " WHERE sent_at IS NULL AND given_up_at IS NULL"
        )[0]
        mood.is_refusing = False
        ground.write("UPDATE accounts_letter SET due_at = now(), leased_until = NULL WHERE sent_at IS NULL")
        site.command("send_letters")
        received = {str(letter["Message-ID"]) for letter in box.letters}
    judge(ground, outcome, received)
    usual, slow = ([1000 * quantile(took[is_good], share) for share in (0.5, 0.95)] for is_good in (True, False))
    outcome.figures += [
        f"« envoyer » avec un bon serveur {usual[0]:.0f} ms, p95 {usual[1]:.0f} ({len(took[True])} mesures)",
        f"avec un serveur lent {slow[0]:.0f} ms, p95 {slow[1]:.0f}, soit {slow[1] / usual[1] - 1:+.0%}",
        f"essais suivants après {', '.join(f'{wait:.0f} s' for wait in waits)}, puis abandon dit",
        f"file visible : {queue[0]} lettres, {queue[1]} déjà refusées dont {queue[2]} avec leur erreur",
        f"{queue[3]} essais au plus",
    ]  # fmt: skip
    outcome.promise(
        slow[1] <= MOST * usual[1] + 2,
        f"p95 {slow[1] / usual[1] - 1:+.0%} quand le courriel ne répond pas",
        is_aim=True,
    )
    outcome.promise(
        len(waits) == len(DELAYS) and all(abs(a - b) < 10 for a, b in zip(waits, DELAYS, strict=False)),
        f"essais suivants après {waits}",
    )
    outcome.promise(queue[1] == queue[2] > 0, "des lettres refusées sans leur erreur")
    return outcome


def send(ground: Ground, port: int, draft: Any) -> float:
    """Press « envoyer »; how long the answer took."""
    browser = Browser(port, draft.author.session)
    form = shown(browser.get(f"/initiatives/brouillons/{draft.pk}/relire/"))
    begun = time.perf_counter()
    answer = browser.send(f"/initiatives/brouillons/{draft.pk}/envoyer/", form)
    took = time.perf_counter() - begun
    if answer.status == 302:
        ground.journal.write("sent", draft.pk, "")
    return took


def backoff(ground: Ground, site: Site, mood: Mood) -> list[float]:
    """How long a letter refused again and again waits before each new try; then it is said to be given up.

    A few letters that wait are made due, as if the time had come; nobody waits a day.
    """
    mood.is_refusing = True
    some = [row[0] for row in ground.rows("SELECT id FROM accounts_letter ORDER BY id DESC LIMIT 3")]
    ground.write(
        "UPDATE accounts_letter SET sent_at = NULL, attempts = 0, last_error = '', leased_until = NULL"
        " WHERE id = ANY(%s)", some,
    )  # fmt: skip
    # The others wait meanwhile: they have been refused enough.
    ground.write("UPDATE accounts_letter SET due_at = now() + interval '1 hour' WHERE NOT id = ANY(%s)", some)
    waits = []
    for _ in range(len(DELAYS) + 1):
        ground.write("UPDATE accounts_letter SET due_at = now(), leased_until = NULL WHERE id = ANY(%s)", some)
        site.command("send_letters")
        rows = ground.rows(
            "SELECT extract(epoch FROM due_at - now()), given_up_at IS NOT NULL FROM accounts_letter"
            " WHERE id = ANY(%s)",
            some,
        )  # fmt: skip
        if all(given_up for _, given_up in rows):
            break
        waits.append(float(min(wait for wait, _ in rows)))
    # Given up: said in its row, and sent if somebody puts it back. Here, they wait again.
    ground.write("UPDATE accounts_letter SET given_up_at = NULL, attempts = 4 WHERE id = ANY(%s)", some)
    return waits


def judge(ground: Ground, outcome: Outcome, received: set[str]) -> None:
    """Every sheet acknowledged has its receipt written, and every letter written has arrived."""
    lines = ground.journal.read("sent")
    outcome.acknowledged = len(lines)
    receipts = dict(ground.rows(
        "SELECT m.initiative_id::text, count(l.id) FROM initiatives_move m LEFT JOIN accounts_letter l"
        " ON l.key LIKE 'initiatives/receipt:move-' || m.id || ':%%' WHERE m.verb = 'submit' GROUP BY 1"
    ))  # fmt: skip
    outcome.lost = sum(not receipts.get(line.key) for line in lines)
    letters = ground.rows("SELECT message_id, sent_at IS NOT NULL FROM accounts_letter WHERE NOT held")
    outcome.lost += sum(identifier not in received for identifier, sent in letters if sent)
    outcome.torn = sum(not sent for _, sent in letters)
