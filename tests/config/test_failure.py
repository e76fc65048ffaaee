"""When something of ours fails, what was being sent is given back, with a button that sends it again."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from tests import factories


@pytest.fixture
def down(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("the database doesn't answer")

    monkeypatch.setattr("initiatives.views.tell.working_version", refuse)


def test_a_text_typed_during_an_outage_is_given_back(ana, as_, down):
    version = factories.draft(ana)
    browser = as_(ana)
    browser.raise_request_exception = False
    address = reverse("initiatives:step", args=[version.initiative_id, "quoi"])
    sent = {"title": "Une soupe <b>chaude</b> pour tout le quartier, le mardi soir", "go": "next"}
    answer = browser.post(address, sent)
    assert answer.status_code == 503
    assert "Une soupe &lt;b&gt;chaude&lt;/b&gt; pour tout le quartier" in answer.text
    assert f'action="{address}"' in answer.text
    assert "Réessayer" in answer.text


def test_a_page_that_was_only_read_offers_nothing_to_send(ana, as_, down):
    browser = as_(ana)
    browser.raise_request_exception = False
    answer = browser.get(reverse("initiatives:step", args=[factories.draft(ana).initiative_id, "quoi"]))
    assert answer.status_code == 503
    assert "<form" not in answer.text


def test_a_password_is_never_given_back(as_, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("django.contrib.auth.authenticate", refuse)
    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.pre_authenticate", refuse)
    browser = as_(None)
    browser.raise_request_exception = False
    answer = browser.post(reverse("account_login"), {"login": "ana@essaim.test", "password": "un-secret-bien-garde"})
    assert answer.status_code == 503
    assert "un-secret-bien-garde" not in answer.text
