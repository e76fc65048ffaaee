"""What links a learning platform (Moodle…) to a centre: whose it is, which course is which cohort, what was told back.

The library (`lti_tool`) keeps keys, registrations, deployments, and the platform's own numbers for a user, a course
and an activity. Names, addresses and faces that a platform sends are never written in its tables.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from lti_tool.models import LtiContext, LtiRegistration, LtiResourceLink, LtiUser

from accounts import rights
from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from training.models.assignments import Assignment
from training.models.centres import Centre, Cohort, centres_of
from training.models.works import Work


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


class PlatformQuerySet(models.QuerySet["Platform"]):
    def kept_by(self, someone: Someone) -> Self:
        """Those of the centres one heads; all of them for the national team."""
        if rights.is_national_coordinator(someone):
            return self.all()
        return self.filter(centre__in=centres_of(someone, RoleKind.CENTRE_HEAD))


class Platform(models.Model):
    """A learning platform, registered for one centre: it vouches for who its users are, in that centre alone."""

    registration = models.OneToOneField(
        LtiRegistration, on_delete=models.CASCADE, primary_key=True, related_name="platform"
    )
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="platforms")
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        verbose_name = "plateforme"
        ordering = ["-opened_at", "pk"]

    def __str__(self) -> str:
        return str(self.registration.name)

    def get_absolute_url(self) -> str:
        return reverse("lti:platform", args=[self.pk])

    def close(self) -> None:
        """Nobody comes in by it any more; what was done stays."""
        LtiRegistration.objects.filter(pk=self.pk).update(is_active=False)

    def reopen(self) -> None:
        LtiRegistration.objects.filter(pk=self.pk).update(is_active=True)


class RegistrationLink(models.Model):
    """A link that lets one platform register itself for one centre, once."""

    LIFE = timedelta(days=7)

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="registration_links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "lien d’inscription d’une plateforme"

    @classmethod
    def make(cls, centre: Centre, by: Person) -> str:
        """The link's token, said once: its digest alone is kept."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(
            centre=centre, digest=digest_of(token), made_by=by, expires_at=timezone.now() + cls.LIFE
        )  # fmt: skip
        return _links.sign(token)

    @classmethod
    def behind(cls, signed: str) -> RegistrationLink | None:
        """The link of this token when it still opens something."""
        try:
            digest = digest_of(_links.unsign(signed))
        except BadSignature:
            return None
        waiting = cls.objects.filter(used_at=None, expires_at__gt=timezone.now())
        return waiting.filter(digest=digest).select_related("centre__organisation").first()

    def use(self) -> bool:
        """Take it; False when somebody has just taken it."""
        return bool(RegistrationLink.objects.filter(pk=self.pk, used_at=None).update(used_at=timezone.now()))

    def give_back(self) -> None:
        """The platform didn't answer: the link may be tried again."""
        RegistrationLink.objects.filter(pk=self.pk).update(used_at=None)


_links = Signer(salt="training.lti.registration", sep=".")


class LaunchQuerySet(models.QuerySet["Launch"]):
    def over(self, now: datetime) -> Self:
        return self.filter(received_at__lt=now - Launch.KEPT)


