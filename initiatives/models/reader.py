"""What a reader sends about a published sheet: a report, a correction, a message to its team. No account is needed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import Person
from initiatives.models.review import Case
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version


class Report(models.Model):
    """What was said about a page, and the case it opened. `sender` is a keyed hash of an address, kept a few days."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "je me reconnais, ou une donnée personnelle est visible"
        CORRECTION = "correction", "une correction"
        OTHER = "other", "un autre problème"

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

    class Meta:
        verbose_name = "signalement"
        ordering = ["-at"]
        indexes = [models.Index(fields=["sender", "-at"], name="report_sender")]


class Inquiry(models.Model):
    """A message to a team, relayed: the writer gives an address to be answered, the team's stays hidden."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="inquiries")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse", max_length=254)
    text = models.TextField("message")
    sender = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "message relayé"
        ordering = ["-at"]
        indexes = [models.Index(fields=["sender", "-at"], name="inquiry_sender")]
