"""The case (on screen: le dossier) through which a version becomes public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import rights
from accounts.models import Organisation, Person, Territory
from initiatives import publication, workflow
from initiatives.models import routing
from initiatives.models.delays import NOT_LATE, NOT_WAITING, UNCLAIMED, anew, claim_end, waiting, without_the_wait
from initiatives.models.journal import Move, Remark
from initiatives.models.queue import CaseQuerySet
from initiatives.models.routing import due_dates, employed_by, network_for, organisation_of, routed_to, writing
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version
from initiatives.workflow import CaseKind, CaseStatus, NotTheOneRead, Overtaken, Refused, SheetStatus, Verb


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
        from initiatives import adoption, dictation, findings
        from initiatives.difference import snapshot

        dictation.forbid_sending(version.initiative, by)
        lacks = version.missing()
        if lacks:
            raise Refused("Il manque encore : " + " ".join(lacks.values()))
        findings.refuse_what_must_go(version)
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
                sent: dict[str, Any] = {"version": version, "territory": territory, "received_at": now}
                case.move(Verb.RESUBMIT, by=by, **sent, **dates, **NOT_LATE, **NOT_WAITING)
                return case
            is_creation = initiative.status == SheetStatus.DRAFT
            kind = CaseKind.CREATION if is_creation else CaseKind.REVISION
            if adoption.is_adoption(initiative, by):
                kind = CaseKind.ADOPTION
            case = cls.objects.create(
                kind=kind,
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
        return self.move(Verb.CLAIM, by=by, claimed_by=by, claimed_at=timezone.now(), claim_expires_at=claim_end())

    def release(self, by: Person) -> Move:
        self.require_claimant(by)
        return self.move(Verb.RELEASE, by=by, **UNCLAIMED)

    def lapse(self, now: datetime | None = None) -> Move:
        """The claim's three working days are over, or its holder no longer coordinates here: back to the queue."""
        return self.move(Verb.LAPSE, by=None, **UNCLAIMED, **without_the_wait(self, now))

    def request_changes(self, by: Person, text: str, remarks: dict[str, str]) -> Move:
        """Ask the author for changes; each remark is tied to a field of the sheet."""
        self.require_claimant(by)
        if not text.strip() and not any(remarks.values()):
            raise Refused("Dites au moins une chose à compléter.")
        until = waiting(workflow.CHANGES_EXPIRE_DAYS)
        with transaction.atomic():
            move = self.move(Verb.REQUEST_CHANGES, by=by, text=text, reminded=0, **until, **UNCLAIMED)
            Remark.objects.bulk_create(
                Remark(move=move, field=field, text=remark.strip())
                for field, remark in remarks.items()
                if remark.strip()
            )
        return move

    def ask_third_party(self, by: Person, who: str, text: str, tell: Callable[[Move], object] | None = None) -> Move:
        """Wait for somebody else's answer: these days don't count. `who` is the first line of the move's text.

        `tell` writes to them, in the same transaction.
        """
        self.require_claimant(by)
        if not who.strip() or not text.strip():
            raise Refused("Dites de qui vous attendez une réponse, et à quelle question.")
        said = f"{' '.join(who.split())}\n\n{text.strip()}"
        with transaction.atomic():
            move = self.move(Verb.ASK_THIRD_PARTY, by=by, text=said, **waiting(workflow.THIRD_PARTY_DAYS))
            if tell:
                tell(move)
        return move

    def resume(self, by: Person | None, text: str = "", now: datetime | None = None) -> Move:
        """The answer came, or its fifteen days are over: the case goes on, its dates later by the time waited."""
        if by:
            self.require_claimant(by, CaseStatus.WAITING_THIRD_PARTY)
        later = without_the_wait(self, now)
        return self.move(Verb.RESUME, by=by, text=text, claim_expires_at=claim_end(now), **later)

    def refuse(self, by: Person, motive: str, text: str) -> Move:
        """Refuse with a motive and what would make it acceptable; a first publication goes back to its author."""
        self.require_claimant(by)
        if not text.strip():
            raise Refused("Un refus dit toujours ce qui rendrait la fiche acceptable.")
        return self._decide(Verb.REFUSE, by, motive=motive, text=text)

    def redirect(self, by: Person, where: str, text: str) -> Move:
        """Not for this catalogue: where it would find its readers."""
        self.require_claimant(by)
        if not where.strip():
            raise Refused("Dites où proposer cette fiche plutôt qu’ici.")
        said = f"À proposer plutôt : {' '.join(where.split())}\n\n{text}"
        return self._decide(Verb.REDIRECT, by, text=said.strip())

    def _decide(self, verb: str, by: Person, **about: str) -> Move:
        with transaction.atomic():
            move = self.move(verb, by=by, decided_at=timezone.now(), **about, **UNCLAIMED)
            self._move_sheet(verb)
        return move

    def accept(self, by: Person, text: str = "", settle: publication.Settle | None = None) -> Move:
        """Publish: the case's version becomes the public one, in the same transaction as the decision.

        `settle` is what other rooms decide with it (the levers a sheet supports).
        """
        self.require_claimant(by)
        with transaction.atomic():
            before = Initiative.objects.hold(self.initiative_id).public_version
            now = timezone.now()
            move = self.move(
                Verb.ACCEPT, by=by, text=text, decided_at=now, replaced=before, **UNCLAIMED
            )  # fmt: skip
            if settle:
                settle(self.version, by)
            publication.publish(self.version, organisation_of(rights.roles_of(by, "coordinator"), self.territory))
        return move

    def reassign(self, by: Person, territory: Territory | None, text: str = "") -> Move:
        """Give the case to another territory; to the national team without one. Its dates stay."""
        if conflict := self.hand_of(by):
            raise Refused(conflict)
        if self.claimed_by_id not in (None, by.pk) and not rights.is_national_coordinator(by):
            raise self._overtaken()
        if (territory.pk if territory else None) == self.territory_id:
            raise Refused("Ce dossier est déjà sur ce territoire.")
        later = without_the_wait(self)
        return self.move(Verb.REASSIGN, by=by, text=text, territory=territory, **UNCLAIMED, **later)

    def reopen(self, by: Person, text: str) -> Move:
        """Undo what somebody else decided: it is read anew, and its version is no longer what the public reads."""
        hand, decided = self.ties(by)
        if hand:
            raise Refused(hand)
        if decided:
            raise Refused("Vous avez pris cette décision : une autre personne de la coordination peut la défaire.")
        if not text.strip():
            raise Refused("Dites pourquoi cette décision est à reprendre : on le lira.")
        was = self.status
        with transaction.atomic():
            sheet = self._held_alone()
            move = self.move(Verb.REOPEN, by=by, text=text, **anew(self))
            if self.kind not in workflow.ABOUT_A_PAGE:
                if was == CaseStatus.ACCEPTED:
                    publication.take_back(self, sheet)
                else:
                    self._move_sheet(Verb.REOPEN)
        return move

    def fill_grid(self, by: Person, answers: dict[str, dict[str, str]]) -> None:
        """Keep the reader's answers while they hold the case; a decision freezes them in its move."""
        self.require_claimant(by)
        grid = {"version": self.version.number, "answers": answers}
        held = Case.objects.filter(pk=self.pk, status=CaseStatus.CLAIMED, claimed_by=by, version=self.version_id)
        if not held.update(grid=grid):
            raise self._overtaken()
        self.grid = grid

    # Verbs of authors, and of the calendar

    def cancel(self, by: Person) -> Move:
        """The author takes the sheet back before a decision."""
        return self._close(Verb.CANCEL, by)

    def expire(self) -> Move:
        """Sixty days without the changes asked: the case is closed, the text stays its author's."""
        return self._close(Verb.EXPIRE, None)

    def _close(self, verb: str, by: Person | None) -> Move:
        with transaction.atomic():
            move = self.move(verb, by=by, **UNCLAIMED, **NOT_WAITING)
            self._move_sheet(verb)
        return move

    def appeal(self, by: Person, text: str) -> Move:
        """Once, an author asks that somebody else read what was refused."""
        if not Initiative.objects.signed_by(by).filter(pk=self.initiative_id).exists():
            raise Refused("Une seconde lecture est demandée par celles et ceux qui ont écrit la fiche.")
        if self.appealed_at:
            raise Refused("Une seconde lecture a déjà été demandée pour ce dossier : il n’y en a qu’une.")
        if not text.strip():
            raise Refused("Dites en quelques mots ce qui mérite une seconde lecture.")
        with transaction.atomic():
            self._held_alone()
            move = self.move(Verb.APPEAL, by=by, text=text, appealed_at=timezone.now(), **anew(self))
            self._move_sheet(Verb.APPEAL)
        return move

    def _held_alone(self) -> Initiative:
        """The sheet, locked; refused when it was sent again since this case was decided."""
        sheet = Initiative.objects.hold(self.initiative_id)
        if self.kind not in workflow.ABOUT_A_PAGE and self.status in workflow.DECIDED:
            since = self.initiative.cases.exclude(kind__in=workflow.ABOUT_A_PAGE).filter(pk__gt=self.pk)
            if since.exists():
                raise Refused("La fiche a été envoyée de nouveau depuis : c’est l’autre dossier qui compte.")
        return sheet

    def _move_sheet(self, verb: str) -> None:
        """What a move of the case does to a sheet never published before; another keeps its status."""
        if self.kind == CaseKind.CREATION:
            transition = workflow.SHEET_MOVES[verb]
            sheet = Initiative.objects.filter(pk=self.initiative_id, status__in=transition.sources)
            if not sheet.update(status=transition.target):
                raise Refused("Cette fiche a changé d’état entre-temps : rien n’a été fait.")

    # Who may

    def conflict_for(self, person: Person) -> str:
        """Why this person may not decide, as a sentence; empty when they may."""
        hand, decided = self.ties(person)
        return hand or (self.conflict_of_a_decider() if decided else "")

    def conflict_of_a_decider(self) -> str:
        """What to say to who decided once: an appeal, a reversal ask for somebody else."""
        return routing.DECIDED if self.is_open else ""

    def hand_of(self, person: Person) -> str:
        """What ties a person to this sheet, as a sentence: they wrote it, or are of its organisation."""
        return self.ties(person)[0]

    def ties(self, person: Person) -> tuple[str, bool]:
        """What `hand_of` answers, and whether this person has decided of the case already; one statement."""
        them = Person.objects.filter(pk=OuterRef("pk"))
        writes, employed = Exists(them.filter(writing(self.version))), Exists(them.filter(employed_by(self.version)))
        decided = Exists(self.moves.filter(verb__in=workflow.DECISIONS, by=OuterRef("pk")))
        found = Person.objects.filter(pk=person.pk).values_list(writes, employed, decided).first()
        wrote, is_employed, has_decided = found or (False, False, False)
        if self.opened_by_id == person.pk or wrote:
            return routing.WROTE, has_decided
        return (routing.EMPLOYED if is_employed else ""), has_decided

    def answering(self) -> tuple[list[Person], Organisation | None]:
        """Who answers about it, and their network: for what is read again, never who decided it already."""
        decided = self.moves.filter(verb__in=workflow.DECISIONS, by__isnull=False).values("by")
        return network_for(self.territory, self.version, besides=decided if self.is_open else ())

    def as_read(self, version_id: int | None) -> Case:
        """This case, for a verb said by someone who read that version; refused when another one came since."""
        if version_id is not None and version_id != self.version_id:
            raise NotTheOneRead
        return self

    def move(self, verb: str, *, by: Person | None, text: str = "", motive: str = "", **changes: Any) -> Move:
        """Say a verb: one conditional UPDATE is the guard, the lock and the change; one row tells it.

        Raises Overtaken when somebody else moved first, Refused when the verb makes no sense from here.
        """
        transition = workflow.CASE_MOVES[verb]
        frozen = {"grid": self.grid} if verb in workflow.WITH_A_GRID else {}
        if (self.kind in workflow.ABOUT_A_PAGE and verb in workflow.OF_A_VERSION) or (
            self.kind not in workflow.ABOUT_A_PAGE and verb in workflow.OF_A_PAGE
        ):
            raise Refused("Ce dossier ne peut pas faire cela.")
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
                from_status=was, to_status=transition.target, **frozen,
            )  # fmt: skip

    def _overtaken(self) -> Refused:
        last = self.moves.filter(verb__in=workflow.MOVING).select_related("by").order_by("-pk").first()
        if last is None:
            return Refused("Ce dossier ne peut pas faire cela maintenant.")
        who = str(last.by) if last.by else "le site"
        return Overtaken(who, last.get_verb_display(), timezone.localtime(last.at))

    def require_claimant(self, by: Person, status: str = CaseStatus.CLAIMED) -> None:
        self._forbid_conflict(by)
        if self.status != status or self.claimed_by_id != by.pk:
            raise self._overtaken() if self.status != CaseStatus.RECEIVED else Refused("Prenez d’abord ce dossier.")

    def _forbid_conflict(self, by: Person) -> None:
        conflict = self.conflict_for(by)
        if conflict:
            raise Refused(conflict)
