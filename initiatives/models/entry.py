from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

if TYPE_CHECKING:
    from initiatives.models.sheet import Initiative


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_catalogue(self) -> Self:
        """Entries of sheets the catalogue may show now, whatever the index says: what is hidden can't come out."""
        from initiatives.models import Initiative

        return self.filter(initiative__in=Initiative.objects.published())


class Entry(models.Model):
    """What the catalogue's search knows of a sheet: written when it is published, removed when it leaves.

    `terms` are facet words such as `methode:travail-social-de-groupe`, `departement:62`, `levier:3`; `words` are those
    of its texts, kept so that the spelling forgets them with the sheet.
    """

    initiative: "models.OneToOneField[Initiative, Initiative]" = models.OneToOneField(
        "initiatives.Initiative", on_delete=models.CASCADE, primary_key=True
    )
    vector = SearchVectorField()
    terms = ArrayField(models.CharField(max_length=160))
    words = ArrayField(models.CharField(max_length=40), default=list)
    verified_on = models.DateField(null=True)
    title_key = models.CharField(max_length=160)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du catalogue"
        indexes = [
            GinIndex(fields=["vector"], name="entry_vector", fastupdate=False),
            GinIndex(fields=["terms"], name="entry_terms", fastupdate=False),
            models.Index(fields=["-verified_on", "-initiative"], name="entry_recent"),
        ]


class Word(models.Model):
    """A word of the published sheets, for forgiving a typo: its key without accents, and how it is written."""

    key = models.CharField(max_length=40, primary_key=True)
    text = models.CharField(max_length=40)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "mot du catalogue"
        indexes = [GistIndex(fields=["key"], name="word_near", opclasses=["gist_trgm_ops"])]

    def __str__(self) -> str:
        return self.text
