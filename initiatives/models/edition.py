"""A recueil fixed at a date, and the files made of it: PDF, EPUB, pages to carry away."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from guide.models import FicheVersion
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version

LEASE = timedelta(minutes=5)

_signer = Signer(salt="initiatives.edition", sep=".")


class EditionQuerySet(models.QuerySet["Edition"]):
    def led_to_by(self, token: str) -> Self:
        """The one a link leads to; none for a forged link."""
        try:
            return self.filter(key=_signer.unsign(token))
        except BadSignature:
            return self.none()


def new_key() -> str:
    return secrets.token_urlsafe(16)


class Edition(models.Model):
    """A selection as it was on one day, at a secret link: it points at versions, never copies them.

    It is filtered again at each reading: what isn't public any more is a line without words.
    """

    class Kind(models.TextChoices):
        BOOKLET = "booklet", "recueil"
        CASE_FOR = "case_for", "argumentaire"

    class Cover(models.TextChoices):
        HIVE = "hive", "Alvéoles"
        BAND = "band", "Bandeau de couleur"
        PLAIN = "plain", "Sobre, qui demande peu d’encre"

    class Paper(models.TextChoices):
        A4 = "a4", "A4"
        A5 = "a5", "A5, un petit livre"

    key = models.CharField(max_length=32, unique=True, default=new_key)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BOOKLET)
    title = models.CharField("titre", max_length=120)
    foreword = models.TextField("avant-propos", blank=True)
    addressee = models.CharField("à qui l’argumentaire s’adresse", max_length=120, blank=True)
    cover = models.CharField("couverture", max_length=6, choices=Cover, default=Cover.HIVE)
    paper = models.CharField("format", max_length=2, choices=Paper, default=Paper.A4)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="editions")
    sender = models.CharField(max_length=64, blank=True, help_text="keyed digest of the sender's address, for 7 days")
    made_at = models.DateTimeField("fixée le", default=timezone.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "recueil fixé"
        verbose_name_plural = "recueils fixés"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.token])

    @property
    def token(self) -> str:
        return _signer.sign(self.key)


class EditionItem(models.Model):
    """One chapter: a fiche at one of its versions, or a sheet at the version read that day."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("place")
    fiche_version = models.ForeignKey(FicheVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "chapitre d’un recueil fixé"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiche_version__isnull=False, initiative=None, version=None)
                | Q(fiche_version=None, initiative__isnull=False),
                name="edition_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["edition", "position"], name="edition_item_place"),
        ]


class Printing(models.Model):
    """A file asked for: made outside the request by another process, then kept. Without edition, it is the whole guide.

    `digest` says what it was made of: other words, another state of a sheet, are another printing. The one that makes
    it holds it until `leased_until`; past that, it was killed and another takes it again.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        EPUB = "epub", "EPUB"
        PAGES = "zip", "pages à lire sans réseau"

    class Status(models.TextChoices):
        WAITING = "waiting", "en attente"
        READY = "ready", "prêt"
        FAILED = "failed", "en échec"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, null=True, blank=True, related_name="printings")
    format = models.CharField(max_length=4, choices=Format)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    done = models.PositiveSmallIntegerField("chapitres composés", default=0)
    total = models.PositiveSmallIntegerField("chapitres", default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    made_at = models.DateTimeField("composé le", null=True, blank=True)
    size = models.PositiveIntegerField("octets", null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "tirage"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "format", "digest"], name="printing_once", nulls_distinct=False),
        ]
