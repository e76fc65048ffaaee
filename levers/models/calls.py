"""A call for initiatives: what the country doesn't know yet, asked of whoever did it; and the sheets that answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import Person
from accounts.rights import Someone
from guide import passages
from guide.french import slug_of
from initiatives.models import Initiative
from initiatives.workflow import Refused, SheetStatus
from levers.models.frameworks import DAGBERT, Lever, Proposal

RESERVED = {"lancer"}
A_DOUBLE_CLICK = timedelta(minutes=10)
GONE = (SheetStatus.WITHDRAWN, SheetStatus.MERGED)


class CallQuerySet(models.QuerySet["Call"]):
    def open(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(closes_on=None) | Q(closes_on__gte=day), closed_at=None)

    def closed(self, on: date | None = None) -> Self:
        return self.exclude(pk__in=self.model.objects.open(on).values("pk"))

    def with_subject(self) -> Self:
        return self.select_related("lever", "proposal__lever", "method", "theme", "public", "obstacle", "territory")

    def manageable_by(self, someone: Someone) -> Self:
        """Those a person may extend, change, close and open again: of their territories, or all of them."""
        if rights.edits_guide(someone):
            return self
        territories = rights.coordinated_territories(someone)
        if not territories:
            return self.none()
        return self.filter(Q(territory__in=territories) | Q(territory__region__in=territories))


def may_launch(someone: Someone) -> bool:
    """Who asks in the network's name: its coordinators, each in their territory, and the guide's editors."""
    return rights.edits_guide(someone) or bool(rights.coordinated_territories(someone))


class Call(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField("titre", max_length=120)
    question = models.TextField("ce que nous cherchons", validators=[MaxLengthValidator(2000)])
    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    method = models.ForeignKey("guide.Method", on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    theme = models.ForeignKey(
        "initiatives.Theme", on_delete=models.PROTECT, null=True, blank=True, related_name="calls",
        verbose_name="thème",
    )  # fmt: skip
    public = models.ForeignKey(
        "initiatives.Public", on_delete=models.PROTECT, null=True, blank=True, related_name="calls",
        verbose_name="public",
    )  # fmt: skip
    obstacle = models.ForeignKey(
        "initiatives.Obstacle", on_delete=models.PROTECT, null=True, blank=True, related_name="calls",
        verbose_name="frein",
    )  # fmt: skip
    territory = models.ForeignKey(
        "accounts.Territory", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="territoire",
    )  # fmt: skip
    opened_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField("ouvert le", default=timezone.now)
    closes_on = models.DateField("jusqu’au", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à initiatives"
        verbose_name_plural = "appels à initiatives"
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("levers:call", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and (self.closes_on is None or self.closes_on >= timezone.localdate())

    @property
    def over_on(self) -> date | None:
        """The day a closed call ended."""
        days = [self.closes_on] if self.closes_on else []
        if self.closed_at:
            days.append(timezone.localdate(self.closed_at))
        return min(days) if days and not self.is_open else None

    def is_managed_by(self, someone: Someone) -> bool:
        """What `manageable_by` says of one call already read, with its territory."""
        mine = {place.pk for place in rights.coordinated_territories(someone)}
        here = {self.territory_id, self.territory.region_id} if self.territory else set()
        return rights.edits_guide(someone) or bool(mine & here)

    @property
    def ring(self) -> list[int]:
        """The lever it is about, for the hexagon."""
        lever = self.lever or (self.proposal.lever if self.proposal else None)
        return [lever.number] if lever and lever.framework_id == DAGBERT else []

    @property
    def choices(self) -> dict[str, str]:
        """What is sought, as the catalogue's parameters."""
        found = {
            "levier": str(self.lever.number) if self.lever and self.lever.framework_id == DAGBERT else "",
            "proposition": str(self.proposal_id or ""),
            "methode": self.method.slug if self.method else "",
            "theme": self.theme.code if self.theme else "",
            "public": self.public.code if self.public else "",
            "frein": str(self.obstacle_id or ""),
        }
        if self.territory:
            found[self.territory.level] = self.territory.code
        return {name: value for name, value in found.items() if value}

    @classmethod
    def launch(cls, by: Person, **said: Any) -> Call:
        """Open a call; pressing the button twice opens one."""
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=by.pk)
            recent = cls.objects.filter(opened_by=by, opened_at__gte=timezone.now() - A_DOUBLE_CLICK, closed_at=None)
            known = recent.filter(title=said["title"], question=said["question"], territory=said["territory"]).first()
            if known:
                return known
            call = cls(opened_by=by, slug=_free_slug(said["title"]), **said)
            call.save()
            passages.renew("appel")
        return call

    def change(self, **said: Any) -> None:
        with transaction.atomic():
            Call.objects.filter(pk=self.pk).update(**said)
            passages.renew("appel")

    def close(self) -> None:
        with transaction.atomic():
            if not Call.objects.open().filter(pk=self.pk).update(closed_at=timezone.now()):
                raise Refused("Cet appel est déjà clos.")
            passages.renew("appel")

    def reopen(self) -> None:
        """Open again; a last day that is over is forgotten, and may be given anew."""
        with transaction.atomic():
            if not Call.objects.closed().filter(pk=self.pk).update(closed_at=None):
                raise Refused("Cet appel est déjà ouvert.")
            Call.objects.filter(pk=self.pk, closes_on__lt=timezone.localdate()).update(closes_on=None)
            passages.renew("appel")

    def answer_with(self, initiative: Initiative) -> CallAnswer:
        """Attach a sheet; attaching it twice is attaching it once. Refused once the call is closed."""
        with transaction.atomic():
            if not Call.objects.open().select_for_update().filter(pk=self.pk).exists():
                raise Refused("Cet appel est clos : il n’attend plus de réponse.")
            answer, _ = CallAnswer.objects.get_or_create(call=self, initiative=initiative)
        return answer


def _free_slug(title: str) -> str:
    base = (slug_of(title) or "appel")[:80].strip("-")
    slug, n = base, 1
    while slug in RESERVED or Call.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


class CallAnswerQuerySet(models.QuerySet["CallAnswer"]):
    def public(self) -> Self:
        """What anyone reads: the answers whose sheet is in the catalogue now."""
        return self.filter(initiative__in=Initiative.objects.published())

    def pending(self) -> Self:
        """Not published, and still on the way: told to whoever opened the call as a number."""
        return self.exclude(initiative__in=Initiative.objects.published()).exclude(
            Q(initiative__status__in=GONE) | Q(initiative__masked_at__isnull=False)
        )

    def written_by(self, someone: Someone) -> Self:
        return self.filter(initiative__in=Initiative.objects.editable_by(someone))

    def untold(self) -> Self:
        return self.public().filter(told_at=None)


class CallAnswer(models.Model):
    """A sheet told in answer to a call; the public reads it once the sheet is published."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="answers")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="call_answers")
    answered_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField("annoncée à qui a lancé l’appel", null=True, blank=True)

    objects = CallAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à un appel"
        verbose_name_plural = "réponses à un appel"
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "initiative"],
                name="answer_once_a_call",
                violation_error_message="Cette fiche répond déjà à cet appel.",
            )
        ]
