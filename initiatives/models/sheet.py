"""The sheet: `Initiative` is its identity and its status, `Version` (in `version.py`) is all it says.

A version is being written (`frozen_at` empty, one at most a sheet) or frozen when sent; going on copies it. The public
reads `Initiative.public_version` and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from accounts.rights import Someone
from guide.french import slug_of
from initiatives.workflow import IN_CATALOGUE, READABLE, CaseStatus, Refused, SheetStatus, Verb

if TYPE_CHECKING:
    from initiatives.models.version import Version

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

    def hold(self, pk: int) -> Initiative:
        """The sheet as it stands, held until the transaction ends. Moves hold it before their case, all in this order:

        those that meet wait for one another, never in a ring.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

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
    freshness_asked_on = models.DateField(null=True, blank=True)
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
        from initiatives.models.journal import Move
        from initiatives.models.version import Version

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
            Initiative.objects.hold(self.pk)
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
        from initiatives.models.journal import Move

        with transaction.atomic():
            Initiative.objects.hold(self.pk)
            self.versions.working().delete()
            given_up = Initiative.objects.filter(pk=self.pk, status=SheetStatus.DRAFT)
            if given_up.update(status=SheetStatus.WITHDRAWN, withdrawn_reason="author"):
                Move.say(self, Verb.WITHDRAW, by=by, from_status=SheetStatus.DRAFT, to_status=SheetStatus.WITHDRAWN)

    def take_address(self, title: str) -> None:
        """Settle and keep the address of a sheet published for the first time.

        Another sheet of the same title may take it at the same moment: the constraint tells, and the next one is free.
        """
        while True:
            self.slug = self.settle_slug(title)
            try:
                with transaction.atomic():
                    self.save(update_fields=["slug"])
            except IntegrityError:
                if not Initiative.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
                    raise
            else:
                return

    def settle_slug(self, title: str) -> str:
        """An address made from a title, never one that is taken or reserved."""
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
        TYPIST = "typist", "écrit sous la dictée"
        ADOPTER = "adopter", "demande à reprendre la fiche"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="authorships")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "signature"
        constraints = [models.UniqueConstraint(fields=["initiative", "person"], name="author_once")]
