"""Who comes in a cohort without having asked for it: invited by hand or by a file, enrolled when the address is theirs.

Nobody's account is made for them. An address that an account has confirmed is enrolled and told; any other is invited,
and enrolled the day an account confirms it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Person
from guide.french import slug_of
from initiatives.workflow import Refused
from training.models.centres import Cohort, Enrolment, Group

MAX_GROUPS = 60
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Expected:
    """A student one wants in a cohort: an address in small letters, a name, the names of groups."""

    email: str
    name: str = ""
    groups: tuple[str, ...] = ()


@dataclass
class Arrived:
    """What came of it: who is enrolled now and wasn't, which invitations are new, who was there already."""

    enrolled: list[Person] = field(default_factory=list)
    invited: list[Invitation] = field(default_factory=list)
    already: int = 0


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def written_since(self, moment: Any, by: Person) -> Self:
        return self.filter(invited_by=by, invited_at__gte=moment)


class Invitation(models.Model):
    """A student expected in a cohort, who has no account of that address yet; enrolled when they confirm it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique", max_length=254)
    name = models.CharField("prénom et nom", max_length=120, blank=True)
    groups = models.ManyToManyField(Group, related_name="invitations", blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation d’un étudiant"
        ordering = ["email"]
        constraints = [models.UniqueConstraint(fields=["cohort", "email"], name="invited_once_a_cohort")]

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def bring(cls, cohort: Cohort, expected: Sequence[Expected], by: Person) -> Arrived:
        """Enrol or invite each of them, with their groups; done twice, it is done once. One transaction."""
        with transaction.atomic():
            cohort = Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
            if cohort.is_over:
                raise Refused("Cette promotion est terminée : plus personne ne peut y entrer.")
            wanted = {each.email: each for each in expected}
            groups = groups_called(cohort, (name for each in expected for name in each.groups))
            people = confirmed_people(wanted)
            arrived = Arrived()
            _enrol(cohort, wanted, people, groups, arrived)
            _invite(cohort, [each for email, each in wanted.items() if email not in people], groups, by, arrived)
        return arrived


def groups_called(cohort: Cohort, names: Iterable[str]) -> dict[str, Group]:
    """Groups by the key of their name; those that the cohort hasn't yet are made."""
    known = {group_key(group.name): group for group in cohort.groups.all()}
    missing = {group_key(name): name for name in names if group_key(name) not in known}
    if len(known) + len(missing) > MAX_GROUPS:
        raise Refused(f"Une promotion a {MAX_GROUPS} sous-groupes au plus.")
    for key, name in missing.items():
        known[key] = Group.objects.get_or_create(cohort=cohort, name=name)[0]
    return known


def group_key(name: str) -> str:
    """« TD 1 », « td  1 » and « Td-1 » are one group."""
    return slug_of(name) or name.casefold()


def confirmed_people(addresses: Iterable[str]) -> dict[str, Person]:
    """Whose accounts have confirmed these addresses, by address in small letters."""
    rows = (
        EmailAddress.objects.annotate(small=Lower("email"))
        .filter(small__in=list(addresses), verified=True, user__is_active=True, user__erased_at=None)
        .select_related("user")
    )
    return {row.small: row.user for row in rows}


def _enrol(
    cohort: Cohort,
    wanted: dict[str, Expected],
    people: dict[str, Person],
    groups: dict[str, Group],
    arrived: Arrived,
) -> None:
    known = {each.student_id: each for each in Enrolment.objects.filter(cohort=cohort, student__in=people.values())}
    newcomers = {person.pk: person for person in people.values() if person.pk not in known}
    Enrolment.objects.bulk_create(
        [Enrolment(cohort=cohort, student=person) for person in newcomers.values()], ignore_conflicts=True
    )
    back = [each for each in known.values() if not each.is_current]
    Enrolment.objects.filter(pk__in=[each.pk for each in back]).update(left_at=None, graduated=False)
    returning = {each.student_id for each in back}
    people_now = {person.pk: person for person in people.values()}
    arrived.enrolled = [person for pk, person in people_now.items() if pk in newcomers or pk in returning]
    arrived.already += len(people_now) - len(arrived.enrolled)
    if not groups:
        return
    rows = dict(Enrolment.objects.filter(cohort=cohort, student__in=people_now).values_list("student", "pk"))
    inside = {
        (rows[person.pk], groups[group_key(name)].pk)
        for email, person in people.items()
        for name in wanted[email].groups
    }
    through = Enrolment.groups.through
    through.objects.bulk_create(
        [through(enrolment_id=enrolment, group_id=group) for enrolment, group in sorted(inside)],
        ignore_conflicts=True,
    )


