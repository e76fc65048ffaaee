"""Where one trains: centres, their cohorts, and who is in them."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import Organisation, Person, Role, Territory
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from guide.french import slug_of
from initiatives.workflow import Refused

# No vowels nor look-alikes: a code read aloud in a classroom is typed right.
CODE_SIGNS = "BCDFGHJKMNPQRTVWXZ346789"


def join_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(8))


class CentreQuerySet(models.QuerySet["Centre"]):
    def where_teaches(self, someone: Someone) -> Self:
        return self.filter(pk__in=centres_of(someone, RoleKind.TRAINER))

    def headed_by(self, someone: Someone) -> Self:
        return self.filter(pk__in=centres_of(someone, RoleKind.CENTRE_HEAD))

    def worked_in_by(self, someone: Someone) -> Self:
        """Those one heads or teaches in: their closures and their competences are kept by both."""
        return self.filter(pk__in=centres_of(someone, RoleKind.TRAINER, RoleKind.CENTRE_HEAD))


class Centre(models.Model):
    """A training centre (EFTS), opened by the national team; it extends an organisation."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="centre")
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_on = models.DateField(default=timezone.localdate)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = "centre de formation"

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("training:centre", args=[self.pk])

    def trainer_roles(self) -> QuerySet[Role]:
        """Roles of those who train here now or will, by name."""
        roles = Role.objects.of_kind(RoleKind.TRAINER).filter(organisation=self.organisation_id)
        lasting = roles.filter(Q(until_on=None) | Q(until_on__gte=timezone.localdate()))
        return lasting.select_related("person").order_by("person__name", "person__email", "pk")

    def name_trainer(self, person: Person, by: Person) -> Role | None:
        """Give the role of trainer here, from today; None when the person has it already."""
        with transaction.atomic():
            Centre.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if self.trainer_roles().filter(person=person).exists():
                return None
            return Role.objects.create(
                person=person, kind=RoleKind.TRAINER, organisation=self.organisation, granted_by=by
            )

    @property
    def departement(self) -> Territory | None:
        """Where it stands, when its organisation's territory says so: which public holidays it has."""
        territory = self.organisation.territory
        return territory.departement if territory else None

    @property
    def departement_code(self) -> str:
        return self.departement.code if self.departement else ""

    def stand_in(self, departement: Territory | None) -> None:
        """A commune or an EPCI of that département, already known, says more: it stays."""
        if departement != self.departement:
            self.organisation.territory = departement
            Organisation.objects.filter(pk=self.organisation_id).update(territory=departement)

    @classmethod
    def open(cls, name: str, siret: str, by: Person) -> Centre:
        """Open the centre of this SIRET, else of this very name; an organisation not yet known is made.

        Raises Refused when that centre is already open.
        """
        with transaction.atomic():
            known = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
            organisation = known.filter(siret=siret).first() if siret else known.filter(name__iexact=name).first()
            organisation = organisation or Organisation.objects.create(name=name, siret=siret)
            centre, is_new = cls.objects.get_or_create(organisation=organisation, defaults={"opened_by": by})
        if not is_new:
            raise Refused(f"Ce centre est déjà ouvert : {organisation.name}.")
        return centre


def centres_of(someone: Someone, *kinds: str) -> list[int]:
    """Ids of the centres where a person holds one of these roles now."""
    return [role.organisation_id for role in rights.roles_of(someone, *kinds) if role.organisation_id]


def by_name(student: Person) -> tuple[str, str, str]:
    """The order of lists of students: accents and capitals apart."""
    return slug_of(str(student)), str(student), student.email


