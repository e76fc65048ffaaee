"""From a platform's course to a page of ours: who it is, which cohort the course is, what the activity opens.

One address a launch, in a window of its own and in the browser where the click began. It asks one thing at a time, and
leads to the page when nothing is left to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.models import Person
from training import emails, visibility
from training.forms import saved
from training.lti import courses, frames
from training.lti.courses import Course
from training.lti.forms import NewCohortForm, NewcomerForm, PlaceForm, TieForm
from training.lti.refusals import Refusal
from training.lti.views.launch import began_here, cookie_of
from training.models import Assignment, CourseLink, Launch


@dataclass
class Visit:
    """One launch, as its page handles it."""

    request: HttpRequest
    state: str
    launch: Launch
    course: Course

    @property
    def path(self) -> str:
        return reverse("lti:arrival", args=[self.state])

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = self.launch.said
        return found

    @property
    def person(self) -> Person | None:
        """Who is signed in in this browser."""
        return self.request.user if isinstance(self.request.user, Person) else None

    def asks(self, gesture: str) -> bool:
        return self.request.method == "POST" and self.request.POST.get("do") == gesture

    def again(self) -> HttpResponse:
        return redirect(self.path)

    def page(self, template: str, **context: Any) -> HttpResponse:
        common = {"visit": self, "said": self.said, "centre": self.course.centre, "platform": self.launch.registration}
        return render(self.request, template, {**common, **context})

    def over(self, where: str) -> HttpResponse:
        """The launch ends, and what it said of the person with it."""
        self.launch.end()
        answer = redirect(where)
        answer.delete_cookie(cookie_of(self.state), path=reverse("lti:home"))
        return answer


@never_cache
def arrival(request: HttpRequest, state: str) -> HttpResponseBase:
    launch = Launch.visiting(state) if began_here(request, state) else None
    if launch is None:
        return render(request, "training/lti/gone.html", status=404)
    if not launch.registration.is_active:
        return frames.refuse(request, Refusal("unknown"))
    visit = Visit(request, state, launch, courses.course_of(launch))
    if not (visit.said["teaches"] or visit.said["learns"]):
        launch.end()
        return frames.refuse(request, Refusal("role"))
    return who(visit) or (teach(visit) if visit.said["teaches"] else learn(visit))


# Who it is


def who(visit: Visit) -> HttpResponseBase | None:
    """Nothing when the person signed in is the one the platform announces."""
    request, sub = visit.request, visit.said["sub"]
    known = courses.person_of(visit.launch.registration, sub)
    if known and not known.is_active:
        return visit.page("training/lti/closed_account.html")
    if visit.person is None:
        return sign_in(visit, known) if known else newcomer(visit)
    if known == visit.person:
        return None
    if visit.asks("leave"):
        logout(request)
        return visit.again()
    if known is None and visit.asks("link"):
        # Said on a page, by a button: being signed in here when somebody's click arrives is no agreement.
        courses.recognise(visit.launch.registration, sub, visit.person)
        return visit.again()
    return visit.page("training/lti/link_account.html", known=known)


def sign_in(visit: Visit, person: Person) -> HttpResponseBase:
    """The platform vouches for the first factor alone: who has a second one is asked for it."""
    answer: HttpResponseBase = perform_login(
        visit.request, person, email_verification="none", redirect_url=visit.path
    )  # fmt: skip
    return answer


def newcomer(visit: Visit) -> HttpResponseBase:
    """Nobody we know under this number. An address that has an account is confirmed by signing in, never taken."""
    email = visit.said["email"]
    if email and courses.has_account(email):
        return visit.page("training/lti/sign_in_first.html", email=masked(email))
    form = NewcomerForm(
        visit.request.POST if visit.asks("create") else None,
        initial={"name": visit.said["name"], "email": email},
    )
    if form.is_bound and form.is_valid():
        # Who tries addresses one after the other would learn which have an account.
        if not ratelimit.consume(
            visit.request, action="sign_in_link", key=f"lti:{visit.launch.registration_id}:{visit.said['sub']}"
        ):
            return render(visit.request, "429.html", status=429)
        if courses.has_account(form.cleaned_data["email"]):
            return visit.page("training/lti/sign_in_first.html", email=masked(form.cleaned_data["email"]))
        try:
            with transaction.atomic():
                person = courses.open_account(visit.launch.registration, visit.said["sub"], **form.cleaned_data)
        except IntegrityError:  # the same button twice, or an account opened meanwhile
            return visit.again()
        EmailAddress.objects.get_primary(person).send_confirmation(visit.request)
        return sign_in(visit, person)
    seen = [fact for fact in visibility.FACTS if visibility.Viewer.TRAINER in fact.seen_by]
    return visit.page(
        "training/lti/newcomer.html",
        form=form,
        facts=seen,
        kept=[fact for fact in visibility.FACTS if fact.seen_by == visibility.ALONE],
    )


def masked(email: str) -> str:
    """« a…@exemple.fr »: enough to know one's own."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


