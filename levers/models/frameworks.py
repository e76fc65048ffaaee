"""Frameworks, their levers and proposals, and an editorial reading from one to another."""

from __future__ import annotations

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from guide import passages

DAGBERT = "dagbert-2015"


class Framework(models.Model):
    """A text that names levers: the Dagbert report first; Dubasque's six levers are another, never merged with it."""

    slug = models.SlugField(primary_key=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=60)
    source = models.TextField()
    year = models.CharField(max_length=20, blank=True)
    notice = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "référentiel"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class LeverQuerySet(models.QuerySet["Lever"]):
    def of_dagbert(self) -> Self:
        return self.filter(framework=DAGBERT)


class Lever(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levers")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=250)
    short = models.CharField("nom court", max_length=40)
    description = models.TextField()
    figures = models.CharField("chiffres cités", max_length=200, blank=True)

    objects = LeverQuerySet.as_manager()

    class Meta:
        verbose_name = "levier"
        ordering = ["framework", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="lever_once")]

    def __str__(self) -> str:
        return f"{self.number} · {self.short}"

    def get_absolute_url(self) -> str:
        if self.framework_id == DAGBERT:
            return reverse("levers:lever", args=[self.number])
        return reverse("levers:framework_lever", args=[self.framework_id, self.number])


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def standing(self) -> Self:
        """Those one counts and supports: not those an official list did without."""
        return self.exclude(official_status=Proposal.Official.REPLACED)


class Proposal(models.Model):
    """One of the 24 rows of the Dagbert synthesis. The number is ours and stays its address for ever.

    What comes from the synthesis is loaded from a file; what an official list says, once one is found, is written on
    line by an editor and no deploy touches it.
    """

    class Status(models.TextChoices):
        STATED = "stated", "énoncée par la synthèse"
        ISOLATED = "isolated", "isolée d’une proposition composée (découpage éditorial)"

    class Official(models.TextChoices):
        UNKNOWN = "", "aucune liste officielle retrouvée"
        LISTED = "listed", "reprise de la liste officielle"
        REPLACED = "replaced", "remplacée : la liste officielle ne la porte pas ainsi"

    number = models.PositiveSmallIntegerField("numéro", primary_key=True)
    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField("statut", max_length=10, choices=Status)
    short_title = models.CharField("titre court", max_length=120)
    wording = models.TextField("formulation de la source")
    bullet = models.PositiveSmallIntegerField("puce de la synthèse")
    bullet_part = models.CharField(max_length=40, blank=True)
    explanation = models.TextField("explication")
    reasoning = models.TextField("pourquoi nous l’isolons", blank=True)
    confidence = models.CharField("confiance", max_length=10, blank=True)
    fiches = models.ManyToManyField("guide.Fiche", related_name="proposals", blank=True)

    official_status = models.CharField("dans la liste officielle", max_length=10, choices=Official, blank=True)
    official_number = models.CharField("numéro officiel", max_length=10, blank=True)
    official_wording = models.TextField("formulation officielle", blank=True)
    official_source = models.CharField("où la liste se trouve", max_length=300, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces",
        verbose_name="à lire à la place",
    )  # fmt: skip
    history = models.TextField("ce que cette page disait avant", blank=True)
    edited_at = models.DateTimeField("modifiée le", null=True, blank=True)
    edited_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(official_status="", official_number="", official_wording="") | ~Q(official_source=""),
                name="official_has_source",
                violation_error_message="Dites où se trouve la liste officielle : rien n’est dit officiel sans source.",
            ),
            models.CheckConstraint(
                condition=~Q(official_status="listed") | ~Q(official_wording=""),
                name="listed_has_wording",
                violation_error_message="Recopiez la formulation de la liste officielle.",
            ),
            models.CheckConstraint(
                condition=Q(official_status="") | ~Q(history=""),
                name="official_keeps_history",
                violation_error_message="Dites en une phrase ce que cette page disait avant.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.short_title}"

    def get_absolute_url(self) -> str:
        return reverse("levers:proposal", args=[self.number])

    @property
    def is_replaced(self) -> bool:
        return self.official_status == self.Official.REPLACED

    def before(self) -> str:
        """The sentence that says what the page showed until an official list was found, as it may be kept."""
        return (
            f"Avant que la liste officielle ne soit retrouvée, cette page portait « {self.wording} », "
            f"{self.get_status_display()}, sous le numéro {self.number}, qui était le nôtre."
        )

    def take_official(self, by: Person, **official: Any) -> None:
        """Write what an official list says of this row. Its address and what supports it stay."""
        with transaction.atomic():
            for name in ("official_status", "official_number", "official_wording", "official_source", "history"):
                setattr(self, name, official[name])
            self.replaced_by = official["replaced_by"]
            self.edited_at, self.edited_by = timezone.now(), by
            self.save()
            passages.renew("proposition")


class Crosswalk(models.Model):
    """An editorial reading: this lever of one framework meets that lever of another."""

    lever = models.ForeignKey(Lever, on_delete=models.CASCADE, related_name="crosswalks")
    meets = models.ForeignKey(Lever, on_delete=models.CASCADE, related_name="met_by")
    proposals = models.ManyToManyField(Proposal, blank=True)
    strength = models.CharField(max_length=10)
    reason = models.TextField()

    class Meta:
        verbose_name = "rapprochement"
