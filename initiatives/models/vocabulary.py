"""Words a sheet is filed under. Codes are those of data·inclusion where they exist, ours elsewhere."""

from django.db import models
from django.urls import reverse


class Vocabulary(models.Model):
    code = models.SlugField(max_length=100, unique=True)
    label = models.CharField(max_length=120)
    data_inclusion = models.CharField("code data·inclusion", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class Public(Vocabulary):
    class Meta(Vocabulary.Meta):
        verbose_name = "public"


class Theme(Vocabulary):
    class Meta(Vocabulary.Meta):
        verbose_name = "thème"


class Obstacle(models.Model):
    """One of the six families of obstacles of the Dagbert synthesis, or « pratique », which is ours."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    code = models.SlugField(max_length=100, unique=True)
    label = models.CharField(max_length=60)
    wording = models.TextField("formulation")
    explanation = models.TextField("explication")
    source = models.CharField(max_length=80, blank=True)
    answering_levers = models.JSONField("leviers qui y répondent", default=list)

    class Meta:
        verbose_name = "frein"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("levers:obstacle", args=[self.number])
