"""F1. A web worker killed every half second while people begin, save and send sheets."""

from __future__ import annotations

import threading
import time

from proof.browser import Browser, GaveUp, Unreachable
from proof.ground import Ground, together
from proof.journal import Outcome, sha
from proof.site import wait_for
from proof.stage import Actor, Draft

TITLE = "Un processus web tué chaque demi-seconde"
CLIENTS, WORKERS, EVERY = 12, 4, 0.5
KILLS = 3  # for each instant asked
MOST_DRAFTS = 18  # of one account: the site refuses more than 20


def run(ground: Ground) -> Outcome:
    kills = ground.instants * KILLS
    outcome = ground.outcome(kills)
    over = threading.Event()
    paces: list[float] = []
    with ground.site(workers=WORKERS) as site:
        people = [Person(ground, site.port, place, over) for place in range(CLIENTS)]
        reader = Reader(site.port, over)

        def kill() -> None:
            probe, begun = Browser(site.port), time.monotonic()
            for _ in range(kills):
                time.sleep(EVERY * ground.dice.uniform(0.6, 1.4))
                wait_for(lambda: probe.get("/healthz").status == 200)  # killing who isn't born proves nothing
                site.kill_worker(ground.dice)
            paces.append((time.monotonic() - begun) / kills)
            over.set()

        together([kill, reader.read, *(person.tell for person in people)], barrier=False)
    judge(ground, outcome, people)
    asked, failed = sum(p.browsers_asked for p in people), sum(p.browsers_failed for p in people)
    given_up = sum(p.given_up for p in people)
    gestures = outcome.acknowledged + given_up
    outcome.figures += [
        f"un processus sur {WORKERS} tué toutes les {paces[0]:.1f} s",
        f"{asked} requêtes dont {failed} coupées et refaites",
        f"gestes aboutis {(gestures - given_up) / max(gestures, 1):.1%}",
        f"lectures servies au premier essai {reader.served / max(reader.asked, 1):.1%}",
    ]  # fmt: skip
    outcome.promise(given_up <= 0.02 * gestures, f"{given_up} gestes abandonnés après 30 s d’essais")
    unexpected = [answer for person in people for answer in person.unexpected]
    outcome.promise(not unexpected, f"réponses inattendues : {sorted(set(unexpected))[:5]}")
    return outcome


class Reader:
    """A visitor who asks a page ten times a second and never insists."""

    def __init__(self, port: int, over: threading.Event) -> None:
        self.browser, self.over = Browser(port), over

    def read(self) -> None:
        while not self.over.wait(0.1):
            try:
                self.browser.get("/guide/")
            except Unreachable:
                continue

    @property
    def asked(self) -> int:
        return self.browser.asked

    @property
    def served(self) -> int:
        return self.browser.asked - self.browser.failed


