"""Being told what is new in a search of the catalogue, by letter, until one says stop."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Self

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.senders import one_at_a_time
from initiatives.workflow import Refused

UNCONFIRMED_DAYS = 7
STOPPED_DAYS = 30  # so that an old link still says that it is stopped
MOST_ALERTS = 20  # of one person, or of one address
MAX_QUERY = 2000
ASKED_A_DAY = 20  # from one place
LETTERS_A_DAY = 3  # that ask one address to confirm
DAY = timedelta(days=1)
TOO_MANY_ALERTS = f"{MOST_ALERTS} alertes vous écrivent déjà : arrêtez-en une d’abord."

_signer = Signer(salt="initiatives.alert", sep=".")


class TooManyAlerts(Refused):
    """Too many are asked from one place today."""


class AlertQuerySet(models.QuerySet["Alert"]):
    def behind(self, token: str) -> Self:
        """The one a link speaks of: whoever has its letters may change or stop it. The link doesn't expire."""
        try:
            return self.filter(key=_signer.unsign(token))
        except BadSignature:
            return self.none()

    def running(self) -> Self:
        return self.filter(stopped_at=None, confirmed_at__isnull=False)

    def of_person(self, person: Person) -> Self:
        """Those asked with the account, and those asked without it for one of its confirmed addresses."""
        return self.filter(Q(person=person) | Q(email__in=confirmed_addresses(person), email__gt=""))

    def over(self, now: datetime) -> Self:
        """Never confirmed, or stopped for a while."""
        never = Q(confirmed_at=None, asked_at__lt=now - timedelta(days=UNCONFIRMED_DAYS))
        return self.filter(never | Q(stopped_at__lt=now - timedelta(days=STOPPED_DAYS)))


class Alert(models.Model):
    """One search, one reader, one rhythm. Days before `told_before` were told; the next letter begins with that day.

    `query` is the question as the catalogue writes it in an address, `words` as it was read by who asked; `sender` is a
    keyed hash of the address it was asked from, kept a few days.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", "chaque semaine, le lundi"
        MONTHLY = "monthly", "chaque mois, le premier jour"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts")
    email = models.EmailField("adresse", max_length=254, blank=True)
    query = models.CharField("recherche", max_length=MAX_QUERY, blank=True)
    words = models.CharField("recherche en mots", max_length=300, blank=True)
    rhythm = models.CharField("rythme", max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    key = models.CharField(max_length=32, unique=True)
    sender = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    stopped_at = models.DateTimeField("arrêtée le", null=True, blank=True)
    told_before = models.DateField("nouveautés dites jusqu’au", default=timezone.localdate)
    last_sent_at = models.DateTimeField("dernière lettre le", null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, email__gt="") | Q(person__isnull=False, email=""), name="alert_has_one_reader"
            ),
            models.UniqueConstraint(fields=["person", "query"], name="alert_once_a_person"),
            models.UniqueConstraint(fields=["email", "query"], condition=~Q(email=""), name="alert_once_an_address"),
        ]
        indexes = [
            models.Index(
                fields=["told_before"], condition=Q(stopped_at=None, confirmed_at__isnull=False), name="alert_to_tell"
            ),
            models.Index(fields=["sender", "-asked_at"], name="alert_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.words or 'Initiatives'} ({self.get_rhythm_display()})"

    @classmethod
    def start(cls, person: Person, *, query: str, words: str, rhythm: str) -> Alert:
        """With an account whose address is confirmed: it runs at once. The same search again is the same alert."""
        with transaction.atomic():
            Person.objects.select_for_update(no_key=True).get(pk=person.pk)
            mine = cls.objects.filter(person=person)
            if mine.running().exclude(query=query).count() >= MOST_ALERTS:
                raise Refused(TOO_MANY_ALERTS)
            found, _ = cls.objects.get_or_create(person=person, query=query, defaults={"key": new_key()})
            found.words, found.rhythm = words, rhythm
            found.save(update_fields=["words", "rhythm"])
            found.confirm()
            cls.objects.filter(email__in=confirmed_addresses(person), query=query).delete()  # one letter, not two
        return found

    @classmethod
    def ask(cls, email: str, *, query: str, words: str, rhythm: str, sender: str) -> Alert | None:
        """For an address nobody has confirmed yet: a letter is to ask it. None when it was asked enough today.

        What runs already doesn't change: who asks may be anyone.
        """
        now = timezone.now()
        today = cls.objects.filter(asked_at__gt=now - DAY)
        with transaction.atomic():
            one_at_a_time()
            if today.filter(sender=sender).count() >= ASKED_A_DAY:
                raise TooManyAlerts("Beaucoup d’alertes ont été demandées de votre adresse aujourd’hui : à demain.")
            if today.filter(email=email).exclude(query=query).count() >= LETTERS_A_DAY:
                return None
            found, is_new = cls.objects.get_or_create(
                email=email, query=query,
                defaults={"key": new_key(), "words": words, "rhythm": rhythm, "sender": sender, "asked_at": now},
            )  # fmt: skip
            if not is_new and not found.is_running:
                found.words, found.rhythm, found.sender, found.asked_at = words, rhythm, sender, now
                found.confirmed_at = found.stopped_at = None
                found.save()
        return found

    @property
    def is_running(self) -> bool:
        return self.confirmed_at is not None and self.stopped_at is None

    @property
    def token(self) -> str:
        return _signer.sign(self.key)

    @property
    def path(self) -> str:
        return reverse("alert", args=[self.token])

    @property
    def stop_path(self) -> str:
        return reverse("alert_stop", args=[self.token])

    def confirm(self) -> bool:
        """From today on. False when it ran already: a second press changes nothing."""
        now = timezone.now()
        if self.email and Alert.objects.running().filter(email=self.email).exclude(pk=self.pk).count() >= MOST_ALERTS:
            raise Refused(TOO_MANY_ALERTS)
        waiting = Alert.objects.filter(pk=self.pk).filter(Q(confirmed_at=None) | Q(stopped_at__isnull=False))
        today = timezone.localdate(now)
        done = waiting.update(confirmed_at=now, stopped_at=None, told_before=today)
        self.refresh_from_db()
        return bool(done)

    def stop(self) -> None:
        Alert.objects.filter(pk=self.pk, stopped_at=None).update(stopped_at=timezone.now())
        self.refresh_from_db()

    def choose(self, rhythm: str) -> None:
        Alert.objects.filter(pk=self.pk).update(rhythm=rhythm)
        self.rhythm = rhythm

    def due_until(self, on: date) -> date | None:
        """The day before which a letter of this day tells what is new; None when it isn't time."""
        until = on - timedelta(days=on.weekday()) if self.rhythm == self.Rhythm.WEEKLY else on.replace(day=1)
        return until if self.told_before < until else None


def new_key() -> str:
    return secrets.token_urlsafe(16)


def confirmed_addresses(person: Person) -> list[str]:
    """In small letters, as alerts keep them."""
    found = EmailAddress.objects.filter(user=person, verified=True)
    return [address.lower() for address in found.values_list("email", flat=True)]
