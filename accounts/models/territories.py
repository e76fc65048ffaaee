from __future__ import annotations

from typing import Self

from django.db import models


class Level(models.TextChoices):
    NATION = "nation", "France"
    REGION = "region", "région"
    DEPARTEMENT = "departement", "département"
    EPCI = "epci", "intercommunalité"
    COMMUNE = "commune", "commune"


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def communes(self) -> Self:
        return self.filter(level=Level.COMMUNE)

    def epcis(self) -> Self:
        return self.filter(level=Level.EPCI)

    def departements(self) -> Self:
        return self.filter(level=Level.DEPARTEMENT)

    def regions(self) -> Self:
        return self.filter(level=Level.REGION)

    def on_map(self) -> Self:
        """The 101 départements of the hexagonal map."""
        return self.departements().filter(column__isnull=False)

    def named_like(self, text: str) -> Self:
        """Those whose name begins as typed (accents, case and hyphens don't matter) or that own this postal code."""
        from accounts.territories import key_of

        text = text.strip()[:80]
        if not text:
            return self.none()
        if text[:5].isdigit() and len(text) >= 5:
            return self.filter(postal_codes__contains=[text[:5]])
        key = key_of(text)
        return self.filter(key__startswith=key) if key else self.none()


class Territory(models.Model):
    """A place of the official geographic code (COG): commune, EPCI, département, région or the whole country.

    `departement`, `region` and `epci` point upwards and include oneself at one's own level, so that a place of any
    level answers the same questions.
    """

    level = models.CharField("niveau", max_length=12, choices=Level)
    code = models.CharField("code officiel", max_length=12)
    name = models.CharField("nom", max_length=120)
    key = models.CharField("clé de recherche", max_length=120)
    departement = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    epci = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    population = models.PositiveIntegerField("population municipale", null=True)
    postal_codes = models.JSONField("codes postaux", default=list)
    column = models.SmallIntegerField("colonne sur la carte", null=True)
    row = models.SmallIntegerField("rang sur la carte", null=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_once")]
        indexes = [
            models.Index(fields=["key"], name="territory_key", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """« Lens (62) », « Pas-de-Calais (62) », « Hauts-de-France »."""
        if self.level in (Level.COMMUNE, Level.DEPARTEMENT):
            return f"{self.name} ({self.departement_code})"
        return self.name

    @property
    def departement_code(self) -> str:
        if self.level == Level.DEPARTEMENT:
            return self.code
        if self.level == Level.COMMUNE:
            return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]
        return ""
