"""The journal of what happens to sheets and cases: written once, and read by who writes the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from initiatives.models.sheet import Initiative
from initiatives.workflow import Verb

if TYPE_CHECKING:
    from initiatives.models.review import Case


class MoveQuerySet(models.QuerySet["Move"]):
    def untold(self) -> Self:
        return self.filter(told_at=None)


class Move(models.Model):
    """One line of the journal. A trigger of the database forbids changing or deleting it, `told_at` set once apart."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="moves")
    case = models.ForeignKey("initiatives.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    verb = models.CharField(max_length=20, choices=Verb)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    motive = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    grid = models.JSONField("grille de lecture", default=dict, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="move_untold")]

    def __str__(self) -> str:
        return f"{self.by or 'le site'} {self.get_verb_display()}"

    @classmethod
    def say(
        cls, initiative: Initiative, verb: str, *, by: Person | None, case: Case | None = None, **about: Any
    ) -> Move:
        return cls.objects.create(initiative=initiative, case=case, verb=verb, by=by, **about)


class Remark(models.Model):
    """What a coordinator asks about one field of a sheet."""

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=40)
    text = models.TextField()

    class Meta:
        verbose_name = "demande"
        ordering = ["pk"]

    @property
    def field_label(self) -> str:
        from initiatives.difference import label_of

        return label_of(self.field)