# Who learns


def learn(visit: Visit) -> HttpResponseBase:
    person, tie = cast(Person, visit.person), visit.course.tie()
    if tie is None:
        return visit.page("training/lti/not_tied.html")
    cohort = tie.cohort
    if cohort.is_over:
        return visit.page("training/lti/over.html", cohort=cohort)
    teaches = visit.course.teaches(person)
    if cohort.enrolments.filter(student=person, graduated=True).exists():
        messages.info(visit.request, "Vous avez quitté cette promotion avec votre diplôme\u00a0: voici vos notes.")
        return visit.over(reverse("training:own_notes", args=[cohort.pk]))
    if not teaches and not cohort.enrolments.current().filter(student=person).exists():
        # Who trains in this centre isn't one of its students, whatever a course says.
        cohort.enrol(person)
    visit.course.refresh(tie)
    placement = visit.course.placement(tie)
    if placement is None:
        messages.info(visit.request, f"Cette activité n’est pas encore liée à un devoir de «\u00a0{cohort}\u00a0».")
        return visit.over(reverse("training:home"))
    assignment = placement.assignment
    if not assignment.is_open and not teaches:
        messages.info(visit.request, f"Ce devoir s’ouvre {assignment.opens_in_words}.")
        return visit.over(reverse("training:home"))
    if not teaches and not Assignment.objects.given_to(person).filter(pk=assignment.pk).exists():
        if assignment.is_withdrawn:
            messages.info(visit.request, f"«\u00a0{assignment.title}\u00a0» n’est plus demandé à personne.")
            return visit.over(reverse("training:home"))
        messages.info(
            visit.request,
            f"«\u00a0{assignment.title}\u00a0» est donné à une partie de la promotion. Si vous deviez l’avoir, "
            "dites-le à votre formatrice ou à votre formateur\u00a0: le sous-groupe se change d’un geste.",
        )
        return visit.over(reverse("training:home"))
    return visit.over(assignment.get_absolute_url())


# Who teaches


def teach(visit: Visit) -> HttpResponseBase:
    """A role in a course is not a role here: the centre's head gives it."""
    if not visit.course.teaches(visit.person or visit.request.user):
        return ask_the_head(visit)
    if not visit.course.has_context():
        return visit.over(reverse("training:home"))
    tie = visit.course.tie()
    if tie is None or tie.cohort_id not in cohorts_taught(visit):
        return tie_course(visit)
    visit.course.refresh(tie)
    placement = visit.course.placement(tie)
    if placement is None:
        return place_activity(visit, tie)
    return visit.over(reverse("training:assignment_table", args=[placement.assignment_id]))


def cohorts_taught(visit: Visit) -> set[int]:
    return set(courses.cohorts_for(visit.course.centre, visit.request.user).values_list("pk", flat=True))


def ask_the_head(visit: Visit) -> HttpResponseBase:
    heads = courses.heads_of(visit.course.centre)
    if heads and visit.asks("ask"):
        person = cast(Person, visit.person)
        with transaction.atomic():
            emails.trainer_asks(person, visit.course.centre, heads)
        messages.success(visit.request, "Votre demande est envoyée à la direction du centre.")
        return visit.again()
    return visit.page("training/lti/no_role.html", heads=heads)


def tie_course(visit: Visit) -> HttpResponseBase:
    """Which cohort the course is: one of this centre, or a new one."""
    person, centre = cast(Person, visit.person), visit.course.centre
    form = TieForm(visit.request.POST if visit.asks("tie") else None, centre=centre, by=person)
    titled = {"name": visit.course.title[:120]}
    new = NewCohortForm(
        visit.request.POST if visit.asks("open") else None, centre=centre, by=person, initial=titled
    )  # fmt: skip
    cohort = None
    if form.is_bound and form.is_valid():
        cohort = form.cleaned_data["cohort"]
    elif new.is_bound and new.is_valid() and saved(new):
        cohort = new.instance
    if cohort:
        visit.course.link_to(cohort, person)
        messages.success(visit.request, f"Ce cours est lié à la promotion «\u00a0{cohort}\u00a0».")
        return visit.again()
    return visit.page("training/lti/tie_course.html", form=form, new=new, cohorts=courses.cohorts_for(centre, person))


def place_activity(visit: Visit, tie: CourseLink) -> HttpResponseBase:
    """Which assignment the activity opens: none yet, or that of another cohort."""
    form = PlaceForm(visit.request.POST if visit.asks("place") else None, cohort=tie.cohort)
    if form.is_bound and form.is_valid():
        visit.course.place(tie, form.cleaned_data["assignment"])
        return visit.again()
    if visit.asks("later"):
        return visit.over(tie.cohort.get_absolute_url())
    return visit.page(
        "training/lti/place_activity.html", form=form, tie=tie, assignments=tie.cohort.assignments.in_force()
    )
