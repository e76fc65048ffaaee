"""Images and documents of a sheet: a file is stored once and never changes; rows of versions show it."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from initiatives.models.choices import Agreed
from initiatives.models.rows import VersionRow
from initiatives.models.sheet import Initiative


class UploadQuerySet(models.QuerySet["Upload"]):
    def shown_by(self, versions: models.QuerySet[models.Model]) -> Self:
        """Those a row of these versions shows."""
        shown = Q(Exists(Picture.objects.filter(upload=OuterRef("pk"), version__in=versions)))
        return self.filter(shown | Q(Exists(Attachment.objects.filter(upload=OuterRef("pk"), version__in=versions))))

    def unused(self) -> Self:
        """In no version at all."""
        used = Q(Exists(Picture.objects.filter(upload=OuterRef("pk"))))
        return self.exclude(used | Q(Exists(Attachment.objects.filter(upload=OuterRef("pk")))))


class Upload(models.Model):
    """A file as it is kept: re-encoded (images) or checked (PDF), under a name of ours that says nothing.

    `digest` is the SHA-256 of what was sent, so that a second press of the button keeps one file; `widths` are the
    widths in pixels at which an image exists.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", "image"
        DOCUMENT = "document", "document"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField("sorte", max_length=8, choices=Kind)
    token = models.CharField(max_length=43, unique=True)
    digest = models.CharField(max_length=64)
    name = models.CharField("nom d’origine", max_length=200)
    size = models.PositiveIntegerField("taille en octets")
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    widths = models.JSONField("largeurs", default=list, blank=True)
    pages = models.PositiveSmallIntegerField("pages", null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        constraints = [models.UniqueConstraint(fields=["initiative", "digest"], name="file_once_a_sheet")]

    def __str__(self) -> str:
        return self.name


class Picture(VersionRow):
    """An image of a version. It has an alternative text, or is said to add nothing."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="pictures", verbose_name="fichier")
    alternative = models.CharField("texte de remplacement", max_length=300, blank=True)
    decorative = models.BooleanField("n’apporte pas d’information", default=False)
    caption = models.CharField("légende", max_length=300, blank=True)
    credit = models.CharField("crédit", max_length=200)
    agreed = models.CharField("accord", max_length=10, choices=Agreed)

    class Meta(VersionRow.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"
        constraints = [
            models.CheckConstraint(
                condition=Q(decorative=True) | ~Q(alternative=""),
                name="picture_has_an_alternative",
                violation_error_message="Décrivez l’image en une phrase, ou dites qu’elle n’apporte pas d’information.",
            )
        ]


class Attachment(VersionRow):
    """A PDF document joined to a version: a proof, a plan, a poster."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="attachments", verbose_name="fichier")
    title = models.CharField("titre", max_length=200)
    description = models.TextField("ce que dit le document", blank=True, validators=[MaxLengthValidator(2000)])
    credit = models.CharField("crédit", max_length=200)
    agreed = models.BooleanField("toutes les personnes nommées sont d’accord", default=False)

    class Meta(VersionRow.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"
