from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Method(models.Model):
    code = models.CharField(max_length=80, primary_key=True)


class Theme(models.Model):
    code = models.CharField(max_length=80, primary_key=True)


class Public(models.Model):
    code = models.CharField(max_length=80, primary_key=True)


class Lever(models.Model):
    code = models.CharField(max_length=80, primary_key=True)


class Tag(models.Model):
    code = models.CharField(max_length=160, primary_key=True)


class Sheet(models.Model):
    slug = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    place = models.CharField(max_length=200)
    year = models.IntegerField(null=True, db_index=True)
    departement = models.CharField(max_length=5, db_index=True)
    region = models.CharField(max_length=5, db_index=True)
    methode = models.ManyToManyField(Method)
    theme = models.ManyToManyField(Theme)
    public = models.ManyToManyField(Public)
    levier = models.ManyToManyField(Lever)
    etiquette = models.ManyToManyField(Tag)
    vector = SearchVectorField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="textbook_vector")]
