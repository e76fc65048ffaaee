"""Letters about sheets: one function a letter. `tell_moves` turns the journal's untold lines into letters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import post
from accounts.models import Person
from initiatives.forms.review import MOTIVES
from initiatives.models import Move
from initiatives.models.routing import network_for
from initiatives.workflow import CaseStatus, Verb

log = logging.getLogger(__name__)
type Letter = Callable[[Move], None]


def tell_moves() -> int:
    """Write the letters of each move not yet told, oldest first, one transaction a move; how many were told.

    A move whose letters can't be written is logged and passed over: it doesn't hold the others back.
    """
    told, failed = 0, set[int]()
    while True:
        with transaction.atomic():
            untold = Move.objects.untold().exclude(pk__in=failed).select_for_update(skip_locked=True, of=("self",))
            move = untold.order_by("pk").first()
            if move is None:
                return told
            try:
                with transaction.atomic():
                    for letter in LETTERS.get(move.verb, ()):
                        letter(move)
                    Move.objects.filter(pk=move.pk).update(told_at=timezone.now())
            except Exception:
                log.exception("letters of move %s", move.pk)
                failed.add(move.pk)
                continue
        told += 1


def receipt(move: Move) -> None:
    """To the authors: number, territory, who answers, and when."""
    case = move.case
    assert case is not None
    _, network = network_for(case.territory, case.version)
    to_authors(move, "receipt", network=network)


def new_case(move: Move) -> None:
    """To those who answer for the territory."""
    assert move.case is not None
    people, _ = network_for(move.case.territory, move.case.version)
    for person in people:
        write(move, person, "new_case")


def being_read(move: Move) -> None:
    to_authors(move, "being_read")


def changes_requested(move: Move) -> None:
    to_authors(move, "changes_requested", remarks=list(move.remarks.all()))


def refused(move: Move) -> None:
    to_authors(move, "refused", motive=MOTIVES.get(move.motive, ""))


def published(move: Move) -> None:
    to_authors(move, "published")


def claim_lapsed(move: Move) -> None:
    to_claimant(move, "claim_lapsed")


def cancelled(move: Move) -> None:
    """To the person who was reading what its authors took back."""
    if move.from_status == CaseStatus.CLAIMED:
        to_claimant(move, "cancelled")


LETTERS: dict[str, tuple[Letter, ...]] = {
    Verb.SUBMIT: (receipt, new_case),
    Verb.RESUBMIT: (receipt, new_case),
    Verb.CLAIM: (being_read,),
    Verb.LAPSE: (claim_lapsed,),
    Verb.CANCEL: (cancelled,),
    Verb.REQUEST_CHANGES: (changes_requested,),
    Verb.REFUSE: (refused,),
    Verb.ACCEPT: (published,),
}


def authors_of(move: Move) -> Iterable[Person]:
    return move.initiative.authors.filter(is_active=True, erased_at=None)


def to_authors(move: Move, name: str, **context: object) -> None:
    for person in authors_of(move):
        write(move, person, name, **context)


def to_claimant(move: Move, name: str) -> None:
    """To the person who held the case until this line: the last claim before it says who."""
    assert move.case is not None
    last = move.case.moves.filter(verb=Verb.CLAIM, pk__lt=move.pk).select_related("by").order_by("-pk").first()
    if last and last.by:
        write(move, last.by, name)


def write(move: Move, to: Person, name: str, **context: object) -> None:
    case = move.case
    post.write(
        to,
        f"initiatives/{name}",
        key=f"move-{move.pk}",
        move=move,
        case=case,
        initiative=move.initiative,
        title=case.version.title if case else str(move.initiative),
        follow_url=settings.SITE_URL + reverse("initiatives:follow", args=[move.initiative_id]),
        case_url=settings.SITE_URL + reverse("initiatives:case", args=[case.pk]) if case else "",
        sheet_url=settings.SITE_URL + move.initiative.get_absolute_url(),
        **context,
    )
