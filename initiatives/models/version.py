"""All a sheet says at one time: the version being written, or one that was frozen when sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from taggit.managers import TaggableManager

from accounts.models import Person, Territory
from accounts.rights import Someone
from accounts.siret import validate_siret
from initiatives.models.choices import (
    MAX_SUMMARY,
    MAX_TEXT,
    MONTHS,
    ContactMode,
    Depth,
    Licence,
    Participation,
    Proof,
    Scope,
    State,
)
from initiatives.models.sheet import Initiative
from initiatives.models.tags import TaggedVersion
from initiatives.workflow import SavedElsewhere


def long_text(label: str, **options: Any) -> models.TextField[str, str]:
    return models.TextField(label, blank=True, validators=[MaxLengthValidator(MAX_TEXT)], **options)


class VersionQuerySet(models.QuerySet["Version"]):
    def working(self) -> Self:
        return self.filter(frozen_at=None)

    def writable_by(self, someone: Someone) -> Self:
        return self.working().filter(initiative__in=Initiative.objects.editable_by(someone))


class Version(models.Model):  # type: ignore[django-manager-missing]  # taggit gives its rows no typed manager
    """All a sheet says at one time. `edition` counts saves, so that two tabs never overwrite one another silently."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    created_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    frozen_at = models.DateTimeField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=0)
    depth = models.CharField("profondeur", max_length=16, choices=Depth, default=Depth.SNAPSHOT)
    snapshot = models.JSONField(default=dict, editable=False, help_text="what it says as texts, kept when frozen")

    # Instantané: what and where
    title = models.CharField("titre", max_length=120, blank=True)
    summary = models.TextField("résumé", blank=True, validators=[MaxLengthValidator(MAX_SUMMARY)])
    state = models.CharField("où en est l’action", max_length=10, choices=State, blank=True)
    start_year = models.PositiveSmallIntegerField(
        "année de début", null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    start_month = models.PositiveSmallIntegerField(
        "mois de début", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    end_year = models.PositiveSmallIntegerField(
        "année de fin", null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    period_note = models.CharField("période, telle que la source la dit", max_length=120, blank=True)
    organisation_name = models.CharField("organisation qui porte l’action", max_length=200, blank=True)
    organisation_kind = models.ForeignKey(
        "accounts.OrganisationKind",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="sorte d’organisation",
    )
    organisation_siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    place = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, verbose_name="commune principale", related_name="+"
    )
    place_note = models.CharField("précision sur le lieu", max_length=120, blank=True)
    scope = models.CharField("étendue", max_length=16, choices=Scope, blank=True)
    # Instantané: with whom, about what
    publics = models.ManyToManyField("initiatives.Public", verbose_name="publics", blank=True)
    themes = models.ManyToManyField("initiatives.Theme", verbose_name="thèmes", blank=True)
    methods = models.ManyToManyField("guide.Method", verbose_name="méthodes", blank=True)
    tags = TaggableManager("étiquettes", through=TaggedVersion, blank=True)
    # Instantané: the story
    beginning = long_text("au départ…")
    story = long_text("ce qui s’est passé")
    # Instantané: contact and rights
    contact_mode = models.CharField("contact", max_length=12, choices=ContactMode, default=ContactMode.RELAYED)
    contact_address = models.EmailField("adresse à montrer", blank=True)
    licence = models.CharField("licence", max_length=12, choices=Licence, default=Licence.CC_BY)
    employer_agrees = models.BooleanField("mon employeur est d’accord", default=False)
    people_agree = models.BooleanField("les personnes concernées sont d’accord", default=False)
    anonymity = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name="anonymat vérifié")

    # Récit
    objectives = long_text("objectifs")
    participation_degree = models.CharField("place des personnes", max_length=12, choices=Participation, blank=True)
    participation = long_text("comment les personnes y prennent part")
    decisions = long_text("qui a décidé quoi")
    trades = models.CharField("métiers engagés", max_length=300, blank=True)
    participants_band = models.CharField("nombre de participants", max_length=20, blank=True)
    time_granted_by = models.CharField("qui a accordé ce temps", max_length=300, blank=True)
    means = long_text("moyens")
    budget_band = models.CharField("budget", max_length=20, blank=True)
    funding = models.CharField("financements", max_length=300, blank=True)
    effects = long_text("ce que cela a changé")
    effects_people = long_text("effets pour les personnes")
    effects_professionals = long_text("effets pour les professionnels")
    effects_territory = long_text("effets pour l’institution et le territoire")
    proof = models.CharField("sorte de preuve", max_length=12, choices=Proof, blank=True)
    if_again = long_text("si c’était à refaire")
    conditions = long_text("conditions pour commencer")
    fiches = models.ManyToManyField("guide.Fiche", verbose_name="fiches utilisées", blank=True)
    # Capitalisation
    variants = long_text("variantes")
    ethics = long_text("points de vigilance éthique")
    plain_summary = long_text("en langage simple")
    plain_with_people = models.BooleanField("écrit avec des personnes concernées (FALC)", default=False)
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True, verbose_name="langues de l’action")
    hosting = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, verbose_name="on peut vous accueillir"
    )
    doubts = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name="ce dont on n’est pas sûr"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["initiative", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(frozen_at=None),
                name="one_working_version_a_sheet",
                violation_error_message="Une version de cette fiche est déjà en cours d’écriture.",
            ),
            models.CheckConstraint(
                condition=Q(end_year=None) | Q(start_year=None) | Q(end_year__gte=models.F("start_year")),
                name="version_years_in_order",
                violation_error_message="L’année de fin ne peut pas précéder l’année de début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or 'Sans titre'} (version {self.number})"

    @property
    def period(self) -> str:
        """« depuis janvier 2012 », « 2012–2013 », « 2011 », « date inconnue »."""
        if self.period_note:
            return self.period_note
        if not self.start_year:
            return f"jusqu’en {self.end_year}" if self.end_year else "date inconnue"
        start = f"{MONTHS[self.start_month - 1]} {self.start_year}" if self.start_month else str(self.start_year)
        if self.end_year == self.start_year:
            return start
        if self.end_year:
            return f"{self.start_year}–{self.end_year}"
        return start if self.state == State.ENDED else f"depuis {start}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    def copy(self, by: Person, *, frozen: bool = False) -> Version:
        """A new version that says the same: fields, links, tags, every kind of row. Working, or frozen at once."""
        fields = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name
            not in {"id", "number", "created_by", "created_at", "saved_at", "frozen_at", "edition", "snapshot"}
        }
        with transaction.atomic():
            last = self.initiative.versions.aggregate(last=models.Max("number"))["last"]
            at_once = {"frozen_at": timezone.now(), "snapshot": self.snapshot} if frozen else {}
            new = Version.objects.create(**fields, **at_once, number=last + 1, created_by=by)
            for field in self._meta.many_to_many:
                if field.name != "tags":
                    getattr(new, field.name).set(getattr(self, field.name).all())
            new.tags.set([tag.name for tag in self.tags.all()])
            from initiatives.models.rows import VersionRow

            for kind in VersionRow.kinds():
                kind.objects.bulk_create([row.copied_to(new) for row in kind.objects.filter(version=self)])
        return new

    @contextmanager
    def saving(self, edition: int) -> Iterator[None]:
        """Write what is inside only if nobody saved since this edition: one conditional UPDATE is guard and lock.

        Raises SavedElsewhere when somebody did, or when the version was sent in the meantime; nothing is then written.
        """
        with transaction.atomic():
            now = timezone.now()
            seen = Version.objects.working().filter(pk=self.pk, edition=edition)
            if not seen.update(edition=edition + 1, saved_at=now):
                raise SavedElsewhere
            self.edition, self.saved_at = edition + 1, now
            yield

    @property
    def files_to_describe(self) -> list[Any]:
        """Files received for it, which it doesn't show until someone says what they are."""
        from initiatives.models.files import Upload

        return list(Upload.objects.to_describe(self))

    def missing(self) -> dict[str, str]:
        """What lacks before this version may be sent: field → the sentence that says so."""
        from initiatives.completeness import missing

        return missing(self)

    def computed_depth(self) -> str:
        from initiatives.completeness import depth

        return depth(self)