class Person:
    """Begins a sheet, saves a screen of it, then saves and sends one that was ready; again and again, insisting."""

    def __init__(self, ground: Ground, port: int, place: int, over: threading.Event) -> None:
        stage = ground.stage
        self.ground, self.port, self.over = ground, port, over
        self.starters = stage.starters[place::CLIENTS]
        self.drafts = stage.drafts[place::CLIENTS]
        self.pressed: dict[int, int] = {}
        self.tried: dict[int, list[str]] = {}
        self.unexpected: list[str] = []
        self.given_up = self.browsers_asked = self.browsers_failed = 0

    def tell(self) -> None:
        number = 0
        while not self.over.is_set():
            if number < MOST_DRAFTS * len(self.starters):
                self.try_to(lambda b, n=number: self.begin(b, n), self.starters[number // MOST_DRAFTS])
            if number < len(self.drafts):
                draft = self.drafts[number]
                self.try_to(lambda b, d=draft, n=number: self.send(b, d, n), draft.author)
            number += 1

    def try_to(self, gesture: object, actor: Actor) -> None:
        browser = Browser(self.port, actor.session)
        assert callable(gesture)
        try:
            gesture(browser)
        except GaveUp:
            self.given_up += 1
        self.browsers_asked += browser.asked
        self.browsers_failed += browser.failed

    def begin(self, browser: Browser, number: int) -> None:
        actor = self.starters[number // MOST_DRAFTS]
        pressed = browser.open("/initiatives/proposer/", "key")
        self.pressed[actor.pk] = self.pressed.get(actor.pk, 0) + 1
        answer = browser.send("/initiatives/proposer/", pressed)
        if answer.status != 302 or "/brouillons/" not in answer.location:
            self.unexpected.append(f"proposer {answer.status} {answer.location}")
            return
        sheet = int(answer.location.split("/")[3])
        self.ground.journal.write("begun", sheet, str(actor.pk))
        self.save(browser, sheet, "quoi", title=f"Le jardin {sheet}", summary=f"Un jardin, {sheet}, {actor.pk}.")

    def save(self, browser: Browser, sheet: int, step: str, **typed: str) -> bool:
        page = f"/initiatives/brouillons/{sheet}/{step}/"
        opened = browser.open(page)
        text = typed.get("story", typed.get("summary", ""))
        self.tried.setdefault(sheet, []).append(text)
        answer = browser.send(page, {**opened, **typed, "go": "stay"})
        if answer.status != 302:
            self.unexpected.append(f"{step} {answer.status}")
            return False
        self.ground.journal.write(f"saved {step}", sheet, text)
        return True

    def send(self, browser: Browser, draft: Draft, number: int) -> None:
        token = f"marque{draft.pk}x{number}"
        story = f"{token}. " + "Le groupe s’est formé autour d’une cuisine prêtée, et la parole est venue avec. " * 6
        if not self.save(browser, draft.pk, "recit", story=story.strip(), words=token):
            return
        answer = browser.insist(lambda: browser.get(f"/initiatives/brouillons/{draft.pk}/relire/"))
        if answer.status == 302:  # already sent: an answer was lost
            self.unexpected.append("relire 302")
            return
        opened = browser.open(f"/initiatives/brouillons/{draft.pk}/relire/", "edition")
        answer = browser.send(f"/initiatives/brouillons/{draft.pk}/envoyer/", opened)
        if answer.status == 302 and "/suivi/" in answer.location:
            self.ground.journal.write("sent", draft.pk, story.strip())
        else:
            self.unexpected.append(f"envoyer {answer.status} {answer.location}")


def judge(ground: Ground, outcome: Outcome, people: list[Person]) -> None:
    lines = ground.journal.read()
    outcome.acknowledged = len(lines)
    sheets = ground.table(
        "SELECT i.id, i.status, v.summary, v.story, v.frozen_at IS NOT NULL, v.snapshot->>'story',"
        " (SELECT count(*) FROM initiatives_case c WHERE c.initiative_id = i.id),"
        " (SELECT count(*) FROM initiatives_move m WHERE m.initiative_id = i.id AND m.verb = 'submit'),"
        " (SELECT count(*) FROM initiatives_move m WHERE m.initiative_id = i.id AND m.verb = 'start'),"
        " (SELECT count(*) FROM initiatives_authorship a WHERE a.initiative_id = i.id),"
        " (SELECT string_agg(t.name, ',') FROM initiatives_taggedversion tv"
        "  JOIN initiatives_tag t ON t.id = tv.tag_id WHERE tv.content_object_id = v.id)"
        " FROM initiatives_initiative i LEFT JOIN initiatives_version v ON v.initiative_id = i.id"
        " WHERE i.origin = 'author'"
    )
    last = {(line.what, line.key): line for line in lines}
    for line in last.values():
        found = sheets.get(int(line.key))
        if found is None:
            outcome.lost += 1
            continue
        status, summary, story, frozen, snapshot, cases, sent, *_ = found
        match line.what:
            case "saved quoi":
                outcome.lost += sha(summary) != line.sha256
            case "saved recit":
                outcome.lost += sha(story) != line.sha256
            case "sent":
                outcome.lost += cases == 0 or not snapshot or sha(story) != line.sha256
                outcome.ghost += cases > 1 or sent > 1
    # Acknowledged or not, what is there is whole.
    for status, _, story, frozen, _, cases, sent, started, authors, tags in sheets.values():
        whole = (status == "in_review") == frozen == (cases == 1) == (sent == 1)
        outcome.torn += not (whole and started == 1 and authors > 0)
        if story and story.startswith("marque"):
            outcome.torn += tags != story.partition(".")[0]
    begun = dict(
        ground.rows("SELECT person_id, count(*) FROM initiatives_authorship WHERE role = 'owner' GROUP BY person_id")
    )
    for person in people:
        outcome.ghost += sum(max(0, begun.get(pk, 0) - presses) for pk, presses in person.pressed.items())
