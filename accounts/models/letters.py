from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> Self:
        """Not sent, not given up, due, and held by no living sender."""
        now = timezone.now()
        return self.filter(sent_at=None, given_up_at=None, held=False, due_at__lte=now).filter(
            models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        )


class Topic(models.TextChoices):
    """What a person may ask to receive otherwise; a letter of no topic is always sent at once."""

    CASES = "cases", "les dossiers à relire sur mon territoire"
    REMINDERS = "reminders", "les rappels"
    THREAD = "thread", "les messages dans un dossier"
    CONTACT = "contact", "les messages relayés par mes fiches"
    FRESHNESS = "freshness", "une fois par an, des nouvelles de mes fiches"
    REUSE = "reuse", "les reprises : qui s’inspire de mes fiches, et où en sont les miennes"


class Rhythm(models.TextChoices):
    EACH = "each", "à chaque fois"
    WEEKLY = "weekly", "une fois par semaine, en un résumé"
    NEVER = "never", "jamais"


class LetterPreference(models.Model):
    """How a person wants the letters of one topic; without a row, each one at once."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="letter_preferences")
    topic = models.CharField("sujet", max_length=12, choices=Topic)
    rhythm = models.CharField("rythme", max_length=8, choices=Rhythm, default=Rhythm.EACH)

    class Meta:
        verbose_name = "choix de lettres"
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_rhythm_a_topic")]


class Letter(models.Model):
    """A letter to one person, written in the transaction of what it tells and sent by another process.

    `key` names what is told to whom, so that the same news is never written twice.
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(max_length=254)
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    topic = models.CharField("sujet", max_length=12, choices=Topic, blank=True)
    held = models.BooleanField("gardée pour le résumé de la semaine", default=False)
    message_id = models.CharField(max_length=120, unique=True)
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None, given_up_at=None), name="letter_to_send")
        ]

    def __str__(self) -> str:
        return self.subject
