"""The code of a cohort, tried at speed: slowed by account and by address, in the cache that all processes share."""

import pytest
from django.core.cache import cache
from django.core.management import call_command

from tests import factories
from tests.training.gestures import url
from training import guesses

WRONG = "ZZZZZZZZ"


@pytest.fixture
def shared_cache(db, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    }  # fmt: skip
    call_command("createcachetable", verbosity=0)
    cache.clear()
    yield cache
    cache.clear()


def tried(browser, times, code=WRONG, **more):
    return [browser.post(url("join"), {"code": code}, **more).status_code for _ in range(times)]


def test_an_account_that_guesses_is_slowed_in_french(shared_cache, stan, ana, cohort, as_):
    browser = as_(stan)
    assert set(tried(browser, guesses.MOST_A_PERSON)) == {200}
    slowed = browser.post(url("join"), {"code": cohort.join_code})
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == str(guesses.WINDOW)
    assert 'lang="fr"' in slowed.text
    assert "Attendez" in slowed.text or "attend" in slowed.text
    assert not cohort.enrolments.exists()
    # Someone else of the same classroom goes on.
    assert as_(ana).post(url("join"), {"code": cohort.join_code}).status_code == 302


def test_another_window_or_another_address_changes_nothing(shared_cache, stan, as_):
    tried(as_(stan), guesses.MOST_A_PERSON)
    assert tried(as_(stan), 1) == [429]
    assert tried(as_(stan), 1, REMOTE_ADDR="203.0.113.9") == [429]


def test_accounts_made_for_it_are_slowed_together_by_their_address(shared_cache, as_):
    each = guesses.MOST_A_PERSON - 1
    statuses = []
    for number in range(guesses.MOST_AN_ADDRESS // each + 2):
        statuses += tried(as_(factories.person(f"Prête-nom {number}")), each)
    assert statuses.count(200) == guesses.MOST_AN_ADDRESS
    assert statuses[-1] == 429


def test_links_are_guesses_too(shared_cache, cohort, as_):
    statuses = [as_(None).get(url("join_code", WRONG)).status_code for _ in range(guesses.MOST_A_PERSON + 1)]
    assert statuses == [404] * guesses.MOST_A_PERSON + [429]


def test_time_passes_and_one_tries_again(shared_cache, stan, cohort, as_):
    tried(as_(stan), guesses.MOST_A_PERSON)
    assert tried(as_(stan), 1, cohort.join_code) == [429]
    shared_cache.clear()
    assert tried(as_(stan), 1, cohort.join_code) == [302]


def test_a_code_closed_or_renewed_leads_nowhere(shared_cache, tess, stan, cohort, as_):
    old = cohort.join_code
    as_(tess).post(url("renew_code", cohort.pk), {"action": "renew"})
    assert as_(stan).post(url("join_code", old)).status_code == 404
    cohort.refresh_from_db()
    as_(tess).post(url("renew_code", cohort.pk), {"action": "close"})
    assert "sont fermées" in as_(stan).post(url("join_code", cohort.join_code)).text
    assert not cohort.enrolments.exists()
    # What is closed to codes is still open to the trainers' own hand.
    as_(tess).post(url("add_student", cohort.pk), {"email": stan.email})
    assert cohort.enrolments.get().student == stan
