"""What the catalogue's search keeps, in five tables that `initiatives.search` alone writes (decision 0010)."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from initiatives.models.sheet import Initiative


class Entry(models.Model):
    """A published sheet, as the search knows it: written when it is published, removed when it leaves.

    `doc` is its number in every posting: a new one each time it is published or verified, never given twice, so that
    the most recent first is the order of numbers read backwards. Sheets nobody has verified have the small numbers.
    `terms` are facet words such as `methode:travail-social-de-groupe`, `departement:62`, `levier:3`. `said` is three
    lines of normal forms (title, what it is filed under, what it tells) with a space on each side of each word.
    """

    initiative: "models.OneToOneField[Initiative, Initiative]" = models.OneToOneField(
        "initiatives.Initiative", on_delete=models.CASCADE, primary_key=True
    )
    doc = models.PositiveIntegerField(unique=True)
    terms = ArrayField(models.CharField(max_length=160))
    said = models.TextField()
    card = models.JSONField()
    """What a card shows, so that a page of results reads twenty rows of one table."""
    verified_on = models.DateField(null=True)
    title_key = models.CharField(max_length=160)

    class Meta:
        verbose_name = "entrée du catalogue"

    def says_as(self, other: "Entry") -> bool:
        """Whether two entries of one sheet say the same, whatever their numbers."""
        said = ("terms", "said", "card", "verified_on", "title_key")
        return all(getattr(self, name) == getattr(other, name) for name in said)


class Catalogue(models.Model):
    """The one row every publication holds until its end, so that versions come in the order of commits."""

    one = models.BooleanField(primary_key=True, default=True)
    version = models.BigIntegerField(default=0)
    merged = models.BigIntegerField(default=0)
    """The version up to which changes are part of the postings."""
    last_doc = models.PositiveIntegerField(default=0)
    synonyms = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "état du catalogue"
        constraints = [models.CheckConstraint(condition=Q(one=True), name="catalogue_one_row")]


class Posting(models.Model):
    """The sheets that have a term, as a serialized roaring bitmap of their numbers.

    `w:partag` in any text, `h:…` in the title or what it is filed under, `t:…` in the title; facet words as they are;
    `all` is every sheet of the catalogue, by which every result is cut.
    """

    term = models.CharField(max_length=200, primary_key=True)
    facet = models.BooleanField()
    """Counted on the page, and kept by each process until the catalogue changes."""
    docs = models.BinaryField()

    class Meta:
        verbose_name = "liste d’un terme"
        indexes = [models.Index(fields=["term"], condition=Q(facet=True), name="posting_facets")]


class PostingChange(models.Model):
    """A sheet that gains or loses a term, not yet merged into its posting. Only ever inserted, then merged away."""

    version = models.BigIntegerField()
    term = models.CharField(max_length=200)
    doc = models.PositiveIntegerField()
    added = models.BooleanField()
    facet = models.BooleanField()

    class Meta:
        verbose_name = "changement à réunir"
        indexes = [
            models.Index(fields=["term"], name="change_term"),
            models.Index(fields=["version"], condition=Q(facet=True), name="change_facets"),
        ]


class Word(models.Model):
    """A word of the published sheets, to forgive a typo: its key without accents, and how it is written.

    `deletions` are its first letters with one or two less, as CRC-32: two words a typo apart share one.
    A word outlives its last sheet until the night; it is offered only when it finds something.
    """

    key = models.CharField(max_length=40, primary_key=True)
    text = models.CharField(max_length=40)
    deletions = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = "mot du catalogue"
        indexes = [GinIndex(fields=["deletions"], name="word_deletions")]

    def __str__(self) -> str:
        return self.text
