"""A platform's users, courses and activities, and what they are here. Nothing here reads a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from lti_tool.models import LtiContext, LtiDeployment, LtiRegistration, LtiResourceLink, LtiUser

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from training.models import Assignment, Centre, Cohort, CourseLink, Launch, Placement, centres_of

# Who someone is


def person_of(registration: LtiRegistration, sub: str) -> Person | None:
    """Whose account this user of this platform is; by the platform's number alone, never by an address."""
    known = LtiUser.objects.filter(registration=registration, sub=sub).select_related("auth_user").first()
    return known.auth_user if known else None


def has_account(email: str) -> bool:
    email = email.lower()
    return (
        EmailAddress.objects.filter(email__iexact=email).exists() or Person.objects.filter(email__iexact=email).exists()
    )


def recognise(registration: LtiRegistration, sub: str, person: Person) -> LtiUser:
    """From now on, this user of this platform is this person. Their name and address stay in the account alone."""
    user, _ = LtiUser.objects.update_or_create(registration=registration, sub=sub, defaults={"auth_user": person})
    return user


def open_account(registration: LtiRegistration, sub: str, *, name: str, email: str) -> Person:
    """A new account, without a password, whose address is to be confirmed; has_account() was asked before."""
    with transaction.atomic():
        person = Person.objects.create_user(email=email.lower(), name=name)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
        recognise(registration, sub, person)
    return person


# What a course is


@dataclass
class Course:
    """The course and the activity of one launch, and what they are tied to."""

    registration: LtiRegistration
    said: dict[str, Any]

    @property
    def centre(self) -> Centre:
        centre: Centre = self.registration.platform.centre
        return centre

    @property
    def title(self) -> str:
        return str(self.said["context"]["title"])

    def has_context(self) -> bool:
        return bool(self.said["context"]["id"])

    def tie(self) -> CourseLink | None:
        """The cohort of this course; none when it was tied in another centre than the platform's."""
        if not self.has_context():
            return None
        found = CourseLink.objects.filter(
            context__deployment=self.said["deployment"], context__id_on_platform=self.said["context"]["id"]
        )
        return (
            found.filter(cohort__centre=self.centre).select_related("cohort__centre__organisation", "context").first()
        )

    def teaches(self, someone: Someone) -> bool:
        return self.centre.pk in centres_of(someone, RoleKind.TRAINER)

    def link_to(self, cohort: Cohort, by: Person) -> CourseLink:
        """Tie this course to a cohort; a course has one, and the last said wins."""
        with transaction.atomic():
            context, _ = LtiContext.objects.update_or_create(
                deployment=LtiDeployment.objects.get(pk=self.said["deployment"]),
                id_on_platform=self.said["context"]["id"],
                defaults=self.known_of_context(),
            )
            link, _ = CourseLink.objects.update_or_create(
                context=context, defaults={"cohort": cohort, "tied_by": by}
            )  # fmt: skip
        return link

    def known_of_context(self) -> dict[str, str]:
        members = {"memberships_url": self.said["members"]} if self.said["members"] else {}
        return {"title": self.title, **members}

    def refresh(self, tie: CourseLink) -> None:
        """The course's title, and where its members are asked for, as the platform says them today."""
        LtiContext.objects.filter(pk=tie.context_id).update(**self.known_of_context())

    # What an activity is

    def placement(self, tie: CourseLink) -> Placement | None:
        """Where this activity leads: as a trainer said it here, else as it was chosen in the platform.

        Only to an assignment of this course's cohort: a course copied from last year leads nowhere until it is said.
        """
        kept = Placement.objects.filter(
            link__context=tie.context_id, link__id_on_platform=self.said["link"]["id"], assignment__cohort=tie.cohort_id
        ).select_related("assignment")
        found = kept.first()
        if found is None and (chosen := self.chosen(tie)):
            return self.place(tie, chosen)
        if found and self.said["lineitem"] and found.lineitem_url != self.said["lineitem"]:
            Placement.objects.filter(pk=found.pk).update(lineitem_url=self.said["lineitem"])
        return found

    def chosen(self, tie: CourseLink) -> Assignment | None:
        number = self.said["custom"].get("essaim_devoir", "")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        return Assignment.objects.filter(pk=int(number), cohort=tie.cohort_id).first()

    def place(self, tie: CourseLink, assignment: Assignment) -> Placement:
        link, _ = LtiResourceLink.objects.update_or_create(
            context_id=tie.context_id,
            id_on_platform=self.said["link"]["id"],
            defaults={"title": self.said["link"]["title"]},
        )
        lineitem = {"lineitem_url": self.said["lineitem"]} if self.said["lineitem"] else {}
        placement, _ = Placement.objects.update_or_create(
            link=link, defaults={"assignment": assignment, **lineitem}
        )  # fmt: skip
        return placement


def course_of(launch: Launch) -> Course:
    return Course(launch.registration, launch.said)


def cohorts_for(centre: Centre, someone: Someone) -> Any:
    """Those a trainer may tie a course of this centre to."""
    return Cohort.objects.taught_by(someone).filter(centre=centre).order_by("-starts_on", "name")


def heads_of(centre: Centre) -> list[Person]:
    """Who gives the trainer's role there, or asks for it."""
    from accounts.models import Role

    roles = Role.objects.current().of_kind(RoleKind.CENTRE_HEAD).filter(organisation=centre.pk)
    heads = roles.filter(Q(person__is_active=True)).select_related("person")
    return [role.person for role in heads]