class StateProblem(Exception):
    """A state that isn't ours, that is too old, or that has served."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Launch(models.Model):
    """One coming from a platform, received once. What it said of a person is forgotten when it ends, or in two hours.

    Nothing is written before the platform's answer: its state is signed, and its nonce is made from its state.
    """

    LIFE = timedelta(minutes=10)  # between the click and the platform's answer
    VISIT = timedelta(hours=1)  # to sign in, set up a second factor, choose
    KEPT = timedelta(hours=2)

    digest = models.CharField(max_length=64, unique=True)
    registration = models.ForeignKey(LtiRegistration, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    said = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LaunchQuerySet.as_manager()

    class Meta:
        verbose_name = "arrivée depuis une plateforme"
        indexes = [models.Index(fields=["received_at"], name="launch_received")]

    @staticmethod
    def begin(registration: LtiRegistration) -> str:
        """The state of a launch that begins."""
        return _states.sign(f"{registration.pk}-{secrets.token_urlsafe(24)}")

    @staticmethod
    def nonce_of(state: str) -> str:
        return salted_hmac("training.lti.nonce", state, algorithm="sha256").hexdigest()

    @staticmethod
    def verify(state: str, nonce: str, registration: LtiRegistration) -> None:
        """Raise StateProblem unless this state is ours, young, begun with this platform, and has this nonce."""
        try:
            said = _states.unsign(state, max_age=Launch.LIFE)
        except SignatureExpired:
            raise StateProblem("expired") from None
        except BadSignature:
            raise StateProblem("state") from None
        if said.partition("-")[0] != str(registration.pk):
            raise StateProblem("state")
        if not constant_time_compare(nonce, Launch.nonce_of(state)):
            raise StateProblem("nonce")

    @classmethod
    def receive(cls, state: str, registration: LtiRegistration, said: dict[str, Any]) -> Launch:
        """Write it down, once: of two answers to one state, the second is a replay."""
        launch, is_new = cls.objects.get_or_create(
            digest=digest_of(state), defaults={"registration": registration, "said": said}
        )
        if not is_new:
            raise StateProblem("replayed")
        return launch

    @classmethod
    def visiting(cls, state: str) -> Launch | None:
        """A launch received within the hour and not ended."""
        open_ones = cls.objects.filter(received_at__gt=timezone.now() - cls.VISIT, ended_at=None)
        with_place = open_ones.select_related("registration__platform__centre__organisation")
        return with_place.filter(digest=digest_of(state)).first()

    def end(self) -> bool:
        """Close it and forget what it said; False when it was closed already."""
        return bool(
            Launch.objects.filter(pk=self.pk, ended_at=None).update(ended_at=timezone.now(), said={})
        )  # fmt: skip


_states = TimestampSigner(salt="training.lti.state", sep=".")


class CourseLinkQuerySet(models.QuerySet["CourseLink"]):
    def taught_by(self, someone: Someone) -> Self:
        return self.filter(cohort__in=Cohort.objects.taught_by(someone).values("pk"))


class CourseLink(models.Model):
    """A course of a platform is this cohort: who learns there enters it."""

    context = models.OneToOneField(LtiContext, on_delete=models.CASCADE, related_name="course_link")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="courses")
    tied_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    tied_at = models.DateTimeField(default=timezone.now)

    objects = CourseLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "cours lié"
        ordering = ["tied_at", "pk"]

    def __str__(self) -> str:
        return str(self.context.title or "cours sans titre")

    def get_absolute_url(self) -> str:
        return reverse("lti:course", args=[self.pk])


class Placement(models.Model):
    """An activity of a course leads to this assignment; `lineitem_url` is where its result is told, if anywhere."""

    link = models.OneToOneField(LtiResourceLink, on_delete=models.CASCADE, related_name="placement")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="placements")
    lineitem_url = models.CharField("adresse du résultat", max_length=1000, blank=True)

    class Meta:
        verbose_name = "activité liée à un devoir"


class GradeReturn(models.Model):
    """What a platform was told of one student's work: done, or to do again. The note itself never leaves."""

    class Told(models.TextChoices):
        DONE = "done", "fait"
        TO_REDO = "to_redo", "à reprendre"

    # What each state of a work has the platform told; the others say nothing.
    OF_STATUS = {Work.Status.ACCEPTED: Told.DONE, Work.Status.TO_REDO: Told.TO_REDO}

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="returns")
    user = models.ForeignKey(LtiUser, on_delete=models.CASCADE, related_name="+")
    wanted = models.CharField("à dire", max_length=10, choices=Told)
    told = models.CharField("dit", max_length=10, choices=Told, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "résultat rendu à une plateforme"
        constraints = [models.UniqueConstraint(fields=["placement", "user"], name="grade_return_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=~models.Q(wanted=models.F("told")) & models.Q(given_up_at=None),
                name="grade_to_return",
            )
        ]
