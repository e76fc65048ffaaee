"""Letters about a case: to its authors, to who reads it, to who is asked something. Each says what is next, and when.

A note of the coordination and a vain attempt are told to nobody.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from accounts.models.letters import Topic
from initiatives import thread
from initiatives.emails.writing import last_to_say, to_authors, to_claimant, write
from initiatives.forms.prepared import MOTIVES
from initiatives.models import Case, Move, Opinion
from initiatives.models.review import Echelon
from initiatives.models.routing import deputies_for, national_for
from initiatives.workflow import ABOUT_A_PAGE, DECISIONS, CaseStatus, Verb


def case_of(move: Move) -> Case:
    case: Case | None = move.case
    assert case is not None
    return case


def is_about_a_page(move: Move) -> bool:
    """What a reader said is the coordination's business: its letters are those of readers."""
    return case_of(move).kind in ABOUT_A_PAGE


# To the authors


def receipt(move: Move) -> None:
    """Number, territory, who answers, and when."""
    _, network = case_of(move).answering()
    to_authors(move, "receipt", network=network)


def being_read(move: Move) -> None:
    if not is_about_a_page(move):
        to_authors(move, "being_read")


def changes_requested(move: Move) -> None:
    to_authors(move, "changes_requested", remarks=list(move.remarks.all()))


def waiting(move: Move) -> None:
    to_authors(move, "waiting", who=who_is_awaited(move))


def resumed(move: Move) -> None:
    to_authors(move, "resumed")


def refused(move: Move) -> None:
    to_authors(move, "refused", motive=MOTIVES.get(move.motive, ""))


def redirected(move: Move) -> None:
    to_authors(move, "redirected")


def published(move: Move) -> None:
    to_authors(move, "published")


def reassigned(move: Move) -> None:
    if not is_about_a_page(move):
        _, network = case_of(move).answering()
        to_authors(move, "reassigned", network=network)


def appealed(move: Move) -> None:
    _, network = case_of(move).answering()
    to_authors(move, "appealed", network=network)


def reopened(move: Move) -> None:
    if not is_about_a_page(move):
        _, network = case_of(move).answering()
        to_authors(move, "reopened", network=network, is_public=move.initiative.is_public)


def expired(move: Move) -> None:
    to_authors(move, "expired")


def late(move: Move) -> None:
    """The truth, once for a promised day."""
    case = case_of(move)
    if not is_about_a_page(move):
        key = f"late-{case.pk}-{case.decision_due_at:%Y%m%d}"
        to_authors(move, "late", key=key, national=move.motive == str(Echelon.NATIONAL.value))


# To the coordination


def new_case(move: Move) -> None:
    people, _ = case_of(move).answering()
    for person in people:
        write(move, person, "new_case", topic=Topic.CASES)


def claim_lapsed(move: Move) -> None:
    to_claimant(move, "claim_lapsed")


def cancelled(move: Move) -> None:
    """To the person who was reading what its authors took back."""
    if move.from_status in (CaseStatus.CLAIMED, CaseStatus.WAITING_THIRD_PARTY):
        to_claimant(move, "cancelled")


def waited_enough(move: Move) -> None:
    """To who holds a case that goes on by itself: nobody answered in time."""
    if move.by is None:
        to_claimant(move, "waited_enough", who=who_is_awaited(last_wait(move)))


def decision_undone(move: Move) -> None:
    """To who had decided: another has undone it, and why."""
    decider = last_to_say(move, *DECISIONS)
    if decider:
        write(move, decider, "decision_undone")


def reminder(move: Move) -> None:
    """To who holds the case, or to all who may take it; or to its authors, who have something to complete."""
    case = case_of(move)
    if move.motive == thread.AUTHOR:
        if case.status == CaseStatus.CHANGES_REQUESTED:
            asked = case.moves.filter(verb=Verb.REQUEST_CHANGES).order_by("-pk").first()
            remarks = list(asked.remarks.all()) if asked else []
            to_authors(move, "author_reminder", asked=asked, remarks=remarks, topic=Topic.REMINDERS)
        return
    people = [case.claimed_by] if case.claimed_by else case.answering()[0]
    if case.status in (CaseStatus.RECEIVED, CaseStatus.CLAIMED):
        for person in people:
            write(move, person, "case_reminder", topic=Topic.REMINDERS)


def escalated(move: Move) -> None:
    """To the deputy, then to the national team; who holds the case knows it."""
    case = case_of(move)
    if case.status not in (CaseStatus.RECEIVED, CaseStatus.CLAIMED):
        return
    to_deputy = move.motive == str(Echelon.DEPUTY.value)
    people = deputies_for(case.territory, case.version) if to_deputy else national_for(case.version)
    if case.claimed_by:
        people = list(dict.fromkeys([case.claimed_by, *people]))
    for person in people:
        write(move, person, "escalated", to_deputy=to_deputy, holder=case.claimed_by)


# The thread


def message(move: Move) -> None:
    """To the other side, and to the co-authors of who writes."""
    case, remark = case_of(move), move.remarks.first()
    about = {"about": remark.field_label if remark else "", "topic": Topic.THREAD}
    from_authors = move.motive == thread.AUTHOR
    to_authors(move, "message", besides=move.by, from_authors=from_authors, **about)
    if from_authors:
        for person in [case.claimed_by] if case.claimed_by else case.answering()[0]:
            write(move, person, "message_to_coordination", **about)


# To others


def third_party(move: Move, email: str, reply_to: str = "") -> None:
    """To the person whose answer is awaited, where an address was given. Nothing of the sheet but its title."""
    if email:
        case = case_of(move)
        _, network = case.answering()
        question = move.text.partition("\n\n")[2]
        write(move, email, "third_party", question=question, reply_to=reply_to, asker=move.by, network=network)


def opinion_asked(move: Move) -> None:
    opinion = opinion_of(move)
    if opinion:
        write(move, opinion.expert, "opinion_asked", opinion=opinion, opinion_url=address_of(opinion))


def opinion_given(move: Move) -> None:
    opinion, case = opinion_of(move), case_of(move)
    reader = case.claimed_by or (opinion.asked_by if opinion else None)
    if opinion and reader:
        write(move, reader, "opinion_given", opinion=opinion)


def opinions_over(move: Move) -> None:
    """To the experts who were still writing: it is decided, or closed, without them."""
    for opinion in Opinion.objects.filter(case=move.case_id, answered_at=None).select_related("expert"):
        write(move, opinion.expert, "opinion_over")


def opinion_of(move: Move) -> Opinion | None:
    return Opinion.objects.select_related("expert", "asked_by").filter(pk=move.motive, case=move.case_id).first()


def address_of(opinion: Opinion) -> str:
    return settings.SITE_URL + reverse("initiatives:opinion", args=[opinion.pk])


def last_wait(move: Move) -> Move | None:
    return case_of(move).moves.filter(verb=Verb.ASK_THIRD_PARTY, pk__lt=move.pk).order_by("-pk").first()


def who_is_awaited(move: Move | None) -> str:
    """The first line of what was asked: « la direction du CCAS »."""
    return (move.text.partition("\n")[0] if move else "") or "une autre personne"
