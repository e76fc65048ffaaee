"""What one is asked by a secret link: read on a phone, answered in two taps, once, without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, Person
from initiatives import together
from initiatives.models import Agreement, Version
from initiatives.models.agreement import hash_of
from initiatives.workflow import Refused, Verb
from tests import factories

Kind = Agreement.Kind
LINK = re.compile(r"https?://[^/]+(/accord/[\w-]+/)")


def ask(browser, version, kind="employer", name="Mme la directrice", email="direction@ccas.test"):
    path = reverse("initiatives:ask_agreement", args=[version.initiative_id])
    return browser.post(path, {"ask-kind": kind, "ask-name": name, "ask-email": email})


def link_to(email: str) -> str:
    found = LINK.search(Letter.objects.filter(to=email).latest("pk").body)
    assert found
    return found[1]


@pytest.fixture
def draft(ana) -> Version:
    return factories.complete_draft(ana, employer_agrees=False, people_agree=False)


@pytest.fixture
def asked(draft, ana, as_) -> str:
    assert ask(as_(ana), draft).status_code == 302
    return link_to("direction@ccas.test")


def test_the_letter_says_who_asks_what_and_until_when(draft, ana, asked):
    letter = Letter.objects.get(to="direction@ccas.test")
    assert "Ana vous demande votre accord" in letter.subject
    assert "La cuisine partagée" in letter.body
    assert "jusqu’au" in letter.body
    row = Agreement.objects.get()
    assert row.token_hash == hash_of(asked.split("/")[2])
    assert (row.version, row.asked_by, row.kind) == (draft, ana, Kind.EMPLOYER)


def test_the_text_is_read_whole_and_a_get_does_nothing(draft, asked, as_, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = as_(None).get(asked)
    assert page.status_code == 200
    for words in ("Êtes-vous d’accord", "Ana", draft.title, "Le groupe s’est formé autour d’une cuisine"):
        assert words in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "direction@ccas.test" not in page.text
    assert Agreement.objects.get().answered_at is None


def test_two_taps_tick_the_box_and_tell_the_author(draft, ana, asked, as_):
    browser = as_(None)
    answer = browser.post(asked, {"answer": "yes", "edition": draft.edition})
    assert answer.status_code == 302
    assert "votre réponse est arrivée" in browser.get(answer.url).text
    after = Version.objects.get(pk=draft.pk)
    assert (after.employer_agrees, after.people_agree, after.edition) == (True, False, draft.edition + 1)
    told = Letter.objects.get(person=ana)
    assert "a dit oui" in told.subject
    line = draft.initiative.moves.get(verb=Verb.AGREE)
    assert (line.by, line.motive) == (None, "employer")
    assert "directrice" not in line.text


def test_a_link_works_once_and_says_so(draft, asked, as_):
    as_(None).post(asked, {"answer": "yes", "edition": draft.edition})
    again = as_(None).get(asked)
    assert again.status_code == 410
    assert "Vous avez déjà répondu" in again.text
    assert again["Referrer-Policy"] == "no-referrer"
    assert draft.title not in again.text
    assert as_(None).post(asked, {"answer": "no"}).status_code == 410
    # A second tap on the same button lands where the first did.
    assert "recu=" in as_(None).post(asked, {"answer": "yes", "edition": draft.edition}).url
    assert Agreement.objects.get().answer == "yes"


def test_an_old_link_and_an_unknown_one_say_what_to_do(draft, asked, as_):
    Agreement.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    old = as_(None).get(asked)
    assert old.status_code == 410
    assert "peut vous en envoyer un autre" in old.text
    assert draft.title not in old.text
    assert as_(None).post(asked, {"answer": "yes", "edition": draft.edition}).status_code == 410
    unknown = as_(None).get("/accord/jamais-vu/")
    assert unknown.status_code == 404
    assert "Ce lien n’existe pas" in unknown.text


def test_the_receipt_of_another_shows_nothing(draft, ana, as_, asked):
    ask(as_(ana), draft, kind="people", email="zoe@exemple.test", name="Zoé")
    answer = as_(None).post(link_to("zoe@exemple.test"), {"answer": "yes", "edition": draft.edition})
    receipt = answer.url.partition("?")[2]
    page = as_(None).get(f"{asked}?{receipt}")
    assert "Êtes-vous d’accord" in page.text


def test_a_no_is_told_kindly_and_may_be_asked_again(draft, ana, asked, as_):
    Version.objects.filter(pk=draft.pk).update(employer_agrees=True)
    as_(None).post(asked, {"answer": "no", "word": "Pas avant le conseil d’administration."})
    assert not Version.objects.get(pk=draft.pk).employer_agrees
    told = Letter.objects.get(person=ana)
    assert "demandez de nouveau" in told.body
    assert "Pas avant le conseil" in told.body
    page = as_(ana).get(reverse("initiatives:people", args=[draft.initiative_id])).text
    assert "Pas avant le conseil" in page
    assert ask(as_(ana), draft).status_code == 302
    assert as_(None).get(link_to("direction@ccas.test")).status_code == 200


def test_asked_again_the_former_link_stops(draft, ana, asked, as_):
    ask(as_(ana), draft)
    assert as_(None).get(asked).status_code == 410
    assert as_(None).get(link_to("direction@ccas.test")).status_code == 200


def test_a_text_changed_meanwhile_is_read_again(draft, asked, as_):
    with draft.saving(draft.edition):
        Version.objects.filter(pk=draft.pk).update(story=factories.STORY + " Puis une fin.")
    page = as_(None).post(asked, {"answer": "yes", "edition": draft.edition - 1})
    assert page.status_code == 200
    assert "vient de changer" in page.text
    assert "Puis une fin" in page.text
    assert Agreement.objects.get().answered_at is None


def test_an_open_window_never_unticks_by_surprise(draft, ana, asked, as_):
    """The author has « droits » open, unticked, when the yes arrives: saving it asks first."""
    from tests.initiatives import telling

    browser = as_(ana)
    step = telling.address("droits", draft)
    before = browser.get(step)
    as_(None).post(asked, {"answer": "yes", "edition": draft.edition})
    hidden = {
        field.get("name"): field.get("value", "")
        for field in telling.tree(before).findall(".//main//input[@type='hidden']")
    }
    unticked = {k: v for k, v in telling.RIGHTS.items() if k not in ("employer_agrees", "people_agree")}
    saved = browser.post(step, {**hidden, **unticked, "contact_mode": "coordinator"})
    assert saved.status_code == 409
    assert Version.objects.get(pk=draft.pk).employer_agrees


def test_an_answer_after_sending_is_recorded_beside(draft, ana, asked, as_):
    factories.fill(draft, employer_agrees=True, people_agree=True)
    from initiatives.models import Case

    Case.submit(draft, ana)
    as_(None).post(asked, {"answer": "no", "word": "Attendez."})
    assert Version.objects.get(pk=draft.pk).employer_agrees
    line = draft.initiative.moves.get(verb=Verb.DISAGREE)
    assert line.case is not None
    follow = as_(ana).get(reverse("initiatives:follow", args=[draft.initiative_id])).text
    assert "Un accord demandé n’est pas donné" in follow


def test_a_sheet_gone_closes_its_links(draft, ana, asked, as_):
    draft.initiative.discard(ana)
    assert as_(None).get(asked).status_code == 404


def test_taken_back_it_works_no_more(draft, ana, stan, asked, as_):
    row = Agreement.objects.get()
    path = reverse("initiatives:take_back", args=[draft.initiative_id, row.pk])
    assert as_(stan).post(path).status_code == 404
    assert as_(None).get(asked).status_code == 200
    as_(ana).post(path)
    assert as_(None).get(asked).status_code == 410


def test_at_most_twenty_questions_wait(draft, ana):
    for n in range(together.MOST_OPEN):
        together.ask(draft.initiative, Kind.PEOPLE, ana, "Zoé", f"zoe{n}@exemple.test")
    with pytest.raises(Refused, match="20 questions"):
        together.ask(draft.initiative, Kind.PEOPLE, ana, "Zoé", "une-de-plus@exemple.test")
    assert Agreement.objects.count() == together.MOST_OPEN


def test_one_address_is_not_harassed(draft, ana):
    for _ in range(together.MOST_TO_ONE):
        together.ask(draft.initiative, Kind.PEOPLE, ana, "Zoé", "zoe@exemple.test")
    with pytest.raises(Refused, match="demain"):
        together.ask(draft.initiative, Kind.PEOPLE, ana, "Zoé", "ZOE@exemple.test")


@pytest.mark.parametrize(
    "typed",
    [
        {"ask-kind": "author"}, {"ask-kind": ""}, {"ask-email": "zoe"}, {"ask-name": " "},
        {"ask-name": "Zoé\r\nBcc: x@y.fr <a>"}, {"ask-email": "zoe@exemple.test\x00"},
    ],
)  # fmt: skip
def test_a_bad_question_says_what_is_wrong_and_asks_nothing(draft, ana, as_, typed):
    good = {"ask-kind": "people", "ask-name": "Zoé", "ask-email": "zoe@exemple.test"}
    path = reverse("initiatives:ask_agreement", args=[draft.initiative_id])
    page = as_(ana).post(path, good | typed)
    assert page.status_code == 200
    assert "Erreur" in page.text
    assert not Agreement.objects.exists()
    assert not Letter.objects.exists()


def test_one_does_not_ask_oneself(draft, ana, as_):
    page = ask(as_(ana), draft, email=ana.email.upper())
    assert page.status_code == 409
    assert "Cette adresse est la vôtre" in page.text


def test_an_unknown_answer_changes_nothing(draft, asked, as_):
    for given in ("", "ended", "edit", "yes\x00"):
        assert as_(None).post(asked, {"answer": given, "edition": draft.edition}).status_code == 200
    assert as_(None).post(asked, {"answer": "yes", "edition": "1e9"}).status_code == 200
    assert Agreement.objects.get().answered_at is None
    assert Person.objects.count() == 1
