"""Letters about sheets: one function a letter. `tell_moves` turns the journal's untold lines into letters."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from initiatives.emails import case, freshness, people, readers, reuse
from initiatives.emails.writing import authors_of, to_authors, to_claimant, write
from initiatives.models import Move
from initiatives.workflow import Verb

__all__ = ["LETTERS", "authors_of", "tell_moves", "to_authors", "to_claimant", "write"]

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


# A note and an attempt are told to nobody.
LETTERS: dict[str, tuple[Letter, ...]] = {
    Verb.SUBMIT: (case.receipt, case.new_case),
    Verb.RESUBMIT: (case.receipt, case.new_case),
    Verb.CLAIM: (case.being_read,),
    Verb.LAPSE: (case.claim_lapsed,),
    Verb.CANCEL: (case.cancelled, case.opinions_over),
    Verb.REQUEST_CHANGES: (case.changes_requested,),
    Verb.REFUSE: (case.refused, case.opinions_over),
    Verb.REDIRECT: (case.redirected, case.opinions_over),
    Verb.ACCEPT: (case.published, case.opinions_over, reuse.born),
    Verb.ASK_THIRD_PARTY: (case.waiting,),
    Verb.RESUME: (case.resumed, case.waited_enough),
    Verb.REASSIGN: (case.reassigned, case.new_case),
    Verb.APPEAL: (case.appealed, case.new_case),
    Verb.REOPEN: (case.reopened, case.decision_undone, case.new_case),
    Verb.EXPIRE: (case.expired, case.opinions_over),
    Verb.WRITE: (case.message,),
    Verb.ASK_OPINION: (case.opinion_asked,),
    Verb.OPINION: (case.opinion_given,),
    Verb.REMIND: (case.reminder,),
    Verb.ESCALATE: (case.escalated, case.late),
    Verb.REPORT: (readers.reported,),
    Verb.CORRECT: (readers.reported,),
    Verb.FIND: (readers.found,),
    Verb.UPHOLD: (readers.upheld,),
    Verb.DISMISS: (readers.answered,),
    Verb.MASK: (readers.hidden,),
    Verb.UNMASK: (readers.shown_again,),
    Verb.WITHDRAW: (readers.withdrawn,),
    Verb.RESTORE: (readers.restored,),
    Verb.MERGE: (readers.merged,),
    Verb.UNMERGE: (readers.unmerged,),
    Verb.JOIN: (people.joined,),
    Verb.LEAVE: (people.left,),
    Verb.HAND_OVER: (people.handed_over,),
    Verb.ASK_FRESHNESS: (freshness.still_true,),
    Verb.AGE: (freshness.aged,),
    Verb.ARCHIVE: (freshness.archived,),
}
