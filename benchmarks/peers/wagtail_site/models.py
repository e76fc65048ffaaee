from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Page
from wagtail.search import index


class Coded(models.Model):
    code = models.CharField(max_length=160, unique=True)

    class Meta:
        abstract = True


class Method(Coded):
    pass


class Theme(Coded):
    pass


class Public(Coded):
    pass


class Lever(Coded):
    pass


class SheetPage(Page):
    summary = models.TextField()
    body = models.TextField()
    filed = models.TextField()
    place = models.CharField(max_length=200)
    year = models.IntegerField(null=True, db_index=True)
    departement = models.CharField(max_length=5, db_index=True)
    region = models.CharField(max_length=5, db_index=True)
    methode = ParentalManyToManyField(Method)
    theme = ParentalManyToManyField(Theme)
    public = ParentalManyToManyField(Public)
    levier = ParentalManyToManyField(Lever)

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("filed"),
        index.FilterField("year"),
        index.FilterField("departement"),
        index.FilterField("region"),
        index.FilterField("methode"),
        index.FilterField("theme"),
        index.FilterField("public"),
        index.FilterField("levier"),
        *(index.RelatedFields(name, [index.FilterField("code")]) for name in ("methode", "theme", "public", "levier")),
    ]
