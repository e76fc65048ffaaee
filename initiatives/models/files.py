"""Images and documents of a sheet: a file is stored once and never changes; rows of versions show it."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.rights import Someone
from initiatives.models.choices import Agreed
from initiatives.models.opinion import Opinion
from initiatives.models.review import Case
from initiatives.models.rows import VersionRow
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version
from initiatives.workflow import SheetStatus

# In the storage: `fichiers/<token>/480.webp`, `fichiers/<token>/document.pdf`, `fichiers/<token>/texte.txt`.
FOLDER, DOCUMENT, TEXT = "fichiers", "document.pdf", "texte.txt"


def _shown(versions: models.QuerySet[Any]) -> Q:
    """A row of these versions shows it."""
    pictures = Picture.objects.filter(upload=OuterRef("pk"), version__in=versions.values("pk"))
    attachments = Attachment.objects.filter(upload=OuterRef("pk"), version__in=versions.values("pk"))
    return Q(Exists(pictures)) | Q(Exists(attachments))


class UploadQuerySet(models.QuerySet["Upload"]):
    def shown_by(self, versions: models.QuerySet[Any]) -> Self:
        """Those a row of these versions shows."""
        return self.filter(_shown(versions))

    def readable_by(self, someone: Someone) -> Self:
        """What anyone reads on a sheet, one's own files, and those sent to the coordination or to an expert asked.

        `is_public` says which anyone may read. What was withdrawn is read by nobody.
        """
        public = _shown(Version.objects.filter(public_of__in=Initiative.objects.readable()))
        found = self.exclude(initiative__status=SheetStatus.WITHDRAWN)
        found = found.annotate(is_public=models.ExpressionWrapper(public, models.BooleanField()))
        if not isinstance(someone, Person):
            return found.filter(is_public=True)
        asked = Opinion.objects.asked_of(someone)
        cases = Case.objects.filter(Q(pk__in=Case.objects.moderable_by(someone)) | Q(pk__in=asked.values("case")))
        sent = Version.objects.filter(frozen_at__isnull=False, initiative__in=cases.values("initiative"))
        own = Q(initiative__in=Initiative.objects.editable_by(someone))
        return found.filter(Q(is_public=True) | own | _shown(sent))

    def to_describe(self, version: Version) -> Self:
        """Received for the version being written, which doesn't show them yet."""
        return self.filter(initiative=version.initiative_id, at__gte=version.created_at).exclude(
            _shown(Version.objects.filter(pk=version.pk))
        )

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

    def get_absolute_url(self) -> str:
        return self.address(self.served[-1])

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.token}"

    @property
    def served(self) -> list[str]:
        """The names under which it may be asked for."""
        if self.kind == self.Kind.DOCUMENT:
            return [DOCUMENT]
        return [f"{width}.{kind}" for width in self.widths for kind in ("webp", "jpg")]

    def address(self, name: str) -> str:
        return reverse("file", args=[self.token, name])

    @property
    def small(self) -> str:
        return self.address(f"{self.widths[0]}.jpg")

    @property
    def webp(self) -> str:
        """The widths at which it exists, as `srcset` says them."""
        return ", ".join(f"{self.address(f'{width}.webp')} {width}w" for width in self.widths)

    @property
    def jpeg(self) -> str:
        return ", ".join(f"{self.address(f'{width}.jpg')} {width}w" for width in self.widths)

    @property
    def weight(self) -> str:
        """« 340 ko », « 1,2 Mo »."""
        if self.size < 1_000_000:
            return f"{max(1, round(self.size / 1000))}\u00a0ko"
        return f"{self.size / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"


class WithItsFile(models.Manager[Any]):
    """A row is never shown without its file: both come in one query."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().select_related("upload")


class Picture(VersionRow):
    """An image of a version. It has an alternative text, or is said to add nothing."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="pictures", verbose_name="fichier")
    alternative = models.CharField("texte de remplacement", max_length=300, blank=True)
    decorative = models.BooleanField("n’apporte pas d’information", default=False)
    caption = models.CharField("légende", max_length=300, blank=True)
    credit = models.CharField("crédit", max_length=200)
    agreed = models.CharField("accord", max_length=10, choices=Agreed)

    objects = WithItsFile()

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

    objects = WithItsFile()

    class Meta(VersionRow.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"
