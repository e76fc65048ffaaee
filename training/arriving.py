"""Who was invited in a cohort enters it when the address is proved to be theirs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import Person
from training.models import keep_invitations


def confirmed(person: Person) -> None:
    keep_invitations(person)


def arrive(request: HttpRequest, person: Person) -> None:
    """An invitation written while its address was being confirmed is found at the next visit."""
    for cohort in keep_invitations(person):
        messages.success(request, f"Vous êtes dans la promotion «\u00a0{cohort}\u00a0», {cohort.centre}.")