def last_end_forgotten(today: date) -> date:
    """Cohorts that ended before this day, or on it, keep nothing any more: `Cohort.kept_until`, said of their end."""
    try:
        return today.replace(year=today.year - 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return today.replace(year=today.year - 1, day=28)


class CohortQuerySet(models.QuerySet["Cohort"]):
    def taught_by(self, someone: Someone) -> Self:
        return self.filter(centre__in=centres_of(someone, RoleKind.TRAINER))

    def headed_by(self, someone: Someone) -> Self:
        return self.filter(centre__in=centres_of(someone, RoleKind.CENTRE_HEAD))

    def with_counts(self) -> Self:
        """`students` in it now, and `given`, its assignments."""
        return self.annotate(
            students=Count("enrolments", filter=Q(enrolments__left_at=None), distinct=True),
            given=Count("assignments", distinct=True),
        )

    def with_code(self, typed: str) -> Self:
        """The cohort of a code as people type it: small letters, spaces and dashes are forgiven."""
        code = "".join(sign for sign in typed.upper() if sign in CODE_SIGNS)
        return self.filter(join_code=code) if len(code) == 8 and len(typed) <= 40 else self.none()

    def joined_by(self, someone: Someone) -> Self:
        if not isinstance(someone, Person):
            return self.none()
        return self.filter(enrolments__student=someone, enrolments__left_at=None)


class Cohort(models.Model):
    """The students of one year of a centre."""

    class Curriculum(models.TextChoices):
        Y2018 = "2018", "référentiel de 2018"
        Y2026 = "2026", "référentiel de 2026"

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField("nom de la promotion", max_length=120)
    curriculum = models.CharField("référentiel", max_length=4, choices=Curriculum, default=Curriculum.Y2026)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    join_code = models.CharField("code d’inscription", max_length=8, unique=True, default=join_code)
    join_open = models.BooleanField("inscriptions ouvertes", default=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # Of `with_counts()`.
    students: int
    given: int

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "promotion"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cohort_dates_in_order",
                violation_error_message="La fin de la promotion vient après son début.",
            ),
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="cohort_name_once",
                violation_error_message="Une promotion de ce centre porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:cohort", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()

    @property
    def kept_until(self) -> date:
        """The last day on which a student finds there what they wrote: twelve months after its end."""
        try:
            return self.ends_on.replace(year=self.ends_on.year + 1)
        except ValueError:  # 29 February
            return self.ends_on.replace(year=self.ends_on.year + 1, day=28)

    @property
    def can_be_joined(self) -> bool:
        return self.join_open and not self.is_over

    @property
    def spoken_code(self) -> str:
        """In two halves, as one reads it aloud."""
        return f"{self.join_code[:4]} {self.join_code[4:]}"

    def renew_code(self) -> None:
        """A new code, at once; the old one no longer leads anywhere."""
        self.join_code = join_code()
        Cohort.objects.filter(pk=self.pk).update(join_code=self.join_code)

    def open_to_join(self, is_open: bool) -> None:
        Cohort.objects.filter(pk=self.pk).update(join_open=is_open)

    def current_students(self) -> list[Person]:
        """Those in it now, by name, accents and capitals apart."""
        enrolments = self.enrolments.current().select_related("student")
        return sorted((enrolment.student for enrolment in enrolments), key=by_name)

    def enrol(self, student: Person) -> Enrolment:
        """Join, or come back; twice is once."""
        with transaction.atomic():
            enrolment, _ = Enrolment.objects.update_or_create(
                cohort=self, student=student, defaults={"left_at": None, "graduated": False}
            )
        return enrolment


class GroupQuerySet(models.QuerySet["Group"]):
    def with_counts(self) -> Self:
        """`students` in it and still in the cohort, `expected` in it once they have an account."""
        return self.annotate(
            students=Count("enrolments", filter=Q(enrolments__left_at=None), distinct=True),
            expected=Count("invitations", distinct=True),
        )


class Group(models.Model):
    """A part of a cohort: half a class, the students of one site."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField("nom", max_length=60)

    # Of `with_counts()`.
    students: int
    expected: int

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "sous-groupe"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "name"],
                name="group_name_once",
                violation_error_message="Un sous-groupe de cette promotion porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def past(self) -> Self:
        return self.exclude(left_at=None)

    def with_group_ids(self) -> Self:
        """`groups_ids`, in the very query."""
        groups = Enrolment.groups.through.objects.filter(enrolment=OuterRef("pk")).values("group_id")
        return self.annotate(groups_ids=ArraySubquery(groups))

    def of(self, someone: Someone) -> Self:
        return self.filter(student=someone) if isinstance(someone, Person) else self.none()


class Enrolment(models.Model):
    """A student in a cohort, until they leave it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    groups = models.ManyToManyField(Group, related_name="enrolments", blank=True, verbose_name="sous-groupes")
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    graduated = models.BooleanField("diplôme obtenu", default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        constraints = [models.UniqueConstraint(fields=["cohort", "student"], name="enrolment_once")]

    @property
    def is_current(self) -> bool:
        return self.left_at is None

    def leave(self, *, graduated: bool = False) -> bool:
        """Out of the cohort, its assignments and its groups' lists; False when it was done already.

        What the student wrote stays theirs to read until a year after the cohort's end.
        """
        now = timezone.now()
        done = Enrolment.objects.filter(pk=self.pk, left_at=None).update(left_at=now, graduated=graduated)
        if done:
            self.left_at, self.graduated = now, graduated
        return bool(done)

    def come_back(self) -> bool:
        done = Enrolment.objects.filter(pk=self.pk).exclude(left_at=None).update(left_at=None, graduated=False)
        if done:
            self.left_at, self.graduated = None, False
        return bool(done)


class CompetenceQuerySet(models.QuerySet["Competence"]):
    def offered_to(self, cohort: Cohort, on: date | None = None) -> Self:
        """Those an assignment of this cohort may train for: of its reference text, and of its centre's own list."""
        day = on or timezone.localdate()
        return self.filter(
            Q(centre=cohort.centre_id) | Q(centre=None), Q(curriculum="") | Q(curriculum=cohort.curriculum)
        ).valid_on(day)

    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day)
        )  # fmt: skip

    def valid_on_today(self) -> Self:
        return self.valid_on(timezone.localdate())

    def national(self) -> Self:
        return self.filter(centre=None)


class Competence(models.Model):
    """What an assignment trains for: of a national reference text with its dates and its source, or a centre's own."""

    centre = models.ForeignKey(
        Centre, on_delete=models.CASCADE, null=True, blank=True, related_name="competences", verbose_name="centre"
    )
    curriculum = models.CharField("référentiel", max_length=4, choices=Cohort.Curriculum, blank=True)
    code = models.CharField("code", max_length=30)
    label = models.CharField("intitulé", max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField("à partir du", null=True, blank=True)
    valid_until = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        verbose_name = "compétence"
        ordering = ["curriculum", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "curriculum", "code"], name="competence_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.code, self.label)))

    def withdraw(self) -> None:
        """No longer offered. Assignments that name it keep it: it then has a last day, instead of being deleted."""
        if self.assignments.exists():
            yesterday = timezone.localdate() - timedelta(days=1)
            Competence.objects.filter(pk=self.pk).update(valid_until=yesterday)
        else:
            Competence.objects.filter(pk=self.pk).delete()


def school_year(day: date) -> str:
    """« 2026-2027 » for a day of that school year, which begins in September."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"
