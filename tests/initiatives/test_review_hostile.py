"""Texts nobody would type, in every field of the room of review: nothing runs, nothing breaks, the words survive."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from initiatives.models import Move, Opinion
from tests import factories
from tests.test_hostile import TEXTS, harmless, letters

LONG = "\n\n".join(each["entree"].replace("\0", "") for each in TEXTS)
CHUNKS = [LONG[start : start + 450] for start in range(0, min(len(LONG), 6300), 450)]


@pytest.mark.parametrize("chunk", CHUNKS)
def test_every_text_comes_back_as_a_text(chunk, ana, max, nora, eve, as_):
    case = factories.claimed(ana, max)
    coordinator, author = as_(max), as_(ana)
    grid = {"grid-seen": "", "grid-note_recit": chunk}
    said, kept = letters(chunk.strip())[:60], []
    for act, data in (
        ("write", {"message-text": chunk}),
        ("note", {"note-text": chunk}),
        ("ask_opinion", {"expert": eve.pk, "question": chunk}),
        ("fill_grid", grid),
        ("request_changes", {"changes-text": chunk, "changes-remark_story": chunk, **grid}),
    ):
        answer = coordinator.post(reverse(f"initiatives:{act}", args=[case.pk]), data)
        assert answer.status_code in (200, 302), act
        # Kept, or refused with a sentence (a telephone, an address): either way it is on the page.
        if answer.status_code == 302:
            kept.append(act)
        elif act != "ask_opinion":
            assert said in letters(harmless(answer)), act
    author.post(reverse("initiatives:write_to_coordination", args=[case.initiative_id]), {"message-text": chunk})
    opinion = Opinion.objects.filter(case=case).first()
    page = letters(harmless(coordinator.get(reverse("initiatives:case", args=[case.pk]))))
    assert page.count(said) >= len(kept), kept
    harmless(author.get(reverse("initiatives:follow", args=[case.initiative_id])))
    if opinion:
        harmless(as_(eve).get(reverse("initiatives:opinion", args=[opinion.pk])))
    emails.tell_moves()
    assert not Move.objects.filter(told_at=None).exists()
    assert not [letter for letter in Letter.objects.all() if "\n" in letter.subject or "\r" in letter.subject]


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "9" * 5000, "²", "-1", "1e400", "[]", "{}"])
def test_absurd_hidden_fields(typed, ana, max, as_):
    case = factories.claimed(ana, max)
    for act, name in (
        ("accept", "accept"),
        ("refuse", "refuse"),
        ("request_changes", "changes"),
        ("redirect", "redirect"),
    ):
        data = {
            f"{name}-version": typed,
            f"{name}-text": "Quelques phrases qui expliquent la décision.",
            "grid-seen": typed,
        }
        answer = as_(max).post(reverse(f"initiatives:{act}", args=[case.pk]), data)
        assert answer.status_code in (200, 409), (act, typed)
    for data in ({"geste": typed, "dossier": typed}, {"geste": "confier", "dossier": typed, "place": typed}):
        assert as_(max).post(reverse("initiatives:bulk"), data).status_code in (200, 302)
    case.refresh_from_db()
    assert case.status == "claimed"


def test_where_the_law_asks_a_text_is_emptied_and_its_line_stays(ana, max):
    case = factories.claimed(ana, max)
    case.request_changes(max, "Un mot de trop.", {})
    move = case.moves.get(verb="request_changes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT initiatives_redact('move', %s, 'text')", [move.pk])
    emptied = Move.objects.get(pk=move.pk)
    assert (emptied.text, emptied.by, emptied.at, emptied.to_status) == ("", max, move.at, move.to_status)
