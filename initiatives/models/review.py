"""The case (on screen: le dossier) through which a version becomes public."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import rights, working_days
from accounts.models import Person, Territory
from initiatives import publication, workflow
from initiatives.models.journal import Move, Remark
from initiatives.models.queue import CaseQuerySet
from initiatives.models.routing import due_dates, employed_by, organisation_of, routed_to, writing
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version
from initiatives.workflow import CaseKind, CaseStatus, Overtaken, Refused, SheetStatus, Verb


class Echelon(models.IntegerChoices):
    """Who was last told that a case is late."""

    TERRITORY = 0, "le territoire"
    DEPUTY = 1, "la suppléance"
    NATIONAL = 2, "l’équipe nationale"


class Case(models.Model):
    """One request about one version of one sheet: its territory, who holds it, and its dates."""

    kind = models.CharField("sorte", max_length=10, choices=CaseKind, default=CaseKind.CREATION)
    status = models.CharField("état", max_length=20, choices=CaseStatus, default=CaseStatus.RECEIVED)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="cases")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="cases")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    first_sign_due_at = models.DateTimeField()
    decision_due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="claimed_cases"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField("urgent", default=False)
    appealed_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    waits_until = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField("dernier rappel, en jours", default=0)
    escalated = models.PositiveSmallIntegerField("échelon", choices=Echelon, default=Echelon.TERRITORY)
    grid = models.JSONField("grille de lecture", default=dict, blank=True)
    replaced = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="version remplacée"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(status__in=workflow.OPEN) & ~Q(kind__in=workflow.ABOUT_A_PAGE),
                name="one_open_case_a_sheet",
                violation_error_message="Un dossier est déjà ouvert pour cette fiche.",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.CLAIMED) | Q(claimed_by__isnull=False, claim_expires_at__isnull=False),
                name="claimed_case_has_claimant",
            ),
        ]
        indexes = [models.Index(fields=["status", "territory", "received_at"], name="case_queue")]

    def __str__(self) -> str:
        return f"Dossier {self.number}"

    @property
    def number(self) -> str:
        """The number on the receipt: « 00042 ». It never changes: dates do, each time the sheet is sent again."""
        return f"{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.status in workflow.OPEN

    @property
    def is_overdue(self) -> bool:
        waiting_for_us = self.status in (CaseStatus.RECEIVED, CaseStatus.CLAIMED)
        return waiting_for_us and self.decision_due_at < timezone.now()

    # Opening and sending again

    @classmethod
    def submit(cls, version: Version, by: Person) -> Case:
        """Freeze a complete version and open its case, or send it again on the case that asked for changes."""
        from initiatives.difference import snapshot

        lacks = version.missing()
        if lacks:
            raise Refused("Il manque encore : " + " ".join(lacks.values()))
        with transaction.atomic():
            initiative = Initiative.objects.hold(version.initiative_id)
            case: Case | None = initiative.open_case()
            if case and case.status != CaseStatus.CHANGES_REQUESTED:
                raise Refused("Cette fiche est déjà en relecture : attendez la réponse, ou annulez l’envoi.")
            now = timezone.now()
            frozen = Version.objects.filter(pk=version.pk, frozen_at=None, edition=version.edition)
            if not frozen.update(frozen_at=now, depth=version.computed_depth(), snapshot=snapshot(version)):
                raise Refused(
                    "La fiche vient d’être modifiée ou envoyée dans une autre fenêtre : relisez-la avant d’envoyer."
                )
            dates = due_dates(now)
            territory = routed_to(version)
            if case:
                case.move(Verb.RESUBMIT, by=by, version=version, territory=territory, received_at=now, **dates)
                return case
            is_creation = initiative.status == SheetStatus.DRAFT
            case = cls.objects.create(
                kind=CaseKind.CREATION if is_creation else CaseKind.REVISION,
                initiative=initiative, version=version, territory=territory, opened_by=by, received_at=now, **dates,
            )  # fmt: skip
            if is_creation:
                Initiative.objects.filter(pk=initiative.pk, status=SheetStatus.DRAFT).update(
                    status=SheetStatus.IN_REVIEW
                )
            Move.say(initiative, Verb.SUBMIT, by=by, case=case, to_status=CaseStatus.RECEIVED)
        return case

    # Verbs of coordinators

    def claim(self, by: Person) -> Move:
        self._forbid_conflict(by)
        now = timezone.now()
        expires = working_days.after(now, workflow.CLAIM_WORKING_DAYS)
        return self.move(Verb.CLAIM, by=by, claimed_by=by, claimed_at=now, claim_expires_at=expires)

    def release(self, by: Person) -> Move:
        self._only_claimant(by)
        return self.move(Verb.RELEASE, by=by, **_UNCLAIMED)

    def lapse(self) -> Move:
        """The claim's three working days are over: back to the queue."""
        return self.move(Verb.LAPSE, by=None, **_UNCLAIMED)

    def request_changes(self, by: Person, text: str, remarks: dict[str, str]) -> Move:
        """Ask the author for changes; each remark is tied to a field of the sheet."""
        self._only_claimant(by)
        if not text.strip() and not any(remarks.values()):
            raise Refused("Dites au moins une chose à compléter.")
        with transaction.atomic():
            move = self.move(Verb.REQUEST_CHANGES, by=by, text=text, **_UNCLAIMED)
            Remark.objects.bulk_create(
                Remark(move=move, field=field, text=remark.strip())
                for field, remark in remarks.items()
                if remark.strip()
            )
        return move

    def refuse(self, by: Person, motive: str, text: str) -> Move:
        """Refuse with a motive and what would make it acceptable; a first publication goes back to its author."""
        self._only_claimant(by)
        if not text.strip():
            raise Refused("Un refus dit toujours ce qui rendrait la fiche acceptable.")
        with transaction.atomic():
            move = self.move(Verb.REFUSE, by=by, motive=motive, text=text, decided_at=timezone.now(), **_UNCLAIMED)
            Initiative.objects.filter(pk=self.initiative_id, status=SheetStatus.IN_REVIEW).update(
                status=SheetStatus.DRAFT
            )
        return move

    def accept(self, by: Person, text: str = "", settle: publication.Settle | None = None) -> Move:
        """Publish: the case's version becomes the public one, in the same transaction as the decision.

        `settle` is what other rooms decide with it (the levers a sheet supports).
        """
        self._only_claimant(by)
        with transaction.atomic():
            move = self.move(Verb.ACCEPT, by=by, text=text, decided_at=timezone.now(), **_UNCLAIMED)
            if settle:
                settle(self.version, by)
            publication.publish(self.version, organisation_of(rights.roles_of(by, "coordinator"), self.territory))
        return move

    def cancel(self, by: Person) -> Move:
        """The author takes the sheet back before a decision."""
        with transaction.atomic():
            move = self.move(Verb.CANCEL, by=by, **_UNCLAIMED)
            Initiative.objects.filter(pk=self.initiative_id, status=SheetStatus.IN_REVIEW).update(
                status=SheetStatus.DRAFT
            )
        return move

    def conflict_for(self, person: Person) -> str:
        """Why this person may not decide, as a sentence; empty when they may."""
        them = Person.objects.filter(pk=person.pk)
        if self.opened_by_id == person.pk or them.filter(writing(self.version)).exists():
            return "Vous avez écrit cette fiche : une autre personne de la coordination décidera."
        if self.version.organisation_siret and them.filter(employed_by(self.version)).exists():
            return "Cette fiche vient de votre organisation : une autre personne de la coordination décidera."
        return ""

    def as_read(self, version_id: int | None) -> Case:
        """This case, for a verb said by someone who read that version; refused when another one came since."""
        if version_id is not None and version_id != self.version_id:
            raise Refused(
                "L’auteur a envoyé une nouvelle version depuis que vous avez ouvert ce dossier. La voici : relisez-la."
            )
        return self

    def move(self, verb: str, *, by: Person | None, text: str = "", motive: str = "", **changes: Any) -> Move:
        """Say a verb: one conditional UPDATE is the guard, the lock and the change; one row tells it.

        Raises Overtaken when somebody else moved first, Refused when the verb makes no sense from here.
        """
        transition = workflow.CASE_MOVES[verb]
        was = self.status
        with transaction.atomic():
            Initiative.objects.hold(self.initiative_id)
            moved = was in transition.sources and (
                Case.objects.filter(pk=self.pk, status=was, claimed_by=self.claimed_by_id, version=self.version_id)
                .update(status=transition.target, **changes)
            )  # fmt: skip
            if not moved:
                raise self._overtaken()
            for name, value in {"status": transition.target, **changes}.items():
                setattr(self, name, value)
            return Move.say(
                self.initiative, verb, by=by, case=self, text=text, motive=motive,
                from_status=was, to_status=transition.target,
            )  # fmt: skip

    def _overtaken(self) -> Refused:
        last = self.moves.select_related("by").order_by("-pk").first()
        if last is None:
            return Refused("Ce dossier ne peut pas faire cela maintenant.")
        who = str(last.by) if last.by else "le site"
        return Overtaken(who, last.get_verb_display(), timezone.localtime(last.at))

    def _only_claimant(self, by: Person) -> None:
        self._forbid_conflict(by)
        if self.status != CaseStatus.CLAIMED or self.claimed_by_id != by.pk:
            raise self._overtaken() if self.status != CaseStatus.RECEIVED else Refused("Prenez d’abord ce dossier.")

    def _forbid_conflict(self, by: Person) -> None:
        conflict = self.conflict_for(by)
        if conflict:
            raise Refused(conflict)


_UNCLAIMED: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "claim_expires_at": None}
