"""What must not come out, looked for in all that anyone can open: pages, feeds, the sitemap, what they link to."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from initiatives.models import Case, Initiative
from tests import factories
from training.models import Comment

BEES = ("draft", "in_review", "revision", "masked", "withdrawn", "archived_away", "refused", "note", "sent_note")
MOST_PAGES = 900


def mark(state: str) -> str:
    """A word nobody else writes, one for each place that must keep it."""
    return f"zibeline{state.replace('_', '')}"


def secret(state: str) -> dict[str, str]:
    """Every text of a sheet carries its mark; so does an address that isn't to be shown."""
    word = mark(state)
    return {
        "title": f"Le jardin {word}",
        "summary": f"{word} {factories.SUMMARY}",
        "beginning": f"{word} au départ.",
        "story": f"{factories.STORY} {word}",
        "organisation_name": f"Association {word}",
        "place_note": f"près de {word}",
        "contact_address": f"{word}@essaim.test",
    }


@pytest.fixture
def secrets(ana, max, ilan, tess, cohort):
    """Sheets in every state the public must not read, a student's note, a refusal; beside them, one to be read."""
    factories.draft(ana, **secret("draft"))
    factories.sent(ana, **factories.complete(**secret("in_review")))
    public = factories.published(
        ana, max, title="Le jardin que tout le monde lit", beginning=f"Un mot, {mark('public')}."
    )
    Case.submit(factories.fill(public.version_to_edit(ana), **secret("revision")), ana)
    for state, change in {
        "masked": {"masked_at": timezone.now()},
        "withdrawn": {"status": "withdrawn", "withdrawn_reason": "person"},
        "archived_away": {"status": "archived", "masked_at": timezone.now()},
    }.items():
        sheet = factories.published(ana, max, **secret(state))
        Initiative.objects.filter(pk=sheet.pk).update(**change)
    refused = factories.claimed(ana, max, **secret("refused"))
    refused.refuse(max, "anonymat", f"On reconnaît {mark('refused')} à chaque ligne, et c’est tout le problème.")
    work = factories.assignment(cohort).work_of(ilan)
    work.save_draft(f"Un brouillon {mark('note')}.", 0)
    sent = factories.assignment(cohort, title="Un autre devoir").work_of(ilan)
    sent.save_draft(f"Une note {mark('sent_note')}.", 0)
    Comment.objects.create(note=sent.send(), by=tess, text=f"Un commentaire {mark('sent_note')}.")
    return public


def hidden_words() -> list[str]:
    return [mark(state) for state in BEES]


def test_nothing_hidden_comes_out_of_what_anyone_can_open(secrets, ana, max, ilan):
    opened, leaks, seen = 0, [], set[str]()
    for path, text in crawl("/", "/sitemap.xml", "/robots.txt", "/initiatives/flux.atom", "/statistiques/"):
        opened += 1
        found = [word for word in (*hidden_words(), ana.email, max.email, ilan.email) if word in text]
        leaks += [f"{path}: {word}" for word in found]
        seen |= {word for word in (mark("public"),) if word in text}
    assert opened > 200, "the crawl saw too little to say anything"
    assert seen == {mark("public")}, "the crawl doesn’t see what is there to be seen"
    assert not leaks, "\n".join(leaks)


def test_nothing_hidden_is_found_by_looking_for_it(secrets):
    """By its words, its place, or its address: the search echoes what one typed, and nothing of the sheet."""
    nobody = Client()
    for state in BEES:
        for path in ("/initiatives/", "/recherche/", "/initiatives/flux.atom"):
            page = nobody.get(f"{path}?{urlencode({'q': mark(state)})}")
            assert page.status_code == 200
            assert f"jardin {mark(state)}" not in page.text
            assert f"Association {mark(state)}" not in page.text
            assert f"{mark(state)}@" not in page.text
    for sheet in Initiative.objects.exclude(pk=secrets.pk).filter(cases__isnull=False):
        page = nobody.get(sheet.get_absolute_url())
        assert page.status_code in (404, 410)
        assert not [word for word in hidden_words() if word in page.text]


def test_a_word_misspelt_is_not_corrected_into_a_hidden_one(secrets):
    """The spelling knows published words only: it would tell that a hidden sheet exists."""
    for state in ("draft", "in_review", "revision", "refused", "note"):
        typed = mark(state)[:-1] + "x"
        for path in ("/initiatives/", "/recherche/"):
            assert mark(state) not in Client().get(f"{path}?{urlencode({'q': typed})}").text


def test_an_address_is_shown_on_its_page_alone_and_only_when_asked(ana, max):
    shown = factories.published(ana, max, title="Chez nous", contact_mode="public", contact_address="equipe@asso.test")
    kept = factories.published(ana, max, title="Chez eux", contact_mode="relayed", contact_address="secret@asso.test")
    nobody = Client()
    page = nobody.get(shown.get_absolute_url()).text
    assert "equipe@asso.test" in page
    for data in re.findall(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", page, re.DOTALL):
        assert "equipe@asso.test" not in data
    assert "secret@asso.test" not in nobody.get(kept.get_absolute_url()).text
    for path in ("/", "/initiatives/", "/initiatives/?q=chez", "/initiatives/flux.atom", "/recherche/?q=chez"):
        text = nobody.get(path).text
        assert "equipe@asso.test" not in text
        assert "secret@asso.test" not in text


def test_a_stranger_with_an_account_reads_no_more(secrets, stan, as_):
    browser = as_(stan)
    for path in ("/", "/initiatives/", "/initiatives/mes-initiatives/", "/formation/", "/compte/", "/statistiques/"):
        text = browser.get(path).text
        assert not [word for word in hidden_words() if word in text], path


def crawl(*starts: str):
    """(path, text) of what a visitor reaches. The catalogue's questions are endless: a few of each kind are asked."""
    nobody, waiting, known, kinds = Client(), deque(starts), set(starts), Counter[tuple[str, ...]]()
    while waiting and len(known) < MOST_PAGES * 3:
        path = waiting.popleft()
        answer = nobody.get(path)
        assert answer.status_code < 500, path
        if not re.match(r"text/|application/([a-z.-]+\+)?(xml|json)", answer["Content-Type"]):
            continue  # a file: what the trame says is read in its own story
        text = unescape(answer.content.decode())
        yield path, text
        links = re.findall(r"""(?:href|src|action)=["']([^"'#]+)""", answer.content.decode())
        links += re.findall(r"<loc>([^<]+)</loc>", text)
        for link in links:
            parts = urlsplit(urljoin(f"http://testserver{path}", unescape(link)))
            if parts.netloc not in ("testserver", "127.0.0.1:8000") or parts.path.startswith(("/static/", "/compte/")):
                continue
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            names = tuple(sorted({part.partition("=")[0] for part in parts.query.split("&")}))
            kind = (parts.path, *names) if parts.query else ()
            if address in known or (kind and kinds[kind] >= 4):
                continue
            kinds[kind] += 1
            known.add(address)
            waiting.append(address)
