"""Messages between an author and the coordination, and the notes that no author reads."""

from django.urls import reverse

from accounts.models import Letter
from initiatives import emails
from tests import factories

SECRET = "Je connais cette équipe, méfiance."


def test_the_author_writes_and_who_holds_the_case_answers(ana, max, as_):
    case = factories.claimed(ana, max)
    data = {"message-text": "Faut-il retirer la photo ?", "message-field": "story"}
    page = as_(ana).post(reverse("initiatives:write_to_coordination", args=[case.initiative_id]), data, follow=True)
    assert "Faut-il retirer la photo" in page.text
    emails.tell_moves()
    letter = Letter.objects.get(person=max, subject__startswith="Message d’une équipe")
    assert "Ce qui s’est passé" in letter.body
    assert "Faut-il retirer la photo" in as_(max).get(reverse("initiatives:case", args=[case.pk])).text
    as_(max).post(reverse("initiatives:write", args=[case.pk]), {"message-text": "Non, elle est belle."})
    emails.tell_moves()
    assert "Non, elle est belle." in Letter.objects.get(person=ana, subject__startswith="La coordination vous").body
    follow = as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text
    assert "Non, elle est belle." in follow
    assert "Max" not in follow


def test_a_message_changes_neither_the_state_nor_the_dates(ana, max, as_):
    case = factories.claimed(ana, max)
    before = (case.status, case.decision_due_at)
    as_(max).post(reverse("initiatives:write", args=[case.pk]), {"message-text": "Bonjour."})
    case.refresh_from_db()
    assert (case.status, case.decision_due_at) == before


def test_before_anyone_holds_it_all_who_answer_are_written_to(ana, max, nora, as_):
    case = factories.sent(ana)
    as_(ana).post(
        reverse("initiatives:write_to_coordination", args=[case.initiative_id]), {"message-text": "Une précision."}
    )
    emails.tell_moves()
    assert [letter.person for letter in Letter.objects.filter(subject__startswith="Message d’une équipe")] == [max]


def test_co_authors_read_it_too(ana, stan, max, as_):
    case = factories.sent(ana)
    factories.co_author(case.initiative, stan)
    as_(ana).post(
        reverse("initiatives:write_to_coordination", args=[case.initiative_id]), {"message-text": "Une précision."}
    )
    emails.tell_moves()
    assert Letter.objects.filter(person=stan, subject__contains="a écrit à la coordination").count() == 1
    assert not Letter.objects.filter(person=ana, subject__contains="a écrit à la coordination").exists()


def test_pressed_twice_it_is_one_message(ana, max, as_):
    case, browser = factories.claimed(ana, max), as_(max)
    for _ in range(2):
        browser.post(reverse("initiatives:write", args=[case.pk]), {"message-text": "Bonjour."})
    assert case.moves.filter(verb="write").count() == 1


def test_a_note_is_read_by_the_coordination_alone(ana, max, nora, eve, as_):
    case = factories.claimed(ana, max)
    as_(max).post(reverse("initiatives:note", args=[case.pk]), {"note-text": SECRET})
    assert SECRET in as_(nora).get(reverse("initiatives:case", args=[case.pk])).text
    case.request_changes(max, "Presque.", {})
    emails.tell_moves()
    assert not Letter.objects.filter(body__contains=SECRET).exists()
    assert SECRET not in as_(ana).get(reverse("initiatives:follow", args=[case.initiative_id])).text


def test_nor_by_a_coordinator_who_wrote_the_sheet(ana, max, nora, as_):
    case = factories.claimed(ana, nora)
    as_(nora).post(reverse("initiatives:note", args=[case.pk]), {"note-text": SECRET})
    assert SECRET in as_(max).get(reverse("initiatives:case", args=[case.pk])).text
    factories.co_author(case.initiative, max)
    page = as_(max).get(reverse("initiatives:case", args=[case.pk]))
    assert page.status_code == 200
    assert SECRET not in page.text
    assert as_(max).post(reverse("initiatives:note", args=[case.pk]), {"note-text": "Moi aussi."}).status_code == 409
    assert as_(max).post(reverse("initiatives:write", args=[case.pk]), {"message-text": "Moi."}).status_code == 409


def test_a_closed_case_is_no_longer_written_in(ana, max, as_):
    case = factories.claimed(ana, max)
    case.accept(max)
    answer = as_(ana).post(
        reverse("initiatives:write_to_coordination", args=[case.initiative_id]), {"message-text": "Un mot trop tard"}
    )
    assert answer.status_code == 409
    assert not case.moves.filter(verb="write").exists()


def test_an_empty_or_forged_message_is_said(ana, max, as_):
    case = factories.claimed(ana, max)
    url = reverse("initiatives:write", args=[case.pk])
    for data in ({"message-text": " "}, {"message-text": "x", "message-field": "password"}, {"message-text": "a\x00b"}):
        assert "Erreur : " in as_(max).post(url, data).text
    assert not case.moves.filter(verb="write").exists()


def test_what_was_typed_when_the_session_ended_comes_back(ana, max, as_):
    from tests.initiatives.telling import shown

    case = factories.claimed(ana, max)
    browser, url = as_(ana), reverse("initiatives:write_to_coordination", args=[case.initiative_id])
    page = browser.get(reverse("initiatives:follow", args=[case.initiative_id]))
    form = shown(page, having="writer")
    browser.logout()
    browser.post(url, {**form, "message-text": "Un long message écrit avec soin."})
    browser.force_login(ana)
    assert "Un long message écrit avec soin." in browser.get(url).text
    assert not case.moves.filter(verb="write").exists()
