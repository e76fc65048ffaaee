"""F6. Two people, or two windows, on one draft: no text acknowledged is absent from the draft or what is kept."""

from __future__ import annotations

import secrets
import time
from functools import partial
from html import unescape

from proof.browser import Answer, Browser, Typed
from proof.ground import Ground, together
from proof.journal import Outcome, sha
from proof.stage import Draft
from tests.initiatives.telling import shown, tree

TITLE = "Deux fenêtres, deux personnes sur un brouillon"
BURST = 100  # saves at the same instant, from the same page
WRITERS, LINES = 4, 5  # windows that go on writing, and what each adds
MOST_TRIES = 60
TYPED = 25  # texts each of four windows sends while typing


def run(ground: Ground) -> Outcome:
    outcome = ground.outcome(ground.instants)
    drafts = iter(ground.stage.drafts)
    silent = refused = typed = stale = 0
    conflicts = [0]
    with ground.site() as site:
        for _ in range(ground.instants):
            draft = next(drafts)
            silent += interleaved(ground, site.port, draft, conflicts)
        for _ in range(max(1, ground.instants // 10)):
            lost, told = burst(ground, site.port, next(drafts))
            silent += lost
            refused += told
        for _ in range(max(1, ground.instants // 5)):
            sent, late = autosave(ground, site.port, next(drafts))
            typed += sent
            stale += late
    judge(ground, outcome)
    outcome.figures += [
        f"{conflicts[0]} conflits montrés puis réunis à la main",
        f"{refused} enregistrements simultanés refusés et rendus",
        f"{typed} frappes gardées pendant l’écriture, {stale} remplacées par de plus anciennes",
    ]  # fmt: skip
    outcome.promise(not silent, f"{silent} textes ni enregistrés ni rendus à qui les a tapés")
    outcome.promise(not stale, f"{stale} frappes plus anciennes revenues par-dessus")
    return outcome


def screen(draft: Draft) -> str:
    return f"/initiatives/brouillons/{draft.pk}/recit/"


def interleaved(ground: Ground, port: int, draft: Draft, conflicts: list[int]) -> int:
    """Four windows of two people add lines to the same text; a conflict is settled by keeping both. How many lied."""
    delays = [[ground.dice.uniform(0, 0.05) for _ in range(LINES)] for _ in range(WRITERS)]
    actors = [draft.author, ground.stage.ben]

    def write(place: int) -> int:
        browser, silent = Browser(port, actors[place % 2].session), 0
        for number, delay in enumerate(delays[place]):
            line = f"ligne{draft.pk}x{place}x{number}."
            time.sleep(delay)
            if add(browser, draft, line, conflicts):
                ground.journal.write("line", draft.pk, line)
            else:
                silent += 1
        return silent

    return sum(together([partial(write, place) for place in range(WRITERS)]))


def add(browser: Browser, draft: Draft, line: str, conflicts: list[int]) -> bool:
    """Open, add a line, save; on a conflict, both texts must be there, and the line is added to the other's."""
    window = {"window": secrets.token_hex(12), "count": "2"}
    page = browser.get(screen(draft))
    for _ in range(MOST_TRIES):
        form = shown(page)
        typed = {**form, **window, "story": f"{saved_text(page, form)} {line}", "go": "stay"}
        answer = browser.post(screen(draft), typed)
        if answer.status == 302:
            return True
        if answer.status != 409 or line not in unescape(answer.text):
            return False
        conflicts[0] += 1
        page = answer
    return False


def saved_text(page: Answer, form: dict[str, list[str]]) -> str:
    """What the draft says: in the screen's field, or beside mine on the page of a conflict."""
    for panel in tree(page).iter("div"):
        if panel.find("./label/input[@name='garder-story'][@value='autre']") is not None:
            written = panel.find("./div")
            return " ".join("".join(written.itertext()).split()) if written is not None else ""
    return form["story"][0]


def burst(ground: Ground, port: int, draft: Draft) -> tuple[int, int]:
    """A hundred saves of one page at one instant: one is taken, the others are told and given back."""
    opened = []
    for actor in (draft.author, ground.stage.ben):
        browser = Browser(port, actor.session)
        opened.append((browser, shown(browser.get(screen(draft)))))

    def save(place: int) -> tuple[bool, bool]:
        """Whether it was taken, and whether nothing came back of it."""
        first, form = opened[place % 2]
        browser = Browser(port)
        browser.cookies = dict(first.cookies)
        line = f"salve{draft.pk}x{place}."
        window = {"window": secrets.token_hex(12), "count": "2"}
        typed = {**form, **window, "story": f"{form['story'][0]} {line}", "go": "stay"}
        answer = browser.send(screen(draft), typed)
        if answer.status == 302:
            ground.journal.write("line", draft.pk, line)
            return True, False
        return False, answer.status != 409 or line not in unescape(answer.text)

    results = together([partial(save, place) for place in range(BURST)])
    return sum(silent for _, silent in results), sum(not taken for taken, _ in results)


def autosave(ground: Ground, port: int, draft: Draft) -> tuple[int, int]:
    """What two windows of two people send while typing, in any order; how many, and how many went back in time."""
    texts: dict[str, str] = {}
    acts = []
    for actor in (draft.author, ground.stage.ben, draft.author, ground.stage.ben):
        browser = Browser(port, actor.session)
        page = browser.get(screen(draft))
        form, window = shown(page), secrets.token_hex(12)
        address = next((f.get("data-typing") for f in tree(page).iter("form") if f.get("data-typing")), None)
        if address is None:
            return 0, 0  # the site keeps nothing while one types
        for count in range(2, 2 + 2 * TYPED, 2):
            text = f"{form['story'][0]} frappe{draft.pk}x{window}x{count}."
            texts[f"{window}:{count}"] = text
            typed = {**form, "window": window, "count": str(count), "story": text}
            acts.append(partial(send, browser, address, typed))
    ground.dice.shuffle(acts)
    answers = together(acts)
    for window, count in answers:
        ground.journal.write("typed", f"{window}:{count}", texts[f"{window}:{count}"])
    kept = ground.table(
        'SELECT "window", count, data->\'story\'->>0 FROM initiatives_typedtext WHERE version_id = %s', draft.version
    )  # fmt: skip
    last = {window: max(count for name, count in answers if name == window) for window, _ in answers}
    late = sum(
        window not in kept or sha(kept[window][1]) != sha(texts[f"{window}:{count}"]) for window, count in last.items()
    )
    return len(answers), late


def send(browser: Browser, address: str, typed: Typed) -> tuple[str, int]:
    answer = browser.send(address, typed)
    assert answer.status == 200, answer.status
    return str(typed["window"]), int(str(typed["count"]))


def judge(ground: Ground, outcome: Outcome) -> None:
    """Every line acknowledged is in the draft, in one of its versions, or in what is kept beside it."""
    said: dict[str, str] = {}
    for sheet, text in ground.rows(
        "SELECT v.initiative_id, v.story || coalesce(v.snapshot->>'story', '') FROM initiatives_version v"
        " UNION ALL SELECT v.initiative_id, t.data->'story'->>0 FROM initiatives_typedtext t"
        " JOIN initiatives_version v ON v.id = t.version_id WHERE t.data ? 'story'"
    ):
        said[str(sheet)] = f"{said.get(str(sheet), '')} {text}"
    known = {sheet: {sha(word) for word in text.split()} for sheet, text in said.items()}
    lines = ground.journal.read("line")
    outcome.acknowledged = len(ground.journal.read())
    outcome.lost = sum(line.sha256 not in known.get(line.key, set()) for line in lines)
    outcome.ghost = ground.rows(
        "SELECT count(*) FROM (SELECT 1 FROM initiatives_version WHERE frozen_at IS NULL"
        " GROUP BY initiative_id HAVING count(*) > 1) AS twice"
    )[0][0]
