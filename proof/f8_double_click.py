"""F8. Fifty identical presses at one instant, then the back button over an edited text: one object, no word dropped."""

from __future__ import annotations

from html import unescape

from proof.browser import Answer, Browser
from proof.ground import Ground, together
from proof.journal import Outcome, sha
from proof.stage import Draft
from tests.initiatives.telling import shown

TITLE = "Cinquante envois identiques, et le bouton précédent"
PRESSES = 50
STORY = "Ce que nous avons ajouté après coup : le groupe a choisi lui-même le jour et la recette. "


def run(ground: Ground) -> Outcome:
    outcome = ground.outcome(ground.instants)
    addresses = dropped = 0
    with ground.site() as site:
        for place in range(ground.instants):
            draft = ground.stage.drafts[place]
            addresses += propose(ground, site.port, place, outcome)
            dropped += go_back(ground, site.port, draft)
            addresses += send(ground, site.port, draft, outcome)
            dropped += go_back_after_sending(ground, site.port, draft)
    judge(ground, outcome)
    outcome.figures += [f"{PRESSES} envois à chaque fois", f"textes ni gardés ni rendus {dropped}"]
    outcome.promise(not addresses, f"{addresses} envois identiques menés ailleurs que les autres")
    outcome.promise(not dropped, f"{dropped} textes corrigés puis perdus")
    return outcome


def press(browser: Browser, address: str, form: dict[str, list[str]]) -> list[Answer]:
    def once() -> Answer:
        again = Browser(browser.port)
        again.cookies = dict(browser.cookies)
        return again.send(address, form)

    return together([once] * PRESSES)


def propose(ground: Ground, port: int, place: int, outcome: Outcome) -> int:
    actor = ground.stage.starters[place % len(ground.stage.starters)]
    browser = Browser(port, actor.session)
    before = owned(ground, actor.pk)
    form = shown(browser.get("/initiatives/proposer/"), "key")
    answers = press(browser, "/initiatives/proposer/", form)
    ends = {answer.location for answer in answers if answer.status == 302 and "/brouillons/" in answer.location}
    for end in ends:
        ground.journal.write("begun", end.split("/")[3], str(actor.pk))
    outcome.ghost += max(0, owned(ground, actor.pk) - before - 1)
    return sum(answer.location not in list(ends)[:1] for answer in answers)


def owned(ground: Ground, pk: int) -> int:
    return int(ground.rows("SELECT count(*) FROM initiatives_authorship WHERE person_id = %s", pk)[0][0])


def go_back(ground: Ground, port: int, draft: Draft) -> int:
    """Saved, then back to the page as it was, edited and saved again: taken, or both texts shown, then the choice."""
    browser, page = Browser(port, draft.author.session), f"/initiatives/brouillons/{draft.pk}/recit/"
    old = shown(browser.get(page))
    first, second = (f"{STORY * 5}{word}{draft.pk}." for word in ("premier", "second"))
    if browser.send(page, {**old, "story": first, "go": "stay"}).status != 302:
        return 1
    refreshed = browser.send(page, {**old, "story": first, "go": "stay"})  # « renvoyer le formulaire »
    answer = browser.send(page, {**old, "story": second, "go": "stay"})
    if answer.status == 409:
        said = unescape(answer.text)
        if first not in said or second not in said:
            return 1
        answer = browser.send(page, {**shown(answer), "garder-story": "mien"})
    if answer.status == 302:
        ground.journal.write("saved", draft.pk, second)
    return int(answer.status != 302 or refreshed.status != 302)


def send(ground: Ground, port: int, draft: Draft, outcome: Outcome) -> int:
    browser = Browser(port, draft.author.session)
    form = shown(browser.get(f"/initiatives/brouillons/{draft.pk}/relire/"))
    answers = press(browser, f"/initiatives/brouillons/{draft.pk}/envoyer/", form)
    receipt = f"/initiatives/suivi/{draft.pk}/"
    right = sum(answer.status == 302 and answer.location == receipt for answer in answers)
    if right:
        ground.journal.write("sent", draft.pk, receipt)
    return len(answers) - right


def go_back_after_sending(ground: Ground, port: int, draft: Draft) -> int:
    """The sheet is sent: what is typed on the page of before is shown, to be copied."""
    browser, page = Browser(port, draft.author.session), f"/initiatives/brouillons/{draft.pk}/recit/"
    form = shown(browser.get("/initiatives/proposer/"), "key")
    late = f"{STORY}Trop tard, mais écrit{draft.pk}."
    answer = browser.send(page, {**form, "story": late, "edition": "1", "seen": "x", "go": "stay"})
    return int(answer.status != 409 or late not in unescape(answer.text))


def judge(ground: Ground, outcome: Outcome) -> None:
    lines = ground.journal.read()
    outcome.acknowledged = len(lines)
    sheets = {str(row[0]): row[1:] for row in ground.rows(
        "SELECT i.id, i.status, v.story, v.frozen_at IS NOT NULL,"
        " (SELECT count(*) FROM initiatives_case c WHERE c.initiative_id = i.id),"
        " (SELECT count(*) FROM initiatives_move m WHERE m.initiative_id = i.id AND m.verb = 'submit')"
        " FROM initiatives_initiative i JOIN initiatives_version v ON v.initiative_id = i.id"
    )}  # fmt: skip
    for line in lines:
        if line.key not in sheets:
            outcome.lost += 1
            continue
        status, story, frozen, cases, sent = sheets[line.key]
        if line.what == "saved":
            outcome.lost += sha(story) != line.sha256
        if line.what == "sent":
            outcome.lost += cases == 0
            outcome.ghost += cases > 1 or sent > 1
            outcome.torn += not ((status == "in_review") == frozen == (cases > 0) == (sent > 0))
