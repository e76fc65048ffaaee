"""The product with one of its guards taken away, so that each run is shown able to fail. Never served but by the proof.

`PROOF_WEAKNESS` names the run. As a module it is the application gunicorn serves; `python -m proof.weakened COMMAND`
is manage.py. F2 is weakened elsewhere: its PostgreSQL answers before it writes (proof/cluster.py, `HASTY`).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django


def no_key() -> None:
    """F1, F8: the button's key is not read, so that two presses make two sheets."""
    from initiatives.models import Initiative

    start = Initiative.start.__func__  # type: ignore[attr-defined]
    Initiative.start = classmethod(lambda cls, by, key="": start(cls, by))  # type: ignore[method-assign,assignment]


def no_transaction() -> None:
    """F1: a save is several statements, each on its own."""
    from django.utils import timezone

    from initiatives.models import Version
    from initiatives.workflow import SavedElsewhere

    @contextmanager
    def saving(self: Version, edition: int) -> Iterator[None]:
        now = timezone.now()
        if not Version.objects.working().filter(pk=self.pk, edition=edition).update(edition=edition + 1, saved_at=now):
            raise SavedElsewhere
        self.edition, self.saved_at = edition + 1, now
        yield

    Version.saving = saving  # type: ignore[method-assign]


def no_edition() -> None:
    """F6: who saves last wins, whatever was saved in the meantime; and what arrives last, whatever was typed last."""
    from django.db import transaction
    from django.db.models import F

    from initiatives.models import Version

    @contextmanager
    def saving(self: Version, edition: int) -> Iterator[None]:
        with transaction.atomic():
            Version.objects.filter(pk=self.pk).update(edition=F("edition") + 1)
            self.edition = Version.objects.get(pk=self.pk).edition
            yield

    Version.saving = saving  # type: ignore[method-assign]
    from initiatives.models import writing

    writing.KEEP = re.sub(r"\nWHERE [^\n]*", "", writing.KEEP)


def no_condition() -> None:
    """F7: a verb is said whatever the state of the case has become."""
    from initiatives import workflow
    from initiatives.models import Case, Move

    def move(self: Case, verb: str, *, by: Any, text: str = "", motive: str = "", **changes: Any) -> Move:
        target = workflow.CASE_MOVES[verb].target
        Case.objects.filter(pk=self.pk).update(status=target, **changes)
        return Move.say(self.initiative, verb, by=by, case=self, text=text, motive=motive, to_status=target)

    Case.move = move  # type: ignore[method-assign]
    Case.require_claimant = lambda self, by: None  # type: ignore[method-assign]


def told_first() -> None:
    """F3: a letter is marked as sent when it is taken, before it is posted."""
    from django.utils import timezone

    from accounts.management.commands import send_letters
    from accounts.models import Letter

    take = send_letters.take

    def taken() -> list[Letter]:
        letters = take()
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(sent_at=timezone.now())
        return letters

    send_letters.take = taken


def within_request() -> None:
    """F11: the letter leaves while the person waits for the answer."""
    from django.core.mail import EmailMessage

    from initiatives.models import Case

    submit = Case.submit.__func__  # type: ignore[attr-defined]

    def told_at_once(cls: type[Case], version: Any, by: Any) -> Case:
        case: Case = submit(cls, version, by)
        EmailMessage("Votre fiche est reçue", "Merci.", to=[by.email]).send(fail_silently=True)
        return case

    Case.submit = classmethod(told_at_once)  # type: ignore[method-assign,assignment]


WEAKNESSES: dict[str, tuple[Callable[[], None], ...]] = {
    "f1": (no_key, no_transaction),
    "f2": (),
    "f3": (told_first,),
    "f6": (no_edition,),
    "f7": (no_condition,),
    "f8": (no_key,),
    "f11": (within_request,),
}


def weaken(name: str) -> None:
    for take_away in WEAKNESSES[name]:
        take_away()


def main() -> None:
    from django.core.management import call_command

    django.setup()
    weaken(os.environ["PROOF_WEAKNESS"])
    call_command(*sys.argv[1:])


if __name__ == "__main__":
    main()
elif os.environ.get("PROOF_WEAKNESS"):
    from config.wsgi import application

    assert application
    weaken(os.environ["PROOF_WEAKNESS"])
