"""The sheet: `Initiative` is its identity and its status, `Version` is all it says.

A version is being written (`frozen_at` empty, one at most a sheet) or frozen when sent; going on copies it. The public
reads `Initiative.public_version` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager

from accounts.models import Person, Territory
from accounts.rights import Someone
from accounts.siret import validate_siret
from guide.french import slug_of
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
from initiatives.models.tags import TaggedVersion
from initiatives.workflow import IN_CATALOGUE, READABLE, CaseStatus, Refused, SavedElsewhere, SheetStatus, Verb

RESERVED_SLUGS = {"proposer", "mes-initiatives", "moderation", "flux", "brouillons", "suivi", "communes", "pdf"}


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def readable(self) -> Self:
        """By anyone who has the address."""
        return self.filter(status__in=READABLE, masked_at=None, public_version__isnull=False)

    def published(self) -> Self:
        """In the catalogue."""
        return self.readable().filter(status__in=IN_CATALOGUE)

    def using_fiche(self, fiche: Any) -> Self:
        """Published sheets that say they used this fiche, or a method it presents."""
        return (
            self.published()
            .filter(Q(public_version__fiches=fiche) | Q(public_version__methods__in=fiche.methods.all()))
            .distinct()
        )

    def written_by(self, someone: Someone) -> Self:
        return self.filter(authorships__person=someone) if isinstance(someone, Person) else self.none()

    def editable_by(self, someone: Someone) -> Self:
        return self.written_by(someone).exclude(status__in=[SheetStatus.WITHDRAWN, SheetStatus.MERGED])

    def with_cards(self) -> Self:
        """What a card shows, in a bounded number of queries."""
        return self.select_related(
            "public_version__place__departement", "public_version__place__region"
        ).prefetch_related("public_version__methods", "public_version__themes")


class Initiative(models.Model):
    """One real collective action: one address, authors, a status, and the version the public reads."""

    class Origin(models.TextChoices):
        AUTHOR = "author", "racontée par son équipe"
        TRAINING = "training", "écrite en formation"
        IMPORT = "import", "reprise d’une base existante"
        PUBLIC_SOURCE = "public_source", "d’après une source publique"

    slug = models.SlugField(max_length=140, unique=True)
    origin = models.CharField("provenance", max_length=16, choices=Origin, default=Origin.AUTHOR)
    status = models.CharField("état", max_length=12, choices=SheetStatus, default=SheetStatus.DRAFT)
    authors = models.ManyToManyField("accounts.Person", through="initiatives.Authorship", related_name="initiatives")
    public_version = models.OneToOneField(
        "initiatives.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="public_of"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    masked_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=20, blank=True)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    verified_by = models.ForeignKey(
        "accounts.Organisation", on_delete=models.SET_NULL, null=True, blank=True, verbose_name="vérifiée par"
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "initiative"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=READABLE) | Q(public_version__isnull=False),
                name="public_sheet_has_public_version",
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="sheet_slug_not_reserved",
                violation_error_message="Cette adresse est réservée au site.",
            ),
        ]
        indexes = [models.Index(fields=["status", "-verified_on"], name="sheet_status")]

    def __str__(self) -> str:
        version = self.public_version or self.versions.order_by("-number").first()
        return version.title if version and version.title else f"Initiative {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("initiatives:sheet", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.status in READABLE and self.masked_at is None

    @property
    def is_from_public_source(self) -> bool:
        return self.origin == self.Origin.PUBLIC_SOURCE

    @classmethod
    def start(cls, by: Person, key: str = "") -> Initiative:
        """A new sheet in draft with its first, empty version. Its address is settled when it is first published.

        `key` names one press of the button: a second one within a minute gives the same sheet, if still empty.
        """
        from initiatives.models.review import Move

        slug = f"brouillon-{key or timezone.now().strftime('%Y%m%d%H%M%S%f')}-{by.pk}"
        try:
            with transaction.atomic():
                initiative = cls.objects.create(slug=slug)
                Authorship.objects.create(initiative=initiative, person=by, role=Authorship.Role.OWNER)
                Version.objects.create(initiative=initiative, number=1, created_by=by)
                Move.say(initiative, Verb.START, by=by)
        except IntegrityError:
            if not key:
                raise
            recent = cls.objects.filter(slug=slug, created_at__gte=timezone.now() - timedelta(minutes=1))
            return recent.filter(versions__frozen_at=None, versions__edition=0).first() or cls.start(by)
        return initiative

    def working_version(self) -> Version | None:
        return self.versions.filter(frozen_at=None).first()

    def open_case(self) -> Any:
        from initiatives.workflow import OPEN

        return self.cases.filter(status__in=OPEN).order_by("-pk").first()

    def version_to_edit(self, by: Person) -> Version:
        """The version being written; made from the last one when there is none. Refused while someone reads it."""
        with transaction.atomic():
            Initiative.objects.select_for_update(of=("self",)).get(pk=self.pk)
            working = self.working_version()
            if working:
                return working
            case = self.open_case()
            if case and case.status != CaseStatus.CHANGES_REQUESTED:
                raise Refused(
                    "Cette fiche est en relecture : attendez la réponse, ou annulez l’envoi pour la reprendre."
                )
            return self.versions.order_by("-number")[0].copy(by)

    def discard(self, by: Person) -> None:
        """Throw away what is being written. A sheet never published and in nobody's hands is given up with it."""
        from initiatives.models.review import Move

        with transaction.atomic():
            Initiative.objects.select_for_update(of=("self",)).get(pk=self.pk)
            self.versions.working().delete()
            given_up = Initiative.objects.filter(pk=self.pk, status=SheetStatus.DRAFT)
            if given_up.update(status=SheetStatus.WITHDRAWN, withdrawn_reason="author"):
                Move.say(self, Verb.WITHDRAW, by=by, from_status=SheetStatus.DRAFT, to_status=SheetStatus.WITHDRAWN)

    def settle_slug(self, title: str) -> str:
        """The address of a sheet published for the first time: from its title, never taken nor reserved."""
        base = (slug_of(title) or "initiative")[:110].strip("-")
        if base in RESERVED_SLUGS or base.startswith("brouillon-"):
            base = f"initiative-{base}"
        slug, n = base, 1
        while Initiative.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            n += 1
            slug = f"{base}-{n}"
        return slug


class Authorship(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", "raconte"
        CO_AUTHOR = "co_author", "raconte avec"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="authorships")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "signature"
        constraints = [models.UniqueConstraint(fields=["initiative", "person"], name="author_once")]


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

    def copy(self, by: Person) -> Version:
        """A new working version that says the same: fields, links, tags and every kind of row."""
        fields = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name
            not in {"id", "number", "created_by", "created_at", "saved_at", "frozen_at", "edition", "snapshot"}
        }
        with transaction.atomic():
            last = self.initiative.versions.aggregate(last=models.Max("number"))["last"]
            new = Version.objects.create(**fields, number=last + 1, created_by=by)
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

    def missing(self) -> dict[str, str]:
        """What lacks before this version may be sent: field → the sentence that says so."""
        from initiatives.completeness import missing

        return missing(self)

    def computed_depth(self) -> str:
        from initiatives.completeness import depth

        return depth(self)
