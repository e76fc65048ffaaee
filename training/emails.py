"""Letters of training: one function a letter, written in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import post, rhythms
from accounts.models import Letter, Person
from accounts.models.letters import Topic
from training import tokens
from training.deadlines import Dates
from training.models import (
    Arrived,
    Assignment,
    Attestation,
    Centre,
    Cohort,
    Comment,
    Extension,
    Invitation,
    Offer,
    Revision,
)


def assigned(assignment: Assignment, students: Iterable[Person] | None = None, *, key: str = "") -> int:
    """To each it is asked of, once, when it is open, with the date that is theirs; how many were written."""
    if not assignment.is_open or assignment.cohort.is_over:
        return 0
    common = Dates(assignment.due_at, assignment.closes_at)
    own = dict(assignment.extensions.values_list("student", "due_at"))
    about = {"assignment": assignment, "assignment_url": _url(assignment)}
    told = [
        (student, {**about, "due_in_words": common.extended_to(own.get(student.pk)).due_in_words})
        for student in (assignment.recipients() if students is None else students)
    ]
    return post.write_all(told, "training/assigned", key=f"assignment-{assignment.pk}{key}")


def assignment_changed(assignment: Assignment, revision: Revision) -> int:
    """What an edit changed for those it was asked of already; those it is asked of now read it for the first time.

    Words corrected in a title or an instruction are read on the page: no letter for them.
    """
    if not assignment.is_open or assignment.cohort.is_over:
        return 0
    if "opens_at" in revision.changed:
        return assigned(assignment)  # it has just opened: all of it is new to them
    # They were told once, perhaps, then told that it was asked no longer: it is asked of them again.
    assigned(assignment, revision.newcomers, key=f"-{_now()}")
    _told_withdrawn(assignment, revision.gone)
    lines = what_changed(assignment, revision)
    if not lines:
        return 0
    new = {person.pk for person in revision.newcomers}
    accepted = set(assignment.works.filter(status="accepted").values_list("student", flat=True))
    told = [
        (student, {"assignment": assignment, "assignment_url": _url(assignment), "lines": lines})
        for student in assignment.recipients()
        if student.pk not in new | accepted
    ]
    return post.write_all(told, "training/assignment_changed", key=f"{assignment.pk}-{_now()}")


def what_changed(assignment: Assignment, revision: Revision) -> list[str]:
    """In words: the new date and the one before, then what else one has to know."""
    lines, was = [], revision.dates
    now = Dates(assignment.due_at, assignment.closes_at)
    if "due_at" in revision.changed:
        lines.append(f"À rendre {now.due_in_words} (c’était {was.due_in_words}).")
    if "closes_at" in revision.changed:
        after = f"Les envois fermeront {now.closes_in_words}" if now.closes_at else "Les envois ne ferment plus"
        lines.append(f"{after}{f' (c’était {was.closes_in_words})' if was.closes_at else ''}.")
    if revision.changed & {"question", "guided"}:
        lines.append("La question a changé.")
    if revision.changed & {"fiches", "initiatives"}:
        lines.append("Ce qu’il y a à lire a changé.")
    return lines


def assignment_withdrawn(assignment: Assignment, students: Iterable[Person]) -> int:
    return _told_withdrawn(assignment, students) if assignment.is_open else 0


def _told_withdrawn(assignment: Assignment, students: Iterable[Person]) -> int:
    told: list[tuple[Person, dict[str, Any]]] = [
        (student, {"assignment": assignment, "home_url": settings.SITE_URL + reverse("training:home")})
        for student in students
    ]
    return post.write_all(told, "training/assignment_withdrawn", key=f"{assignment.pk}-{_now()}")


def newer_fiche(assignment: Assignment, title: str) -> int:
    """A fiche is given in a newer version: to those who have it to read."""
    if not assignment.is_open or assignment.cohort.is_over:
        return 0
    lines = [f"La fiche « {title} » est donnée dans une version plus récente."]
    told = [
        (student, {"assignment": assignment, "assignment_url": _url(assignment), "lines": lines})
        for student in assignment.recipients()
    ]
    return post.write_all(told, "training/assignment_changed", key=f"{assignment.pk}-{_now()}")


def extended(extension: Extension) -> bool:
    """To the student alone. Why they have more time is on the site: a mailbox may be shared."""
    if not extension.assignment.is_open:
        return False
    return _more_time(extension, extension.due_in_words, f"{int(extension.due_at.timestamp())}")


def extension_withdrawn(extension: Extension) -> bool:
    if not extension.assignment.is_open:
        return False
    return _more_time(extension, "", f"none-{_now()}")


def _more_time(extension: Extension, due_in_words: str, key: str) -> bool:
    assignment = extension.assignment
    letter = post.write(
        extension.student,
        "training/more_time",
        key=f"{assignment.pk}-{key}",
        assignment=assignment,
        due_in_words=due_in_words,
        common_in_words=Dates(assignment.due_at).due_in_words,
        assignment_url=_url(assignment),
    )
    return letter is not None


REMINDED = "training/reminded"


def reminded(assignment: Assignment, student: Person, days: int, due_at: datetime) -> bool:
    """To a student who hasn't sent. Who wants reminders by the week gets it at once: it would come too late."""
    if not rhythms.wants(student, Topic.REMINDERS):
        return False
    dates = Dates(due_at)
    letter = post.write(
        student,
        REMINDED,
        key=f"{assignment.pk}-{days}-{int(due_at.timestamp())}",
        scope=Topic.REMINDERS,
        assignment=assignment,
        due_in_words=dates.due_in_words,
        due_far=dates.due_far,
        assignment_url=settings.SITE_URL + assignment.get_absolute_url(),
    )
    return letter is not None


