"""A new house gets its first administrator from the server, and only the first."""

import pytest
from django.core.management import CommandError, call_command

from accounts import rights
from accounts.models import Letter


def test_the_first_is_given(ana):
    call_command("first_administrator", ana.email.upper())
    assert rights.has_role(ana, "administrator")
    assert Letter.objects.get(to=ana.email).subject == "Un rôle vous est donné : administration des comptes"


def test_the_second_is_not(ada, ana):
    with pytest.raises(CommandError, match="administre déjà"):
        call_command("first_administrator", ana.email)
    assert not rights.has_role(ana, "administrator")


def test_nobody_unknown(db):
    with pytest.raises(CommandError, match="inscrivez-vous"):
        call_command("first_administrator", "personne@essaim.test")
