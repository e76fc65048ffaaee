"""Letters of training: one function a letter, written in the transaction of what it tells."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import post
from accounts.models import Person
from training.models import Assignment, Centre, Comment


def assigned(assignment: Assignment) -> int:
    """To each student of the cohort, once, when it opens now; how many were written."""
    if not assignment.is_open:
        return 0
    url = settings.SITE_URL + assignment.get_absolute_url()
    letters = [
        post.write(
            student,
            "training/assigned",
            key=f"assignment-{assignment.pk}",
            assignment=assignment,
            assignment_url=url,
        )
        for student in assignment.cohort.current_students()
    ]
    return sum(letter is not None for letter in letters)


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