def stop_reminders(letter: Letter) -> str:
    return rhythms.stop_url(letter.person, Topic.REMINDERS) if letter.person else ""


def answered(comment: Comment) -> None:
    """To the student whose note it is about. What was answered is read on the site: a mailbox may be shared."""
    work = comment.note.work
    post.write(
        work.student,
        "training/answered",
        key=f"comment-{comment.pk}",
        comment=comment,
        assignment=work.assignment,
        assignment_url=settings.SITE_URL + reverse("training:assignment", args=[work.assignment_id]),
        what_is_seen_url=settings.SITE_URL + reverse("training:what_my_trainer_sees"),
    )
    if comment.verdict == Comment.Verdict.TO_REDO:
        # Asked again, a work that was accepted loses what said so (`Work.answer`).
        lost = Attestation.objects.filter(student=work.student, revoked_at__gte=comment.at, title=work.assignment.title)
        for attestation in lost:
            attestation_revoked(attestation)


def trainer_asks(trainer: Person, centre: Centre, heads: list[Person]) -> None:
    """To who heads the centre: someone who teaches in its platform asks to train here. Once a day for each."""
    for head in heads:
        post.write(
            head,
            "training/trainer_asks",
            key=f"{centre.pk}-{trainer.pk}-{timezone.localdate().isoformat()}",
            trainer=trainer,
            centre=centre,
        )


def arrived(cohort: Cohort, who: Arrived, by: Person) -> None:
    """To those enrolled by someone else, and to those invited; one a day at most for a cohort and an address."""
    about = _about(cohort, by)
    leave_url = settings.SITE_URL + reverse("training:leave_cohort", args=[cohort.pk])
    told = [(student, {**about, "leave_url": leave_url}) for student in who.enrolled]
    post.write_all(told, "training/enrolled", key=_today(cohort))
    _invite(cohort, who.invited, about)


def enrolled(cohort: Cohort, student: Person, by: Person) -> None:
    arrived(cohort, Arrived(enrolled=[student]), by)


def invited(invitation: Invitation, by: Person) -> bool:
    """Once more. False when it was written today already."""
    return _invite(invitation.cohort, [invitation], _about(invitation.cohort, by)) == 1


def _invite(cohort: Cohort, invitations: Iterable[Invitation], about: dict[str, Any]) -> int:
    signup_url = f"{settings.SITE_URL}{reverse('account_signup')}?next={reverse('training:home')}"
    asked = [
        (
            invitation.email,
            {
                **about,
                "invitation": invitation,
                "signup_url": signup_url,
                "decline_url": settings.SITE_URL + reverse("training:decline", args=[tokens.of_invitation(invitation)]),
            },
        )
        for invitation in invitations
    ]
    return post.write_all(asked, "training/invited", key=_today(cohort))


