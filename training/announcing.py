"""Letters about an assignment itself: it opens, it changes, it is asked no longer, someone has more time.

One that opens later is told by the letters' process when its hour comes, in the daytime.
"""

from __future__ import annotations

import time as clock
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import post
from accounts.models import Person, Reference
from training.deadlines import Dates
from training.models import Assignment, Extension, Revision

WATERMARK = "assignments-opened"
FROM, UNTIL = time(7), time(21)  # Europe/Paris: nobody is written to at night
EVERY = 15.0  # seconds between two looks
BATCH = 20
_looked_at = -EVERY


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


def changed(assignment: Assignment, revision: Revision) -> int:
    """What an edit changed for those it was asked of already; those it is asked of now read it for the first time.

    Words corrected in a title or an instruction are read on the page: no letter for them.
    """
    if not assignment.is_open or assignment.cohort.is_over:
        return 0
    # They were told once, perhaps, then told that it was asked no longer: it is asked of them again.
    assigned(assignment, revision.newcomers, key=f"-{_now()}")
    _withdrawn(assignment, revision.gone)
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


def withdrawn(assignment: Assignment, students: Iterable[Person]) -> int:
    return _withdrawn(assignment, students) if assignment.is_open else 0


def _withdrawn(assignment: Assignment, students: Iterable[Person]) -> int:
    told: list[tuple[Person, dict[str, Any]]] = [
        (student, {"assignment": assignment, "home_url": settings.SITE_URL + reverse("training:home")})
        for student in students
    ]
    return post.write_all(told, "training/assignment_withdrawn", key=f"{assignment.pk}-{_now()}")


def newer(assignment: Assignment, title: str) -> int:
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


def each_turn() -> int:
    """Called by the letters' process: tells what has opened since it last looked; how many letters it wrote."""
    global _looked_at
    now = timezone.now()
    if clock.monotonic() - _looked_at < EVERY or not FROM <= timezone.localtime(now).time() < UNTIL:
        return 0
    _looked_at = clock.monotonic()
    return tell_opened(now)


def tell_opened(now: datetime) -> int:
    """In one transaction with how far it went: killed in the middle, it begins again; nobody is told twice."""
    with transaction.atomic():
        Reference.objects.get_or_create(name=WATERMARK, defaults={"vintage": now.isoformat(), "digest": "0"})
        mark = Reference.objects.select_for_update(skip_locked=True).filter(name=WATERMARK).first()
        if mark is None:
            return 0  # another process is telling
        since, last = datetime.fromisoformat(mark.vintage), int(mark.digest)
        opened = Assignment.objects.opened_between((since, last), now).with_places().with_recipients()
        batch = list(opened[:BATCH])
        letters = sum(assigned(each) for each in batch)
        if len(batch) == BATCH:
            since, last = batch[-1].opens_at, batch[-1].pk
        else:
            since, last = max(since, now), last if since >= now else 0
        Reference.objects.filter(pk=mark.pk).update(vintage=since.isoformat(), digest=str(last))
    return letters


def _url(assignment: Assignment) -> str:
    return settings.SITE_URL + assignment.get_absolute_url()


def _now() -> str:
    return str(int(timezone.now().timestamp() * 1000))
