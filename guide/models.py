"""The guide: 26 fiches with their versions, methods of intervention, and the glossary."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Part(models.TextChoices):
    MARKS = "reperes", "Repères : sens, notions et cadre"
    METHODS = "methodes", "Méthodes d’intervention collective"
    PRACTICE = "mise-en-oeuvre", "Mettre en œuvre"


class FicheQuerySet(models.QuerySet["Fiche"]):
    def readable(self) -> Self:
        return self.filter(current__isnull=False).select_related("current")


class Fiche(models.Model):
    """One of the 26 sheets of the guide. Its number is ours and stays its address; its texts are versions."""

    number = models.PositiveSmallIntegerField("numéro", primary_key=True)
    slug = models.SlugField(max_length=100, unique=True)
    part = models.CharField("partie", max_length=20, choices=Part)
    methods = models.ManyToManyField("guide.Method", related_name="fiches", blank=True)
    see_also = models.ManyToManyField("self", symmetrical=False, blank=True)
    current = models.OneToOneField(
        "guide.FicheVersion", on_delete=models.PROTECT, null=True, related_name="current_of", editable=False
    )

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Fiche {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("guide:fiche", args=[self.number])

    @property
    def title(self) -> str:
        return self.current.title if self.current else str(self)


class FicheVersion(models.Model):
    """The text of a fiche at a date. Never changed once published: an assignment keeps the one it was given with."""

    class Origin(models.TextChoices):
        FILE = "file", "fichier du dépôt"
        EDITOR = "editor", "édition en ligne"

    class Status(models.TextChoices):
        PUBLISHED = "published", "publiée"
        PENDING = "pending", "proposée"
        DRAFT = "draft", "en cours d’écriture"
        SET_ASIDE = "set_aside", "écartée"

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    title = models.CharField("titre", max_length=120)
    title_status = models.CharField("état du titre", max_length=12, default="working")
    subject = models.CharField("le sujet dans le guide du HCTS", max_length=12, default="likely")
    summary = models.TextField("en bref")
    body = models.TextField("texte (Markdown)")
    sections = models.JSONField("sections", default=list, help_text="[{id, title, html}], made at publication")
    terms = models.JSONField("termes définis", default=list, help_text="slugs of glossary terms found in the text")
    sources = models.JSONField("sources", default=list, help_text="[{id, title, url}]")
    updated_on = models.DateField("date")
    change_note = models.CharField("ce qui a changé", max_length=300)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.FILE)
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    digest = models.CharField(max_length=64, blank=True, help_text="of the file it came from")
    written_by = models.ForeignKey(
        "accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="the version a draft started from",
    )
    touched_at = models.DateTimeField("modifiée le", default=timezone.now)

    class Meta:
        verbose_name = "version d’une fiche"
        ordering = ["fiche", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["fiche", "number"], name="fiche_version_once"),
            models.UniqueConstraint(
                fields=["fiche"],
                condition=models.Q(status="draft"),
                name="one_draft_a_fiche",
                violation_error_message="Une version de cette fiche est déjà en cours d’écriture.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def is_working_title(self) -> bool:
        return self.title_status == "working"

    @property
    def mark(self) -> str:
        """When it was last written: sent back by a form, it tells that nobody wrote meanwhile."""
        return self.touched_at.isoformat()


class TooMany(Exception):
    """More answers than one place sends in a day."""


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unread_first(self) -> Self:
        return self.order_by(models.F("read_at").asc(nulls_first=True), "-given_at", "-pk")

    def of_fiche(self, number: int) -> Self:
        return self.filter(version__fiche=number)

    def over(self, now: datetime) -> Self:
        """Kept a year."""
        return self.filter(given_at__lt=now - timedelta(days=365))

    def forget_senders(self, now: datetime) -> int:
        return self.filter(given_at__lt=now - timedelta(days=7)).exclude(sender="").update(sender="")


class Feedback(models.Model):
    """What a reader answered to « Cette fiche vous a-t-elle servi ? », for the guide's editor alone."""

    class Served(models.TextChoices):
        YES = "yes", "Oui"
        PARTLY = "partly", "En partie"
        NO = "no", "Non"

    version = models.ForeignKey(FicheVersion, on_delete=models.CASCADE, related_name="feedback")
    served = models.CharField("vous a-t-elle servi", max_length=6, choices=Served)
    purpose = models.TextField("à quoi, ou ce qui a manqué", blank=True)
    sender = models.CharField(max_length=64, blank=True, help_text="keyed digest of the sender's address, for 7 days")
    given_at = models.DateTimeField("reçue le", default=timezone.now)
    read_at = models.DateTimeField("lue le", null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()
    # A whole class may answer from behind one address.
    A_DAY = 100
    SAME = timedelta(minutes=10)

    class Meta:
        verbose_name = "réponse d’un lecteur"
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_served_display()} ({self.given_at:%d/%m/%Y})"

    @classmethod
    def give(cls, version: FicheVersion, served: str, purpose: str, *, sender: str) -> Feedback:
        """Keep an answer; one sent twice in a row is one. Called while nobody else's is being counted."""
        now = timezone.now()
        mine = cls.objects.filter(sender=sender, given_at__gt=now - timedelta(days=1))
        same = mine.filter(version=version, served=served, purpose=purpose, given_at__gt=now - cls.SAME)
        if purpose and (found := same.first()):
            return found
        if mine.count() >= cls.A_DAY:
            raise TooMany("Beaucoup de réponses viennent de votre adresse aujourd’hui : revenez demain.")
        return cls.objects.create(version=version, served=served, purpose=purpose, sender=sender, given_at=now)