def _invite(cohort: Cohort, expected: list[Expected], groups: dict[str, Group], by: Person, arrived: Arrived) -> None:
    emails = [each.email for each in expected]
    known = set(cohort.invitations.filter(email__in=emails).values_list("email", flat=True))
    Invitation.objects.bulk_create(
        [
            Invitation(cohort=cohort, email=each.email, name=each.name, invited_by=by)
            for each in expected
            if each.email not in known
        ],
        ignore_conflicts=True,
    )
    rows = {each.email: each for each in cohort.invitations.filter(email__in=emails)}
    arrived.invited = [each for email, each in rows.items() if email not in known]
    arrived.already += len(known)
    through = Invitation.groups.through
    inside = {(rows[each.email].pk, groups[group_key(name)].pk) for each in expected for name in each.groups}
    through.objects.bulk_create(
        [through(invitation_id=invitation, group_id=group) for invitation, group in sorted(inside)],
        ignore_conflicts=True,
    )


def keep_invitations(person: Person) -> list[Cohort]:
    """Enrol a person where their confirmed addresses are expected; the cohorts they have just entered."""
    addresses = [
        address.lower()
        for address in EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    ]
    if not addresses or not Invitation.objects.filter(email__in=addresses).exists():
        return []
    with transaction.atomic():
        waiting = list(
            Invitation.objects.select_for_update(of=("self",))
            .filter(email__in=addresses)
            .select_related("cohort__centre__organisation")
            .prefetch_related("groups")
        )
        by_cohort: dict[Cohort, list[Invitation]] = defaultdict(list)
        for invitation in waiting:
            by_cohort[invitation.cohort].append(invitation)
        entered = []
        for cohort, invitations in by_cohort.items():
            if not cohort.is_over:
                enrolment = cohort.enrol(person)
                enrolment.groups.add(*(group for each in invitations for group in each.groups.all()))
                entered.append(cohort)
        Invitation.objects.filter(pk__in=[each.pk for each in waiting]).delete()
    return entered


class StudentImportQuerySet(models.QuerySet["StudentImport"]):
    def waiting(self) -> Self:
        """Confirmed, not finished, and held back by no mishap."""
        free = models.Q(leased_until=None) | models.Q(leased_until__lte=timezone.now())
        return self.filter(free, status=StudentImport.Status.DOING)


class StudentImport(models.Model):
    """A file of students, read and shown before anything is done; kept a day. `rows` is what will be done, or was."""

    class Status(models.TextChoices):
        READ = "read", "à confirmer"
        DOING = "doing", "en cours"
        DONE = "done", "terminé"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    rows = models.JSONField(default=list, help_text="[{line, email, name, group, fault}]")
    status = models.CharField(max_length=6, choices=Status, default=Status.READ)
    done = models.PositiveIntegerField("lignes faites", default=0)
    read_at = models.DateTimeField("lu le", default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = StudentImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’étudiants"
        verbose_name_plural = "imports d’étudiants"
        ordering = ["-read_at"]

    @property
    def good(self) -> list[dict[str, Any]]:
        """The lines that are done, or will be, in their order."""
        return [row for row in self.rows if not row["fault"]]

    @property
    def faults(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["fault"]]

    @property
    def is_expired(self) -> bool:
        return self.status == self.Status.READ and timezone.now() - self.read_at > KEPT

    @property
    def percent(self) -> int:
        total = len(self.good)
        return 100 * self.done // total if total else 100

    def confirm(self, by: Person) -> bool:
        """Ask for it to be done, by the one who read it; False when it was confirmed already."""
        if self.is_expired:
            raise Refused("Ce fichier a été lu il y a plus d’un jour : envoyez-le de nouveau.")
        with transaction.atomic():
            cohort = Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=self.cohort_id)
            if cohort.is_over:
                raise Refused("Cette promotion est terminée : plus personne ne peut y entrer.")
            read = StudentImport.objects.filter(pk=self.pk, by=by, status=self.Status.READ)
            return bool(read.update(status=self.Status.DOING, leased_until=None))
