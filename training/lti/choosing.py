"""Deep linking: who prepares a course chooses what its activities open, inside the platform's own page.

No session is opened: the launch's state, in the form's address, says who chooses for as long as the launch lasts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem

from training.lti import courses, frames, launching, net
from training.lti.courses import Course
from training.lti.forms import ChoiceForm
from training.lti.refusals import Refusal
from training.models import Assignment, Launch


def page(request: HttpRequest, launch: Launch, state: str, *, posted: Any = None) -> HttpResponseBase:
    """The list to choose from, then, once chosen, the answer that goes back to the platform by itself."""
    course, registration = courses.course_of(launch), launch.registration
    if not launch.said["teaches"]:
        return frames.refuse(request, Refusal("role"), registration)
    given = assignments(course)
    form = ChoiceForm(
        posted, course=course, assignments=given or [], several=launch.said["choice"]["several"]
    )  # fmt: skip
    if posted is not None and form.is_valid():
        if not launch.end():
            return frames.refuse(request, Refusal("replayed"), registration)
        return answer(request, launch, form)
    return frames.show(
        request,
        "training/lti/choose.html",
        {"form": form, "action": reverse("lti:chosen", args=[state]), "course": course, "is_tied": given is not None},
        by=frames.origins_of(registration),
    )


def assignments(course: Course) -> list[Assignment] | None:
    """Those of the course's cohort, for who is known to train there; None when the course isn't tied, or they aren't.

    Titles alone are shown: the platform vouches for who chooses, and no second factor was asked.
    """
    tie, person = course.tie(), courses.person_of(course.registration, course.said["sub"])
    if tie is None or person is None or not person.is_active or not course.teaches(person):
        return None
    return list(tie.cohort.assignments.in_force().order_by("-due_at", "-pk")[:200])


def answer(request: HttpRequest, launch: Launch, form: ChoiceForm) -> HttpResponse:
    said, choice = launch.said, launch.said["choice"]
    deployment = launch.registration.deployments.get(pk=said["deployment"])
    link = DeepLink(launching.for_library(launch.registration), deployment.deployment_id, {"data": choice["data"]})
    message = link.get_message_jwt(items(form))
    data = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
    if message[data] is None:
        del message[data]
    return frames.show(
        request,
        "training/lti/chosen.html",
        {"token": link.encode_jwt(message), "return_url": choice["return_url"], "platform": launch.registration.name},
        by=frames.origins_of(launch.registration),
        posts_to=[net.origin_of(choice["return_url"])],
    )


def items(form: ChoiceForm) -> list[DeepLinkResource]:
    """One activity each. An assignment asks for a line in the marks, done or not done; to read asks for none."""
    said = form.cleaned_data
    found: list[DeepLinkResource] = []
    for assignment in (form.known_assignments[pk] for pk in said.get("assignments", ())):
        line = LineItem({"scoreMaximum": 1, "label": assignment.title, "resourceId": f"devoir-{assignment.pk}"})
        found.append(item(assignment.title, "essaim_devoir", str(assignment.pk), assignment).set_lineitem(line))
    for number in said["fiches"]:
        found.append(item(form.known_fiches[number].title, "essaim_fiche", number))
    for initiative in said["initiatives"]:
        found.append(item(str(initiative.public_version.title), "essaim_initiative", initiative.slug))
    return found


class Activity(DeepLinkResource):
    """A link with the dates of what it opens, as Deep Linking 2.0 says them (sections 3.1.4 and 3.1.5)."""

    def __init__(self, assignment: Assignment | None = None) -> None:
        self.assignment = assignment

    def to_dict(self) -> dict[str, object]:
        said: dict[str, object] = super().to_dict()
        if self.assignment:
            # A course writes the last second that passes, where ours is the first that is late.
            due = self.assignment.due_at - timedelta(seconds=1)
            said["available"] = {"startDateTime": written(self.assignment.opens_at)}
            said["submission"] = {"endDateTime": written(due)}
        return said


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def item(title: str, key: str, value: str, assignment: Assignment | None = None) -> Activity:
    launch_url = settings.SITE_URL + reverse("lti:launch")
    resource = Activity(assignment)
    resource.set_title(title).set_url(launch_url).set_custom_params({key: value})
    resource.set_target("window")
    return resource
