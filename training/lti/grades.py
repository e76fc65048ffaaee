"""Telling platforms that a work is done: an outbox, read by the letters' process and never by a page.

What is to be told isn't an event that could be missed: it is the difference between where a work stands and what its
platform was last told. `accepted` is 1 out of 1; « à reprendre » takes the mark back, and isn't a nought; nothing else
is told, and no text ever is.
"""

from __future__ import annotations

import logging
import time as clock
from datetime import datetime, timedelta
from itertools import groupby

import requests
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from lti_tool.models import LtiRegistration
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.service_connector import ServiceConnector

from training.lti import launching, net
from training.models import GradeReturn, Launch, Placement

log = logging.getLogger(__name__)

EVERY = 15.0  # seconds between two looks
BATCH = 20
LONGEST = 15.0  # seconds of a turn: letters wait behind it
LEASE = timedelta(minutes=5)
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 360, *(1440,) * 5)]
_looked_at = -EVERY


def each_turn() -> int:
    """Called by the letters' process; a platform that doesn't answer never keeps a letter."""
    global _looked_at
    if clock.monotonic() - _looked_at >= EVERY:
        _looked_at = clock.monotonic()
        Launch.objects.over(timezone.now()).delete()
        gather()
        send()
    return 0


def gather() -> int:
    """Write down what platforms don't know yet; how much there is."""
    found = 0
    for status, told in GradeReturn.OF_STATUS.items():
        # A course that is no longer tied to the cohort is told nothing any more.
        tied = Placement.objects.filter(link__context__course_link__cohort=F("assignment__cohort"))
        works = tied.exclude(lineitem_url="").annotate(
            status=F("assignment__works__status"),
            lti_user=F("assignment__works__student__lti_users"),
            of_user=F("assignment__works__student__lti_users__registration"),
            of_course=F("link__context__deployment__registration"),
        )
        said = GradeReturn.objects.filter(placement=OuterRef("pk"), user=OuterRef("lti_user"))
        missing = works.filter(status=status, of_user=F("of_course")).exclude(Exists(said.filter(wanted=told)))
        if told == GradeReturn.Told.TO_REDO:
            # A first « à reprendre » says nothing: there is no mark to take back.
            missing = missing.filter(Exists(said))
        rows = [
            GradeReturn(placement_id=pk, user_id=user, wanted=told)
            for pk, user in missing.values_list("pk", "lti_user")
        ]
        GradeReturn.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["placement", "user"],
            update_fields=["wanted", "due_at", "attempts", "last_error", "given_up_at"],
        )
        found += len(rows)
    return found


def take() -> list[GradeReturn]:
    """Hold a batch under a lease; rows that others hold are passed over."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = (
            GradeReturn.objects.filter(free, due_at__lte=now, given_up_at=None)
            .exclude(wanted=F("told"))
            .filter(placement__link__context__deployment__registration__is_active=True)
            .select_related("user", "placement__link__context__deployment__registration")
            .order_by("placement__link__context__deployment__registration", "due_at", "pk")
        )
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        GradeReturn.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=now + LEASE)
    return rows


def registration_of(row: GradeReturn) -> LtiRegistration:
    registration: LtiRegistration = row.placement.link.context.deployment.registration
    return registration


def send() -> int:
    """Tell what is due, one connection a platform; how many were told."""
    begun, told = clock.monotonic(), 0
    for registration, some in groupby(take(), key=registration_of):
        rows = list(some)
        connector = ServiceConnector(launching.for_library(registration), net.Session())
        for place, row in enumerate(rows):
            if clock.monotonic() - begun > LONGEST:
                give_back(rows[place:])
                break
            try:
                tell(connector, row)
            except LtiServiceException as problem:
                if problem.response.status_code == 409:  # told, or marked by hand, since then
                    mark(row)
                else:
                    put_off([row], f"HTTP {problem.response.status_code}")
            except requests.RequestException as problem:
                put_off(rows[place:], type(problem).__name__)  # it answers nobody: the others wait too
                break
            except (LtiException, ValueError, KeyError, TypeError, AssertionError) as problem:
                put_off([row], type(problem).__name__)
            else:
                mark(row)
                told += 1
    return told


def tell(connector: ServiceConnector, row: GradeReturn) -> None:
    service = AssignmentsGradesService(
        connector, {"scope": [launching.SCORE], "lineitem": row.placement.lineitem_url}
    )  # fmt: skip
    service.put_grade(score(row.wanted, row.user.sub, timezone.now()))


def score(wanted: str, sub: str, at: datetime) -> Grade:
    done = wanted == GradeReturn.Told.DONE
    return (
        Grade()
        .set_user_id(sub)
        .set_timestamp(at.isoformat(timespec="milliseconds"))
        .set_score_given(1 if done else 0)
        .set_score_maximum(1)
        .set_activity_progress("Completed" if done else "InProgress")
        .set_grading_progress("FullyGraded" if done else "Pending")
    )


def mark(row: GradeReturn) -> None:
    GradeReturn.objects.filter(pk=row.pk).update(
        told=row.wanted, told_at=timezone.now(), leased_until=None, attempts=0, last_error=""
    )


def give_back(rows: list[GradeReturn]) -> None:
    GradeReturn.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=None)


def put_off(rows: list[GradeReturn], reason: str) -> None:
    """Later, each time a longer while, then never; the reason is a kind and a number, nothing that was answered."""
    now = timezone.now()
    for row in rows:
        attempts = row.attempts + 1
        over = attempts > len(DELAYS)
        log.warning("result %s not told (attempt %s): %s", row.pk, attempts, reason)
        GradeReturn.objects.filter(pk=row.pk).update(
            attempts=attempts,
            last_error=reason[:200],
            leased_until=None,
            due_at=row.due_at if over else now + DELAYS[attempts - 1],
            given_up_at=now if over else None,
        )
