"""The repeated rows of a version."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models

from initiatives.models.choices import Kin, LinkKind
from initiatives.models.version import Version


class VersionRow(models.Model):
    """A repeated row of a version. Subclasses, in any room, are copied with the version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="%(class)s_rows")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    @classmethod
    def kinds(cls) -> list[Any]:
        return [kind for kind in cls.__subclasses__() if not kind._meta.abstract]

    def copied_to(self, version: Version) -> Self:
        fields = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if not field.primary_key and field.name != "version"
        }
        return type(self)(**fields, version=version)


class ObstacleMet(VersionRow):
    """What got in the way, and how it was lifted when it was."""

    obstacle = models.ForeignKey("initiatives.Obstacle", on_delete=models.PROTECT, related_name="met")
    text = models.TextField("ce qui a coincé", validators=[MaxLengthValidator(2000)])
    lifted = models.TextField("comment on s’en est sorti", blank=True, validators=[MaxLengthValidator(2000)])

    class Meta(VersionRow.Meta):
        verbose_name = "frein rencontré"
        verbose_name_plural = "freins rencontrés"


class Partner(VersionRow):
    name = models.CharField("partenaire", max_length=200)
    role = models.CharField("rôle", max_length=300, blank=True)

    class Meta(VersionRow.Meta):
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"


class TimeShare(VersionRow):
    """Hours a month given by one role."""

    role = models.CharField("fonction", max_length=120)
    hours_a_month = models.DecimalField("heures par mois", max_digits=5, decimal_places=1)

    class Meta(VersionRow.Meta):
        verbose_name = "temps par fonction"
        verbose_name_plural = "temps par fonction"


class Source(VersionRow):
    """A public page or document the sheet rests on."""

    title = models.CharField("titre", max_length=300)
    url = models.URLField("adresse", max_length=600, blank=True)
    date = models.CharField("date", max_length=40, blank=True)

    class Meta(VersionRow.Meta):
        verbose_name = "source"
        verbose_name_plural = "sources"


class Milestone(VersionRow):
    """A dated step of the action."""

    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(1900), MaxValueValidator(2100)])
    month = models.PositiveSmallIntegerField(
        "mois", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    text = models.CharField("ce qui s’est passé", max_length=500)

    class Meta(VersionRow.Meta):
        verbose_name = "étape"
        verbose_name_plural = "étapes"


class Voice(VersionRow):
    """Words of a person concerned, who agreed; who speaks is said without a name (« une participante »)."""

    text = models.TextField("parole", validators=[MaxLengthValidator(1000)])
    speaker = models.CharField("qui parle, sans nom", max_length=120)
    agreed = models.BooleanField("la personne est d’accord", default=False)

    class Meta(VersionRow.Meta):
        verbose_name = "parole"
        verbose_name_plural = "paroles"


class WebLink(VersionRow):
    """A film, a sound or a page elsewhere, never embedded, with what it says for who can't see or hear it."""

    kind = models.CharField("sorte", max_length=4, choices=LinkKind)
    title = models.CharField("titre", max_length=200)
    url = models.URLField("adresse", max_length=600)
    transcript = models.TextField("transcription ou résumé", validators=[MaxLengthValidator(20_000)])

    class Meta(VersionRow.Meta):
        verbose_name = "lien"
        verbose_name_plural = "films, sons et pages"


class Kinship(VersionRow):
    """What ties this sheet to another."""

    kind = models.CharField("lien", max_length=8, choices=Kin)
    other = models.ForeignKey(
        "initiatives.Initiative", on_delete=models.CASCADE, related_name="kinship_of", verbose_name="autre initiative"
    )

    class Meta(VersionRow.Meta):
        verbose_name = "parenté"
        verbose_name_plural = "parentés"


class NameKept(VersionRow):
    """A name the anonymity assistant would remove, kept with the reason the coordination reads."""

    text = models.CharField("nom gardé", max_length=200)
    reason = models.CharField("raison", max_length=300)

    class Meta(VersionRow.Meta):
        verbose_name = "nom gardé"
        verbose_name_plural = "noms gardés"