def _about(cohort: Cohort, by: Person) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "by": by,
        "home_url": settings.SITE_URL + reverse("training:home"),
        "what_is_seen_url": settings.SITE_URL + reverse("training:what_my_trainer_sees"),
    }


def trainer_invited(centre: Centre, email: str, by: Person) -> bool:
    """To someone who has no account: the link is theirs for three days. False when it was written today already."""
    path = reverse("training:become_trainer", args=[tokens.of_naming(centre, email, by)])
    letter = post.write(
        email,
        "training/trainer_invited",
        key=f"centre-{centre.pk}-{timezone.localdate()}",
        centre=centre,
        by=by,
        link_url=settings.SITE_URL + path,
    )
    return letter is not None


def _today(cohort: Cohort) -> str:
    return f"cohort-{cohort.pk}-{timezone.localdate()}"


def attestation_revoked(attestation: Attestation) -> None:
    """To the student, when someone else did it."""
    if attestation.student:
        post.write(
            attestation.student,
            "training/attestation_revoked",
            key=f"attestation-{attestation.pk}",
            attestation=attestation,
            attestations_url=settings.SITE_URL + reverse("training:own_attestations"),
        )


def offer_asked(offer: Offer) -> None:
    """To who accepted the note and still trains there; else to every trainer of the centre. Once for each demand."""
    work = offer.note.work
    trainers = [role.person for role in work.assignment.cohort.centre.trainer_roles() if not role.is_to_come]
    accepted = {comment.by_id for comment in offer.note.comments.all() if comment.verdict}
    asked = [trainer for trainer in trainers if trainer.pk in accepted] or trainers
    for trainer in asked:
        post.write(
            trainer,
            "training/offer_asked",
            key=f"{_demand(offer)}-{trainer.pk}",
            offer=offer,
            student=work.student,
            assignment=work.assignment,
            offer_url=settings.SITE_URL + reverse("training:offer", args=[offer.pk]),
        )


def offer_agreed(offer: Offer) -> None:
    """To the student: the sheet that waits for them."""
    assert offer.initiative is not None
    path = reverse("initiatives:draft", args=[offer.initiative.pk])
    _offer_told(offer, "training/offer_agreed", sheet_url=settings.SITE_URL + path)


def offer_refused(offer: Offer) -> None:
    _offer_told(offer, "training/offer_refused")


def _offer_told(offer: Offer, template: str, **context: Any) -> None:
    work = offer.note.work
    post.write(
        work.student,
        template,
        key=_demand(offer),
        offer=offer,
        assignment=work.assignment,
        offer_url=settings.SITE_URL + reverse("training:offer_note", args=[work.pk]),
        **context,
    )


def offer_withdrawn(offer: Offer, trainer: Person) -> None:
    """To the trainer who had agreed."""
    work = offer.note.work
    post.write(
        trainer,
        "training/offer_withdrawn",
        key=_demand(offer),
        student=work.student,
        assignment=work.assignment,
    )


def _demand(offer: Offer) -> str:
    """One demand: asked again after a refusal, it is another."""
    return f"offer-{offer.pk}-{int(offer.student_agreed_at.timestamp())}"


def kept_until(cohort: Cohort, students: Iterable[Person]) -> int:
    """Thirty days before what each wrote is erased: where to take it away. How many weren't told yet."""
    about = {
        "cohort": cohort,
        "dossier_url": settings.SITE_URL + reverse("training:own_notes", args=[cohort.pk]),
        "attestations_url": settings.SITE_URL + reverse("training:own_attestations"),
    }
    return post.write_all([(student, about) for student in students], "training/kept_until", key=ends_key(cohort))


def ends_key(cohort: Cohort) -> str:
    """Begins the key of what is said of one end: a cohort made longer is told again."""
    return f"cohort-{cohort.pk}-{cohort.kept_until.isoformat()}"


def _url(assignment: Assignment) -> str:
    return settings.SITE_URL + assignment.get_absolute_url()


def _now() -> str:
    return str(int(timezone.now().timestamp() * 1000))
