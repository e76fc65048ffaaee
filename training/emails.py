"""Letters of training: one function a letter, written in the transaction of what it tells."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from accounts import post
from training.models import Assignment, Comment


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
