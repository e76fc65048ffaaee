"""What an initiative supports: frameworks, their levers and proposals, and the mappings with their proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative, Version, VersionRow

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


class Proposal(models.Model):
    """One of the 24 rows of the Dagbert synthesis. The number is ours and stays its address for ever."""

    class Status(models.TextChoices):
        STATED = "stated", "énoncée par la synthèse"
        ISOLATED = "isolated", "isolée d’une proposition composée (découpage éditorial)"

    number = models.PositiveSmallIntegerField("numéro", primary_key=True)
    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField("statut", max_length=10, choices=Status)
    official_number = models.CharField("numéro officiel", max_length=10, blank=True)
    short_title = models.CharField("titre court", max_length=120)
    wording = models.TextField("formulation de la source")
    bullet = models.PositiveSmallIntegerField("puce de la synthèse")
    bullet_part = models.CharField(max_length=40, blank=True)
    explanation = models.TextField("explication")
    reasoning = models.TextField("pourquoi nous l’isolons", blank=True)
    confidence = models.CharField("confiance", max_length=10, blank=True)
    fiches = models.ManyToManyField("guide.Fiche", related_name="proposals", blank=True)

    class Meta:
        verbose_name = "proposition"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.short_title}"

    def get_absolute_url(self) -> str:
        return reverse("levers:proposal", args=[self.number])


class Crosswalk(models.Model):
    """An editorial reading: this lever of one framework meets that lever of another."""

    lever = models.ForeignKey(Lever, on_delete=models.CASCADE, related_name="crosswalks")
    meets = models.ForeignKey(Lever, on_delete=models.CASCADE, related_name="met_by")
    proposals = models.ManyToManyField(Proposal, blank=True)
    strength = models.CharField(max_length=10)
    reason = models.TextField()

    class Meta:
        verbose_name = "rapprochement"


class MappingQuerySet(models.QuerySet["Mapping"]):
    def settled(self) -> Self:
        return self.filter(status=Mapping.Status.VALIDATED)

    def supporting(self) -> Self:
        """Settled mappings that count as support: a counter-example doesn't."""
        return self.settled().exclude(strength=Mapping.Strength.COUNTER_EXAMPLE)

    def public(self) -> Self:
        """Of versions the public reads now, in the catalogue."""
        return self.filter(version__public_of__in=Initiative.objects.published())


class Mapping(VersionRow):
    """« This initiative supports this proposal », with its sentence of proof."""

    class Origin(models.TextChoices):
        AUTHOR = "author", "proposé par l’équipe"
        COORDINATOR = "coordinator", "ajouté à la relecture"
        EDITORIAL = "editorial", "lecture éditoriale d’une source publique"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "proposé"
        VALIDATED = "validated", "retenu"
        REJECTED = "rejected", "écarté"

    class Strength(models.TextChoices):
        DIRECT = "direct", "direct"
        INDIRECT = "indirect", "indirect"
        COUNTER_EXAMPLE = "counter_example", "contre-exemple"

    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, related_name="mappings")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="mappings")
    sentence = models.TextField("phrase de preuve", validators=[MaxLengthValidator(400)])
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.AUTHOR)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    strength = models.CharField(max_length=16, choices=Strength, default=Strength.DIRECT)

    objects = MappingQuerySet.as_manager()

    class Meta(VersionRow.Meta):
        verbose_name = "appui"
        verbose_name_plural = "appuis"
        ordering = ["lever__number", "proposal", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "lever", "proposal"],
                name="mapping_once",
                nulls_distinct=False,
                violation_error_message="Cet appui est déjà indiqué.",
            )
        ]


def lever_terms(version: Version) -> Iterable[str]:
    """Facet words of the levers and proposals a version supports (Dagbert's levers by their number)."""
    for mapping in Mapping.objects.supporting().filter(version=version).select_related("lever"):
        if mapping.lever.framework_id == DAGBERT:
            yield f"levier:{mapping.lever.number}"
        if mapping.proposal_id:
            yield f"proposition:{mapping.proposal_id}"


class CallQuerySet(models.QuerySet["Call"]):
    def open(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(closes_on=None) | Q(closes_on__gte=day), closed_at=None)


class Call(models.Model):
    """A call for initiatives: what the country doesn't know yet, asked of whoever did it."""

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField("titre", max_length=120)
    question = models.TextField("ce que nous cherchons", validators=[MaxLengthValidator(2000)])
    lever = models.ForeignKey(Lever, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    method = models.ForeignKey("guide.Method", on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
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


class CallAnswer(models.Model):
    """A sheet told in answer to a call; the public reads it once the sheet is published."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="answers")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="call_answers")
    answered_at = models.DateTimeField(default=timezone.now)

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


class NoteQuerySet(models.QuerySet["Note"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class Note(models.Model):
    """A transversal note: an editor's article on what several sheets show together, citing at least three of them.

    The text cites a sheet by `[[slug]]`; `sheets` are those cited, found again at each saving.
    """

    LEAST_SHEETS = 3

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField("titre", max_length=120)
    summary = models.CharField("en une phrase", max_length=300)
    body = models.TextField("texte (Markdown)")
    levers = models.ManyToManyField(Lever, related_name="notes", blank=True, verbose_name="leviers")
    fiches = models.ManyToManyField("guide.Fiche", related_name="notes", blank=True, verbose_name="fiches du guide")
    themes = models.ManyToManyField("initiatives.Theme", related_name="notes", blank=True, verbose_name="thèmes")
    sheets = models.ManyToManyField(Initiative, related_name="notes", blank=True, verbose_name="initiatives citées")
    written_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    touched_at = models.DateTimeField("modifiée le", default=timezone.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note transversale"
        verbose_name_plural = "notes transversales"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("levers:note", args=[self.slug])
