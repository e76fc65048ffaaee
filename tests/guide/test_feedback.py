"""« Cette fiche vous a-t-elle servi ? »: answered without an account, read by the editors, forgotten after a year."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guide import retention
from guide.models import Feedback, Fiche

URL = "/guide/fiches/10/avis/"
EDITION = "/guide/edition/avis/"


def answer(browser, **said):
    return browser.post(URL, {"served": "yes", "purpose": "Pour préparer une réunion.", **said})


def test_a_reader_says_it_in_a_minute(as_):
    browser = as_(None)
    assert URL in browser.get("/guide/fiches/10/").text
    sent = answer(browser)
    assert sent.status_code == 302
    assert "Merci. Votre réponse est arrivée" in browser.get(sent["Location"]).text
    kept = Feedback.objects.get()
    assert (kept.served, kept.purpose, kept.version) == (
        "yes", "Pour préparer une réunion.", Fiche.objects.get(number=10).current,
    )  # fmt: skip
    assert len(kept.sender) == 64


def test_a_word_is_enough_and_a_choice_is_needed(as_):
    assert answer(as_(None), purpose="").status_code == 302
    page = answer(as_(None), served="", purpose="Il manque un exemple.").text
    assert "Choisissez une des réponses." in page
    assert "Il manque un exemple." in page
    assert "<title>Erreur : " in page
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [{"served": "peut-être"}, {"purpose": "x" * 1001}, {"purpose": "a\x00b"}, {"site_web": "http://robot.test"}],
)
def test_what_is_forged_or_too_long_is_refused(as_, said):
    assert answer(as_(None), **said).status_code == 200
    assert not Feedback.objects.exists()


def test_the_same_answer_twice_in_a_row_is_one(as_):
    browser = as_(None)
    answer(browser)
    answer(browser)
    answer(browser, purpose="Autre chose.")
    assert Feedback.objects.count() == 2


def test_one_place_does_not_answer_for_everyone(as_, monkeypatch):
    monkeypatch.setattr(Feedback, "A_DAY", 2)
    browser = as_(None)
    for n in range(2):
        assert answer(browser, purpose=f"Réponse {n}").status_code == 302
    refused = answer(browser, purpose="Une de trop")
    assert refused.status_code == 429
    assert "Beaucoup de réponses viennent de votre adresse" in refused.text
    assert "Une de trop" in refused.text


def test_a_fiche_that_does_not_exist(as_):
    assert as_(None).get("/guide/fiches/27/avis/").status_code == 404
    assert as_(None).post("/guide/fiches/27/avis/", {"served": "yes"}).status_code == 404


def test_the_page_of_the_fiche_keeps_no_trace_of_the_reader(as_):
    browser = as_(None)
    assert not browser.get("/guide/fiches/10/").cookies


def test_editors_read_what_is_new_first_and_mark_it(as_, gaby, nora, stan, django_assert_max_num_queries):
    for n in range(3):
        answer(as_(None), purpose=f"Réponse {n}")
    first = Feedback.objects.earliest("pk")
    assert as_(None).get(EDITION).status_code == 302
    assert as_(stan).get(EDITION).status_code == 404
    assert as_(stan).post(EDITION, {"lue": first.pk}).status_code == 404
    browser = as_(gaby)
    with django_assert_max_num_queries(12):
        page = browser.get(EDITION)
    assert page.text.index("Réponse 2") < page.text.index("Réponse 0")
    assert "réponses à lire" in browser.get("/guide/edition/").text
    latest = Feedback.objects.latest("pk")
    browser.post(EDITION, {"lue": latest.pk})
    page = browser.get(EDITION).text
    assert page.index("Réponse 0") < page.index("Réponse 2"), "what is unread comes first"
    as_(nora).post(EDITION, {"lue": [row.pk for row in Feedback.objects.all()]})
    assert not Feedback.objects.unread().exists()


@pytest.mark.parametrize("query", ["?fiche=10", "?fiche=99", "?fiche=x", "?page=9999", "?fiche=²", "?page=%00"])
def test_absurd_questions_of_editors_are_answered(as_, gaby, query):
    answer(as_(None))
    page = as_(gaby).get(EDITION + query)
    assert page.status_code == 200
    assert ("Cette fiche n’existe pas" in page.text) == (query in ("?fiche=99", "?fiche=x", "?fiche=²"))


def test_a_forged_mark_changes_nothing(as_, gaby):
    answer(as_(None))
    for forged in ("x", "-1", "99999999999999999999", "²"):
        assert as_(gaby).post(EDITION, {"lue": forged}).status_code == 302
    assert Feedback.objects.unread().count() == 1


def test_it_is_forgotten_in_time(as_):
    answer(as_(None))
    now = timezone.localdate()
    retention.each_day(now + timedelta(days=8))
    assert Feedback.objects.get().sender == ""
    retention.each_day(now + timedelta(days=360))
    assert Feedback.objects.exists()
    retention.each_day(now + timedelta(days=366))
    assert not Feedback.objects.exists()


def test_no_list_of_fiches_is_ordered_by_it(as_):
    """Nothing ranks: the public pages know nothing of the answers."""
    before = as_(None).get(reverse("guide:contents")).text
    answer(as_(None), served="no")
    assert as_(None).get(reverse("guide:contents")).text == before
