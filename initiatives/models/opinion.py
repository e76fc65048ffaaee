"""An expert's opinion on a case: it helps to decide, it decides nothing."""

from __future__ import annotations

from typing import Self

from django.db import models, transaction
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import rights
from accounts.models import Person, Role
from accounts.rights import Someone
from initiatives import workflow
from initiatives.models.journal import Move
from initiatives.models.review import Case
from initiatives.models.routing import employed_by, writing
from initiatives.models.sheet import Initiative
from initiatives.workflow import Refused, Verb


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def asked_of(self, someone: Someone) -> Self:
        """Asked of a person who is still an expert, about cases still open: nothing else is theirs to read."""
        if not isinstance(someone, Person) or not rights.has_role(someone, "expert"):
            return self.none()
        return self.filter(expert=someone, case__status__in=workflow.OPEN)


class Opinion(models.Model):
    class Advice(models.TextChoices):
        FOR = "for", "favorable"
        WITH_RESERVES = "reserves", "favorable, avec des réserves"
        AGAINST = "against", "défavorable"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    expert = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opinions")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    question = models.TextField("question")
    answered_at = models.DateTimeField("rendu le", null=True, blank=True)
    advice = models.CharField("avis", max_length=10, choices=Advice, blank=True)
    text = models.TextField("ce qui le motive", blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis d’expert"
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "expert"], name="one_opinion_an_expert")]

    def __str__(self) -> str:
        return f"Avis de {self.expert}"

    @classmethod
    def experts_for(cls, case: Case) -> QuerySet[Person]:
        """Who may be asked: experts of today, with no hand in the sheet, not asked yet."""
        roles = Role.objects.current().of_kind("expert").filter(person=OuterRef("pk"))
        tied = writing(case.version) | employed_by(case.version) | Q(opinions__case=case)
        experts = Person.objects.filter(models.Exists(roles), is_active=True, erased_at=None)
        return experts.exclude(pk__in=Person.objects.filter(tied).values("pk")).order_by("name", "pk")

    @classmethod
    def ask(cls, case: Case, expert: Person, by: Person, question: str) -> Opinion:
        """Ask one expert what they think of a case one holds."""
        case.require_claimant(by)
        if not question.strip():
            raise Refused("Dites sur quoi porte l’avis que vous demandez.")
        with transaction.atomic():
            Initiative.objects.hold(case.initiative_id)
            if not cls.experts_for(case).filter(pk=expert.pk).exists():
                raise Refused("Cet avis est déjà demandé, ou cette personne ne peut pas le donner.")
            opinion = cls.objects.create(case=case, expert=expert, asked_by=by, question=question.strip())
            Move.say(case.initiative, Verb.ASK_OPINION, by=by, case=case, motive=str(opinion.pk))
        return opinion

    def give(self, advice: str, text: str) -> None:
        """The expert's answer: it is read by the coordination, and decides nothing."""
        with transaction.atomic():
            Initiative.objects.hold(self.case.initiative_id)
            waiting = Opinion.objects.filter(pk=self.pk, answered_at=None, case__status__in=workflow.OPEN)
            if not waiting.update(advice=advice, text=text, answered_at=timezone.now()):
                raise Refused("Cet avis est déjà rendu, ou le dossier est décidé entre-temps.")
            Move.say(self.case.initiative, Verb.OPINION, by=self.expert, case=self.case, motive=str(self.pk))