class MethodQuerySet(models.QuerySet["Method"]):
    def main(self) -> Self:
        return self.filter(kind=Method.Kind.METHOD)


class Method(models.Model):
    """A method or current of collective intervention, or an approach associated with them."""

    class Kind(models.TextChoices):
        METHOD = "method", "méthode"
        APPROACH = "approach", "démarche associée"

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField("nom", max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)
    acronym = models.CharField("sigle", max_length=20, blank=True)
    also_known_as = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    in_brief = models.CharField("en bref", max_length=220)
    definition = models.TextField("définition")
    details = models.JSONField(
        default=dict,
        help_text="purpose, scale, origin, steps, tools, actors, when, when_not, time, cautions, differences, example,"
        " sources: as in guide/content/methods/*.toml",
    )

    objects = MethodQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = "méthode"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("guide:method", args=[self.slug])


class Term(models.Model):
    """A word of collective social work, with the positions about it when they are in dispute."""

    class Status(models.TextChoices):
        USUAL = "usual", "courant"
        PREFERRED = "preferred", "préféré"
        FORMER = "former", "ancien"
        CONTESTED = "contested", "discuté"

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField("terme", max_length=120)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    definition = models.TextField("définition")
    status = models.CharField(max_length=10, choices=Status, default=Status.USUAL)
    note = models.TextField("positions", blank=True)
    certainty = models.CharField(max_length=10, default="etabli")
    see_also = models.ManyToManyField("self", symmetrical=False, blank=True)
    sources = models.JSONField(default=list)

    class Meta:
        verbose_name = "terme"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('guide:glossary')}#{self.slug}"

    @property
    def positions(self) -> list[tuple[str, list[dict[str, str]]]]:
        """What is said about it, each with its sources: `positions` of a source are lines of the note."""
        return [
            (line, [source for source in self.sources if number in source.get("positions", [])])
            for number, line in enumerate(self.note.splitlines())
        ]


class SynonymGroup(models.Model):
    """Expressions one searches for interchangeably; the first is the one we write.

    A group that came from the file and was edited on line stays as edited: a deploy no longer overwrites it. One that
    was removed on line keeps its row, without a word, so that it doesn't come back.
    """

    words = ArrayField(models.CharField(max_length=120))
    file_key = models.CharField(max_length=120, blank=True, help_text="the first expression of the group in the file")
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "groupe de synonymes"

    def __str__(self) -> str:
        return " = ".join(self.words)


class Passage(models.Model):
    """A text of the guide or of the levers as the site's search reads it: a section of a fiche, a method, a term…

    Made again from the texts whenever they change (`guide.passages`).
    """

    kind = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    url = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    heading = models.CharField(max_length=200)
    note = models.CharField(max_length=200)
    text = models.TextField()
    said = models.TextField()
    """Three lines of normal forms, each between two spaces: its title and other names, its heading, its text."""
    words = ArrayField(models.CharField(max_length=80))
    spellings = ArrayField(models.CharField(max_length=40))
    """Its words as written, to forgive a typo."""

    class Meta:
        verbose_name = "passage du guide"
        constraints = [models.UniqueConstraint(fields=["kind", "position"], name="passage_once")]
        indexes = [GinIndex(fields=["words"], name="passage_words")]
