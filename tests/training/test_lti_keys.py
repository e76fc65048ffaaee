"""Our keys are published before they sign, and kept a while after."""

from datetime import timedelta

from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lti_tool.models import Key

from training.lti import keys


def kids() -> list[str]:
    return [key["kid"] for key in Client().get("/lti/cles.json").json()["keys"]]


def test_there_is_always_a_key_and_never_a_secret(db):
    answer = Client().get("/lti/cles.json")
    (key,) = answer.json()["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)
    assert kids() == [key["kid"]]


def test_a_new_one_each_week_two_at_a_time(db):
    today = timezone.localdate()
    keys.each_day(today)
    first = keys.signing().pk
    for day in range(1, 7):
        keys.each_day(today + timedelta(days=day))
    assert Key.objects.count() == 1
    keys.each_day(today + timedelta(days=8))
    assert len(kids()) == 2
    # The new one is in the list, and doesn't sign until platforms have seen it.
    assert keys.signing().pk == first
    Key.objects.exclude(pk=first).update(datetime_created=timezone.now() - timedelta(days=2))
    Key.objects.filter(pk=first).update(datetime_created=timezone.now() - timedelta(days=9))
    assert keys.signing().pk != first
    keys.each_day(today + timedelta(days=30))
    assert len(kids()) == 2
    assert not Key.objects.filter(pk=first).exists()


def test_it_is_one_of_the_works_of_the_day(db):
    call_command("daily")
    assert Key.objects.count() == 1
    call_command("daily")
    assert Key.objects.count() == 1
