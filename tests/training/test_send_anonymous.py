"""Students are bound by secrecy too: a note that designates someone doesn't leave, even to a trainer."""

from django.urls import reverse

from tests.training.gestures import save
from training.models import SentNote


def send(browser, assignment, **said):
    edition = browser.get(reverse("training:send_note", args=[assignment.pk])).context["work"].edition
    return browser.post(reverse("training:send_note", args=[assignment.pk]), {"edition": edition, **said})


def test_a_number_must_go(ilan, assignment, as_):
    browser = as_(ilan)
    save(browser, assignment, "Je l’ai rappelée au 06 39 98 12 34 le soir.", 0)
    answer = send(browser, assignment, names="ok")
    assert answer.status_code == 409
    assert "<mark>06 39 98 12 34</mark>" in answer.text
    assert not SentNote.objects.exists()


def test_a_name_may_stay_when_it_is_nobodys_who_was_helped(ilan, assignment, as_):
    browser = as_(ilan)
    save(browser, assignment, "Le groupe a reçu Mme Durand, qui a tout expliqué.", 0)
    assert send(browser, assignment).status_code == 409
    assert not SentNote.objects.exists()
    assert send(browser, assignment, names="ok").status_code == 302
    assert SentNote.objects.count() == 1


def test_nothing_to_say_of_a_clean_note(ilan, assignment, as_):
    browser = as_(ilan)
    save(browser, assignment, "Une participante a tout expliqué au groupe.", 0)
    assert "pourrait être reconnu" not in browser.get(reverse("training:send_note", args=[assignment.pk])).text
    assert send(browser, assignment).status_code == 302
