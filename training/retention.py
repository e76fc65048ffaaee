"""What a cohort leaves behind: erased by itself a year after its end, and told a month before to who wrote there.

Works go with their notes, comments, readings and what was proposed of them; so do extensions, reminders, who was named
in an assignment and who was in the cohort. What the centre wrote (the cohort, its assignments) stays, without anyone.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Letter, Person, Role
from accounts.models.roles import RoleKind
from accounts.working_days import is_working_day
from training import emails
from training.models import (
    Assignment,
    Attestation,
    Calendar,
    Cohort,
    Enrolment,
    Extension,
    GradeReturn,
    Reminder,
    Work,
)

WARNED = timedelta(days=30)
# Told late, because nothing ran for a while: there is still time to take one's dossier.
LEAST_NOTICE = timedelta(days=14)


def each_day(on: date) -> dict[str, int]:
    """All that is due on this day; what was done → how many."""
    done = {"prévenues": 0, "effacées": 0}
    for cohort in ended(on):
        if what := _tick(cohort, on):
            done[what] += 1
    Attestation.objects.over(on).delete()
    forget_calendars()
    return done


def ended(on: date) -> list[Cohort]:
    """Cohorts whose time comes, where something of somebody is left."""
    soon = Cohort.objects.filter(ends_on__lte=on - timedelta(days=330))
    someone = (
        Exists(Work.objects.filter(assignment__cohort=OuterRef("pk")))
        | Exists(Enrolment.objects.filter(cohort=OuterRef("pk")))
        | Exists(Extension.objects.filter(assignment__cohort=OuterRef("pk")))
        | Exists(Reminder.objects.filter(assignment__cohort=OuterRef("pk")))
        | Exists(Assignment.students.through.objects.filter(assignment__cohort=OuterRef("pk")))
    )
    found = soon.filter(someone).select_related("centre__organisation").order_by("pk")
    return [cohort for cohort in found if on > cohort.kept_until - WARNED]


def _tick(cohort: Cohort, on: date) -> str:
    """One cohort, held: those who wrote are told once, on a working day; then all is erased."""
    with transaction.atomic():
        held = Cohort.objects.select_for_update(of=("self",)).select_related("centre__organisation")
        cohort = held.get(pk=cohort.pk)
        if on <= cohort.kept_until - WARNED:  # made longer meanwhile
            return ""
        authors = writers(cohort)
        told = Letter.objects.filter(key__startswith=f"training/kept_until:{emails.ends_key(cohort)}:")
        first = told.order_by("written_at").first()
        if authors and first is None:
            if not is_working_day(on):
                return ""
            emails.kept_until(cohort, authors)
            return "prévenues"
        enough = first is None or timezone.localdate(first.written_at) + LEAST_NOTICE <= on
        if on > cohort.kept_until and enough:
            erase(cohort)
            return "effacées"
    return ""


def writers(cohort: Cohort) -> list[Person]:
    """Who wrote something there and can still be written to."""
    wrote = Work.objects.filter(assignment__cohort=cohort).filter(~Q(draft="") | Q(notes__isnull=False))
    reached = Person.objects.filter(is_active=True, erased_at=None)
    return list(reached.filter(pk__in=wrote.values("student")).order_by("pk"))


def erase(cohort: Cohort) -> None:
    """Nothing of anyone stays in it."""
    given = Assignment.objects.filter(cohort=cohort)
    Work.objects.filter(assignment__in=given).delete()
    Extension.objects.filter(assignment__in=given).delete()
    Reminder.objects.filter(assignment__in=given).delete()
    GradeReturn.objects.filter(placement__assignment__in=given).delete()
    Assignment.students.through.objects.filter(assignment__in=given).delete()
    cohort.enrolments.all().delete()
    cohort.invitations.all().delete()


def forget_calendars() -> int:
    """Those of people who study and train nowhere any more; how many there were."""
    studies = Enrolment.objects.filter(student=OuterRef("person"))
    trains = Role.objects.current().filter(person=OuterRef("person"), kind=RoleKind.TRAINER)
    return Calendar.objects.exclude(Exists(studies) | Exists(trains)).delete()[0]
