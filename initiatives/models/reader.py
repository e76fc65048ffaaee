"""What a reader sends about a published sheet: a report, a correction, a message to its team. No account is needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.senders import one_at_a_time
from initiatives.models.choices import ContactMode
from initiatives.models.delays import UNCLAIMED
from initiatives.models.journal import Move
from initiatives.models.review import Case
from initiatives.models.routing import claim_due_dates, due_dates, routed_to
from initiatives.models.sheet import Authorship, Initiative
from initiatives.models.version import Version
from initiatives.workflow import OPEN, READABLE, CaseKind, CaseStatus, Refused, Verb

CLAIMS_A_DAY = 3  # that mask at once, from one address
CLAIMS_AN_HOUR = 10  # pending, from everywhere
REPORTS_A_DAY = 10
INQUIRIES_A_DAY = 5
SAME = timedelta(minutes=10)  # the same words again, so soon: a second press of the button
DAY = timedelta(days=1)
KEPT = timedelta(days=365)


class TooMany(Refused):
    """Too much comes from one address today."""


class ReportQuerySet(models.QuerySet["Report"]):
    def over(self, now: datetime) -> Self:
        """A year old, and decided: what was said, and by whom, is kept no longer."""
        return self.filter(at__lt=now - KEPT).exclude(case__status__in=OPEN)

    def forget(self) -> int:
        """Empty what was said; the decision and its date stay. How many had something to empty."""
        return self.exclude(text="", email="").update(text="", email="")


class Report(models.Model):
    """What was said about a page, and the case it opened. `sender` is a keyed hash of an address, kept a few days.

    `masked`: this claim hides the page until it is decided.
    """

    class Kind(models.TextChoices):
        PERSONAL = "personal", "je me reconnais, ou une donnée personnelle est visible"
        CORRECTION = "correction", "une correction"
        OTHER = "other", "un autre problème"
        FOUND = "found", "relevé par le site en relisant la page"

    class Outcome(models.TextChoices):
        """What is done about a report that is right."""

        TO_CORRECT = "to_correct", "l’équipe corrige ; la page revient avec la correction"
        CORRECTED = "corrected", "la page est déjà corrigée"
        PASSED_ON = "passed_on", "la remarque est transmise à l’équipe"
        AMENDED = "amended", "la coordination corrige la fiche"
        WITHDRAWN = "withdrawn", "la fiche est retirée"
        GONE = "gone", "la fiche n’est plus en ligne"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reports")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, null=True, related_name="report")
    kind = models.CharField("sorte", max_length=10, choices=Kind)
    field = models.CharField("à quel endroit", max_length=40, blank=True)
    text = models.TextField("message", blank=True)
    email = models.EmailField("adresse pour répondre", max_length=254, blank=True)
    sender = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    masked = models.BooleanField("a masqué la page", default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-at"]
        indexes = [models.Index(fields=["sender", "-at"], name="report_sender")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%d/%m/%Y})"

    @classmethod
    def send(cls, initiative: Initiative, *, kind: str, sender: str, **said: str) -> Report:
        """Open the case of what a reader says; a first claim of a person hides the page at once (product P4)."""
        from initiatives import fate

        now = timezone.now()
        with transaction.atomic():
            one_at_a_time()
            sheet = Initiative.objects.hold(initiative.pk)
            if sheet.status not in READABLE or sheet.public_version is None:
                raise Refused("Cette fiche n’est plus en ligne : il n’y a plus rien à signaler.")
            mine = cls.objects.filter(sender=sender, at__gt=now - DAY)
            same = mine.filter(initiative=sheet, kind=kind, at__gt=now - SAME, **said).first()
            if same:
                return same
            if mine.count() >= REPORTS_A_DAY:
                raise TooMany("Beaucoup de messages viennent de votre adresse aujourd’hui : écrivez-nous plutôt.")
            is_claim = kind == cls.Kind.PERSONAL
            masks = is_claim and _may_mask(sheet, sender)
            dates = claim_due_dates(now) if is_claim else due_dates(now)
            version = sheet.public_version
            case = Case.objects.create(
                kind=CaseKind.CORRECTION if kind == cls.Kind.CORRECTION else CaseKind.REPORT,
                initiative=sheet, version=version, territory=routed_to(version), opened_by=None, received_at=now,
                urgent=is_claim and not masks, **dates,
            )  # fmt: skip
            report = cls.objects.create(
                initiative=sheet, version=version, case=case, kind=kind, sender=sender, at=now, masked=masks, **said
            )
            verb = Verb.CORRECT if kind == cls.Kind.CORRECTION else Verb.REPORT
            Move.say(sheet, verb, by=None, case=case, to_status=CaseStatus.RECEIVED)
            if masks:
                fate.mask(sheet, None, case=case)
        return report

    @property
    def is_claim(self) -> bool:
        """Somebody may be recognised, says a person or the site: it is decided in three days."""
        return self.kind in (self.Kind.PERSONAL, self.Kind.FOUND)

    @property
    def is_over(self) -> bool:
        """Its text and the address left are erased (`ReportQuerySet.over`)."""
        return self.at < timezone.now() - KEPT and not (self.case and self.case.is_open)

    def outcomes(self) -> list[Report.Outcome]:
        """What may be done about it now, the gentlest first."""
        sheet, said = self.initiative, self.Outcome
        if sheet.status not in READABLE:
            return [said.GONE]
        corrected = [said.CORRECTED] if sheet.public_version_id != self.version_id else []
        if not sheet.signed_by_someone():
            return [*corrected, said.AMENDED, said.WITHDRAWN]
        first = said.TO_CORRECT if self.is_claim else said.PASSED_ON
        return [*corrected, first, said.WITHDRAWN]

    def uphold(
        self, by: Person, outcome: str, text: str, *, reason: str = "", amended: dict[str, str] | None = None
    ) -> None:
        """It is right: do something about it, and say what to the one who wrote."""
        from initiatives import fate

        with transaction.atomic():
            case = self._case_of(by)
            if outcome not in self.outcomes():
                raise Refused("Ce n’est plus possible : la fiche a changé depuis que vous avez ouvert cette page.")
            case.move(Verb.UPHOLD, by=by, text=text, motive=outcome, decided_at=timezone.now(), **UNCLAIMED)
            sheet = self.initiative
            if outcome == self.Outcome.TO_CORRECT:
                fate.mask(sheet, by, case=case)
            elif outcome == self.Outcome.WITHDRAWN:
                fate.withdraw(sheet, by, reason, case=case)
            elif outcome == self.Outcome.AMENDED:
                fate.amend(sheet, by, amended or {})
            if outcome in (self.Outcome.AMENDED, self.Outcome.CORRECTED):
                self._show_again(by)

    def dismiss(self, by: Person, text: str) -> None:
        """It is unfounded: the page it hid comes back at once."""
        with transaction.atomic():
            case = self._case_of(by)
            case.move(Verb.DISMISS, by=by, text=text, decided_at=timezone.now(), **UNCLAIMED)
            self._show_again(by)

    def _case_of(self, by: Person) -> Case:
        case = self.case
        if case is None:
            raise Refused("Ce signalement n’a pas de dossier.")
        case.require_claimant(by)
        return case

    def _show_again(self, by: Person) -> None:
        """Unless something else hides it: another claim, a correction awaited, a coordinator's own decision."""
        from initiatives import fate

        sheet = self.initiative
        sheet.refresh_from_db(fields=["status", "masked_at", "public_version"])
        hidden = sheet.moves.filter(verb=Verb.MASK).order_by("-pk").first()
        if not self.masked or not sheet.masked_at or hidden is None or hidden.by_id or fate.claims_pending(sheet):
            return
        awaited = sheet.moves.filter(pk__gt=hidden.pk, verb=Verb.UPHOLD, motive=self.Outcome.TO_CORRECT)
        if not awaited.exists():
            fate.unmask(sheet, by, case=self.case)


