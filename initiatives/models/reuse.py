"""What becomes of a sheet elsewhere: « je m’en inspire », « j’ai essayé », « j’ai adapté »."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from accounts.rights import Someone
from initiatives.models.sheet import Initiative, InitiativeQuerySet
from initiatives.workflow import READABLE, SavedElsewhere, SheetStatus

if TYPE_CHECKING:
    from accounts.models import Territory


class ReuseQuerySet(models.QuerySet["Reuse"]):
    def of(self, someone: Someone) -> Self:
        """One's own: nobody else reads them."""
        return self.filter(person=someone) if isinstance(someone, Person) else self.none()

    def under_way(self) -> Self:
        """Neither adapted nor given up: there may be news of them."""
        return self.filter(stage__in=[Reuse.Stage.INSPIRED, Reuse.Stage.TRIED])

    def since_a_day(self) -> Self:
        return self.filter(inspired_at__gte=timezone.now() - timedelta(days=1))

    def with_sheets(self) -> Self:
        return self.select_related("initiative__public_version", "child__public_version", "departement", "person")


class Reuse(models.Model):
    """Someone takes a sheet up. Its stages are dated one after the other; a sheet adapted may become a child sheet.

    Who it is is read by its person alone, and its note too; the public reads how many, and a département where at least
    three people said so (`initiatives.lineage`).
    """

    class Stage(models.TextChoices):
        INSPIRED = "inspired", "je m’en inspire"
        TRIED = "tried", "j’ai essayé"
        ADAPTED = "adapted", "j’ai adapté"
        DROPPED = "dropped", "j’y ai renoncé"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reuses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reuses")
    stage = models.CharField("où vous en êtes", max_length=8, choices=Stage, default=Stage.INSPIRED)
    departement = models.ForeignKey(
        "accounts.Territory", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="dans quel département",
    )  # fmt: skip
    note = models.TextField(
        "ce que vous avez changé, ce qui a aidé ou manqué", blank=True, validators=[MaxLengthValidator(1500)]
    )
    child = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="born_of", verbose_name="votre fiche"
    )
    inspired_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    adapted_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField("relance des six mois", null=True, blank=True)

    objects = ReuseQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise"
        ordering = ["-inspired_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "person"],
                name="reuse_once",
                violation_error_message="Vous avez déjà dit que vous vous inspirez de cette initiative.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} : reprise {self.pk}"

    @staticmethod
    def offered_to(someone: Someone) -> InitiativeQuerySet:
        """The sheets someone may take up: those one reads, and doesn't tell oneself."""
        return Initiative.objects.readable().exclude(pk__in=Initiative.objects.written_by(someone).values("pk"))

    @classmethod
    def take_up(
        cls, initiative: Initiative, person: Person, departement: Territory | None = None, note: str = ""
    ) -> tuple[Reuse, bool]:
        """« Je m’en inspire », however often it is pressed; False when it was said already.

        What was given up is taken up again, from the start.
        """
        with transaction.atomic():
            reuse, is_new = cls.objects.get_or_create(
                initiative=initiative, person=person, defaults={"departement": departement, "note": note}
            )
            if is_new:
                return reuse, True
            again = {"stage": cls.Stage.INSPIRED, "inspired_at": timezone.now(), "departement": departement}
            gone = {"tried_at": None, "adapted_at": None, "dropped_at": None, "reminded_at": None, "child": None}
            given_up = cls.objects.filter(pk=reuse.pk, stage=cls.Stage.DROPPED)
            was_given_up = given_up.update(**again, **gone, note=note or reuse.note)
            reuse.refresh_from_db()
            return reuse, bool(was_given_up)

    @property
    def mark(self) -> str:
        """What a form carries to say from where it was filled: a short mark of all one may change."""
        told = (
            str(self.stage),
            self.note,
            self.departement_id,
            self.child_id,
            self.tried_at and self.tried_at.isoformat(),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]

    @contextmanager
    def changing(self, mark: str) -> Iterator[None]:
        """Held until the transaction ends. Raises SavedElsewhere when another window changed it since it was shown."""
        with transaction.atomic():
            now = Reuse.objects.select_for_update(of=("self",)).filter(pk=self.pk, person=self.person_id).first()
            if now is None or now.mark != mark:
                raise SavedElsewhere
            yield

    def try_it(self, on: date, note: str, mark: str) -> None:
        """« J’ai essayé », on a day, and what helped or lacked."""
        at = timezone.make_aware(datetime.combine(on, time(12)))
        if self.stage == self.Stage.ADAPTED:
            return self._move(mark, tried_at=at, note=note)
        return self._move(mark, stage=self.Stage.TRIED, tried_at=at, note=note, adapted_at=None, dropped_at=None)

    def adapt(self, note: str, mark: str, child: Initiative | None = None) -> None:
        """« J’ai adapté »: what was made of it may have a sheet of its own."""
        told = {"child": child} if child else {}
        at = self.adapted_at or timezone.now()
        self._move(mark, stage=self.Stage.ADAPTED, adapted_at=at, note=note, dropped_at=None, **told)

    def drop(self, note: str, mark: str) -> None:
        """« J’y ai renoncé »: why is useful too."""
        self._move(mark, stage=self.Stage.DROPPED, dropped_at=timezone.now(), note=note)

    def go_back(self, mark: str) -> None:
        """To the stage before, said by mistake. A sheet that was tied is no longer, and stays what it is."""
        if self.stage == self.Stage.INSPIRED:
            return
        gone: dict[str, Any] = {
            self.Stage.DROPPED: {"dropped_at": None},
            self.Stage.ADAPTED: {"adapted_at": None, "child": None},
            self.Stage.TRIED: {"tried_at": None},
        }[self.Stage(self.stage)]
        self._move(mark, stage=self.stage_before, **gone)

    @property
    def stage_before(self) -> Stage:
        """Where « revenir à l’étape d’avant » leads."""
        if self.stage == self.Stage.DROPPED and self.adapted_at:
            return self.Stage.ADAPTED
        return self.Stage.TRIED if self.stage != self.Stage.TRIED and self.tried_at else self.Stage.INSPIRED

    def say(self, departement: Territory | None, note: str, mark: str) -> None:
        """Where, and one's own note, at any stage."""
        self._move(mark, departement=departement, note=note)

    def _move(self, mark: str, **fields: Any) -> None:
        with self.changing(mark):
            Reuse.objects.filter(pk=self.pk).update(**fields)
        self.refresh_from_db()

    @property
    def has_live_child(self) -> bool:
        """Whether what was made of it has a sheet, being written or public."""
        return self.child is not None and self.child.status not in (SheetStatus.WITHDRAWN, SheetStatus.MERGED)

    @classmethod
    def due(cls, since: datetime) -> ReuseQuerySet:
        """Never asked for news, and silent since then."""
        quiet = cls.objects.under_way().filter(reminded_at=None, inspired_at__lt=since)
        return quiet.filter(Q(tried_at=None) | Q(tried_at__lt=since)).filter(
            Q(initiative__status__in=READABLE, initiative__masked_at=None) | Q(initiative__status=SheetStatus.MERGED),
            person__is_active=True, person__erased_at=None,
        )  # fmt: skip
