"""F2. PostgreSQL killed -9 while coordinators decide: a decision is whole or isn't, and its letter follows it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from html import unescape
from statistics import mean

from proof.browser import Answer, Browser, GaveUp, Unreachable, form_to
from proof.ground import Ground, together
from proof.journal import Outcome, sha
from proof.site import Site, wait_for
from proof.stage import Actor, File
from tests import smtp

TITLE = "PostgreSQL tué pendant les décisions"
WINDOWS = 3  # open by each coordinator
BACK_WITHIN = 10.0
DECIDED = {"accept": "accepted", "refuse": "refused"}


@dataclass
class Seen:
    """What people saw while nothing worked."""

    failures: int = 0
    plain: int = 0
    kept: int = 0
    cut: int = 0
    given_up: int = 0
    statuses: set[int] = field(default_factory=set)
    unexpected: list[str] = field(default_factory=list)


def run(ground: Ground) -> Outcome:
    outcome, seen = ground.outcome(ground.instants), Seen()
    over = threading.Event()
    backs: list[float] = []
    with smtp.served() as box, ground.site(mail_port=box.port, sends=True) as site:
        claimed = ground.stage.claimed
        windows = [
            Window(ground, site, actor, claimed[2 * place + odd :: 2 * WINDOWS], seen, over)
            for place in range(WINDOWS)
            for odd, actor in ((0, ground.stage.nora), (1, ground.stage.max))
        ]

        visitor = Browser(site.port)

        def kill() -> None:
            for _ in range(ground.instants):
                time.sleep(ground.dice.uniform(0.3, 1.3))
                ground.cluster.kill()
                begun = time.monotonic()
                time.sleep(ground.dice.uniform(0.1, 0.6))
                ground.cluster.start(hasty=ground.is_weakened)
                wait_for(lambda: visitor.get("/initiatives/").status == 200)
                backs.append(time.monotonic() - begun)
            over.set()

        together([kill, *(window.decide for window in windows)], barrier=False)
        wait_for(lambda: not ground.rows("SELECT 1 FROM initiatives_move WHERE told_at IS NULL"))
        site.command("send_letters")
    judge(ground, outcome)
    kept = f"{seen.kept} sur {seen.failures}"
    outcome.figures += [
        f"service revenu en {max(backs):.1f} s au plus, {mean(backs):.1f} s en moyenne, sans relancer le web",
        f"pages d’attente en français {seen.plain} sur {seen.failures} (codes {sorted(seen.statuses)})",
        f"texte rendu par la page {kept}", f"connexions coupées {seen.cut}",
    ]  # fmt: skip
    outcome.promise(max(backs) <= BACK_WITHIN, f"service revenu en {max(backs):.1f} s")
    outcome.promise(seen.plain == seen.failures, "une page d’erreur ne dit pas de réessayer")
    outcome.promise(seen.kept == seen.failures, f"la page d’erreur ne garde pas le texte tapé ({kept})")
    outcome.promise(not seen.given_up, f"{seen.given_up} décisions abandonnées après 30 s")
    outcome.promise(not seen.unexpected, f"réponses inattendues : {sorted(set(seen.unexpected))[:5]}")
    return outcome


class Window:
    """A coordinator's window: one decision after the other, begun again when nothing says that it was taken."""

    def __init__(
        self, ground: Ground, site: Site, actor: Actor, files: list[File], seen: Seen, over: threading.Event
    ) -> None:
        self.ground, self.files, self.seen, self.over = ground, files, seen, over
        self.browser = Browser(site.port, actor.session)

    def decide(self) -> None:
        for number, file in enumerate(self.files):
            if self.over.is_set():
                return
            try:
                self.decide_one(file, "accept" if number % 2 else "refuse")
            except GaveUp:
                self.seen.given_up += 1
            time.sleep(0.05)

    def decide_one(self, file: File, verb: str) -> None:
        page, action = f"/initiatives/moderation/{file.pk}/", "publier" if verb == "accept" else "refuser"
        text = f"Décision {file.pk} : voici ce qui nous a plu, et ce que la fiche demande encore pour être comprise."
        typed = {f"{verb}-text": text} | ({"refuse-motive": "trop-peu"} if verb == "refuse" else {})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            shown = self.browser.insist(lambda: self.browser.get(page))
            form = form_to(shown, f"{page}{action}/")
            if form is None:
                return  # it was decided, and the answer never came back
            try:
                answer = self.browser.post(f"{page}{action}/", {**form, **typed})
            except Unreachable:
                self.seen.cut += 1
                continue
            if answer.status == 302:
                self.ground.journal.write(DECIDED[verb], file.pk, text)
                return
            if answer.status < 500:
                self.seen.unexpected.append(f"{action} {answer.status}")
                return
            self.judge_page(answer, text)
            time.sleep(0.2)
        raise GaveUp

    def judge_page(self, answer: Answer, text: str) -> None:
        said = unescape(answer.text)
        self.seen.failures += 1
        self.seen.statuses.add(answer.status)
        self.seen.plain += "éessayez" in said and 'lang="fr"' in said
        self.seen.kept += text in said


def judge(ground: Ground, outcome: Outcome) -> None:
    lines = ground.journal.read()
    outcome.acknowledged = len(lines)
    cases = ground.table(
        "SELECT c.id, c.status, c.decided_at IS NOT NULL, c.claimed_by_id IS NULL, i.status,"
        " i.public_version_id = c.version_id,"
        " EXISTS (SELECT 1 FROM initiatives_entry e WHERE e.initiative_id = i.id),"
        " array(SELECT m.verb || ':' || m.text FROM initiatives_move m"
        "       WHERE m.case_id = c.id AND m.verb IN ('accept', 'refuse')),"
        " (SELECT count(*) FROM accounts_letter l JOIN initiatives_move m ON l.key LIKE '%%:move-' || m.id || ':%%'"
        "  WHERE m.case_id = c.id AND l.person_id IN (SELECT person_id FROM initiatives_authorship a"
        "  WHERE a.initiative_id = i.id AND a.role = 'owner')),"
        " (SELECT count(*) FROM accounts_letter l JOIN initiatives_move m ON l.key LIKE '%%:move-' || m.id || ':%%'"
        "  WHERE m.case_id = c.id AND l.sent_at IS NULL)"
        " FROM initiatives_case c JOIN initiatives_initiative i ON i.id = c.initiative_id WHERE c.id = ANY(%s)",
        [file.pk for file in ground.stage.claimed],
    )  # fmt: skip
    for line in lines:
        found = cases.get(int(line.key))
        said = [text.partition(":")[2] for text in found[6]] if found else []
        outcome.lost += not found or found[0] != line.what or line.sha256 not in [sha(text) for text in said]
    unsent = 0
    for status, dated, free, sheet, public, indexed, moves, letters, waiting in cases.values():
        outcome.ghost += len(moves) > 1 or letters > len(moves) > 0
        unsent += waiting
        whole = {
            "claimed": not dated and not free and sheet == "in_review" and not public and not indexed and not moves,
            "accepted": dated and free and sheet == "published" and public and indexed and len(moves) >= 1,
            "refused": dated and free and sheet == "draft" and not public and not indexed and len(moves) >= 1,
        }
        outcome.torn += not whole.get(status, False) or (status != "claimed" and letters == 0)
    outcome.figures.append(f"{sum(1 for case in cases.values() if case[0] != 'claimed')} dossiers décidés")
    outcome.promise(not unsent, f"{unsent} lettres jamais parties")