def _may_mask(sheet: Initiative, sender: str) -> bool:
    """A claim hides a page at once, unless one was found baseless there, or too many come at the same time."""
    now, claims = timezone.now(), Report.objects.filter(kind=Report.Kind.PERSONAL)
    if claims.filter(initiative=sheet, case__status=CaseStatus.REFUSED).exists():
        return False
    hiding = claims.filter(masked=True)
    if hiding.filter(sender=sender, at__gt=now - DAY).count() >= CLAIMS_A_DAY:
        return False
    return hiding.filter(at__gt=now - timedelta(hours=1), case__status__in=OPEN).count() < CLAIMS_AN_HOUR


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def over(self, now: datetime) -> Self:
        return self.filter(at__lt=now - KEPT)


class Inquiry(models.Model):
    """A message to a team, relayed: the writer gives an address to be answered, the team's stays hidden."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="inquiries")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse", max_length=254)
    text = models.TextField("message")
    sender = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "message relayé"
        ordering = ["-at"]
        indexes = [models.Index(fields=["sender", "-at"], name="inquiry_sender")]

    def __str__(self) -> str:
        return f"{self.name} ({self.at:%d/%m/%Y})"

    @classmethod
    def send(cls, initiative: Initiative, *, sender: str, person: Person | None, **said: Any) -> Inquiry:
        """Keep a message to relay; the same words again, so soon, are the same message."""
        now = timezone.now()
        with transaction.atomic():
            one_at_a_time()
            if not cls.may_reach(initiative):
                raise Refused("Cette fiche ne reçoit pas de message.")
            mine = cls.objects.filter(sender=sender, at__gt=now - DAY)
            same = mine.filter(initiative=initiative, at__gt=now - SAME, **said).first()
            if same:
                return same
            if mine.count() >= INQUIRIES_A_DAY:
                raise TooMany(f"{INQUIRIES_A_DAY} messages sont déjà partis de votre adresse aujourd’hui : à demain.")
            return cls.objects.create(initiative=initiative, sender=sender, person=person, at=now, **said)

    @staticmethod
    def may_reach(initiative: Initiative) -> bool:
        """Whether a message is relayed for this sheet: it is read, someone told it, its address isn't on the page."""
        version = initiative.public_version
        return bool(
            initiative.is_public
            and version
            and not initiative.is_from_public_source
            and version.contact_mode != ContactMode.PUBLIC
        )

    def team(self) -> list[Person]:
        """Who it is for when it goes to the authors: those who tell the sheet and still have an account."""
        version = self.initiative.public_version
        if version is None or version.contact_mode != ContactMode.RELAYED:
            return []
        signed = Authorship.objects.signing().filter(initiative=self.initiative)
        return list(Person.objects.filter(authorships__in=signed, is_active=True, erased_at=None).order_by("pk"))
