from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self) -> Self:
        """Not sent, not given up, due, and held by no living sender."""
        now = timezone.now()
        return self.filter(sent_at=None, given_up_at=None, due_at__lte=now).filter(
            models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        )


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
