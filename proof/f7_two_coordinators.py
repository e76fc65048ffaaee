"""F7. Two coordinators at one instant: one decision, one letter, and the other is told who and when."""

from __future__ import annotations

import re
from functools import partial
from html import unescape

from proof.browser import Answer, Browser, form_to
from proof.ground import Ground, together
from proof.journal import Outcome, sha
from proof.stage import Actor, File

TITLE = "Deux coordinations décident au même instant"
RACES = 2.5  # for each instant asked
WHEN = r"le \d\d/\d\d/\d{4} à \d\d:\d\d"
VERBS = {"publier": ("accept", "accepted"), "refuser": ("refuse", "refused")}


def run(ground: Ground) -> Outcome:
    races = min(round(ground.instants * RACES), len(ground.stage.received))
    outcome = ground.outcome(races)
    stage, untold, claims, decisions = ground.stage, 0, 0, 0
    with ground.site() as site:
        for file in stage.received[:races]:
            # Who is faster to take it, then three windows that decide: two of theirs, and one of the other's.
            taken = together([partial(claim, Browser(site.port, who.session), file) for who in (stage.max, stage.nora)])
            winners = [who for who, answer in zip((stage.max, stage.nora), taken, strict=True) if answer.status == 302]
            claims += len(winners) == 1
            if len(winners) == 1:
                untold += sum(not is_told(answer, winners[0]) for answer in taken if answer.status != 302)
            first = winners[0] if winners else stage.max
            other = stage.nora if first is stage.max else stage.max
            tabs = [(first, "publier"), (first, "refuser"), (other, ground.dice.choice(("publier", "refuser")))]
            opened = [open_tab(Browser(site.port, who.session), who, first, file, verb) for who, verb in tabs]
            ground.dice.shuffle(opened)
            answers = together([partial(decide, ground, file, *tab) for tab in opened])
            done = [answer for answer in answers if answer.status == 302]
            decisions += len(done) == 1
            untold += sum(not is_told(answer, first) for answer in answers if answer.status != 302)
        site.command("send_letters")
    judge(ground, outcome, stage.received[:races])
    outcome.figures += [f"prises uniques {claims} sur {races}", f"décisions uniques {decisions} sur {races}"]
    outcome.promise(claims == races, f"{races - claims} dossiers pris deux fois ou par personne")
    outcome.promise(decisions == races, f"{races - decisions} dossiers décidés deux fois ou jamais")
    outcome.promise(not untold, f"{untold} personnes devancées sans savoir par qui ni quand")
    return outcome


def claim(browser: Browser, file: File) -> Answer:
    page = f"/initiatives/moderation/{file.pk}/"
    form = form_to(browser.get(page), f"{page}prendre/")
    # Who comes once it is taken finds no button: the same address all the same, as from a page opened before.
    return browser.post(f"{page}prendre/", form or token(browser))


def token(browser: Browser) -> dict[str, list[str]]:
    return {"csrfmiddlewaretoken": [browser.cookies.get("csrftoken", "")]}


def open_tab(
    browser: Browser, who: Actor, holder: Actor, file: File, verb: str
) -> tuple[Browser, str, dict[str, list[str]]]:
    """A page opened by its holder; the other coordinator sends the same form, which the page doesn't offer."""
    page = f"/initiatives/moderation/{file.pk}/"
    form = form_to(browser.get(page), f"{page}{verb}/")
    return browser, verb, form if form and who is holder else {**(form or {}), **token(browser)}


def decide(ground: Ground, file: File, browser: Browser, verb: str, form: dict[str, list[str]]) -> Answer:
    name, status = VERBS[verb]
    text = f"Le dossier {file.pk} est décidé, avec quelques mots pour que son autrice comprenne pourquoi ({verb})."
    typed = {**form, f"{name}-text": [text]} | ({"refuse-motive": ["trop-peu"]} if name == "refuse" else {})
    answer = browser.post(f"/initiatives/moderation/{file.pk}/{verb}/", typed)
    if answer.status == 302:
        ground.journal.write(status, file.pk, text)
    return answer


def is_told(answer: Answer, winner: Actor) -> bool:
    """Who moved first, and when; and nothing of theirs was taken."""
    said = unescape(answer.text)
    return answer.status == 409 and bool(re.search(f"{re.escape(winner.name)} a [^.]*{WHEN}", said))


def judge(ground: Ground, outcome: Outcome, files: list[File]) -> None:
    lines = ground.journal.read()
    outcome.acknowledged = len(lines)
    cases = ground.table(
        "SELECT c.id, c.status, i.status, array(SELECT m.text FROM initiatives_move m WHERE m.case_id = c.id"
        "  AND m.verb IN ('accept', 'refuse')),"
        " (SELECT count(*) FROM initiatives_move m WHERE m.case_id = c.id AND m.verb = 'claim'),"
        " (SELECT count(*) FROM accounts_letter l WHERE (l.key LIKE 'initiatives/published:%%'"
        "  OR l.key LIKE 'initiatives/refused:%%') AND l.person_id = a.person_id"
        "  AND l.key LIKE ANY (SELECT '%%:move-' || m.id || ':%%' FROM initiatives_move m WHERE m.case_id = c.id))"
        " FROM initiatives_case c JOIN initiatives_initiative i ON i.id = c.initiative_id"
        " JOIN initiatives_authorship a ON a.initiative_id = i.id AND a.role = 'owner' WHERE c.id = ANY(%s)",
        [file.pk for file in files],
    )  # fmt: skip
    sheets = {"accepted": "published", "refused": "draft"}
    for line in lines:
        status, _, texts, *_ = cases[int(line.key)]
        outcome.lost += status != line.what or line.sha256 not in [sha(text) for text in texts]
    for status, sheet, texts, claims, letters in cases.values():
        outcome.ghost += len(texts) > 1 or claims > 1 or letters > 1
        outcome.torn += sheets.get(status) != sheet or (bool(texts) and not letters)
