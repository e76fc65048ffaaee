"""What someone is asked by a secret link, without an account: an agreement, a signature, one word a year."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Person
from initiatives.models.journal import Move
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version
from initiatives.workflow import SheetStatus

KEPT = timedelta(days=365)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_of(token))

    def waiting(self) -> Self:
        """Not answered, and still in time."""
        return self.filter(answered_at=None, expires_at__gt=timezone.now())

    def listed(self) -> Self:
        """What the authors of a sheet asked of others, as their page lists it."""
        asked = [Agreement.Kind.EMPLOYER, Agreement.Kind.PEOPLE, Agreement.Kind.CO_AUTHOR, Agreement.Kind.HAND_OVER]
        return self.filter(kind__in=asked).select_related("asked_by")

    def over(self, now: datetime) -> Self:
        """Of no use any more: never answered, a year after the link ended; or about a sheet withdrawn a year ago.

        For whom a sheet is typed is noted without a link, and kept as long as the sheet.
        """
        before = now - KEPT
        said = Move.objects.filter(initiative=OuterRef("initiative")).order_by("-pk")
        gone = Q(initiative__status=SheetStatus.WITHDRAWN, last_move_at__lt=before)
        noted = Q(kind=Agreement.Kind.AUTHOR, version=None)
        unanswered = Q(answered_at=None, expires_at__lt=before) & ~noted
        return self.alias(last_move_at=Subquery(said.values("at")[:1])).filter(gone | unanswered)

    def stop(self) -> int:
        """Their links lead nowhere from now on; how many there were."""
        return self.waiting().update(expires_at=timezone.now())


class Agreement(models.Model):
    """One question to one person about one sheet. Its link works once, until `expires_at`; only its hash is kept."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", "accord de l’employeur"
        PEOPLE = "people", "accord de participants"
        AUTHOR = "author", "accord de l’auteur sur ce qui a été écrit pour lui"
        CO_AUTHOR = "co_author", "invitation à écrire ensemble"
        HAND_OVER = "hand_over", "reprise par un collègue"
        FRESHNESS = "freshness", "nouvelles de l’action"

    class Answer(models.TextChoices):
        YES = "yes", "oui"
        NO = "no", "non"
        ENDED = "ended", "l’action est terminée"
        EDIT = "edit", "il faut modifier la fiche"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="agreements")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, blank=True, related_name="agreements")
    kind = models.CharField("sorte", max_length=10, choices=Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField("à qui", max_length=120, blank=True)
    email = models.EmailField("adresse", max_length=254, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=6, choices=Answer, blank=True)
    word = models.TextField("un mot", blank=True)
    on_paper = models.BooleanField("signé sur papier", default=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "accord"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="agreement_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.name or self.email})"

    @classmethod
    def note_author(cls, initiative: Initiative, by: Person, name: str, email: str) -> Agreement:
        """For whom a sheet is typed. Nothing is asked yet: no link leads to it, and it shows no version."""
        now = timezone.now()
        noted, _ = cls.objects.get_or_create(
            initiative=initiative, kind=cls.Kind.AUTHOR, version=None,
            defaults={
                "name": name, "email": email, "asked_by": by, "asked_at": now, "expires_at": now,
                "token_hash": hash_of(secrets.token_urlsafe(32)),
            },
        )  # fmt: skip
        return noted

    @classmethod
    def ask(
        cls, initiative: Initiative, kind: str, *, days: int, by: Person | None = None, **about: object
    ) -> tuple[Agreement, str]:
        """The row, and the token of its link, which is said nowhere else."""
        token = secrets.token_urlsafe(32)
        expires: datetime = timezone.now() + timedelta(days=days)
        row = cls.objects.create(
            initiative=initiative, kind=kind, token_hash=hash_of(token), asked_by=by, expires_at=expires, **about
        )
        return row, token

    @property
    def is_invitation(self) -> bool:
        """Whether it is answered with an account: a yes gives rights."""
        return self.kind in (self.Kind.CO_AUTHOR, self.Kind.HAND_OVER)

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.expires_at > timezone.now()

    def give(self, answer: str, word: str = "", *, on_paper: bool = False) -> bool:
        """Keep the answer, once: a conditional UPDATE. False when it was given already or came too late."""
        now = timezone.now()
        mine = Agreement.objects.filter(pk=self.pk, answered_at=None, expires_at__gt=now)
        given = mine.update(answer=answer, word=word, answered_at=now, on_paper=on_paper)
        if given:
            self.answer, self.word, self.answered_at, self.on_paper = answer, word, now, on_paper
        return bool(given)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
