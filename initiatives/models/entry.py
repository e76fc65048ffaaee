from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Entry(models.Model):
    """What the catalogue's search knows of a sheet: written when it is published, removed when it leaves.

    `terms` are facet words such as `methode:travail-social-de-groupe`, `departement:62`, `levier:3`.
    """

    initiative = models.OneToOneField("initiatives.Initiative", on_delete=models.CASCADE, primary_key=True)
    vector = SearchVectorField()
    terms = ArrayField(models.CharField(max_length=160))
    verified_on = models.DateField(null=True)
    title_key = models.CharField(max_length=160)

    class Meta:
        verbose_name = "entrée du catalogue"
        indexes = [
            GinIndex(fields=["vector"], name="entry_vector", fastupdate=False),
            GinIndex(fields=["terms"], name="entry_terms", fastupdate=False),
            models.Index(fields=["-verified_on", "-initiative"], name="entry_recent"),
        ]
