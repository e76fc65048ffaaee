"""Where one's training work is; for whoever has none, what it offers."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from initiatives.workflow import Refused
from training import visibility
from training.forms import CentreForm
from training.models import Assignment, Centre, Cohort, Enrolment, Offer, Reading, Work
from training.standing import tables


def home(request: HttpRequest) -> HttpResponse:
    someone = request.user
    enrolments = enrolments_of(someone)
    context: dict[str, Any] = {
        "teaching": taught(someone),
        "studying": studied(someone, enrolments),
        "heading": headed(someone),
        "kept": kept(enrolments),
        "opens_centres": rights.is_national_coordinator(someone),
        "is_trainer": rights.has_role(someone, RoleKind.TRAINER),
        "is_head": rights.has_role(someone, RoleKind.CENTRE_HEAD),
    }
    context["is_nobody"] = not any(context.values())
    waiting = Offer.objects.answerable_by(someone).waiting()
    context["offers_waiting"] = waiting.count() if context["is_trainer"] else 0
    works = context["is_trainer"] or context["is_head"]
    centres = Centre.objects.worked_in_by(someone).select_related("organisation")
    context["centres"] = list(centres) if works else []
    return render(request, "training/home.html", context)


def taught(someone: Someone) -> list[dict[str, Any]]:
    """The cohorts one teaches, those that last first, with where each assignment stands."""
    if not rights.has_role(someone, RoleKind.TRAINER):
        return []
    taught = Cohort.objects.taught_by(someone).with_counts().select_related("centre__organisation")
    cohorts = list(taught)
    of_cohort = tables(someone, cohorts)
    rows = [
        {
            "cohort": cohort,
            "assignments": [
                (assignment, counts if assignment.is_open else []) for assignment, counts in of_cohort[cohort.pk].heads
            ],
        }
        for cohort in cohorts
    ]
    return sorted(rows, key=lambda row: cast(Cohort, row["cohort"]).is_over)


def enrolments_of(someone: Someone) -> list[Enrolment]:
    """In every cohort one is or was in, the newest first."""
    own = Enrolment.objects.of(someone).select_related("cohort__centre__organisation")
    return list(own.order_by("-cohort__starts_on", "cohort__name"))


def studied(someone: Someone, enrolments: list[Enrolment]) -> dict[str, Any] | None:
    """What a student has to do, by date, then what is in others' hands; None for who studies nowhere."""
    cohorts = [each.cohort for each in enrolments if each.is_current]
    if not isinstance(someone, Person) or not cohorts:
        return None
    given = (
        Assignment.objects.given_to(someone)
        .with_places()
        .with_dates_of(someone)
        .annotate(to_read=Count("fiches", distinct=True))
    )
    works = {work.assignment_id: work for work in Work.objects.of(someone).filter(assignment__in=given.values("pk"))}
    read = dict(
        Reading.objects.filter(work__student=someone)
        .order_by()
        .values_list("work__assignment")
        .annotate(count=Count("pk"))
    )
    rows = [
        {
            "assignment": each,
            "dates": each.dates,
            "is_extended": each.dates.due_at != each.due_at,
            "work": works.get(each.pk),
            "read": read.get(each.pk, 0),
        }
        for each in given
    ]
    rows.sort(key=lambda row: (row["dates"].due_at, row["assignment"].pk))

    def is_in_hand(row: dict[str, Any]) -> bool:
        work: Work | None = row["work"]
        return work is None or work.status in (Work.Status.BEGUN, Work.Status.TO_REDO)

    def is_missed(row: dict[str, Any]) -> bool:
        """Closed before anything was sent: nothing more can be done there, unless more time is given."""
        work: Work | None = row["work"]
        return row["dates"].is_closed and (work is None or work.status == Work.Status.BEGUN)

    return {
        "cohorts": cohorts,
        "to_do": [row for row in rows if is_in_hand(row) and not is_missed(row) and row["assignment"].is_asked],
        "no_longer": [row for row in rows if is_in_hand(row) and not is_missed(row) and not row["assignment"].is_asked],
        "missed": [row for row in rows if is_missed(row)],
        "sent": [row for row in rows if not is_in_hand(row)],
    }


def kept(enrolments: list[Enrolment]) -> list[Cohort]:
    """Cohorts one has left, or that are over, where what one wrote can still be read."""
    today = timezone.localdate()
    over = [each.cohort for each in enrolments if not each.is_current or each.cohort.is_over]
    return sorted(
        (cohort for cohort in over if cohort.kept_until >= today), key=lambda each: each.ends_on, reverse=True
    )  # fmt: skip


def headed(someone: Someone) -> list[Cohort]:
    """Cohorts and counts: a head of centre reads no one's work."""
    return list(Cohort.objects.headed_by(someone).with_counts().select_related("centre__organisation"))


@login_required
def centres(request: HttpRequest) -> HttpResponse:
    """The national team opens a centre; who trains there is said on the roles' page."""
    if not isinstance(request.user, Person) or not rights.is_national_coordinator(request.user):
        raise Http404
    form = CentreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            centre = form.open(request.user)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"Le centre «\u00a0{centre}\u00a0» est ouvert. Nommez maintenant qui y forme.")
            if centre.organisation.name != form.cleaned_data["name"]:
                messages.info(request, f"Ce SIRET est celui de «\u00a0{centre}\u00a0»\u00a0: c’est le nom retenu.")
            return redirect("training:centres")
    trains = Q(organisation__role__kind=RoleKind.TRAINER) & current_role()
    heads = Q(organisation__role__kind=RoleKind.CENTRE_HEAD) & current_role()
    opened = (
        Centre.objects.select_related("organisation")
        .annotate(
            trainers=Count("organisation__role__person", filter=trains, distinct=True),
            heads=Count("organisation__role__person", filter=heads, distinct=True),
            cohort_count=Count("cohorts", distinct=True),
        )
        .order_by("organisation__name")
    )
    return render(request, "training/centres.html", {"form": form, "centres": opened})


def current_role() -> Q:
    today = timezone.localdate()
    never_ends = Q(organisation__role__until_on=None) | Q(organisation__role__until_on__gte=today)
    return never_ends & Q(organisation__role__from_on__lte=today)


def what_my_trainer_sees(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "training/what_my_trainer_sees.html",
        {
            "viewers": list(visibility.Viewer),
            "facts": visibility.table(),
            "never_recorded": visibility.NEVER_RECORDED,
        },
    )
